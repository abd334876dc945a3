"""Many contacts changed at once: chosen, previewed, done; each with its own entry, history and way back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sizao.ops.governance import history
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.tracing import actions
from sizao.ops.tracing.models import Contact
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR, "CN0023")


@pytest.fixture
def incident(by, at):
    behind = int((now() - at).total_seconds())
    return make.incident(by, kind="drill", clock_behind_s=behind)


@pytest.fixture
def contacts(incident, by):
    areas = [make.DAOLI, make.DAOLI, make.NANGANG]
    return [make.contact(incident, by, number=f"K{n}", area_id=area) for n, area in enumerate(areas)]


@pytest.fixture
def post(client, incident, by):
    def post(by=by, **data):
        client.force_login(by)
        client.cookies["django_language"] = "en"
        return client.post(reverse("tracing:bulk", args=[incident.pk]), data)

    return post


def shown_at() -> str:
    return (now() + timedelta(days=1)).isoformat()


def test_first_the_form_then_the_preview_then_the_change(post, contacts, by):
    ids = [contact.pk for contact in contacts[:2]]
    assert "Change 2 contacts" in post(ids=ids).content.decode()
    asked = {"ids": ids, "contact_class": "general", "located_at": "on", "reason": "same bus"}
    preview = post(**asked, step="preview").content.decode()
    assert "This will change" in preview and "× 2" in preview
    assert not Contact.objects.filter(contact_class="general").exists()
    assert post(**asked, step="do", seen_at=shown_at()).status_code == 302
    assert [row.contact_class for row in Contact.objects.order_by("number")] == ["general", "general", "close"]
    assert Contact.objects.filter(located_at__isnull=False, identified_at__isnull=False).count() == 2
    entries = AuditEntry.objects.filter(action="contact.amended", reason="same bus")
    assert sorted(entries.values_list("row_id", flat=True)) == sorted(ids * 2)  # the class, then the clarity


def test_each_contact_keeps_its_past_and_can_be_taken_back(post, contacts, by, at):
    post(ids=[contacts[0].pk], contact_class="general", reason="x", step="do", seen_at=shown_at())
    contact = Contact.objects.get(pk=contacts[0].pk)
    assert history.past_of(contact)[0].values["contact_class"] == "close"
    actions.undo_decision(contact=contact, reason="mistaken", by=by, at=now())
    contact.refresh_from_db()
    assert contact.contact_class == "close"


def test_a_clarity_that_was_said_keeps_its_moment(post, contacts, by, at):
    actions.amend_contacts(contacts=contacts[:1], changes={"located_at": at}, by=by, at=at)
    post(all="on", query="", located_at="on", reason="x", step="do", seen_at=shown_at())
    moments = list(Contact.objects.order_by("number").values_list("located_at", flat=True))
    assert moments[0] == at and all(moments)


def test_all_that_match_the_filter(post, contacts):
    post(all="on", query=f"area={make.DAOLI}", status="lost", reason="x", step="do", seen_at=shown_at())
    assert list(Contact.objects.order_by("number").values_list("status", flat=True)) == [
        "lost", "lost", "under_follow_up",
    ]  # fmt: skip


@pytest.mark.parametrize("filter_", ["area=Nowhere", "listed_from=31/31/2015", "clarity=purple"])
def test_a_filter_that_cannot_be_understood_means_nobody(post, contacts, filter_):
    answer = post(all="on", query=filter_, status="lost", reason="x", step="do", seen_at=shown_at())
    assert answer.status_code == 302 and not Contact.objects.filter(status="lost").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [({}, "Choose at least one new value."), ({"date_last_exposure": "2999-01-01"}, "still to come"),
     ({"status": "became_case"}, "Select a valid choice")],
)  # fmt: skip
def test_what_cannot_be_is_said(post, contacts, data, said):
    assert said in post(ids=[contacts[0].pk], reason="x", step="preview", **data).content.decode()


def test_what_others_changed_meanwhile_is_looked_at_again(post, contacts, at):
    early = (at - timedelta(days=400)).isoformat()
    answer = post(ids=[contacts[0].pk], status="lost", reason="x", step="do", seen_at=early)
    assert "changed by others meanwhile" in answer.content.decode()
    assert not Contact.objects.filter(status="lost").exists()


def test_nobody_changes_contacts_of_other_areas(post, contacts):
    officer = make.user(Role.TOWNSHIP_OFFICER, make.NANGANG)
    post(by=officer, ids=[contacts[0].pk], status="lost", reason="x", step="do", seen_at=shown_at())
    assert not Contact.objects.filter(status="lost").exists()
