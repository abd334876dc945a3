"""Offering a record to another area, and answering the offer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sizao.ops.cases.actions.amending import derive_each as derive_cases
from sizao.ops.cases.models import Case
from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import User
from sizao.ops.incidents import lifecycle
from sizao.ops.incidents.actions import move_tasks
from sizao.ops.incidents.owners import owner_of, owners
from sizao.ops.incidents.scope import check_in
from sizao.ops.registry.models import Area
from sizao.ops.tracing.duties import derive_each as derive_contacts
from sizao.ops.tracing.hand_overs import STEPS, HandOver, HandOverStatus, Subject
from sizao.ops.tracing.models import Contact
from sizao.vocabulary.text import N_

MODELS: Mapping[Subject, Any] = {Subject.CASE: Case, Subject.CONTACT: Contact}


@transaction.atomic
def offer_hand_over(*, row: Case | Contact, to: Area, reason: str, by: User, at: datetime) -> HandOver:
    """Offer a case or contact to another area. Nothing moves yet."""
    check_in(row.incident, by, "hand_over.offer", row.area_id, at=at)
    subject = Subject.CASE if isinstance(row, Case) else Subject.CONTACT
    if to.path == row.area_id:
        raise lifecycle.NotNow(N_("It belongs to this area already."))
    if HandOver.objects.filter(subject=subject, subject_id=row.pk, status=HandOverStatus.OFFERED).exists():
        raise lifecycle.NotNow(N_("It is offered already; withdraw that offer first."))
    offer = HandOver.objects.create(
        incident=row.incident, subject=subject, subject_id=row.pk, number=row.number, from_path=row.area_id or "",
        area=to, reason=reason, recorded_by=by, recorded_at=at, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="hand_over.offered", about=row, reason=reason, to=to.path, offer=offer.pk)
    return offer


@transaction.atomic
def withdraw_hand_over(*, offer: HandOver, by: User, at: datetime) -> HandOver:
    """Take an offer back that nobody answered."""
    check_in(offer.incident, by, "hand_over.offer", offer.from_path or None, at=at)
    return _answered(offer, HandOverStatus.WITHDRAWN, "", by, at)


@transaction.atomic
def answer_hand_over(*, offer: HandOver, accept: bool, answer: str, by: User, at: datetime) -> HandOver:
    """Take a record over, with its open tasks, or refuse it with a reason; then it stays where it is."""
    access.check(by, "hand_over.answer", offer.area_id, at=at)
    if not accept and not answer.strip():
        raise lifecycle.NotNow(N_("Say why it is refused."))
    status = HandOverStatus.ACCEPTED if accept else HandOverStatus.REFUSED
    answered = _answered(offer, status, answer, by, at)
    if accept:
        _move(answered, by, at)
    return answered


def _answered(offer: HandOver, status: HandOverStatus, answer: str, by: User, at: datetime) -> HandOver:
    offer = HandOver.objects.select_for_update(of=("self",)).select_related("incident", "area").get(pk=offer.pk)
    lifecycle.check(STEPS, offer.status, status)
    history.amend([offer], status=status, answer=answer, answered_at=at, answered_by=by, by=by, at=at)
    row = MODELS[Subject(offer.subject)].objects.filter(pk=offer.subject_id).first()
    audit.record(by=by, at=at, action=f"hand_over.{status}", about=row, reason=answer, offer=offer.pk)
    return offer


def _move(offer: HandOver, by: User, at: datetime) -> None:
    """The record and what is still to be done about it belong to the new area from this moment."""
    model = MODELS[Subject(offer.subject)]
    row = model.objects.select_for_update(of=("self",)).select_related("incident").get(pk=offer.subject_id)
    changes: dict[str, Any] = {"area": offer.area}
    if isinstance(row, Contact) and row.post_id:
        post = row.post
        changes["post_id"] = owner_of(owners(), post.role, offer.area_id)
    changed = history.amend([row], by=by, at=at, **changes)
    move_tasks(incident=row.incident, subject=offer.subject, subject_id=row.pk, area=offer.area, by=by, at=at)
    if isinstance(row, Case):
        derive_cases(changed, by, at, None)
    else:
        derive_contacts(contacts=changed, by=by, at=at)
