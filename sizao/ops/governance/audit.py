"""Writes down what was done. Every action ends here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from sizao.ops.governance import ledger
from sizao.ops.governance.audit_context import current_deed
from sizao.ops.governance.audit_listed import PAGES, write_subjects
from sizao.ops.governance.models import AuditEntry


def record(
    *, by, at: datetime, action: str, about: models.Model | None = None, reason: str = "", **details: Any
) -> AuditEntry:
    """One entry. `about` is the row concerned; `details` must hold no identifying value. A decision is also a link
    of the chain."""
    with transaction.atomic():
        entry = AuditEntry.objects.create(**_entry(by, at, action, about, reason, details))
        if action not in PAGES:
            write_subjects(entry.pk, entry.details)
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
