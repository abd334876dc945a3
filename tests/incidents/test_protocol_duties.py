"""7-1-7 and the other deadlines of the incident itself, with the facts a person records."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.governance.sentences import rebuilt
from sizao.ops.incidents import actions
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.milestones import SEVEN
from sizao.ops.incidents.models import Task
from sizao.protocols.events import Event
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023")


@pytest.fixture
def incident(by, at):
    row = make.incident(by, date_emergence=date(2015, 6, 4), date_detection=date(2015, 6, 9))
    actions.derive_incident(incident=row, by=by, at=at)
    return row


def told(incident, event, by, at, happened_at=None):
    actions.record_milestone(
        incident=incident, event=event, happened_at=happened_at or at, evidence="Minutes 3", by=by, at=at
    )


def status():
    return dict(Task.objects.values_list("duty", "status"))


def test_detection_in_time_is_done_and_notification_is_due_by_the_end_of_the_next_day(incident):
    assert status() == {"detect_717:detection": "done", "notify_717:notification": "open"}
    due = Task.objects.get(duty="notify_717:notification").due_at
    assert due == datetime(2015, 6, 10, 15, 0, tzinfo=UTC)  # midnight in Seoul, after the tenth


def test_notification_makes_the_seven_actions_due_each_with_its_name(incident, by, at):
    told(incident, Event.NOTIFICATION, by, at)
    assert incident.notified_at == at
    seven = Task.objects.filter(duty__startswith="respond_717:")
    assert {task.duty.partition(":")[2] for task in seven} == {str(event) for event in SEVEN}
    assert "Laboratory confirmation" in {rebuilt(task.title).params["number"].say("en") for task in seven}
    assert status()["ihr_assess:ihr_assessed"] == "open"


def test_an_action_is_recorded_with_its_time_and_evidence(incident, by, at):
    told(incident, Event.NOTIFICATION, by, at)
    then = at + timedelta(hours=3)
    told(incident, Event.TEAM_SENT, by, then, happened_at=at + timedelta(hours=1))
    task = Task.objects.get(duty="respond_717:team_sent")
    assert (task.status, task.done_at, task.evidence) == ("done", at + timedelta(hours=1), "Minutes 3")
    assert AuditEntry.objects.filter(action="incident.milestone").last().details == {"event": "team_sent"}


def test_a_fact_no_duty_asks_for_yet_is_kept_and_starts_what_follows(by, at):
    incident = make.incident(by, protocol="cn-covid-9", disease="covid-19")
    told(incident, Event.FIRST_LOCAL_CASE, by, at)
    assert status() == {
        "fact:first_local_case": "done", "event_report:event_reported": "open", "chain_clear:chain_clear": "open",
    }  # fmt: skip


def test_recording_twice_is_one_fact_with_its_history(incident, by, at):
    told(incident, Event.ALERT_RAISED, by, at)
    told(incident, Event.ALERT_RAISED, by, at, happened_at=at - timedelta(hours=5))
    fact = Task.objects.get(duty="fact:alert_raised")
    assert fact.done_at == at - timedelta(hours=5)
    verify = Task.objects.get(duty="alert_verify:alert_verified")
    assert verify.starts_at == at - timedelta(hours=5)


def test_neither_the_future_nor_a_fact_without_evidence_nor_a_stranger(incident, by, at):
    with pytest.raises(NotNow):
        told(incident, Event.TEAM_SENT, by, at, happened_at=at + timedelta(minutes=1))
    with pytest.raises(NotNow):
        actions.record_milestone(incident=incident, event=Event.TEAM_SENT, happened_at=at, evidence=" ", by=by, at=at)
    with pytest.raises(NotAllowed):
        told(incident, Event.TEAM_SENT, make.user(Role.DUTY_OFFICER, "CN0022"), at)


def test_the_clock_may_be_told_in_any_time_zone(incident, by, at):
    seoul = at.astimezone(ZoneInfo("Asia/Seoul"))
    told(incident, Event.NOTIFICATION, by, seoul)
    assert Task.objects.get(duty="ihr_assess:ihr_assessed").due_at == at + timedelta(hours=48)


def test_a_task_closed_by_a_fact_says_so_in_words(client, incident, by):
    client.force_login(by)
    task = Task.objects.get(duty="detect_717:detection")
    page = client.get(reverse("incidents:task", args=[incident.pk, task.pk]), headers={"accept-language": "en"})
    assert "<dd>Detection</dd>" in page.content.decode()
