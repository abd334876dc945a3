"""Exposures that did not happen after all, and taking that back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sizao.ops.cases.editing import locked
from sizao.ops.governance import audit, history
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.scope import check_in, reach_in
from sizao.ops.tracing.actions.settling import Told, settle
from sizao.ops.tracing.models import Contact, Exposure
from sizao.ops.tracing.queries import contacts_by, standing_exposures
from sizao.vocabulary.codes import ContactStatus
from sizao.vocabulary.text import N_


@transaction.atomic
def withdraw_exposures(*, exposures: Sequence[Exposure], reason: str, by: User, at: datetime) -> list[Exposure]:
    """These exposures did not happen. Contacts are judged anew; who has no exposure left is not a contact."""
    if not reason.strip():
        raise NotNow(N_("Say why the exposure is withdrawn."))
    rows = [row for row in locked(exposures) if row.withdrawn_at is None]
    _check_areas(rows, by, at)
    changed = history.amend(rows, withdrawn_at=at, by=by, at=at)
    audit.record_many(by=by, at=at, action="exposure.withdrawn", about=changed, reason=reason)
    _judge_again(changed, by, at)
    return changed


@transaction.atomic
def reinstate_exposures(*, exposures: Sequence[Exposure], reason: str, by: User, at: datetime) -> list[Exposure]:
    """They did happen: the withdrawal was wrong."""
    rows = [row for row in locked(exposures) if row.withdrawn_at is not None]
    _check_areas(rows, by, at)
    for incident in {row.incident for row in rows}:
        standing = standing_exposures(incident=incident, persons=[row.person_id for row in rows])
        pairs = {(row.source_case_id, row.person_id) for found in standing.values() for row in found}
        if any(row.source_case_id and (row.source_case_id, row.person_id) in pairs for row in rows):
            raise NotNow(N_("The same exposure has been recorded again since; change that one instead."))
    changed = history.amend(rows, withdrawn_at=None, by=by, at=at)
    audit.record_many(by=by, at=at, action="exposure.reinstated", about=changed, reason=reason)
    _judge_again(changed, by, at)
    return changed


def _check_areas(rows: Sequence[Exposure], by: User, at: datetime) -> None:
    """The user must be allowed to edit contacts where the source, or where the contact, is counted."""
    for row in rows:
        mine = reach_in(row.incident, by, "contact.edit", at=at)
        source = row.source_case or row.source_contact or row.source_place
        contact = Contact.objects.filter(incident=row.incident, person=row.person).first()
        if not (mine.covers(source.area_id) or (contact and mine.covers(contact.area_id))):
            check_in(row.incident, by, "contact.edit", source.area_id, at=at)


def _judge_again(rows: Sequence[Exposure], by: User, at: datetime) -> None:
    for incident in {row.incident for row in rows}:
        persons = {row.person_id for row in rows if row.incident_id == incident.pk}
        contacts = contacts_by(incident=incident, field="person_id", values=persons)
        standing = standing_exposures(incident=incident, persons=persons)
        told = {}
        for person, contact in contacts.items():
            if person not in standing and contact.status == ContactStatus.UNDER_FOLLOW_UP:
                told[person] = Told(status=ContactStatus.NOT_A_CONTACT)
            elif person in standing and contact.status == ContactStatus.NOT_A_CONTACT:
                told[person] = Told(status=ContactStatus.UNDER_FOLLOW_UP)
            else:
                told[person] = Told()
        settle(incident=incident, told=told, by=by, at=at, afresh=True)
