"""Emergency access: open to those who may, for hours, with a reason; told, ended and judged."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sizao.ops.governance import access, queries
from sizao.ops.governance.actions import (
    EmergencyRefused,
    end_emergency_access,
    open_emergency_access,
    review_emergency_access,
)
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import ROLES, Role
from tests import factories as make

pytestmark = pytest.mark.django_db
REASON = "A case collapsed at our border tonight."


@pytest.fixture
def reader(db, settings):
    settings.SECOND_FACTOR = "off"
    make.areas()
    return make.user(Role.INVESTIGATOR, make.NANGANG)


def opened(reader, at, **said):
    asked = {"area_path": make.DAOLI, "reason": REASON, "hours": 4} | said
    return open_emergency_access(**asked, by=reader, at=at)


def test_it_opens_reading_for_hours_and_nothing_else(reader, at):
    assert not access.may(reader, "person.identify", make.DAOLI, at=at)
    opened(reader, at)
    assert access.may(reader, "person.identify", make.DAOLI, at=at)
    assert access.may(reader, "case.view", make.ZHAOLIN, at=at + timedelta(hours=3))
    assert not access.may(reader, "case.edit", make.DAOLI, at=at)
    assert not access.may(reader, "case.view", make.LONGSHA, at=at)
    assert not access.may(reader, "case.view", make.DAOLI, at=at + timedelta(hours=4))


@pytest.mark.parametrize("said", [{"area_path": "CN0023"}, {"area_path": "CN"}, {"reason": "short"}, {"hours": 48}])
def test_what_is_too_much_is_refused(reader, at, said):
    with pytest.raises(EmergencyRefused):
        opened(reader, at, **said)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_open_it(at, role, db):
    make.areas()
    user = make.user(role, make.NANGANG)
    if "emergency.open" in ROLES[role].permissions:
        assert opened(user, at)
    else:
        with pytest.raises(access.NotAllowed):
            opened(user, at)


def test_those_who_answer_for_the_area_are_told(reader, at, client):
    duty, other = make.user(Role.DUTY_OFFICER, make.DAOLI), make.user(Role.DUTY_OFFICER, make.LONGSHA)
    opened(reader, now())
    assert [queries.n_to_notice(user, now()) for user in (duty, other, reader)] == [1, 0, 0]
    client.cookies["django_language"] = "en"
    client.force_login(duty)
    assert "beyond their posts" in client.get("/").content.decode()
    assert REASON in client.get(reverse("registry:emergency")).content.decode()
    client.force_login(other)
    assert "beyond their posts" not in client.get("/").content.decode()
    assert REASON not in client.get(reverse("registry:emergency")).content.decode()


def test_an_auditor_judges_and_nobody_judges_themselves(reader, at):
    row = opened(reader, at)
    auditor = make.user(Role.AUDITOR)
    said = {"opened": row, "was_justified": False, "finding": "The case was elsewhere."}
    for user in (reader, make.user(Role.DUTY_OFFICER)):
        with pytest.raises(access.NotAllowed):
            review_emergency_access(**said, by=user, at=at)
    row = review_emergency_access(**said, by=auditor, at=at)
    assert (row.was_justified, row.reviewed_by) == (False, auditor)
    assert AuditEntry.objects.filter(action="emergency.reviewed", by=auditor).exists()


def test_it_is_given_back_early(reader, at):
    row = opened(reader, at)
    with pytest.raises(access.NotAllowed):
        end_emergency_access(opened=row, by=make.user(Role.DUTY_OFFICER), at=at)
    end_emergency_access(opened=row, by=reader, at=at + timedelta(minutes=5))
    assert not access.may(reader, "case.view", make.DAOLI, at=at + timedelta(minutes=6))


def test_the_page_asks_and_the_auditors_page_shows_what_was_read(reader, client):
    client.cookies["django_language"] = "en"
    client.force_login(reader)
    page = reverse("registry:emergency")
    assert client.post(page, {"area": "23", "reason": REASON, "hours": 1}).status_code == 422
    assert client.post(page, {"area": "230102", "reason": REASON, "hours": 1}).status_code == 302
    person = make.person(reader, name="欧阳翠莲", area_id=make.DAOLI)
    reader.__dict__.pop("_grants", None)
    assert client.get(f"/persons/{person.uuid}/").status_code == 200
    client.force_login(make.user(Role.AUDITOR))
    [row] = queries.accesses_seen(make.user(Role.AUDITOR), now())
    html = client.get(reverse("registry:review_emergency", args=[row.pk])).content.decode()
    assert "person.viewed" in html
    said = {"was_justified": "yes", "finding": "One person, one reason."}
    assert client.post(reverse("registry:review_emergency", args=[row.pk]), said).status_code == 302
    assert "One person, one reason." in client.get(page).content.decode()
