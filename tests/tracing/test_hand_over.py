"""A record that moves is handed over: offered, then accepted or refused, and somebody answers for it all the while."""

import pytest
from django.urls import reverse

from sizao.ops.governance import access
from sizao.ops.governance.models import AuditEntry, PastState
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Task
from sizao.ops.registry.models import Area
from sizao.ops.tracing.actions import answer_hand_over, offer_hand_over, withdraw_hand_over
from tests import factories as make

pytestmark = pytest.mark.django_db


class Two:
    """Two counties, each with a duty officer and a post; a contact and a case of the first, with a task."""

    def __init__(self):
        make.areas()
        self.giver = make.user(Role.DUTY_OFFICER, make.DAOLI)
        self.taker = make.user(Role.DUTY_OFFICER, make.NANGANG)
        self.incident = make.incident(make.user(Role.DUTY_OFFICER))
        self.here, self.there = (make.post(Role.INVESTIGATOR, path) for path in (make.DAOLI, make.NANGANG))
        self.contact = make.contact(self.incident, self.giver, area_id=make.DAOLI, post=self.here)
        self.case = make.case(self.incident, self.giver, area_id=make.DAOLI)
        self.task = make.task(
            self.incident, self.giver, area_id=make.DAOLI, post=self.here, subject_kind="contact",
            subject_id=self.contact.pk,
        )  # fmt: skip
        self.to = Area.objects.get(path=make.NANGANG)


@pytest.fixture
def two(db):
    return Two()


def offered(two, at, row=None):
    return offer_hand_over(row=row or two.contact, to=two.to, reason="moved house", by=two.giver, at=at)


def test_nothing_moves_until_it_is_accepted(two, at):
    offer = offered(two, at)
    two.contact.refresh_from_db()
    assert (two.contact.area_id, offer.status) == (make.DAOLI, "offered")
    answer_hand_over(offer=offer, accept=True, answer="", by=two.taker, at=at)
    two.contact.refresh_from_db()
    two.task.refresh_from_db()
    assert (two.contact.area_id, two.contact.post) == (make.NANGANG, two.there)
    assert (two.task.area_id, two.task.post) == (make.NANGANG, two.there), "what is due goes along, to the same role"
    assert PastState.objects.filter(model="tracing.Contact", row_id=two.contact.pk).exists()
    said = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"hand_over.offered", "hand_over.accepted", "task.moved"} <= said


def test_at_every_moment_somebody_answers_for_it(two, at):
    """Whoever may edit it before, may until it is accepted; from then on the other."""

    def owners():
        two.contact.refresh_from_db()
        return [access.may(user, "contact.edit", two.contact.area_id, at=at) for user in (two.giver, two.taker)]

    offer = offered(two, at)
    assert owners() == [True, False]
    answer_hand_over(offer=offer, accept=True, answer="", by=two.taker, at=at)
    assert owners() == [False, True]


def test_a_case_is_handed_over_too(two, at):
    answer_hand_over(offer=offered(two, at, two.case), accept=True, answer="", by=two.taker, at=at)
    two.case.refresh_from_db()
    assert two.case.area_id == make.NANGANG
    assert not Task.objects.filter(subject_kind="case", subject_id=two.case.pk, area_id=make.DAOLI).exists()


def test_a_refusal_says_why_and_leaves_it(two, at):
    offer = offered(two, at)
    with pytest.raises(NotNow):
        answer_hand_over(offer=offer, accept=False, answer=" ", by=two.taker, at=at)
    answer_hand_over(offer=offer, accept=False, answer="not in our lists", by=two.taker, at=at)
    two.contact.refresh_from_db()
    assert two.contact.area_id == make.DAOLI
    with pytest.raises(NotNow):
        answer_hand_over(offer=offer, accept=True, answer="", by=two.taker, at=at)


def test_nobody_answers_for_another_or_offers_what_is_not_theirs(two, at):
    offer = offered(two, at)
    with pytest.raises(access.NotAllowed):
        answer_hand_over(offer=offer, accept=True, answer="", by=two.giver, at=at)
    with pytest.raises(access.NotAllowed):
        withdraw_hand_over(offer=offer, by=two.taker, at=at)
    with pytest.raises(access.NotAllowed):
        offer_hand_over(row=two.case, to=two.to, reason="x", by=two.taker, at=at)


def test_one_offer_at_a_time(two, at):
    offer = offered(two, at)
    with pytest.raises(NotNow):
        offered(two, at)
    withdraw_hand_over(offer=offer, by=two.giver, at=at)
    assert offered(two, at).status == "offered"


def test_the_pages(two, client):
    client.cookies["django_language"] = "en"
    client.force_login(two.giver)
    page = reverse("tracing:offer", args=[two.incident.pk, "contact", two.contact.pk])
    assert "Hand over" in client.get(page).content.decode()
    assert client.post(page, {"area": "230103", "reason": "moved house"})["Location"] == reverse("tracing:hand_overs")
    assert "moved house" in client.get(reverse("tracing:hand_overs")).content.decode()
    client.force_login(two.taker)
    html = client.get(reverse("tracing:hand_overs")).content.decode()
    assert "moved house" in html and "Answer" in html
    [offer] = two.incident.hand_overs.all()
    answer = reverse("tracing:answer_hand_over", args=[offer.pk])
    assert "Nangang District" in client.get(answer).content.decode()
    assert client.post(answer, {"step": "refuse", "answer": ""}).status_code == 200
    assert client.post(answer, {"step": "accept", "answer": ""}).status_code == 302
    two.contact.refresh_from_db()
    assert two.contact.area_id == make.NANGANG
    client.force_login(make.user(Role.DUTY_OFFICER, make.LONGSHA))
    assert "moved house" not in client.get(reverse("tracing:hand_overs")).content.decode()
    assert client.get(answer).status_code == 404
