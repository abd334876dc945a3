"""Takes out of the memory of rows what the rows themselves have lost: past states and pictures of changes."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from sizao.ops.governance.models import AuditEntry, PastState, RowChange
from sizao.ops.oversight.emptying import emptied, is_destroyed


def forget_past(model: type[models.Model], ids: Iterable[int]) -> int:
    """Past states, pictures and reasons of these rows say no more than the rows do now. Returns how many changed."""
    ids, label = list(ids), model._meta.label
    columns = {field.attname for field in model._meta.concrete_fields} if is_destroyed(model) else set(emptied(model))
    n = _strip(PastState.objects.filter(model=label, row_id__in=ids), ("values",), columns)
    n += _strip(RowChange.objects.filter(model=label, row_id__in=ids), ("before", "after"), columns)
    n += AuditEntry.objects.filter(model=label, row_id__in=ids).exclude(reason="").update(reason="")
    return n


def _strip(rows: models.QuerySet, names: tuple[str, ...], columns: set[str]) -> int:
    changed = []
    for row in rows.iterator(chunk_size=1000):
        before = [getattr(row, name) for name in names]
        after = [_without(value, columns) for value in before]
        if before != after:
            for name, value in zip(names, after, strict=True):
                setattr(row, name, value)
            changed.append(row)
    rows.model._base_manager.bulk_update(changed, list(names), batch_size=500)
    return len(changed)


def _without(values: dict[str, Any] | None, columns: set[str]) -> dict[str, Any] | None:
    return values and {name: value for name, value in values.items() if name not in columns}
