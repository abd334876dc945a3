"""Another edition judges contacts anew; what people decided stays; taken back, every row says what it said."""

from datetime import date, timedelta

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse

from sizao.ops.cases.duties import derive
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.tracing.actions import amend_contacts, change_edition, roll_back_edition, try_edition
from sizao.ops.tracing.actions.settling import Told, settle
from sizao.ops.tracing.edition_effects import LISTS, effects, listed
from sizao.ops.tracing.edition_views import totals
from sizao.ops.tracing.models import Contact, FollowUp
from tests import factories as make

pytestmark = pytest.mark.django_db
ONSET = date(2015, 6, 9)
EXPOSED = date(2015, 6, 8)


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023")


@pytest.fixture
def case(by):
    incident = make.incident(by, protocol="cn-covid-9", disease="covid19")
    case = make.case(incident, by, area_id=make.DAOLI, date_onset=ONSET, date_report=date(2015, 6, 10))
    derive(incident=incident, cases=[case], by=by, at=make.AT)
    return case


def met(case, by, at, *, setting="household", closeness="unknown", day=EXPOSED, person=None, told=None, **values):
    """A contact as the edition in force makes it of one exposure."""
    person = person or make.person(by)
    source = make.exposure(
        case, person, by, setting=setting, closeness=closeness, date_first=day, date_last=day, **values
    )
    told = told or Told(area_if_new=make.DAOLI)
    settle(incident=case.incident, told={person.pk: told}, by=by, at=at)
    return source, Contact.objects.get(incident=case.incident, person=person)


def second_ring(case, by, at):
    """A close contact and somebody of their household."""
    _, close = met(case, by, at)
    person = make.person(by)
    make.exposure(
        case, person, by, source_case=None, source_contact=close, setting="household", date_first=EXPOSED,
        date_last=ONSET,
    )  # fmt: skip
    settle(incident=case.incident, told={person.pk: Told(area_if_new=make.DAOLI)}, by=by, at=at)
    return close, Contact.objects.get(person=person)


def changed(case, protocol, by, at, prolong=False):
    incident = Incident.objects.get(pk=case.incident_id)
    return change_edition(incident=incident, protocol=protocol, reason="Order 7", prolong=prolong, by=by, at=at)


def back(case, by, at):
    roll_back_edition(incident=case.incident, reason="Order 8", by=by, at=at)


def snapshot():
    """Everything a change of edition may touch, by row."""
    rows = [*Contact.objects.order_by("id"), *Incident.objects.all()]
    tasks = Task.objects.order_by("id").values("id", "duty", "status", "due_at", "outcome", "why")
    return [model_to_dict(row, exclude=["areas", "current_since"]) for row in rows], list(tasks)


def test_a_class_the_edition_drops_is_taken_off_the_list(case, by, at):
    _, second = second_ring(case, by, at)
    assert second.contact_class == "contact_of_contact"
    found = changed(case, "cn-covid-9-plus20", by, at)
    assert [each.contact.pk for each in found.listed("taken_off")] == [second.pk]
    second.refresh_from_db()
    assert (second.status, second.contact_class) == ("not_a_contact", "contact_of_contact")
    assert second.date_follow_up_until == date(2015, 6, 10)
    assert "determines no contacts of contacts" in str(second.class_reason)


def test_who_was_taken_off_comes_back_only_by_decision(case, by, at):
    _, second = second_ring(case, by, at)
    changed(case, "cn-covid-9-plus20", by, at)
    found = changed(case, "cn-covid-9", by, at)
    assert [each.contact.pk for each in found.listed("put_back")] == [second.pk]
    second.refresh_from_db()
    assert second.status == "not_a_contact"
    back(case, by, at)
    changed(case, "cn-covid-9", by, at, prolong=True)
    second.refresh_from_db()
    assert (second.status, second.contact_class) == ("under_follow_up", "contact_of_contact")
    assert FollowUp.objects.filter(contact=second, date_due=second.date_follow_up_until).exists()


def test_the_same_exposure_has_another_class_under_another_edition(case, by, at):
    """Shared a shop: general contact in the 8th, exposed at a place in the 9th edition."""
    changed(case, "cn-covid-8", by, at)
    case.incident.refresh_from_db()
    _, contact = met(case, by, at, setting="shop", closeness="same_place")
    before = contact.contact_class
    found = changed(case, "cn-covid-9", by, at)
    contact.refresh_from_db()
    assert (before, contact.contact_class) == ("general", "exposed_place")
    assert [each.class_after for each in found.listed("reclassified")] == ["exposed_place"]
    assert "9th edition" in str(contact.class_reason)


def test_a_class_decided_by_hand_or_written_in_a_list_stays(case, by, at):
    _, second = second_ring(case, by, at)
    amend_contacts(contacts=[second], changes={"contact_class": "exposed_place"}, reason="Saw it", by=by, at=at)
    _, told = met(case, by, at, told=Told(area_if_new=make.DAOLI, contact_class="contact_of_contact"))
    found = changed(case, "cn-covid-9-plus20", by, at)
    assert found.listed("taken_off") == [] and found.listed("reclassified") == []
    assert {row.contact_class for row in Contact.objects.filter(pk__in=[second.pk, told.pk])} == {
        "exposed_place", "contact_of_contact",
    }  # fmt: skip


