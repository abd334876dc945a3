"""What must happen by itself happens, once each time it is due."""

from datetime import timedelta

import pytest

from sizao.config import schedule
from sizao.ops.governance.actions import found_installation
from sizao.ops.governance.models import ScheduledJob
from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def system(at):
    return found_installation(by=None, at=at - 24 * HOUR)


def test_every_job_runs_when_due_and_not_before(at):
    names = [job.name for job in schedule.JOBS]
    assert schedule.run_due(at) == names
    assert schedule.run_due(at + timedelta(minutes=14)) == []
    often = [job.name for job in schedule.JOBS if job.every <= timedelta(minutes=15)]
    assert schedule.run_due(at + timedelta(minutes=15)) == often
    ran = dict(ScheduledJob.objects.values_list("name", "last_run_at"))
    assert ran == {name: at + timedelta(minutes=15 if name in often else 0) for name in names}
    assert schedule.run_due(at + timedelta(days=1)) == names


def test_overdue_tasks_go_up_by_the_incidents_own_clock(at):
    make.areas()
    by = make.user()
    drill = make.incident(by, kind="drill", clock_behind_s=3600)
    city, county = make.post(Role.INVESTIGATOR, "CN00230001"), make.post(Role.INVESTIGATOR, make.DAOLI)
    task = make.task(drill, by, post=county, area_id=make.DAOLI, due_at=at)
    schedule.run_due(at + HOUR * 0.5)  # half past nine here, half past eight in the drill
    task.refresh_from_db()
    assert task.post == county
    schedule.run_due(at + 2 * HOUR)
    task.refresh_from_db()
    assert task.post == city


def test_an_emergency_ends_on_its_date(at):
    by = make.user()
    incident = make.incident(by, mode="emergency", legal_basis="Law", mode_until=at + HOUR)
    schedule.run_due(at)
    incident.refresh_from_db()
    assert incident.mode == "emergency"
    schedule.run_due(at + HOUR)
    incident.refresh_from_db()
    assert incident.mode == "routine"


def test_follow_up_ends_when_its_last_day_is_over(at):
    make.areas()
    by = make.user()
    incident = make.incident(by)
    contact = make.contact(incident, by, date_follow_up_until=at.date(), area_id=make.DAOLI)
    make.follow_up(contact, by, outcome="ok", done_at=at, done_by=by)
    schedule.run_due(at)
    contact.refresh_from_db()
    assert contact.status == "under_follow_up"
    schedule.run_due(at + 24 * HOUR)
    contact.refresh_from_db()
    assert contact.status == "completed"
