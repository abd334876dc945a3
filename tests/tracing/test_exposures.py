"""Who was exposed by whom makes contacts of people who are not cases."""

from datetime import date, timedelta

import pytest

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.roles import Role
from sizao.ops.tracing import actions
from sizao.ops.tracing.models import Contact, Exposure, FollowUp
from sizao.ops.tracing.reasons import rebuilt
from tests import factories as make
from tests.tracing.conftest import frame

pytestmark = pytest.mark.django_db
HOME = {"setting": "household", "date_exposure_first": date(2015, 6, 2), "date_exposure_last": date(2015, 6, 5)}


@pytest.fixture
def record(incident, by, at):
    def record(*rows, at=at, by=by):
        return actions.record_exposures(incident=incident, records=frame(*rows), by=by, at=at)

    return record


def test_an_exposed_person_becomes_a_contact_with_class_reason_and_days(record, source, by):
    person = make.person(by, area_id=make.NANGANG)
    done = record({"source_id": "A1", "person_id": person.pk, **HOME})
    assert (done.created, done.contacts_created, done.problems) == (1, 1, ())
    contact = Contact.objects.get()
    assert (contact.person, contact.area_id, contact.contact_class) == (person, make.NANGANG, "close")
    reason = rebuilt(contact.class_reason)
    assert "household" in reason.say("en") and "A1" in reason.say("en")
    assert "共同居住" in reason.say("zh-hans")
    assert contact.date_last_exposure == date(2015, 6, 5)
    # MERS: 14 days after the last exposure; listed and watched from the 10th: only the days left.
    days = FollowUp.objects.order_by("day").values_list("day", "date_due")
    assert list(days) == [(n, date(2015, 6, 9) + timedelta(days=n)) for n in range(1, 11)]
    assert contact.date_follow_up_until == date(2015, 6, 19)


def test_a_person_who_is_a_case_gets_an_exposure_and_no_contact(record, source, incident, by):
    other = make.case(incident, by, number="A2")
    done = record({"source_id": "A1", "exposed_id": "A2", "setting": "hospital_room"})
    assert (done.created, done.contacts_created) == (1, 0)
    assert Exposure.objects.get().person == other.person


def test_a_contact_of_a_contact_is_no_contact_where_the_edition_makes_none(record, source, by):
    first, second = make.person(by), make.person(by)
    record({"source_id": "A1", "person_id": first.pk, **HOME})
    number = Contact.objects.get().number
    record({"source_id": number, "person_id": second.pk, **HOME})
    contact = Contact.objects.get(person=second)
    assert contact.contact_class == "unclassified"
    assert "no contacts of contacts" in rebuilt(contact.class_reason).say("en")


def test_the_same_rows_again_change_nothing(record, source, by):
    row = {"source_id": "A1", "person_id": make.person(by).pk, **HOME}
    record(row)
    again = record(row)
    assert (again.created, again.updated, again.unchanged, again.contacts_updated) == (0, 0, 1, 0)
    assert FollowUp.objects.count() == 10


def test_a_later_exposure_moves_the_end_and_adds_days(record, source, by, at):
    row = {"source_id": "A1", "person_id": make.person(by).pk}
    record({**row, **HOME})
    done = record({**row, "date_exposure_last": date(2015, 6, 8)}, at=at + timedelta(hours=1))
    assert (done.updated, done.contacts_updated) == (1, 1)
    assert Contact.objects.get().date_follow_up_until == date(2015, 6, 22)
    assert FollowUp.objects.count() == 13


@pytest.mark.parametrize(
    ("case", "contact_class", "said"),
    [
        ({"date_diagnosis": date(2015, 6, 4)}, "close", ["household", "onset of A9 is not known", "4 Jun 2015"]),
        ({"date_diagnosis": date(2015, 6, 8)}, "unclassified", ["may lie before the onset", "8 Jun 2015"]),
        ({"date_report": date(2015, 6, 8)}, "unclassified", ["may lie before the onset", "report, 8 Jun 2015"]),
        ({"date_onset": date(2015, 6, 8)}, "unclassified", ["somebody must decide", "outside the infectious window"]),
    ],
)
def test_a_source_without_onset_is_dated_by_the_next_best_day_and_never_clears_anybody(
    record, incident, by, case, contact_class, said
):
    make.case(incident, by, number="A9", area_id=make.DAOLI, **case)
    record({"source_id": "A9", "person_id": make.person(by).pk, **HOME})
    contact = Contact.objects.get()
    why = rebuilt(contact.class_reason).say("en")
    assert contact.contact_class == contact_class
    assert all(words in why for words in said), why
    assert ("Not a contact" in why) == ("date_onset" in case)


