"""Contacts become cases, keeping their history: the person, exposures and days of follow-up stay where they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from sizao.ops.cases.actions import record_cases
from sizao.ops.cases.editing import locked
from sizao.ops.governance import audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.actions import close_tasks
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing import duties
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.queries import cases_of_persons
from sizao.vocabulary.codes import Classification, ContactStatus


@transaction.atomic
def convert_contacts(
    *, incident: Incident, contacts: Sequence[Contact], classification: Classification,
    facts: Mapping[str, Any] | None = None, by: User, at: datetime, batch: Batch | None = None,
) -> list[Contact]:  # fmt: skip
    """Open a case for each contact. `facts` are CASE columns that hold for all (`date_onset`, `found_in`, …)."""
    contacts = [contact for contact in locked(contacts) if contact.became_case_id is None]
    if not contacts:
        return []
    rows = [
        {"row": n, "person_id": contact.person_id, "case_id": None, "area": contact.area_id,
         "classification": str(classification), "date_exposure_last": contact.date_last_exposure, **(facts or {})}
        for n, contact in enumerate(contacts)
    ]  # fmt: skip
    texts = {"case_id": pl.String, "area": pl.String, "date_exposure_last": pl.Date}
    records = pl.DataFrame(rows, schema_overrides=texts, infer_schema_length=None)
    record_cases(incident=incident, records=records, by=by, at=at, batch=batch)
    return _become(contacts, incident, by, at, batch)


@transaction.atomic
def recognise_cases(*, incident: Incident, by: User, at: datetime, batch: Batch | None = None) -> list[Contact]:
    """Contacts whose person is a case by now become one. To be called after cases came in. Recording the case was
    the act that needed permission; this only joins what is known."""
    waiting = Contact.objects.filter(incident=incident, became_case__isnull=True)
    contacts = list(waiting.filter(person__cases__incident=incident).distinct().order_by("id"))
    return _become(contacts, incident, by, at, batch)


def _become(contacts: list[Contact], incident: Incident, by: User, at: datetime, batch: Batch | None) -> list[Contact]:
    cases = cases_of_persons(incident=incident, persons=[contact.person_id for contact in contacts])
    changes = [
        (contact, {"status": ContactStatus.BECAME_CASE, "became_case_id": cases[contact.person_id]})
        for contact in contacts
        if contact.person_id in cases
    ]
    changed = history.amend_each(changes, by=by, at=at, batch=batch)
    audit.record_many(by=by, at=at, action="contact.became_case", about=changed)
    duties.derive(incident=incident, contacts=changed, by=by, at=at, batch=batch)
    for duty in (duties.ILL, duties.LOST):
        close_tasks(
            incident=incident, duty=duty, subject_kind=duties.SUBJECT, subject_ids=[row.pk for row in changed],
            outcome="became a case", by=by, at=at, batch=batch,
        )  # fmt: skip
    return changed
