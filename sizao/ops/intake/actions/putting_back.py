"""Rows that a delivery changed say again what they said before it."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from sizao.ops.governance import history
from sizao.ops.governance.models import Batch, PastState, Recorded, User
from sizao.ops.intake.actions.confirming import vouchers
from sizao.ops.registry.actions.merging import from_plain

PART = 2_000
Row = tuple[type[models.Model], int]


def put_back(batch: Batch, by: User, at: datetime) -> tuple[int, set[Row]]:
    """Old values of rows the batch changed; and the rows that were changed again since."""
    n, kept = 0, set()
    states: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    newest_first = PastState.objects.filter(batch=batch).order_by("-until", "-id")
    for label, row_id, values in newest_first.values_list("model", "row_id", "values"):
        states[label].setdefault(row_id, {}).update(values)  # the oldest value of the batch wins
    for label, rows in states.items():
        model = apps.get_model(label)
        ids = list(rows)
        for start in range(0, len(ids), PART):
            changes, changed_since = _old_values(model, batch, {pk: rows[pk] for pk in ids[start : start + PART]})
            n += len(history.amend_each(changes, by=by, at=at, batch=batch))
            kept |= {(model, pk) for pk in changed_since}
    return n, kept


def _old_values(model: type[Recorded], batch: Batch, old: dict[int, dict[str, Any]]) -> tuple[list, set[int]]:
    """(row, old values) of rows whose same fields nobody else has changed since; and the ids of the others."""
    last = dict(
        PastState.objects.filter(model=model._meta.label, row_id__in=old, batch=batch)
        .values_list("row_id")
        .annotate(models.Max("id"))
    )
    later = PastState.objects.filter(model=model._meta.label, row_id__in=old, id__gt=min(last.values(), default=0))
    changed_since: dict[int, set[str]] = defaultdict(set)
    for pk, row_id, batch_id, values in later.values_list("id", "row_id", "batch_id", "values"):
        if pk > last[row_id] and batch_id != batch.pk:
            changed_since[row_id] |= values.keys() & old[row_id].keys()
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for row_id, others in vouchers(model, old, but=batch).items():
        confirmed = {name for other, facts in others.items() if other > batch.pk for name in facts}
        changed_since[row_id] |= confirmed & old[row_id].keys()
    changes = []
    for row in model._base_manager.filter(pk__in=old).exclude(batch=batch):  # its own rows go altogether
        mine = {name: value for name, value in old[row.pk].items() if name not in changed_since[row.pk]}
        changes.append((row, {name: from_plain(fields[name], value) for name, value in mine.items()}))
    return changes, {pk for pk, names in changed_since.items() if names}