def test_the_most_binding_exposure_counts(record, source, incident, by):
    make.case(incident, by, number="A2", area_id=make.DAOLI, date_onset=date(2015, 6, 1))
    person = make.person(by).pk
    record({"source_id": "A2", "person_id": person, "setting": "shop", "closeness": None},
           {"source_id": "A1", "person_id": person, "setting": None, "closeness": "physical"})  # fmt: skip
    assert Contact.objects.get().contact_class == "close"


def test_nothing_known_is_watched_like_a_close_contact_until_decided(record, source, by):
    record({"source_id": "A1", "person_id": make.person(by).pk, "date_exposure_last": date(2015, 6, 5)})
    contact = Contact.objects.get()
    assert (contact.contact_class, contact.date_follow_up_until) == ("unclassified", date(2015, 6, 19))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"source_id": "ZZ", "exposed_id": "A1"}, "source_id"),
        ({"source_id": None, "exposed_id": "A1"}, "source_id"),
        ({"source_id": "A1", "exposed_id": "ZZ"}, "exposed_id"),
        ({"source_id": "A1", "exposed_id": "A1"}, "exposed_id"),
        (
            {
                "source_id": "A1", "exposed_id": "K9",
                "date_exposure_first": date(2015, 6, 5), "date_exposure_last": date(2015, 6, 4),
            },
            "date_exposure_last",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_and_the_rest_recorded(record, source, incident, by, row, column):
    make.contact(incident, by, number="K9")
    good = {"source_id": "A1", "exposed_id": "K9", "date_exposure_first": None, "date_exposure_last": None}
    done = record({**good, "exposed_id": "K9"}, {**good, **row})
    assert done.created == 1
    assert [(problem.row, problem.column) for problem in done.problems] == [(3, column)]
    assert done.problems[0].message.say("en")


def test_an_officer_lists_contacts_of_their_own_case_living_elsewhere(record, source, by):
    mine = make.user(Role.INVESTIGATOR, make.DAOLI)
    record({"source_id": "A1", "person_id": make.person(by, area_id=make.NANGANG).pk}, by=mine)
    assert Contact.objects.get().area_id == make.NANGANG


def test_nobody_links_people_of_other_areas(record, source, by):
    elsewhere = make.user(Role.INVESTIGATOR, make.LONGSHA)
    with pytest.raises(NotAllowed):
        record({"source_id": "A1", "person_id": make.person(by, area_id=make.NANGANG).pk}, by=elsewhere)
    assert not Exposure.objects.exists()


def test_a_withdrawn_exposure_leaves_no_contact_and_comes_back(record, source, by, at):
    record({"source_id": "A1", "person_id": make.person(by).pk, **HOME})
    exposure = Exposure.objects.get()
    actions.withdraw_exposures(exposures=[exposure], reason="mistaken identity", by=by, at=at)
    assert Contact.objects.get().status == "not_a_contact"
    actions.reinstate_exposures(exposures=[exposure], reason="it was them", by=by, at=at)
    contact = Contact.objects.get()
    assert (contact.status, contact.contact_class, contact.date_last_exposure) == (
        "under_follow_up", "close", date(2015, 6, 5)
    )  # fmt: skip


def test_with_one_of_two_exposures_withdrawn_the_other_counts(record, source, incident, by, at):
    make.case(incident, by, number="A2", area_id=make.DAOLI, date_onset=date(2015, 6, 1))
    person = make.person(by).pk
    loose = {"source_id": "A1", "setting": None, "date_exposure_last": date(2015, 6, 8)}
    close = {"source_id": "A2", "setting": "household", "date_exposure_last": date(2015, 6, 4)}
    record({"person_id": person, **loose}, {"person_id": person, **close})
    assert Contact.objects.get().date_last_exposure == date(2015, 6, 4)  # that of the exposure that made the class
    actions.withdraw_exposures(
        exposures=[Exposure.objects.get(source_case__number="A2")], reason="was away", by=by, at=at
    )
    contact = Contact.objects.get()
    assert (contact.contact_class, contact.date_last_exposure) == ("unclassified", date(2015, 6, 8))
