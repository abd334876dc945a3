"""What each day's follow-up found, what that makes due, and follow-up that is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction

from sizao.ops.governance import audit, history
from sizao.ops.governance.bulk import bulk_load
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.actions import add_tasks, close_tasks
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in
from sizao.ops.tracing import duties
from sizao.ops.tracing.incoming import RowProblem, rows_of
from sizao.ops.tracing.models import Contact, FollowUp
from sizao.ops.tracing.queries import contacts_by, days_of, never_seen
from sizao.vocabulary.codes import ContactStatus, FollowUpOutcome
from sizao.vocabulary.text import N_

SEEN = (FollowUpOutcome.OK, FollowUpOutcome.ILL)


@dataclass(frozen=True)
class FollowUpsRecorded:
    """What became of the rows."""

    recorded: int
    unchanged: int
    ids: dict[int, int]
    problems: tuple[RowProblem, ...]


@transaction.atomic
def record_follow_ups(
    *, incident: Incident, records: pl.DataFrame, by: User, at: datetime, batch: Batch | None = None
) -> FollowUpsRecorded:
    """Record outcomes: `row`, `contact_id` (a number), `date_due`, `follow_up_outcome`; also `temperature_c`,
    `note`. A day that was not planned is added. Ill contacts and those nobody reaches become tasks."""
    rows, problems = _usable(rows_of(records, ("row", "contact_id", "date_due", "follow_up_outcome")), incident)
    contacts = {row["contact"].pk: row["contact"] for row in rows}
    for path in {contact.area_id for contact in contacts.values()}:
        check_in(incident, by, "follow_up.record", path, at=at)
    wanted = {(row["contact"].pk, row["date_due"]): row for row in rows}
    days = {(day.contact_id, day.date_due): day for day in days_of(contacts=contacts)}
    _add_days(incident, [key for key in wanted if key not in days], contacts, by, at, batch)
    days = {(day.contact_id, day.date_due): day for day in days_of(contacts=contacts)}
    changed = history.amend_each(
        [(days[key], _found(row, by, at)) for key, row in wanted.items()], by=by, at=at, batch=batch
    )
    audit.record_many(by=by, at=at, action="follow_up.recorded", about=changed, batch=batch and batch.pk)
    _consequences(incident, changed, contacts, list(days.values()), by, at, batch)
    ids = {row["row"]: days[row["contact"].pk, row["date_due"]].pk for row in rows}
    return FollowUpsRecorded(len(changed), len(wanted) - len(changed), ids, tuple(problems))


def _usable(rows: list[dict[str, Any]], incident: Incident) -> tuple[list[dict[str, Any]], list[RowProblem]]:
    numbers = {row["contact_id"] for row in rows if row["contact_id"]}
    contacts = contacts_by(incident=incident, field="number", values=numbers)
    good, problems = [], []
    for row in rows:
        contact = contacts.get(row["contact_id"])
        if contact is None:
            why = N_("No contact of this incident has the number {number}.", number=row["contact_id"] or "")
            problems.append(RowProblem(row["row"], "contact_id", row["contact_id"] or "", why))
        elif row["date_due"] is None:
            problems.append(RowProblem(row["row"], "date_due", "", N_("The day of this follow-up is missing.")))
        else:
            good.append({**row, "contact": contact})
    return good, problems


def _add_days(
    incident: Incident, keys: list[tuple[int, date]], contacts: dict[int, Contact], by: User, at: datetime,
    batch: Batch | None,
) -> None:  # fmt: skip
    """Days that were followed up without being planned."""
    columns = ("contact_id", "incident_id", "day", "date_due", "recorded_by_id", "recorded_at", "current_since")
    rows = []
    for pk, day in keys:
        first = contacts[pk].date_follow_up_from or contacts[pk].date_listed
        rows.append((pk, incident.pk, max((day - first).days + 1, 0), day, by.pk, at, at, batch.pk if batch else None))
    bulk_load(FollowUp, (*columns, "batch_id"), rows)


def _found(row: dict[str, Any], by: User, at: datetime) -> dict[str, Any]:
    """The day's columns. Saying "not tried" takes an outcome back."""
    outcome = row["follow_up_outcome"] or FollowUpOutcome.NOT_TRIED
    if outcome == FollowUpOutcome.NOT_TRIED:
        return {"outcome": outcome, "done_at": None, "done_by_id": None, "temperature_c": None}
    found: dict[str, Any] = {"outcome": outcome, "done_at": at, "done_by_id": by.pk}
    return found | {name: row[name] for name in ("temperature_c", "note") if row[name] is not None}


def _consequences(
    incident: Incident, changed: Sequence[FollowUp], contacts: dict[int, Contact], days: list[FollowUp], by: User,
    at: datetime, batch: Batch | None,
) -> None:  # fmt: skip
    """Whoever was seen is located; the ill and those nobody reaches become tasks."""
    seen = {day.contact_id for day in changed if day.outcome in SEEN}
    located = [
        (contact, {"located_at": contact.located_at or at, "identified_at": contact.identified_at or at})
        for pk, contact in contacts.items()
        if pk in seen
    ]
    found = history.amend_each(located, by=by, at=at, batch=batch)
    duties.derive(incident=incident, contacts=found, by=by, at=at, batch=batch)
    close_tasks(
        incident=incident, duty=duties.LOST, subject_kind=duties.SUBJECT, subject_ids=seen, outcome="reached",
        by=by, at=at, batch=batch,
    )  # fmt: skip
    dues = [duties.ill(contacts[day.contact_id], at) for day in changed if day.outcome == FollowUpOutcome.ILL]
    missed = {day.contact_id for day in changed if day.outcome == FollowUpOutcome.NOT_REACHED}
    dues += [duties.lost(contacts[pk], at) for pk in missed if _just_lost([d for d in days if d.contact_id == pk])]
    if dues:
        add_tasks(incident=incident, duties=dues, by=by, at=at, batch=batch)


def _just_lost(days: list[FollowUp]) -> bool:
    """Whether the last days that have an outcome are exactly so many "not reached" that somebody must decide."""
    outcomes = [day.outcome for day in sorted(days, key=lambda day: day.date_due)]
    tried = [outcome for outcome in outcomes if outcome != FollowUpOutcome.NOT_TRIED]
    run = 0
    while run < len(tried) and tried[-1 - run] == FollowUpOutcome.NOT_REACHED:
        run += 1
    return run > 0 and run % duties.NOT_REACHED_DAYS == 0


@transaction.atomic
def end_follow_ups(*, incident: Incident, by: User, at: datetime) -> list[Contact]:
    """Follow-up ends by itself when its last day is over: completed, or lost if the contact was never seen.

    Contacts last seen ill stay until somebody decides. To be called once a day.
    """
    today = incident.date_at(at)
    over = Contact.objects.filter(
        incident=incident, status=ContactStatus.UNDER_FOLLOW_UP, date_follow_up_until__lt=today
    )
    contacts = {contact.pk: contact for contact in over.order_by("id")}
    unseen, ill = never_seen(contacts=contacts)
    changes = [
        (contact, {"status": ContactStatus.LOST if pk in unseen else ContactStatus.COMPLETED})
        for pk, contact in contacts.items()
        if pk not in ill
    ]
    changed = history.amend_each(changes, by=by, at=at)
    duties.derive(incident=incident, contacts=changed, by=by, at=at)
    audit.record_many(by=by, at=at, action="follow_up.ended", about=changed)
    return changed
