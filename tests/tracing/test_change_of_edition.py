"""Another edition for an incident: shown before it is done, never longer without a decision, taken back whole."""

from datetime import date

import pytest
from django.urls import reverse

from sizao.ops.cases.duties import derive
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.tracing.actions import change_edition, plan_follow_ups, roll_back_edition, try_edition
from sizao.ops.tracing.models import Contact
from tests import factories as make

pytestmark = pytest.mark.django_db
EXPOSED = date(2015, 6, 8)


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023")


def outbreak(by, at, protocol):
    incident = make.incident(by, protocol=protocol)
    contact = make.contact(incident, by, area_id=make.DAOLI, date_last_exposure=EXPOSED)
    plan_follow_ups(incident=incident, contacts=[contact], by=by, at=at)
    case = make.case(incident, by, area_id=make.DAOLI, date_report=date(2015, 6, 10))
    derive(incident=incident, cases=[case], by=by, at=at)
    return incident


def until():
    return Contact.objects.get().date_follow_up_until


def changed(incident, protocol, by, at, prolong=False):
    return change_edition(incident=incident, protocol=protocol, reason="Order 7", prolong=prolong, by=by, at=at)


def test_the_preview_says_all_and_changes_nothing(by, at):
    incident = outbreak(by, at, "cn-covid-8")
    before, tasks = until(), list(Task.objects.order_by("id").values())
    found = try_edition(incident=incident, protocol="cn-covid-9", by=by, at=at)
    assert [each.after for each in found.listed("shorter")] == [date(2015, 6, 18)] and before == date(2015, 6, 29)
    assert (until(), list(Task.objects.order_by("id").values())) == (before, tasks)
    assert Incident.objects.get(pk=incident.pk).protocol == "cn-covid-8"
    assert not AuditEntry.objects.filter(action="incident.edition_changed").exists()


def test_shorter_at_once_and_signed(by, at):
    incident = outbreak(by, at, "cn-covid-8")
    changed(incident, "cn-covid-9", by, at)
    assert until() == date(2015, 6, 18)
    entry = AuditEntry.objects.get(action="incident.edition_changed")
    assert (entry.reason, entry.details) == ("Order 7", {"before": "cn-covid-8", "after": "cn-covid-9"})


@pytest.mark.parametrize(("prolong", "end"), [(False, date(2015, 6, 18)), (True, date(2015, 6, 29))])
def test_longer_only_by_a_decision_of_its_own(by, at, prolong, end):
    incident = outbreak(by, at, "cn-covid-9")
    found = changed(incident, "cn-covid-8", by, at, prolong)
    assert [each.days for each in found.listed("longer")] == [11]
    assert until() == end


def test_tasks_the_new_edition_does_not_ask_go_and_new_ones_appear(by, at):
    incident = outbreak(by, at, "mers")
    found = changed(incident, "cn-covid-9", by, at)
    assert "on_site:team_arrived" in found.new_tasks and not found.gone_tasks
    back = changed(incident, "mers", by, at)
    assert back.gone_tasks["on_site:team_arrived"] == 1
    assert Task.objects.get(duty="on_site:team_arrived").status == "cancelled"


def test_taken_back_everything_is_as_before(by, at):
    incident = outbreak(by, at, "cn-covid-8")
    changed(incident, "cn-covid-9", by, at)
    roll_back_edition(incident=incident, reason="Order 8", by=by, at=at)
    assert until() == date(2015, 6, 29)
    assert Incident.objects.get(pk=incident.pk).protocol == "cn-covid-8"
    with pytest.raises(NotNow):
        roll_back_edition(incident=incident, reason="again", by=by, at=at)


def test_an_end_somebody_wrote_is_left_alone(by, at):
    incident = outbreak(by, at, "cn-covid-8")
    Contact.objects.update(date_follow_up_until=date(2015, 6, 25))
    assert changed(incident, "cn-covid-9", by, at).listed("shorter") == []
    assert until() == date(2015, 6, 25)


def test_only_who_manages_the_incident_everywhere(by, at):
    with pytest.raises(NotAllowed):
        changed(outbreak(by, at, "cn-covid-8"), "cn-covid-9", make.user(Role.INVESTIGATOR), at)


def test_by_the_pages(client, by, at):
    incident = outbreak(by, at, "cn-covid-8")
    client.force_login(by)
    here = reverse("tracing:edition", args=[incident.pk])
    told = {"protocol": "cn-covid-9", "reason": "Order 7"}
    assert client.get(here).status_code == 200
    preview = client.post(here, told, headers={"accept-language": "en"}).content.decode()
    assert "Follow-up becomes shorter" in preview and "Sign and change the edition" in preview
    assert Incident.objects.get(pk=incident.pk).protocol == "cn-covid-8"
    client.post(here, told | {"confirm": "yes"})
    assert Incident.objects.get(pk=incident.pk).protocol == "cn-covid-9"
    client.post(reverse("tracing:roll_back_edition", args=[incident.pk]), {"reason": "Order 8"})
    assert Incident.objects.get(pk=incident.pk).protocol == "cn-covid-8"
