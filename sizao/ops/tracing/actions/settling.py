"""What exposures make of people: the contact of each exposed person, its class, dates and days of follow-up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from sizao.ops.governance import history
from sizao.ops.governance.bulk import bulk_load, reserve_ids
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.actions.planning import plan_days
from sizao.ops.tracing.duties import derive
from sizao.ops.tracing.judging import judged_persons
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.queries import cases_of_persons, contacts_by, persons_with_names
from sizao.ops.tracing.reasons import stored
from sizao.ops.tracing.rules import UNKNOWN, Judged, watch
from sizao.vocabulary.codes import ContactClass, ContactStatus
from sizao.vocabulary.text import N_


@dataclass(frozen=True)
class Told:
    """What was said about a contact besides its exposures; None is not said."""

    number: str | None = None
    area_id: str | None = None
    area_if_new: str | None = None
    contact_class: str | None = None
    status: str | None = None
    date_listed: date | None = None
    date_last_exposure: date | None = None
    date_follow_up_until: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class Settled:
    """The contacts of the persons concerned, and what became of them."""

    contacts: dict[int, int]
    created: int
    updated: int


@transaction.atomic
def settle(
    *, incident: Incident, told: Mapping[int, Told], by: User, at: datetime, batch: Batch | None = None,
    cases_too: bool = False, afresh: bool = False,
) -> Settled:  # fmt: skip
    """Make or bring up to date the contact of each person in `told`. People who are cases already get a contact
    only with `cases_too` (a list of contacts says they were one). `afresh`: what exposures said before no longer
    counts, because some were withdrawn. Part of other actions: asks nothing."""
    known = contacts_by(incident=incident, field="person_id", values=told)
    cases = cases_of_persons(incident=incident, persons=told)
    judged = judged_persons(incident=incident, persons=told)
    new, changes = [], []
    for person, said in told.items():
        contact = known.get(person)
        values = _values(incident, said, judged.get(person, UNKNOWN), contact, afresh, at)
        if contact is not None:
            changes.append((contact, values))
        elif person not in cases or cases_too:
            values.setdefault("area_id", said.area_if_new)
            new.append(_new(incident, person, said.number or "", values, cases.get(person)))
    made = _create(new, incident, by, at, batch)
    updated = history.amend_each(changes, by=by, at=at, batch=batch)
    plan_days(contacts=[*made, *updated], by=by, at=at, batch=batch)
    derive(incident=incident, contacts=[*made, *updated], by=by, at=at, batch=batch)
    ids = {contact.person_id: contact.pk for contact in [*made, *known.values()]}
    return Settled(ids, len(made), len(updated))


def _values(
    incident: Incident, said: Told, judged: Judged, contact: Contact | None, afresh: bool, at: datetime
) -> dict[str, Any]:
    """The contact's columns as its exposures and what was said make them."""
    listed = said.date_listed or (contact.date_listed if contact else incident.date_at(at))
    before = contact.date_last_exposure if contact and not afresh else None
    last = max((day for day in (judged.date_last, said.date_last_exposure, before) if day), default=None)
    values = _class(said, judged, contact, afresh)
    contact_class = values["contact_class"] if values else contact.contact_class
    span = watch(incident, contact_class=contact_class, date_listed=listed, date_last_exposure=last)
    values |= {"date_listed": listed, "date_last_exposure": last}
    values |= {"date_follow_up_from": span.first, "date_follow_up_until": said.date_follow_up_until or span.last}
    # "Became a case" is said by the case itself, not by a list.
    status = said.status if said.status != ContactStatus.BECAME_CASE else None
    said_too = {"area_id": said.area_id, "status": status, "note": said.note}
    return values | {name: value for name, value in said_too.items() if value is not None}


def _class(said: Told, judged: Judged, contact: Contact | None, afresh: bool) -> dict[str, Any]:
    """Class and reason: decided by hand before written in a list before judged by the edition."""
    if contact is not None and contact.class_reason.get("by_hand"):
        return {}
    if said.contact_class:
        return {"contact_class": said.contact_class, "class_reason": stored(N_("As written in the list received."))}
    if contact is not None and judged.contact_class == ContactClass.UNCLASSIFIED and not afresh:
        return {}  # not knowing never unsays a class
    return {"contact_class": judged.contact_class, "class_reason": stored(judged.reason)}


def _new(incident: Incident, person: int, number: str, values: dict[str, Any], case: int | None) -> Contact:
    status = values.pop("status", ContactStatus.UNDER_FOLLOW_UP)
    status = status if case is None else ContactStatus.BECAME_CASE
    return Contact(incident=incident, person_id=person, number=number, status=status, became_case_id=case, **values)


COLUMNS = (
    "id", "incident_id", "person_id", "number", "contact_class", "class_reason", "status", "date_listed",
    "date_last_exposure", "date_follow_up_from", "date_follow_up_until", "identified_at", "became_case_id",
    "area_id", "note", "recorded_by_id", "recorded_at", "current_since", "batch_id",
)  # fmt: skip


def _create(new: list[Contact], incident: Incident, by: User, at: datetime, batch: Batch | None) -> list[Contact]:
    """Write new contacts; those without a number get one of ours."""
    named = persons_with_names(persons=[contact.person_id for contact in new])
    for contact, pk in zip(new, reserve_ids(Contact, len(new)), strict=True):
        contact.pk = pk
        contact.identified_at = at if contact.person_id in named else None
        contact.recorded_by, contact.recorded_at, contact.current_since, contact.batch = by, at, at, batch
    nameless = [contact for contact in new if not contact.number]
    for contact, number in zip(nameless, _fresh_numbers(incident, len(nameless)), strict=True):
        contact.number = number
    bulk_load(Contact, COLUMNS, ([getattr(contact, column) for column in COLUMNS] for contact in new))
    return new


def _fresh_numbers(incident: Incident, n: int) -> list[str]:
    start = (Contact.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    found: list[str] = []
    while len(found) < n:
        wanted = [f"K-{start + i:06d}" for i in range(n - len(found))]
        taken = contacts_by(incident=incident, field="number", values=wanted)
        found += [number for number in wanted if number not in taken]
        start += len(wanted)
    return found
