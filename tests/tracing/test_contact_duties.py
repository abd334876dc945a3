"""A contact identified is under management within the edition's hours; what rules it out drops the duty."""

from datetime import timedelta

import pytest

from sizao.ops.governance.roles import Role
from sizao.ops.incidents.models import Task
from sizao.ops.tracing.actions import amend_contacts, undo_decision
from sizao.ops.tracing.duties import derive, derive_recent
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


@pytest.fixture
def incident(by):
    return make.incident(by, protocol="cn-covid-9", disease="covid-19")


def listed(incident, by, at, **values):
    row = make.contact(incident, by, area_id=make.DAOLI, identified_at=at, **values)
    derive(incident=incident, contacts=[row], by=by, at=at)
    return row


def transfer():
    return Task.objects.get(duty="contact_transfer:contact_managed")


@pytest.mark.parametrize(("contact_class", "owes"), [("close", True), ("contact_of_contact", True), ("general", False)])
def test_whom_the_edition_names_is_under_management_within_twelve_hours(incident, by, at, contact_class, owes):
    listed(incident, by, at, contact_class=contact_class)
    assert [task.due_at for task in Task.objects.all()] == ([at + 12 * HOUR] if owes else [])


def test_control_closes_it_and_taking_that_back_opens_it(incident, by, at):
    contact = listed(incident, by, at)
    (contact,) = amend_contacts(contacts=[contact], changes={"controlled_at": at + HOUR}, by=by, at=at + HOUR)
    assert (transfer().status, transfer().done_at) == ("done", at + HOUR)
    undo_decision(contact=contact, reason="another person", by=by, at=at + 2 * HOUR)
    assert transfer().status == "open"


def test_who_is_no_contact_is_not_brought_anywhere(incident, by, at):
    contact = listed(incident, by, at)
    amend_contacts(contacts=[contact], changes={"status": "not_a_contact"}, by=by, at=at + HOUR)
    assert (transfer().status, transfer().outcome) == ("cancelled", "contact_ruled_out")
    amend_contacts(contacts=[contact], changes={"status": "under_follow_up"}, by=by, at=at + 2 * HOUR)
    assert transfer().status == "open"


def test_a_class_that_owes_nothing_drops_the_duty(incident, by, at):
    contact = listed(incident, by, at)
    amend_contacts(contacts=[contact], changes={"contact_class": "general"}, by=by, at=at + HOUR)
    assert (transfer().status, transfer().outcome) == ("cancelled", "rule_gone")
    derive_recent(incident=incident, by=by, at=at + 2 * HOUR)
    assert Task.objects.count() == 1


def test_a_contact_nobody_can_name_owes_nothing_yet(incident, by, at):
    contact = make.contact(incident, by, area_id=make.DAOLI)
    derive(incident=incident, contacts=[contact], by=by, at=at)
    assert not Task.objects.exists()
    amend_contacts(contacts=[contact], changes={"identified_at": at + HOUR}, by=by, at=at + HOUR)
    assert transfer().starts_at == at + HOUR


def test_an_edition_without_such_a_deadline_makes_none(by, at):
    listed(make.incident(by), by, at)
    assert not Task.objects.exists()
