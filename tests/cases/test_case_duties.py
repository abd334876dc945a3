"""What the edition makes of a case's facts is stored as tasks, once; a later fact closes, moves or drops them."""

from datetime import date, timedelta

import pytest

from sizao.ops.cases import actions
from sizao.ops.cases.duties import derive, derive_recent
from sizao.ops.cases.provenance import record_of
from sizao.ops.governance.models import PastState
from sizao.ops.governance.roles import Role
from sizao.ops.governance.sentences import rebuilt
from sizao.ops.incidents.actions import cancel_tasks, finish_tasks, return_tasks
from sizao.ops.incidents.models import Task
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NINTH = {
    "network_report:network_reported": 2,
    "on_site:team_arrived": 2,
    "core_investigation:core_investigated": 4,
    "zone_published:zone_published": 5,
    "case_form:case_form_done": 24,
}


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


@pytest.fixture
def case(by, at):
    incident = make.incident(by, protocol="cn-covid-9", disease="covid-19")
    found = make.case(incident, by, area_id=make.ZHAOLIN, date_report=date(2015, 6, 10), recorded_at=at)
    derive(incident=incident, cases=[found], by=by, at=at)
    return found


def task(case, duty):
    return Task.objects.get(subject_kind="case", subject_id=case.pk, duty__startswith=duty)


def states(case):
    return {row.duty: row.status for row in Task.objects.filter(subject_id=case.pk)}


def test_each_deadline_of_the_edition_is_a_task_with_its_hours(case, at):
    assert {row.duty: (row.due_at - at) / HOUR for row in Task.objects.all()} == NINTH


def test_the_reason_names_rule_edition_source_and_the_fact(case):
    why = rebuilt(task(case, "on_site").why).say("en")
    assert "2 hours from “Positive found” on 10 Jun 2015 18:00, so by 10 Jun 2015 20:00" in why
    assert "source S38, grade" in why and "deadline." not in why and "9th edition" in why


def test_deriving_again_changes_nothing(case, by, at):
    before = list(Task.objects.values())
    derive(incident=case.incident, cases=[case], by=by, at=at + HOUR)
    derive_recent(incident=case.incident, by=by, at=at + 2 * HOUR)
    assert list(Task.objects.values()) == before
    assert not PastState.objects.filter(model="incidents.Task").exists()


def test_the_post_of_the_level_answers(case, by, at):
    county = make.post(Role.INVESTIGATOR, make.DAOLI)
    township = make.post(Role.INVESTIGATOR, make.ZHAOLIN)
    other = make.case(case.incident, by, area_id=make.ZHAOLIN, date_report=date(2015, 6, 10), recorded_at=at)
    derive(incident=case.incident, cases=[other], by=by, at=at)
    assert task(other, "on_site").post == county != township


def test_the_investigation_closes_its_own_duty_at_its_own_time(case, by, at):
    actions.mark_investigated(cases=[case], by=by, at=at + HOUR)
    done = task(case, "core_investigation")
    assert (done.status, done.done_at, done.done_by) == ("done", at + HOUR, by)
    assert states(case)["case_form:case_form_done"] == "open"


def test_button_and_task_of_the_investigation_know_each_other(case, by, at):
    """Either finishes the other, with what can be checked; sending the task back opens both."""
    (done,) = finish_tasks(
        tasks=[task(case, "core_investigation")], outcome="Interviewed", evidence="Form 12", by=by, at=at + HOUR
    )
    case.refresh_from_db()
    assert case.investigated_at == at + HOUR
    assert record_of(case).values_of("investigated_at")[-1][2] == "Interviewed · Form 12"
    checker = make.user(Role.DUTY_OFFICER)
    return_tasks(tasks=[done], reason="no contacts named", by=checker, at=at + 2 * HOUR)
    derive_recent(incident=case.incident, by=by, at=at + 2 * HOUR)
    case.refresh_from_db()
    assert case.investigated_at is None and task(case, "core_investigation").status == "open"
    actions.mark_investigated(cases=[case], evidence="Form 13", by=by, at=at + 3 * HOUR)
    done = task(case, "core_investigation")
    assert (done.status, done.evidence, done.done_at) == ("done", "Form 13", at + 3 * HOUR)
    finish_tasks(tasks=[task(case, "case_form")], outcome="filled", by=by, at=at + 4 * HOUR)
    case.refresh_from_db()
    assert case.investigated_at == at + 3 * HOUR  # another duty's


