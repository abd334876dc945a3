"""Opening an incident, and the mode that needs a legal basis and an end."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.roles import Role
from sizao.ops.incidents import actions
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Area
from sizao.vocabulary.codes import IncidentMode
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023")


def opened(by, at, path="CN0023"):
    return actions.open_incident(
        name_zh="疫情", name_en="Outbreak", disease="mers", protocol="mers", areas=[Area.objects.get(path=path)],
        time_zone="Asia/Shanghai", by=by, at=at,
    )  # fmt: skip


def test_only_where_one_may(by, at):
    assert opened(by, at).mode == "routine"
    with pytest.raises(NotAllowed):
        opened(by, at, "CN0022")


@pytest.mark.parametrize(("basis", "days"), [("", 14), ("Law", None), ("Law", -1)])
def test_emergency_needs_a_basis_and_an_end(by, at, basis, days):
    until = at + timedelta(days=days) if days else None
    told = {"mode": IncidentMode.EMERGENCY, "legal_basis": basis, "until": until, "reason": "First case"}
    with pytest.raises(NotNow):
        actions.switch_mode(incidents=[opened(by, at)], **told, by=by, at=at)


def test_even_the_database_refuses_an_emergency_without_an_end(by, at):
    incident = opened(by, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(mode="emergency")


def test_a_real_incident_runs_on_real_time(by, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.incident(by, clock_behind_s=60)
    drill = make.incident(by, clock_behind_s=60, kind="drill")
    assert drill.at(at) == at - timedelta(seconds=60)


def test_open_give_and_finish_by_the_pages(client, by):
    client.force_login(by)
    answer = client.post(
        reverse("incidents:new"),
        {"name_zh": "麻疹疫情", "name_en": "Measles", "protocol": "mers", "areas": "23", "time_zone": "Asia/Shanghai"},
    )
    incident = Incident.objects.get(name_en="Measles")
    assert answer["Location"] == reverse("incidents:incident", args=[incident.pk])
    post = make.post(Role.DUTY_OFFICER, "CN0023")
    due_at = "2099-01-01T12:00"
    client.post(
        reverse("incidents:give_task", args=[incident.pk]),
        {"title": "Call the school", "post": post.pk, "due_at": due_at, "reason": "Meeting of today"},
    )
    task = incident.tasks.get()
    here = reverse("incidents:task", args=[incident.pk, task.pk])
    page = client.get(here, headers={"accept-language": "en"})
    assert "Call the school" in page.content.decode()
    assert client.post(here + "finish/", {"outcome": ""}).status_code == 400
    client.post(here + "finish/", {"outcome": "Done by telephone."})
    task.refresh_from_db()
    assert task.status == "done"


@pytest.mark.parametrize("areas", ["99999", "23 nowhere"])
def test_an_unknown_area_code_is_named(client, by, areas):
    client.force_login(by)
    form = {"name_zh": "x", "name_en": "x", "protocol": "mers", "areas": areas, "time_zone": "Mars"}
    page = client.post(reverse("incidents:new"), form, headers={"accept-language": "en"}).content.decode()
    assert "No area has the code" in page
    assert "Mars is not a time zone" in page


@pytest.mark.parametrize(
    ("where", "seen"),
    [("", True), ("CN", True), ("CN0023", True), (make.DAOLI, True), ("CN0022", False)],
)
def test_an_incident_is_known_where_it_touches(client, by, at, where, seen):
    incident = opened(by, at)
    client.force_login(make.user(Role.INVESTIGATOR, where))
    assert client.get(reverse("incidents:incident", args=[incident.pk])).status_code == (200 if seen else 404)


def test_the_demonstrations_users_see_no_real_incident(client, by, at):
    incident = opened(by, at)
    client.force_login(make.user(Role.DUTY_OFFICER, is_demonstration=True))
    assert client.get(reverse("incidents:incident", args=[incident.pk])).status_code == 404


@pytest.mark.parametrize(("area", "n"), [(make.DAOLI, 1), ("230103", 1), ("黑龙江省", 2), ("", 2)])
def test_tasks_are_filtered_by_any_area(client, by, at, area, n):
    incident = opened(by, at)
    for path in (make.DAOLI, make.NANGANG):
        make.task(incident, by, area_id=path)
    client.force_login(by)
    page = client.get(reverse("incidents:tasks", args=[incident.pk]), {"area": area}, headers={"accept-language": "en"})
    assert len(set(re.findall(r"/tasks/(\d+)/", page.content.decode()))) == n
