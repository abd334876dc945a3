"""Contacts come from lists, change by decision, and become cases without losing their history."""

from datetime import date, timedelta

import pytest

from sizao.ops.cases.actions import record_cases
from sizao.ops.cases.models import Case
from sizao.ops.governance import history
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.tracing import actions
from sizao.ops.tracing.models import Contact, Exposure, FollowUp
from tests import factories as make
from tests.tracing.conftest import frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(incident, by, at):
    def record(*rows):
        return actions.record_contacts(incident=incident, records=frame(*rows), by=by, at=at)

    return record


def test_a_list_makes_contacts_with_the_case_they_met(record, source, by):
    person = make.person(by, name="王芳", key_name=1)
    done = record(
        {"contact_id": "K1", "person_id": person.pk, "source_id": "A1", "date_exposure_last": date(2015, 6, 8),
         "contact_class": "close", "area": make.NANGANG, "note": "neighbour"}
    )  # fmt: skip
    contact = Contact.objects.get()
    assert (done.created, done.exposures_created, done.ids) == (1, 1, {2: contact.pk})
    assert (contact.number, contact.contact_class, contact.area_id, contact.note) == (
        "K1", "close", make.NANGANG, "neighbour"
    )  # fmt: skip
    assert contact.identified_at is not None
    assert Exposure.objects.get().source_case == source


def test_a_nameless_contact_is_listed_but_not_identified(record, source, by):
    record({"contact_id": "K1", "person_id": make.person(by).pk, "area": make.DAOLI})
    assert Contact.objects.get().identified_at is None


def test_the_same_list_again_changes_nothing(record, source, by):
    row = {"contact_id": "K1", "person_id": make.person(by).pk, "source_id": "A1", "contact_class": "close"}
    record(row)
    done = record(row)
    assert (done.created, done.updated, done.unchanged, done.exposures_created) == (0, 0, 1, 0)


def test_a_contact_without_its_case_is_still_recorded(record, incident, by):
    done = record({"contact_id": "K1", "person_id": make.person(by).pk, "source_id": "gone", "area": make.DAOLI})
    assert (done.created, [problem.column for problem in done.problems]) == (1, ["source_id"])


def test_one_number_for_two_people_is_told(record, by):
    done = record(
        {"contact_id": "K1", "person_id": make.person(by).pk, "area": make.DAOLI},
        {"contact_id": "K1", "person_id": make.person(by).pk, "area": make.DAOLI},
    )
    assert (done.created, [problem.row for problem in done.problems]) == (1, [3])


def test_who_is_a_case_already_is_listed_as_one(record, incident, source, by):
    record({"contact_id": "K1", "person_id": source.person_id, "area": make.DAOLI})
    contact = Contact.objects.get()
    assert (contact.status, contact.became_case) == ("became_case", source)
    assert not FollowUp.objects.exists()


@pytest.fixture
def contact(record, source, by):
    record({"contact_id": "K1", "person_id": make.person(by).pk, "source_id": "A1", "setting": "household",
            "date_exposure_last": date(2015, 6, 8), "area": make.DAOLI})  # fmt: skip
    return Contact.objects.get()


def test_a_contact_becomes_a_case_and_keeps_its_history(contact, incident, by, at):
    later = at + timedelta(days=2)
    n_days = FollowUp.objects.count()
    actions.convert_contacts(
        incident=incident, contacts=[contact], classification="confirmed",
        facts={"date_onset": date(2015, 6, 12), "found_in": "quarantine"}, by=by, at=later,
    )  # fmt: skip
    contact.refresh_from_db()
    case = contact.became_case
    assert (contact.status, case.person, case.area_id, case.found_in) == (
        "became_case", contact.person, make.DAOLI, "quarantine"
    )  # fmt: skip
    assert (Exposure.objects.count(), FollowUp.objects.count()) == (1, n_days)
    assert history.past_of(contact)[-1].values["status"] == "under_follow_up"


