"""What a page learns about its reader in kept statements is what Django and the grants say at that moment."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from sizao.ops.governance import access
from sizao.ops.governance.models import Grant
from sizao.ops.governance.readers import user_with_grants
from sizao.ops.governance.roles import Role
from sizao.ops.incidents import queries
from tests import factories as make


@pytest.fixture
def page(db, client):
    """A reader's client, the reader, and the address of a list."""
    incident, reader = make.incident(make.user()), make.user(Role.INVESTIGATOR)
    client.force_login(reader)
    address = reverse("cases:list", args=[incident.pk])
    assert client.get(address).status_code == 200
    return client, reader, address


def test_a_revoked_grant_bites_on_the_next_page(page):
    client, reader, address = page
    Grant.objects.filter(user=reader).update(until=timezone.now() - timedelta(seconds=1), since="2000-01-01T00:00Z")
    assert client.get(address).status_code in (403, 404)


def test_an_ended_session_opens_nothing(page):
    client, _reader, address = page
    Session.objects.all().delete()
    assert client.get(address).status_code == 302


def test_an_expired_session_opens_nothing(page):
    client, _reader, address = page
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 302


def test_a_closed_account_opens_nothing(page):
    client, reader, address = page
    reader.is_active = False
    reader.save()
    assert client.get(address).status_code == 302


def test_a_changed_password_ends_other_sessions(page):
    client, reader, address = page
    reader.set_password("another long password")
    reader.save()
    assert client.get(address).status_code == 302


def test_user_and_grants_are_as_the_orm_has_them(db):
    reader = make.user(Role.INVESTIGATOR)
    Grant.objects.create(user=reader, role=Role.ANALYST, area_path="CN", since=timezone.now())
    found, again = user_with_grants(reader.pk), type(reader).objects.get(pk=reader.pk)
    assert found == again and vars(found).keys() - {"_grants"} == vars(again).keys()
    assert sorted(access.grants_of(found), key=str) == sorted(access.grants_of(again), key=str)
    assert user_with_grants(reader.pk + 1_000) is None


@pytest.mark.parametrize("path", ["", "CN", "CN0023", make.DAOLI, make.LONGSHA, "KR"])
@pytest.mark.parametrize("is_demonstration", [True, False])
def test_an_incident_is_known_to_whom_the_list_of_incidents_shows_it(db, path, is_demonstration):
    make.areas()
    incident = make.incident(make.user())
    reader = make.user(is_demonstration=is_demonstration)
    Grant.objects.create(user=reader, role=Role.INVESTIGATOR, area_path=path, since="2000-01-01T00:00Z")
    at = timezone.now()
    listed = incident in queries.incidents(by=reader, at=at)
    assert (queries.incident_of_page(incident.pk, by=reader, at=at) == incident) is listed
