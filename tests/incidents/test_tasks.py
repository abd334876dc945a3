"""Tasks have an owner, a deadline, an outcome and a verifier who is not the doer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.roles import Role
from sizao.ops.incidents import actions, queries
from sizao.ops.incidents.duties import Due
from sizao.ops.incidents.lifecycle import TASK_STEPS, NotNow, check
from sizao.ops.incidents.models import Task
from sizao.vocabulary.codes import TaskStatus
from sizao.vocabulary.text import N_
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.DUTY_OFFICER)


@pytest.fixture
def incident(by):
    return make.incident(by)


def due(subject_id, *, role=Role.INVESTIGATOR, area_id=make.DAOLI, starts_at=make.AT):
    return Due(
        duty="case.report",
        title=N_("Report case {number}", number=f"C{subject_id}"),
        why=N_("because"),
        subject_kind="case",
        subject_id=subject_id,
        area_id=area_id,
        role=role,
        starts_at=starts_at,
        due_at=starts_at + 24 * HOUR,
    )


@pytest.mark.parametrize(
    ("now", "wanted", "allowed"),
    [(now, wanted, wanted in TASK_STEPS[now]) for now in TaskStatus for wanted in TaskStatus],
)
def test_the_table_of_steps_is_what_is_checked(now, wanted, allowed):
    if allowed:
        check(TASK_STEPS, now, wanted)
    else:
        with pytest.raises(NotNow):
            check(TASK_STEPS, now, wanted)


def test_every_state_has_its_steps():
    assert set(TASK_STEPS) == set(TaskStatus)


def test_deriving_twice_makes_one_task(incident, by, at):
    for _again in range(2):
        actions.add_tasks(incident=incident, duties=[due(1), due(2)], by=by, at=at)
    assert Task.objects.filter(incident=incident).count() == 2


def test_a_duty_falls_to_the_nearest_post_of_its_role(incident, by, at):
    city = make.post(Role.INVESTIGATOR, "CN00230001")
    county = make.post(Role.INVESTIGATOR, make.DAOLI)
    make.post(Role.LABORATORY, make.NANGANG)
    places = {1: make.ZHAOLIN, 2: make.NANGANG, 3: make.LONGSHA, 4: None}
    duties = [due(number, area_id=place) for number, place in places.items()]
    actions.add_tasks(incident=incident, duties=duties, by=by, at=at)
    owners = dict(Task.objects.values_list("subject_id", "post_id"))
    assert owners == {1: county.pk, 2: city.pk, 3: None, 4: None}


def test_a_task_from_start_to_verified(incident, by, at):
    task = make.task(incident, by)
    actions.acknowledge_tasks(tasks=[task], by=by, at=at)
    actions.finish_tasks(tasks=[task], outcome="Visited.", evidence="Record 7", by=by, at=at + HOUR)
    with pytest.raises(NotNow, match="another person"):
        actions.verify_tasks(tasks=[task], by=by, at=at + HOUR)
    actions.verify_tasks(tasks=[task], by=make.user(Role.SIGNATORY), at=at + 2 * HOUR)
    task.refresh_from_db()
    assert (task.status, task.outcome, task.done_by) == ("verified", "Visited.", by)


def test_even_the_database_refuses_the_doer_as_verifier(incident, by):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.task(incident, by, status="verified", done_by=by, verified_by=by)


@pytest.mark.parametrize("empty", ["", "   "])
def test_a_step_that_needs_words_gets_them(incident, by, at, empty):
    task = make.task(incident, by)
    with pytest.raises(NotNow):
        actions.finish_tasks(tasks=[task], outcome=empty, by=by, at=at)
    with pytest.raises(NotNow):
        actions.cancel_tasks(tasks=[task], reason=empty, by=by, at=at)


def test_others_areas_are_not_mine_to_work_in(incident, by, at):
    task = make.task(incident, by, area_id=make.DAOLI)
    with pytest.raises(NotAllowed):
        actions.acknowledge_tasks(tasks=[task], by=make.user(Role.INVESTIGATOR, make.NANGANG), at=at)


def test_overdue_tasks_go_up_once_a_day(incident, by, at):
    city = make.post(Role.INVESTIGATOR, "CN00230001")
    county = make.post(Role.INVESTIGATOR, make.DAOLI)
    late = make.task(incident, by, post=county, area_id=make.DAOLI, due_at=at - HOUR)
    make.task(incident, by, post=county, area_id=make.DAOLI, due_at=at + HOUR)
    assert actions.escalate_overdue(incident=incident, by=by, at=at) == [late]
    assert actions.escalate_overdue(incident=incident, by=by, at=at + HOUR * 0.5) == []
    late.refresh_from_db()
    assert (late.post, late.n_escalations) == (city, 1)


def test_a_later_fact_fulfils_a_duty(incident, by, at):
    actions.add_tasks(incident=incident, duties=[due(1), due(2)], by=by, at=at)
    told = {
        "duty": "case.report",
        "subject_kind": "case",
        "subject_ids": [1],
        "outcome": "Reported",
        "by": by,
        "at": at,
    }
    actions.close_tasks(incident=incident, **told)
    assert dict(Task.objects.values_list("subject_id", "status")) == {1: "done", 2: "open"}


def test_counts_agree_with_the_lists(incident, by, at):
    make.task(incident, by, due_at=at - HOUR)
    make.task(incident, by, due_at=at + HOUR, status="acknowledged")
    make.task(incident, by, due_at=at - HOUR, status="done", done_by=by)
    make.task(incident, by, due_at=at + 48 * HOUR, post=make.post())
    counts = queries.task_counts(by=by, incident=incident, at=at, until=at + 24 * HOUR)
    assert counts == {"open": 3, "overdue": 1, "due": 1, "to_verify": 1, "without_owner": 2}
