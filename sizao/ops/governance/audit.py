"""Writes down what was done. Every action ends here."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from sizao.ops.governance import ledger
from sizao.ops.governance.audit_context import current_deed
from sizao.ops.governance.models import AuditEntry, AuditSubject

#: Details that list the records an entry showed: "who saw this record" finds them by these names.
LISTED = {"cases": "cases.Case", "contacts": "tracing.Contact", "persons": "registry.Person"}


def record(
    *, by, at: datetime, action: str, about: models.Model | None = None, reason: str = "", **details: Any
) -> AuditEntry:
    """One entry. `about` is the row concerned; `details` must hold no identifying value. A decision is also a link
    of the chain."""
    with transaction.atomic():
        entry = AuditEntry.objects.create(**_entry(by, at, action, about, reason, details))
        _write_subjects(entry)
        if action in ledger.DECISIONS:
            ledger.append(by=by, at=at, action=action, about=[about], reason=reason, details=details)
    return entry


def record_many(
    *, by, at: datetime, action: str, about: Iterable[models.Model], reason: str = "", **details: Any
) -> None:
    """One entry per row, in one statement."""
    rows = list(about)
    entries = (AuditEntry(**_entry(by, at, action, row, reason, details)) for row in rows)
    AuditEntry.objects.bulk_create(entries, batch_size=1000)
    if action in ledger.DECISIONS:
        ledger.append(by=by, at=at, action=action, about=rows, reason=reason, details=details)


def _write_subjects(entry: AuditEntry) -> None:
    """The records an entry lists, one statement for all: every page of a list with names writes them."""
    for name, model in LISTED.items():
        ids = entry.details.get(name)
        if isinstance(ids, list | tuple | set) and (rows := sorted({each for each in ids if isinstance(each, int)})):
            is_postgresql = connection.vendor == "postgresql"
            listed = "unnest(%s::bigint[])" if is_postgresql else "value FROM json_each(%s)"
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {AuditSubject._meta.db_table} (entry_id, model, row_id) SELECT %s, %s, {listed}",
                    [entry.pk, model, rows if is_postgresql else json.dumps(rows)],
                )


def _entry(by, at, action, about, reason, details) -> dict[str, Any]:
    return {
        "by": by,
        "at": at,
        "deed_id": current_deed(),
        "action": action,
        "model": about._meta.label if about is not None else "",
        "row_id": about.pk if about is not None and isinstance(about.pk, int) else None,
        "area_path": (getattr(about, "area_id", None) or "")[:40],
        "reason": reason,
        "details": details,
    }
