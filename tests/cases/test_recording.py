"""Cases arrive as rows: new ones are opened, known ones hear what is new, and nothing else is touched."""

from datetime import date, timedelta

import polars as pl
import pytest

from sizao.ops.cases import actions
from sizao.ops.cases.models import Case
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry, PastState
from sizao.ops.governance.roles import Role
from sizao.ops.governance.sentences import rebuilt
from sizao.ops.incidents.models import Task
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbreak():
    areas = make.areas()
    by = make.user(Role.INVESTIGATOR)
    incident = make.incident(by)
    incident.areas.set([areas["CN0023"]])
    return incident, by


def rows(by, *cases: dict) -> pl.DataFrame:
    whole = [{"row": n, "person_id": make.person(by).pk, "area": make.DAOLI} | case for n, case in enumerate(cases, 2)]
    return pl.DataFrame(whole, infer_schema_length=None)


def record(outbreak, at, *cases: dict):
    incident, by = outbreak
    return actions.record_cases(incident=incident, records=rows(by, *cases), by=by, at=at)


def test_new_numbers_become_cases(outbreak, at):
    done = record(
        outbreak, at,
        {"case_id": "A1", "classification": "confirmed", "date_onset": date(2015, 6, 1), "age": 34.0},
        {"case_id": "A2", "classification": None, "date_onset": None, "age": None},
    )  # fmt: skip
    assert (done.created, done.updated, done.unchanged) == (2, 0, 0)
    first, second = Case.objects.order_by("number")
    assert (first.classification, first.date_onset, first.age, first.area_id) == (
        "confirmed", date(2015, 6, 1), 34.0, make.DAOLI
    )  # fmt: skip
    assert (second.classification, second.outcome, second.date_report) == (
        "not_classified",
        "unknown",
        date(2015, 6, 10),
    )
    assert done.ids == {2: first.pk, 3: second.pk}


def test_the_same_rows_again_change_nothing(outbreak, at):
    incident, by = outbreak
    frame = rows(by, {"case_id": "A1", "classification": "confirmed", "note": "x"})
    actions.record_cases(incident=incident, records=frame, by=by, at=at)
    again = actions.record_cases(incident=incident, records=frame, by=by, at=at + timedelta(days=1))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert not PastState.objects.exists()


def test_a_known_number_hears_what_is_new_and_forgets_nothing(outbreak, at):
    record(outbreak, at, {"case_id": "A1", "classification": "suspected", "date_onset": date(2015, 6, 1)})
    later = at + timedelta(days=1)
    done = record(outbreak, later, {"case_id": "A1", "classification": "confirmed", "date_onset": None})
    case = Case.objects.get()
    assert (done.created, done.updated, done.unchanged) == (0, 1, 0)
    assert (case.classification, case.date_onset, case.current_since) == ("confirmed", date(2015, 6, 1), later)
    assert PastState.objects.get().values == {"classification": "suspected"}


@pytest.mark.parametrize("said", [None, "", "unknown"])
def test_not_known_never_erases_what_is_known(outbreak, at, said):
    record(outbreak, at, {"case_id": "A1", "outcome": "recovered"})
    assert record(outbreak, at, {"case_id": "A1", "outcome": said}).unchanged == 1
    assert Case.objects.get().outcome == "recovered"


def test_a_date_of_death_means_death(outbreak, at):
    record(outbreak, at, {"case_id": "A1", "outcome": None, "date_death": date(2015, 6, 5)})
    case = Case.objects.get()
    assert (case.outcome, case.date_outcome) == ("died", date(2015, 6, 5))


def test_a_number_twice_in_one_file_is_one_case(outbreak, at):
    done = record(
        outbreak,
        at,
        {"case_id": "A1", "classification": "suspected", "age": 3.0},
        {"case_id": "A1", "classification": "confirmed", "age": None},
    )
    case = Case.objects.get()
    assert (case.classification, case.age) == ("confirmed", 3.0)
    assert done.ids == {2: case.pk, 3: case.pk}


def test_rows_without_a_number_get_one_of_ours(outbreak, at):
    record(outbreak, at, {"case_id": None}, {"case_id": " "})
    record(outbreak, at, {"case_id": None})
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 3
    assert all(number.startswith("C-") for number in numbers)


def test_a_case_of_unknown_area_is_counted_in_the_incidents_only_area(outbreak, at):
    record(outbreak, at, {"case_id": "A1", "area": None})
    assert Case.objects.get().area_id == "CN0023"


def test_nobody_records_outside_their_area(outbreak, at):
    incident, _by = outbreak
    county = make.user(Role.INVESTIGATOR, make.NANGANG)
    with pytest.raises(NotAllowed):
        actions.record_cases(incident=incident, records=rows(county, {"case_id": "A1"}), by=county, at=at)
    assert not Case.objects.exists()


def test_nobody_changes_a_case_of_another_area_by_its_number(outbreak, at):
    incident, _by = outbreak
    record(outbreak, at, {"case_id": "A1", "outcome": None})
    county = make.user(Role.INVESTIGATOR, make.NANGANG)
    frame = rows(county, {"case_id": "A1", "outcome": "died", "area": make.NANGANG})
    with pytest.raises(NotAllowed):
        actions.record_cases(incident=incident, records=frame, by=county, at=at)


@pytest.mark.parametrize(
    ("column", "value"), [("classification", "definitely"), ("age", 131.0), ("age", -1.0), ("person_id", None)]
)
def test_nonsense_is_named(outbreak, at, column, value):
    with pytest.raises(ValueError, match=column):
        record(outbreak, at, {"case_id": "A1", column: value})


def test_new_cases_make_duties_and_old_ones_do_not(outbreak, at):
    record(
        outbreak,
        at,
        {"case_id": "new", "date_report": date(2015, 6, 10)},
        {"case_id": "old", "date_report": date(2015, 5, 1)},
    )
    new = Case.objects.get(number="new")
    tasks = Task.objects.order_by("duty")
    assert [(task.duty, task.subject_id, task.due_at) for task in tasks] == [
        ("case_form:case_form_done", new.pk, at + timedelta(hours=24)),
        ("network_report:network_reported", new.pk, at + timedelta(hours=24)),
    ]
    assert rebuilt(tasks[0].title).say("zh-hans") == "完成个案调查表：new"
    why = rebuilt(tasks[0].why).say("en")
    assert "24 hours from “Positive found” on 10 Jun 2015 18:00" in why and "deadline." not in why


def test_one_audit_entry_for_one_file(outbreak, at):
    record(outbreak, at, {"case_id": "A1"}, {"case_id": "A2"})
    entry = AuditEntry.objects.get(action="cases.recorded")
    assert entry.details["n_created"] == 2