@pytest.mark.parametrize("other", ["cn-covid-8", "cn-covid-9-plus20", "cn-covid-9-plus10", "mers", "ebola"])
@pytest.mark.parametrize("prolong", [False, True])
def test_taken_back_every_row_says_what_it_said(case, by, at, other, prolong):
    second_ring(case, by, at)
    met(case, by, at, setting="shop", closeness="same_place")
    Incident.objects.update(disease="pneumonia of unknown cause")
    case.incident.refresh_from_db()
    before = snapshot()
    changed(case, other, by, at + timedelta(hours=1), prolong)
    assert snapshot() != before
    back(case, by, at + timedelta(hours=2))
    rows, tasks = snapshot()
    added = {task["id"] for task in tasks} - {task["id"] for task in before[1]}
    assert rows == before[0]
    assert [task for task in tasks if task["id"] not in added] == before[1]
    assert all(task["status"] == "cancelled" for task in tasks if task["id"] in added)


def test_the_disease_follows_editions_of_another_disease_and_comes_back(case, by, at):
    changed(case, "ebola", by, at)
    assert Incident.objects.get().disease == "ebola"
    back(case, by, at)
    assert Incident.objects.get().disease == "covid19"


def test_what_was_changed_since_is_not_taken_back(case, by, at):
    _, second = second_ring(case, by, at)
    changed(case, "cn-covid-9-plus20", by, at)
    second.refresh_from_db()
    amend_contacts(
        contacts=[second], changes={"note": "moved"}, by=by, at=at + timedelta(hours=1)
    )  # fmt: skip
    back(case, by, at + timedelta(hours=2))
    second.refresh_from_db()
    assert second.status == "not_a_contact"  # somebody has looked at this person since: theirs to decide


def test_an_edition_shortens_what_an_earlier_one_was_not_allowed_to_lengthen(case, by, at):
    _, contact = met(case, by, at)
    changed(case, "cn-covid-8", by, at)  # 21 days, not prolonged: stays at 10
    contact.refresh_from_db()
    assert contact.date_follow_up_until == EXPOSED + timedelta(days=10)
    changed(case, "cn-covid-9-plus20", by, at)
    contact.refresh_from_db()
    assert contact.date_follow_up_until == EXPOSED + timedelta(days=8)


@pytest.mark.parametrize("other", ["cn-covid-8", "cn-covid-9-plus20", "cn-covid-9-plus10"])
def test_every_total_equals_the_list_behind_it(case, by, at, other):
    second_ring(case, by, at)
    met(case, by, at, setting="shop", closeness="same_place")
    found = effects(Incident.objects.get(), other, date(2015, 6, 10))
    for row in totals(found):
        assert {row.list_before, row.list_after} <= set(LISTS)
        for n, name, side in ((row.before, row.list_before, "before"), (row.after, row.list_after, "after")):
            people, counts = listed(found, name), {"Restricted person-days": "restricted_days", "Tests": "n_tests"}
            counts["Person-days in central quarantine"] = "central_days"
            key = counts.get(str(row.label))
            assert n == (sum(getattr(e, f"counts_{side}")[key] for e in people) if key else len(people))
    gained = sum(each.restricted_days for each in listed(found, "more"))
    lost = sum(each.restricted_days for each in listed(found, "fewer"))
    days = next(row for row in totals(found) if str(row.label) == "Restricted person-days")
    assert days.difference == gained + lost


def test_restricted_days_as_in_the_measures(case, by, at):
    """Exposed on the 8th, listed on the 10th: 5 of 7 central days left; under the measures 3 of 5 and 3 at home."""
    met(case, by, at)
    (each,) = effects(Incident.objects.get(), "cn-covid-9-plus20", date(2015, 6, 10))
    assert (each.counts_before["restricted_days"], each.counts_after["restricted_days"]) == (5, 6)


def test_the_preview_opens_every_number_to_its_people(client, case, by, at):
    _, second = second_ring(case, by, at)
    client.force_login(by)
    here = reverse("tracing:edition", args=[case.incident_id])
    told = {"protocol": "cn-covid-9-plus20", "reason": "Order 7"}
    page = client.post(here, told, headers={"accept-language": "en"}).content.decode()
    for name in ("followed_before", "restricted_after", "central_before", "tested_after"):
        address = reverse("tracing:edition_people", args=[case.incident_id, "cn-covid-9-plus20", name])
        assert address in page
        assert client.get(address).status_code == 200
    address = reverse("tracing:edition_people", args=[case.incident_id, "cn-covid-9-plus20", "taken_off"])
    assert second.number in client.get(address).content.decode()
    assert "infections show symptoms" in page or "cannot be computed" in page
    for wrong in (["cn-covid-99", "more"], ["cn-covid-8", "nobody"]):
        assert client.get(reverse("tracing:edition_people", args=[case.incident_id, *wrong])).status_code == 404


def test_the_preview_writes_nothing(case, by, at):
    second_ring(case, by, at)
    before = snapshot()
    found = try_edition(incident=case.incident, protocol="cn-covid-9-plus20", by=by, at=at)
    assert found.listed("taken_off") and snapshot() == before