def test_an_investigation_taken_back_is_due_again(case, by, at):
    (case,) = actions.mark_investigated(cases=[case], by=by, at=at + HOUR)
    actions.amend_cases(cases=[case], changes={"investigated_at": None}, by=by, at=at + 2 * HOUR)
    again = task(case, "core_investigation")
    assert (again.status, again.done_at, again.done_by) == ("open", None, None)


def test_reporting_makes_the_review_due_and_taking_it_back_drops_it(case, by, at):
    (done,) = finish_tasks(tasks=[task(case, "network_report")], outcome="Card 17", by=by, at=at + HOUR)
    review = task(case, "cdc_review")
    assert (review.starts_at, review.due_at) == (at + HOUR, at + 3 * HOUR)
    checker = make.user(Role.DUTY_OFFICER)
    return_tasks(tasks=[done], reason="wrong card", by=checker, at=at + 2 * HOUR)
    derive_recent(incident=case.incident, by=by, at=at + 2 * HOUR)
    review.refresh_from_db()
    assert (review.status, review.outcome) == ("cancelled", "rule_gone")


def test_an_earlier_day_of_report_moves_the_clock_of_what_is_undone(case, by, at):
    finish_tasks(tasks=[task(case, "on_site")], outcome="arrived", by=by, at=at + HOUR)
    (case,) = actions.amend_cases(cases=[case], changes={"date_report": date(2015, 6, 9)}, by=by, at=at + 2 * HOUR)
    moved, done = task(case, "core_investigation"), task(case, "on_site")
    assert moved.starts_at == at - 18 * HOUR and moved.due_at == at - 14 * HOUR  # that day in Seoul ended at 15:00 UTC
    assert "10 Jun 2015 00:00" in rebuilt(moved.why).say("en")
    assert done.starts_at == at and done.status == "done"


def test_what_a_person_cancelled_stays_cancelled(case, by, at):
    cancel_tasks(tasks=[task(case, "zone_published")], reason="Lives at sea", by=by, at=at)
    derive(incident=case.incident, cases=[case], by=by, at=at + HOUR)
    assert states(case)["zone_published:zone_published"] == "cancelled"


def test_a_discarded_case_owes_nothing_whatever_its_age(case, by, at):
    late = at + timedelta(days=60)
    actions.classify_cases(cases=[case], classification="discarded", reason="negative", by=by, at=late)
    assert set(states(case).values()) == {"cancelled"}
    assert set(Task.objects.values_list("outcome", flat=True)) == {"case_discarded"}


def test_a_case_of_last_year_opens_no_task_and_asks_the_database_little(case, by, at, django_assert_max_num_queries):
    old = [make.case(case.incident, by, area_id=make.DAOLI, date_report=date(2014, 6, 10)) for _ in range(5)]
    with django_assert_max_num_queries(2):
        derive(incident=case.incident, cases=old, by=by, at=at)
    assert Task.objects.count() == len(NINTH)


def test_a_case_recorded_as_investigated_counts_as_done_in_time(case, by, at):
    fast = make.case(
        case.incident, by, area_id=make.DAOLI, date_report=date(2015, 6, 10), recorded_at=at, investigated_at=at
    )
    derive(incident=case.incident, cases=[fast], by=by, at=at)
    assert states(fast)["core_investigation:core_investigated"] == "done"
    assert states(fast)["on_site:team_arrived"] == "open"


def test_without_a_core_investigation_the_case_form_is_the_investigation(by, at):
    incident = make.incident(by)
    case = make.case(incident, by, area_id=make.DAOLI, date_report=date(2015, 6, 10))
    derive(incident=incident, cases=[case], by=by, at=at)
    actions.mark_investigated(cases=[case], by=by, at=at + HOUR)
    assert states(case) == {"case_form:case_form_done": "done", "network_report:network_reported": "open"}
