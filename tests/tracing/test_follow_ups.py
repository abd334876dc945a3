"""Every day of follow-up has an outcome, the ill and the unreachable are somebody's task, and it ends by itself."""

from datetime import date, timedelta

import pytest

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.models import Task
from sizao.ops.tracing import actions
from sizao.ops.tracing.models import Contact, FollowUp
from tests import factories as make
from tests.tracing.conftest import frame

pytestmark = pytest.mark.django_db
FIRST = date(2015, 6, 11)


@pytest.fixture
def contact(incident, source, by, at):
    row = {"contact_id": "K1", "person_id": make.person(by).pk, "source_id": "A1", "setting": "household",
           "date_exposure_last": date(2015, 6, 8), "area": make.DAOLI}  # fmt: skip
    actions.record_contacts(incident=incident, records=frame(row), by=by, at=at)
    return Contact.objects.get()


@pytest.fixture
def visit(incident, contact, by, at):
    def visit(day: int, outcome: str, by=by, **more):
        row = {"contact_id": "K1", "date_due": FIRST + timedelta(days=day), "follow_up_outcome": outcome, **more}
        moment = at + timedelta(days=day + 1)
        return actions.record_follow_ups(incident=incident, records=frame(row), by=by, at=moment)

    return visit


def test_an_outcome_is_kept_with_who_and_when_and_the_person_is_located(visit, contact, by, at):
    visit(0, "ok", temperature_c=36.6)
    day = FollowUp.objects.get(date_due=FIRST)
    assert (day.outcome, day.done_by, day.done_at, day.temperature_c) == ("ok", by, at + timedelta(days=1), 36.6)
    contact.refresh_from_db()
    assert contact.located_at == at + timedelta(days=1)
    assert contact.controlled_at is None


@pytest.mark.parametrize("outcome", ["not_reached", "refused"])
def test_who_was_not_seen_is_not_located(visit, contact, outcome):
    visit(0, outcome)
    contact.refresh_from_db()
    assert contact.located_at is None


def test_the_same_outcome_again_changes_nothing_and_another_is_a_change(visit):
    visit(0, "ok")
    assert visit(0, "ill").recorded == 1
    visit(0, "not_tried")
    day = FollowUp.objects.get(date_due=FIRST)
    assert (day.outcome, day.done_at, day.done_by) == ("not_tried", None, None)


def test_an_ill_contact_is_a_task_within_hours(visit, contact, at):
    visit(0, "ill")
    task = Task.objects.get(duty="contact.ill")
    assert (task.subject_id, task.due_at - task.starts_at) == (contact.pk, timedelta(hours=4))


def test_three_days_not_reached_ask_for_a_decision_once_and_reaching_settles_it(visit):
    outcomes = ["not_reached", "not_reached", "not_reached", "not_reached"]
    counts = []
    for day, outcome in enumerate(outcomes):
        visit(day, outcome)
        counts.append(Task.objects.filter(duty="contact.lost").count())
    assert counts == [0, 0, 1, 1]
    visit(4, "ok")
    assert Task.objects.get(duty="contact.lost").status == "done"


def test_a_refusal_breaks_the_run_of_not_reached(visit):
    for day, outcome in enumerate(["not_reached", "not_reached", "refused", "not_reached"]):
        visit(day, outcome)
    assert not Task.objects.filter(duty="contact.lost").exists()


def test_a_day_that_was_not_planned_is_added(visit):
    n = FollowUp.objects.count()
    visit(40, "ok")
    assert FollowUp.objects.count() == n + 1


def test_unknown_numbers_are_told(incident, contact, by, at):
    rows = [{"contact_id": number, "date_due": FIRST, "follow_up_outcome": "ok"} for number in ("K1", "K7")]
    done = actions.record_follow_ups(incident=incident, records=frame(*rows), by=by, at=at)
    assert (done.recorded, [problem.row for problem in done.problems]) == (1, [3])


def test_a_township_officer_records_in_their_township_only(visit, contact, by, at):
    visit(0, "ok", by=make.user(Role.TOWNSHIP_OFFICER, make.DAOLI))
    with pytest.raises(NotAllowed):
        visit(1, "ok", by=make.user(Role.TOWNSHIP_OFFICER, make.NANGANG))


def test_planning_again_adds_nothing(incident, contact, by, at):
    assert actions.plan_follow_ups(incident=incident, contacts=[contact], by=by, at=at) == 0


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [({}, "lost"), ({0: "not_reached"}, "lost"), ({0: "ok"}, "completed"), ({0: "ok", 1: "ill"}, "under_follow_up"),
     ({0: "ill", 1: "ok"}, "completed")],
)  # fmt: skip
def test_follow_up_ends_by_itself(visit, incident, contact, by, at, outcomes, status):
    for day, outcome in outcomes.items():
        visit(day, outcome)
    actions.end_follow_ups(incident=incident, by=by, at=at + timedelta(days=12))  # 22 June, its last day
    contact.refresh_from_db()
    assert contact.status == "under_follow_up"
    actions.end_follow_ups(incident=incident, by=by, at=at + timedelta(days=13))
    contact.refresh_from_db()
    assert contact.status == status
