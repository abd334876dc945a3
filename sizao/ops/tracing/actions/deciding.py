"""Decisions about contacts: class, state and the four clarities; and taking the last decision back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sizao.ops.cases.actions import classify_cases
from sizao.ops.cases.editing import locked, refuse_changed
from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents import lifecycle
from sizao.ops.incidents.scope import check_in
from sizao.ops.tracing.actions.planning import plan_days
from sizao.ops.tracing.duties import derive_each
from sizao.ops.tracing.lifecycle import CONTACT_STEPS
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.reasons import stored
from sizao.ops.tracing.rules import watch
from sizao.vocabulary.codes import Classification, ContactStatus
from sizao.vocabulary.text import N_

#: What may be changed by hand. Becoming a case is `convert_contacts`; the exposures are rows of their own.
EDITABLE = frozenset({
    "contact_class", "status", "area", "area_id", "identified_at", "located_at", "controlled_at", "post", "post_id",
    "date_listed", "date_last_exposure", "note",
})  # fmt: skip


#: Who is under control has been found, and who has been found is known.
IMPLIED = {"controlled_at": ("located_at", "identified_at"), "located_at": ("identified_at",)}


@transaction.atomic
def amend_contacts(
    *, contacts: Sequence[Contact], changes: Mapping[str, Any], reason: str = "", by: User, at: datetime,
    batch: Batch | None = None, read_at: Mapping[int, datetime] | None = None,
) -> list[Contact]:  # fmt: skip
    """Give contacts the same new values; one audit entry per contact that really changed. Returns those.

    A class given here is a decision: exposures found later do not change it. A new class, exposure or day of
    listing moves the end of follow-up. With `read_at`, nothing is written over what somebody else just changed.
    """
    if unknown := set(changes) - EDITABLE:
        raise ValueError(f"{sorted(unknown)} cannot be changed in a contact")
    contacts = locked(contacts)
    refuse_changed(contacts, read_at)
    _check(contacts, changes, by, at)
    wanted = [(contact, _with_consequences(contact, changes, reason)) for contact in contacts]
    changed = history.amend_each(wanted, by=by, at=at, batch=batch)
    plan_days(contacts=changed, by=by, at=at, batch=batch)
    derive_each(contacts=changed, by=by, at=at, batch=batch)
    audit.record_many(by=by, at=at, action="contact.amended", about=changed, reason=reason, fields=sorted(changes))
    return changed


def _check(contacts: Sequence[Contact], changes: Mapping[str, Any], by: User, at: datetime) -> None:
    area = changes.get("area", changes.get("area_id"))
    for incident, path in {(contact.incident, contact.area_id) for contact in contacts}:
        check_in(incident, by, "contact.edit", path, at=at)
    if area:
        access.check(by, "contact.edit", getattr(area, "path", area), at=at)
    if status := changes.get("status"):
        for contact in contacts:
            if contact.status != status:
                lifecycle.check(CONTACT_STEPS, contact.status, ContactStatus(status))


def _with_consequences(contact: Contact, changes: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """The changes with what follows from them: a class has its reason, the span of follow-up its dates."""
    new = dict(changes)
    for moment, implied in IMPLIED.items():
        if new.get(moment):
            new |= {name: new[moment] for name in implied if not new.get(name) and getattr(contact, name) is None}
    if "contact_class" in new and new["contact_class"] != contact.contact_class:
        why = N_("Decided by hand: {reason}", reason=reason) if reason else N_("Decided by hand.")
        new["class_reason"] = {**stored(why), "by_hand": True}
    if {"contact_class", "date_listed", "date_last_exposure"} & set(new):
        span = watch(
            contact.incident,
            contact_class=new.get("contact_class", contact.contact_class),
            date_listed=new.get("date_listed", contact.date_listed),
            date_last_exposure=new.get("date_last_exposure", contact.date_last_exposure),
        )
        new |= {"date_follow_up_from": span.first, "date_follow_up_until": span.last}
    return new


@transaction.atomic
def undo_decision(*, contact: Contact, reason: str, by: User, at: datetime) -> Contact:
    """Put back what a contact said before its last change. Undoing "became a case" discards the case."""
    (contact,) = locked([contact])
    check_in(contact.incident, by, "contact.edit", contact.area_id, at=at)
    past = history.past_of(contact)
    if not past:
        raise lifecycle.NotNow(N_("Nothing was decided about this contact yet."))
    case = contact.became_case
    fields = {field.attname: field for field in Contact._meta.concrete_fields}
    before = {name: fields[name].to_python(value) for name, value in past[-1].values.items()}
    history.amend([contact], by=by, at=at, **before)
    audit.record(by=by, at=at, action="contact.decision_undone", about=contact, reason=reason, fields=sorted(before))
    if case is not None and contact.became_case_id is None:
        classify_cases(cases=[case], classification=Classification.DISCARDED, reason=reason, by=by, at=at)
    plan_days(contacts=[contact], by=by, at=at)
    derive_each(contacts=[contact], by=by, at=at)
    return contact
