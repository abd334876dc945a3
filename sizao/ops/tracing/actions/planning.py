"""The days of follow-up of contacts, from the protocol's span. Planned again, only missing days are added."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from sizao.ops.cases.editing import locked
from sizao.ops.cases.queries import CHUNK, chunks
from sizao.ops.governance import audit, history
from sizao.ops.governance.bulk import bulk_load
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in
from sizao.ops.tracing.models import Contact, FollowUp
from sizao.ops.tracing.rules import Watch, watch
from sizao.vocabulary.codes import ContactStatus


@transaction.atomic
def plan_follow_ups(
    *, incident: Incident, contacts: Sequence[Contact], by: User, at: datetime, batch: Batch | None = None
) -> int:
    """Reckon the span of follow-up anew by the edition in force and add the days that are missing.

    Days that fell out of the span stay on record but are no longer due. Returns how many days were added.
    """
    for path in {contact.area_id for contact in contacts}:
        check_in(incident, by, "contact.edit", path, at=at)
    changes = []
    for contact in locked(contacts):
        span = watch(
            incident, contact_class=contact.contact_class, date_listed=contact.date_listed,
            date_last_exposure=contact.date_last_exposure,
        )  # fmt: skip
        changes.append((contact, {"date_follow_up_from": span.first, "date_follow_up_until": span.last}))
    history.amend_each(changes, by=by, at=at, batch=batch)
    added = plan_days(contacts=[contact for contact, _span in changes], by=by, at=at, batch=batch)
    audit.record(by=by, at=at, action="follow_up.planned", about=incident, n_contacts=len(changes), n_days=added)
    return added


@transaction.atomic
def plan_days(*, contacts: Iterable[Contact], by: User, at: datetime, batch: Batch | None = None) -> int:
    """Add the missing days of contacts under follow-up, each once. Part of other actions: asks and audits nothing."""
    watched = {row.pk: row for row in contacts if row.status == ContactStatus.UNDER_FOLLOW_UP}
    planned = {
        day
        for part in chunks(watched, CHUNK)
        for day in FollowUp.objects.filter(contact__in=part).values_list("contact_id", "date_due")
    }
    rows = [
        (contact.pk, contact.incident_id, number, day, by.pk, at, at, batch.pk if batch else None)
        for contact in watched.values()
        for number, day in enumerate(Watch(contact.date_follow_up_from, contact.date_follow_up_until).days(), 1)
        if (contact.pk, day) not in planned
    ]
    columns = ("contact_id", "incident_id", "day", "date_due", "recorded_by_id", "recorded_at", "current_since")
    return bulk_load(FollowUp, (*columns, "batch_id"), rows)
