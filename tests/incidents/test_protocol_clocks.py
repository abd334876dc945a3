"""The clocks: every number opens to the tasks behind it, and 7-1-7 counts local days with their evidence."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from sizao.ops.governance.roles import Role
from sizao.ops.incidents import actions, clocks
from sizao.ops.incidents.models import Task
from sizao.protocols.events import Event
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ON_SITE = "on_site:team_arrived"


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023")


@pytest.fixture
def incident(by, at):
    row = make.incident(by, protocol="cn-covid-9", date_emergence=date(2015, 6, 4), date_detection=date(2015, 6, 9))
    actions.derive_incident(incident=row, by=by, at=at)
    for status, hours in [("done", 1), ("done", 3), ("verified", 2), ("open", None), ("open", None)]:
        done_at = at + hours * HOUR if hours else None
        make.task(
            row, by, duty=ON_SITE, subject_kind="case", subject_id=Task.objects.count(), area_id=make.DAOLI,
            starts_at=at, due_at=at + 2 * HOUR, status=status, done_at=done_at,
        )  # fmt: skip
    return row


def test_a_clock_counts_in_time_late_overdue_and_running(incident, by, at):
    (clock,) = clocks.clocks(by=by, incident=incident, at=at + HOUR)
    assert clock.counts == {"in_time": 2, "late": 1, "overdue": 0, "open": 2}
    (later,) = clocks.clocks(by=by, incident=incident, at=at + 5 * HOUR)
    assert later.counts == {"in_time": 2, "late": 1, "overdue": 2, "open": 0}
    assert later.share == (2, 5)


def test_each_number_is_the_length_of_its_list(incident, by, at):
    (clock,) = clocks.clocks(by=by, incident=incident, at=at + 5 * HOUR)
    behind = {"incident": incident, "duty": ON_SITE, "by": by, "at": at + 5 * HOUR}
    assert {state: clocks.tasks_behind(state=state, **behind).count() for state in clocks.STATES} == clock.counts


def test_only_the_readers_own_areas_are_counted(incident, at):
    assert clocks.clocks(by=make.user(Role.DUTY_OFFICER, make.NANGANG), incident=incident, at=at) == []


def test_days_of_seven_one_seven(incident, by, at):
    found = {str(span.rule.name): (span.days, span.status) for span in clocks.spans(incident, at)}
    assert found == {"7-1-7: detect": (5, "closed_in_time"), "7-1-7: notify": (1, "open")}


def test_the_seven_actions_stand_with_their_evidence(incident, by, at):
    told = {"incident": incident, "evidence": "Order 5", "by": by, "at": at + 26 * HOUR}
    actions.record_milestone(event=Event.NOTIFICATION, happened_at=at, **told)
    actions.record_milestone(event=Event.TEAM_SENT, happened_at=at + 26 * HOUR, **told)
    found = clocks.actions_of(incident)
    assert len(found) == 7
    assert [(each.days, each.task.evidence) for each in found if each.days is not None] == [(1, "Order 5")]
    spans = {str(span.rule.name): span.status for span in clocks.spans(incident, at + 26 * HOUR)}
    assert spans["7-1-7: first response action"] == "closed_in_time"


def test_pages_show_numbers_open_lists_and_record_with_evidence(client, incident, by):
    client.force_login(by)
    page = client.get(reverse("incidents:clocks", args=[incident.pk]), headers={"accept-language": "en"})
    overdue = reverse("incidents:clock_tasks", args=[incident.pk, ON_SITE, "overdue"])
    assert f'href="{overdue}"' in page.content.decode()
    listed = client.get(overdue, headers={"accept-language": "en"}).content.decode()
    assert len(re.findall(r"/tasks/\d+/\"", listed)) == 2
    here = reverse("incidents:record_milestone", args=[incident.pk])
    wrong = client.post(here, {"event": "team_sent", "happened_at": "2099-01-01T00:00", "evidence": "x"})
    assert wrong.status_code == 200 and not Task.objects.filter(duty="fact:team_sent").exists()
    right = client.post(here, {"event": "team_sent", "happened_at": "2015-06-10T12:00", "evidence": "Order 5"})
    assert right["Location"] == reverse("incidents:clocks", args=[incident.pk])
    assert client.get(reverse("incidents:clock_tasks", args=[incident.pk, ON_SITE, "never"])).status_code == 404
