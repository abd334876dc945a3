"""Changes that forget nothing: the old values of a row are kept with the time they were believed.

A row's current values hold since `current_since`; each change moves the values it replaces into `PastState`.
So "as known at a moment" is the current rows, with those changed later replaced by their past state, and a
batch can be undone by putting its past states back.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import models

from sizao.ops.governance.models import Batch, PastState, Recorded


def amend(rows: Sequence[Recorded], *, by, at: datetime, batch: Batch | None = None, **changes: Any) -> list[Recorded]:
    """Give all `rows` the same new values, keeping the old ones. Returns the rows that really changed."""
    return amend_each([(row, changes) for row in rows], by=by, at=at, batch=batch)


def amend_each(
    changes: Iterable[tuple[Recorded, dict[str, Any]]], *, by, at: datetime, batch: Batch | None = None
) -> list[Recorded]:
    """Give each row its own new values, in one statement per model. Unchanged rows are left alone."""
    past, changed, fields = [], [], {"current_since"}
    for row, wanted in changes:
        new = _differing(row, wanted)
        if not new:
            continue
        past.append(_past(row, new, by, at, batch))
        for name, value in new.items():
            setattr(row, name, value)
        row.current_since = max(at, row.current_since)  # a clock set back must not turn the order of changes round
        fields.update(new)
        changed.append(row)
    PastState.objects.bulk_create(past, batch_size=1000)
    if changed:
        type(changed[0])._base_manager.bulk_update(changed, sorted(fields), batch_size=500)
    return changed


def _differing(row: Recorded, wanted: dict[str, Any]) -> dict[str, Any]:
    """What is really new, by column (a foreign key as its id, so that no row is fetched to compare)."""
    columns = {
        row._meta.get_field(name).attname: value.pk if isinstance(value, models.Model) else value
        for name, value in wanted.items()
    }
    return {name: value for name, value in columns.items() if getattr(row, name) != value}


def _past(row: Recorded, new: dict[str, Any], by, at: datetime, batch: Batch | None) -> PastState:
    old = {name: plain(row, name) for name in new}
    return PastState(
        model=row._meta.label, row_id=row.pk, since=row.current_since, until=max(at, row.current_since),
        values=old, changed_by=by, batch=batch,
    )  # fmt: skip


def plain(row: models.Model, name: str) -> Any:
    """A field's value as JSON can hold it."""
    value = getattr(row, row._meta.get_field(name).attname)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, date):  # moments too
        return value.isoformat()
    return value


def past_of(row: Recorded) -> list[PastState]:
    """A row's past states, oldest first."""
    return list(
        PastState.objects.filter(model=row._meta.label, row_id=row.pk)
        .select_related("changed_by")
        .order_by("until", "id")
    )


def as_known(model: type[Recorded], queryset, *, columns: Sequence[str], at: datetime) -> pl.DataFrame:
    """`columns` (and `id`) of the rows of `queryset` as they were believed at `at`; rows recorded later are absent.

    `queryset` must not filter on anything that changes: filter the frame instead. Two queries, whatever the size.
    Days are pl.Date, moments pl.Datetime in UTC.
    """
    names = ["id", "current_since", *columns]
    found = list(queryset.filter(recorded_at__lte=at).values_list(*names))
    later = {row[0]: dict(zip(names, row, strict=True)) for row in found if row[1] > at}
    if later:
        _turn_back(model, later, at)
        found = [tuple(later[row[0]].values()) if row[0] in later else row for row in found]
    frame = pl.DataFrame(found, schema=_schema(model, names), orient="row")
    return frame.drop("current_since")


def _schema(model: type[Recorded], names: Sequence[str]) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The frame's column types, from the model's fields."""
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    return {name: _type(by_attname[name]) for name in names}


def _type(field: models.Field) -> pl.DataType | type[pl.DataType]:
    if isinstance(field, models.DateTimeField):
        return pl.Datetime("us", "UTC")
    if isinstance(field, models.DateField):
        return pl.Date
    target = field.target_field if field.is_relation else field
    if isinstance(target, models.IntegerField):
        return pl.Int64
    return pl.Float64 if isinstance(target, models.FloatField) else pl.String


def _turn_back(model: type[Recorded], rows: dict[int, dict[str, Any]], at: datetime) -> None:
    """Put back, newest change first, every change made after `at`."""
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    states = PastState.objects.filter(model=model._meta.label, until__gt=at).order_by("-until", "-id")
    for row_id, values in states.values_list("row_id", "values").iterator():
        row = rows.get(row_id, {})
        for attname in values.keys() & row.keys():
            row[attname] = by_attname[attname].to_python(values[attname])
