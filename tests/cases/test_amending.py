"""Cases change by decision, and each change stays with who made it and why."""

from datetime import date, timedelta

import pytest

from sizao.ops.cases import actions
from sizao.ops.cases.duties import derive
from sizao.ops.governance import history
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.models import Task
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


@pytest.fixture
def cases(by, at):
    incident = make.incident(by)
    found = [make.case(incident, by, area_id=make.DAOLI, date_report=date(2015, 6, 10)) for _ in range(3)]
    for case in found:
        history.amend([case], classification="suspected", by=by, at=at)
    derive(incident=incident, cases=found, by=by, at=at)
    return found


def open_duties(case):
    return sorted(Task.objects.filter(subject_id=case.pk, status="open").values_list("duty", flat=True))


def test_bulk_change_writes_one_audit_entry_per_case_that_changed(cases, by, at):
    history.amend(cases[:1], severity="severe", by=by, at=at)
    changed = actions.amend_cases(cases=cases, changes={"severity": "severe"}, reason="ward round", by=by, at=at)
    assert changed == cases[1:]
    entries = AuditEntry.objects.filter(action="case.amended")
    assert {(e.row_id, e.reason) for e in entries} == {(case.pk, "ward round") for case in cases[1:]}


def test_who_and_when_of_each_classification_is_kept(cases, by, at):
    later = at + timedelta(days=1)
    actions.classify_cases(cases=cases[:1], classification="confirmed", reason="PCR", by=by, at=later)
    past = history.past_of(cases[0])
    assert [(state.values["classification"], state.until) for state in past][-1] == ("suspected", later)


def test_a_discarded_case_owes_nothing_and_owes_again_when_taken_back(cases, by, at):
    case = cases[0]
    assert open_duties(case) == ["case_form:case_form_done", "network_report:network_reported"]
    actions.classify_cases(cases=[case], classification="discarded", reason="negative", by=by, at=at)
    assert open_duties(case) == []
    assert len(open_duties(cases[1])) == 2
    later = at + timedelta(days=2)
    actions.classify_cases(cases=[case], classification="confirmed", reason="positive", by=by, at=later)
    assert open_duties(case) == ["case_form:case_form_done", "network_report:network_reported"]


def test_an_investigated_case_has_fulfilled_that_duty_alone(cases, by, at):
    (case,) = actions.mark_investigated(cases=cases[:1], by=by, at=at)
    assert case.investigated_at == at
    assert open_duties(case) == ["network_report:network_reported"]
    assert actions.mark_investigated(cases=[case], by=by, at=at + timedelta(hours=1)) == []


def test_the_second_editor_is_told_and_nothing_is_overwritten(cases, by, at):
    case = cases[0]
    read_at = {case.pk: case.current_since}
    first = at + timedelta(minutes=1)
    actions.amend_cases(cases=[case], changes={"note": "first"}, by=by, at=first)
    with pytest.raises(actions.ChangedMeanwhile) as told:
        actions.amend_cases(cases=[case], changes={"note": "second"}, read_at=read_at, by=by, at=first)
    assert [row.note for row in told.value.rows] == ["first"]
    actions.amend_cases(cases=[case], changes={"note": "second"}, read_at={case.pk: first}, by=by, at=first)
    case.refresh_from_db()
    assert case.note == "second"


def test_nobody_changes_cases_outside_their_area_nor_moves_them_there(cases, at):
    elsewhere = make.user(Role.INVESTIGATOR, make.NANGANG)
    with pytest.raises(NotAllowed):
        actions.amend_cases(cases=cases, changes={"note": "x"}, by=elsewhere, at=at)
    here = make.user(Role.INVESTIGATOR, make.DAOLI)
    with pytest.raises(NotAllowed):
        actions.amend_cases(cases=cases, changes={"area_id": make.NANGANG}, by=here, at=at)


def test_who_a_case_is_cannot_be_edited(cases, by, at):
    with pytest.raises(ValueError, match="person_id"):
        actions.amend_cases(cases=cases, changes={"person_id": 1}, by=by, at=at)