def test_converting_twice_makes_one_case(contact, incident, source, by, at):
    for _ in range(2):
        actions.convert_contacts(incident=incident, contacts=[contact], classification="suspected", by=by, at=at)
    assert Case.objects.count() == 2  # the source and the one


def test_a_case_that_comes_by_file_is_recognised(contact, incident, by, at):
    records = frame({"case_id": "A9", "person_id": contact.person_id, "area": make.DAOLI})
    record_cases(incident=incident, records=records, by=by, at=at)
    assert actions.recognise_cases(incident=incident, by=by, at=at) == [contact]
    contact.refresh_from_db()
    assert contact.became_case.number == "A9"
    assert actions.recognise_cases(incident=incident, by=by, at=at) == []


def test_undoing_a_conversion_discards_the_case(contact, incident, by, at):
    actions.convert_contacts(incident=incident, contacts=[contact], classification="suspected", by=by, at=at)
    actions.undo_decision(contact=contact, reason="negative twice", by=by, at=at + timedelta(hours=1))
    contact.refresh_from_db()
    assert (contact.status, contact.became_case) == ("under_follow_up", None)
    assert Case.objects.exclude(number="A1").get().classification == "discarded"
    assert actions.recognise_cases(incident=incident, by=by, at=at) == []


def test_a_class_decided_by_hand_stays_and_moves_the_end(contact, incident, by, at):
    assert contact.date_follow_up_until == date(2015, 6, 22)
    (changed,) = actions.amend_contacts(
        contacts=[contact], changes={"contact_class": "general"}, reason="wore a mask", by=by, at=at
    )
    assert (changed.contact_class, changed.date_follow_up_until) == ("general", None)
    again = {"source_id": "A1", "exposed_id": "K1", "setting": "household", "closeness": "physical"}
    actions.record_exposures(incident=incident, records=frame(again), by=by, at=at)
    contact.refresh_from_db()
    assert contact.contact_class == "general"
    actions.undo_decision(contact=contact, reason="no mask after all", by=by, at=at)
    contact.refresh_from_db()
    assert contact.contact_class == "close"


def test_one_audit_entry_per_contact_with_the_reason(contact, by, at):
    actions.amend_contacts(contacts=[contact], changes={"controlled_at": at}, reason="moved to hotel", by=by, at=at)
    entry = AuditEntry.objects.get(action="contact.amended")
    assert (entry.row_id, entry.reason) == (contact.pk, "moved to hotel")


@pytest.mark.parametrize("status", ["completed", "lost", "died", "not_a_contact"])
def test_an_ended_follow_up_can_be_taken_up_again(contact, by, at, status):
    actions.amend_contacts(contacts=[contact], changes={"status": status}, by=by, at=at)
    (back,) = actions.amend_contacts(contacts=[contact], changes={"status": "under_follow_up"}, by=by, at=at)
    assert back.status == "under_follow_up"


def test_what_became_a_case_cannot_be_called_lost(contact, incident, by, at):
    actions.convert_contacts(incident=incident, contacts=[contact], classification="suspected", by=by, at=at)
    with pytest.raises(NotNow):
        actions.amend_contacts(contacts=[contact], changes={"status": "lost"}, by=by, at=at)


def test_the_second_editor_is_told(contact, by, at):
    read_at = {contact.pk: contact.current_since}
    actions.amend_contacts(contacts=[contact], changes={"note": "first"}, by=by, at=at + timedelta(minutes=1))
    with pytest.raises(actions.ChangedMeanwhile):
        actions.amend_contacts(contacts=[contact], changes={"note": "second"}, read_at=read_at, by=by, at=at)


def test_nobody_decides_about_contacts_elsewhere(contact, at):
    elsewhere = make.user(Role.INVESTIGATOR, make.NANGANG)
    with pytest.raises(NotAllowed):
        actions.amend_contacts(contacts=[contact], changes={"status": "lost"}, by=elsewhere, at=at)
