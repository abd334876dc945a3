"""Two files that contain the same people: undoing one leaves what the other says, in either order."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sizao.ops.cases.models import Case
from sizao.ops.governance import history
from sizao.ops.incidents.models import Task
from sizao.ops.intake import actions, queries
from sizao.ops.intake.models import Confirmation
from sizao.ops.registry.models import Person
from sizao.ops.tracing.models import Contact, Exposure, FollowUp
from tests.intake.files import CASES, CONTACTS

pytestmark = pytest.mark.django_db

#: The first two cases again, without onset, one of them confirmed by now, and somebody new.
SECOND = """case_id,full_name,sex,date_birth,phone,classification,outcome,date_report,area
A1,张伟,男,1980-02-03,13800001111,confirmed,recovered,2015-05-22,230102
A2,李娜,女,1975-11-30,13800002222,confirmed,,2015-05-23,230102
A7,周瑜,男,1960-01-01,,confirmed,,2015-05-26,230102
"""


def numbers():
    return set(Case.objects.values_list("number", flat=True))


def nothing_left():
    kinds = (Case, Person, Contact, Exposure, FollowUp, Task)
    left = {kind.__name__: kind.objects.count() for kind in kinds if kind.objects.exists()}
    assert not left
    return True


def lines(delivery):
    params = [
        problem.message["params"] for problem in delivery.problems.order_by("id") if "file" in problem.message["params"]
    ]
    return {(each["name"], each["file"]) for each in params}


def test_the_earlier_file_undone_first(deliver, officer, at):
    first, second = deliver(CASES, commit=True, name="monday.csv"), deliver(SECOND, commit=True, name="tuesday.csv")
    undone = actions.undo_delivery(delivery=first, by=officer, at=at + timedelta(hours=1))
    assert numbers() == {"A1", "A2", "A7"}
    assert Person.objects.count() == 3
    kept = Case.objects.get(number="A1")
    assert (kept.classification, kept.outcome, str(kept.date_report)) == ("confirmed", "recovered", "2015-05-22")
    assert kept.date_onset is None  # only the first file said it
    assert Case.objects.get(number="A2").classification == "confirmed"
    assert ("A1", "tuesday.csv") in lines(first)
    assert undone.stayed == 4  # two cases and their persons
    again = actions.undo_delivery(delivery=second, by=officer, at=at + timedelta(hours=2))
    assert again.stayed == 0
    assert nothing_left()


def test_the_later_file_undone_first(deliver, officer, at):
    first, second = deliver(CASES, commit=True), deliver(SECOND, commit=True)
    undone = actions.undo_delivery(delivery=second, by=officer, at=at + timedelta(hours=1))
    assert undone.stayed == 0
    assert numbers() == {"A1", "A2", "A3"}
    case = Case.objects.get(number="A1")
    assert (case.classification, case.outcome, str(case.date_onset)) == ("confirmed", "unknown", "2015-05-20")
    assert Case.objects.get(number="A2").classification == "suspected"
    actions.undo_delivery(delivery=first, by=officer, at=at + timedelta(hours=2))
    assert nothing_left()


def test_a_change_that_a_third_file_confirms_stays(deliver, officer, at):
    deliver(CASES, commit=True)
    second = deliver(SECOND, commit=True)
    deliver(SECOND.replace("A7,周瑜", "A8,曹操"), commit=True)
    undone = actions.undo_delivery(delivery=second, by=officer, at=at + timedelta(hours=1))
    assert Case.objects.get(number="A2").classification == "confirmed"
    assert Case.objects.get(number="A1").outcome == "recovered"
    assert undone.put_back == 0


@pytest.mark.parametrize("earlier_first", [True, False])
def test_contacts_in_two_files(deliver, officer, at, earlier_first):
    cases = deliver(CASES, commit=True)
    contacts = CONTACTS.replace("2015-05-2", "2015-06-0")  # their days of follow-up are not over
    again = "\n".join(contacts.splitlines()[:2]) + "\n"
    first, second = deliver(contacts, commit=True, name="one.csv"), deliver(again, commit=True, name="two.csv")
    order = [first, second] if earlier_first else [second, first]
    actions.undo_delivery(delivery=order[0], by=officer, at=at + timedelta(hours=1))
    left = {"K1"} if earlier_first else {"K1", "K2", "K3"}
    assert set(Contact.objects.values_list("number", flat=True)) == left
    assert set(Exposure.objects.values_list("person__contacts__number", flat=True)) == left - {"K3"}
    contact = Contact.objects.get(number="K1")
    assert FollowUp.objects.filter(contact=contact).exists()
    assert contact.date_last_exposure is not None
    assert bool(lines(first)) is earlier_first
    actions.undo_delivery(delivery=order[1], by=officer, at=at + timedelta(hours=2))
    actions.undo_delivery(delivery=cases, by=officer, at=at + timedelta(hours=3))
    assert nothing_left()


def test_the_same_person_as_another_case_outlives_the_first_file_only(deliver, officer, at):
    first = deliver(CASES, commit=True)
    second = deliver(CASES.replace("A1,", "B1,").replace("A2,", "B2,").replace("A3,", "B3,"), commit=True)
    assert Person.objects.count() == 3
    actions.undo_delivery(delivery=first, by=officer, at=at + timedelta(hours=1))
    assert (numbers(), Person.objects.count()) == ({"B1", "B2", "B3"}, 3)
    actions.undo_delivery(delivery=second, by=officer, at=at + timedelta(hours=2))
    assert nothing_left()


def test_work_of_people_still_stands_when_both_are_undone(deliver, officer, at):
    first, second = deliver(CASES, commit=True), deliver(SECOND, commit=True)
    actions.undo_delivery(delivery=first, by=officer, at=at + timedelta(hours=1))
    history.amend([Case.objects.get(number="A1")], note="seen", by=officer, at=at + timedelta(hours=1))
    actions.undo_delivery(delivery=second, by=officer, at=at + timedelta(hours=2))
    assert numbers() == {"A1"}


def test_a_first_file_vouches_for_nothing(deliver):
    deliver(CASES, commit=True)
    assert not Confirmation.objects.exists()


def test_the_page_says_beforehand_which_files_contain_the_same(deliver, client, officer, incident):
    first = deliver(CASES, commit=True, name="monday.csv")
    deliver(SECOND, commit=True, name="tuesday.csv")
    assert queries.shared_with(first) == [("tuesday.csv", 2)]
    client.force_login(officer)
    page = client.get(reverse("intake:undo", args=[incident.pk, first.pk])).content.decode()
    assert "tuesday.csv" in page
