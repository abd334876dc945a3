"""What deliveries say of rows that were there before them: undoing another delivery leaves that alone.

A row is vouched for by the delivery that made it and by every delivery that contains it too. Of a case, contact,
exposure or day of follow-up it is also kept which facts a delivery said; a person is one fact.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import models

from sizao.ops.cases.incoming import COLUMNS as CASE_COLUMNS
from sizao.ops.governance import lookups as lookups  # makes `__among` known
from sizao.ops.governance.bulk import bulk_load_columns
from sizao.ops.governance.models import Batch, Recorded
from sizao.ops.intake.models import Confirmation
from sizao.vocabulary.codes import Code

#: Column of the dictionary → column of the table, of each kind of record.
FACTS: dict[str, dict[str, str]] = {
    "cases": {**CASE_COLUMNS, "facility": "facility_id", "date_death": "date_outcome"},
    "contacts": {
        "area": "area_id", "contact_class": "contact_class", "contact_status": "status", "date_report": "date_listed",
        "date_exposure_last": "date_last_exposure", "date_follow_up_end": "date_follow_up_until", "note": "note",
    },
    "exposures": {
        "date_exposure_first": "date_first", "date_exposure_last": "date_last", "setting": "setting",
        "closeness": "closeness", "certainty": "certainty", "relation": "relation", "note": "note",
    },
    "follow_ups": {"follow_up_outcome": "outcome", "temperature_c": "temperature_c", "note": "note"},
}  # fmt: skip


def confirm(model: type[Recorded], ids: Mapping[int, int], *, frame: pl.DataFrame, kind: str, batch: Batch) -> None:
    """Note that the rows of `frame` speak of rows of `model` (`ids` by row) that this batch did not make."""
    before = model._base_manager.filter(pk__among=sorted(set(ids.values()))).exclude(batch=batch)
    known = set(before.values_list("pk", flat=True))
    if not known:
        return
    about = [ids[row] if ids.get(row) in known else None for row in frame["row"].to_list()]
    said = frame.select(row_id=pl.Series(about, dtype=pl.Int64), facts=_facts(frame, FACTS.get(kind, {})))
    said = said.filter(pl.col("row_id").is_not_null())
    columns = {"batch_id": batch.pk, "model": model._meta.label, **{column.name: column.to_list() for column in said}}
    bulk_load_columns(Confirmation, columns, said.height)


def _facts(frame: pl.DataFrame, names: Mapping[str, str]) -> pl.Expr:
    """The columns of the table about which each row says something."""
    said = [pl.when(pl.col(name).is_not_null()).then(pl.lit(fact)) for name, fact in names.items() if name in frame]
    return pl.concat_list(*said).list.drop_nulls().list.unique() if said else pl.lit([], dtype=pl.List(pl.String))


def vouchers(model: type[models.Model], ids: Iterable[int], *, but: Batch) -> dict[int, dict[int, set[str]]]:
    """By row: the other batches that say it too and were not undone, with the facts each says."""
    found: dict[int, dict[int, set[str]]] = {}
    standing = Confirmation.objects.filter(model=model._meta.label, batch__undone_at=None).exclude(batch=but)
    rows = standing.filter(row_id__among=sorted(ids)).values_list("row_id", "batch_id", "facts")
    for row, batch, facts in rows:
        found.setdefault(row, {}).setdefault(batch, set()).update(facts)
    return found


def left_alone_by_others(model: type[Recorded], batch: Batch) -> set[int]:
    """Rows made by deliveries undone since, which stayed because this batch says them too."""
    said = Confirmation.objects.filter(model=model._meta.label, batch=batch).values_list("row_id", flat=True)
    orphans = model._base_manager.filter(pk__among=sorted(set(said)), batch__undone_at__isnull=False)
    return set(orphans.exclude(batch=batch).values_list("pk", flat=True))


def said_by_nobody_else(row: Recorded, facts: set[str], changed: set[str]) -> dict[str, Any]:
    """The new values of facts that only the undone delivery said of a row that stays: nothing known."""
    gone = {}
    for name in set(FORGOTTEN.get(row._meta.label, ())) - facts - changed:
        field = row._meta.get_field(name)
        nothing = _nothing(field)
        if nothing is not _REQUIRED and getattr(row, field.attname) != nothing:
            gone[field.attname] = nothing
    return gone


_REQUIRED = object()


def _nothing(field: models.Field) -> Any:
    """What a column holds when nothing is known: null, an empty text or a code that says so."""
    if field.name == "area":
        return _REQUIRED  # a row without a place would leave everybody's lists
    if field.null:
        return None
    if field.has_default() or field.empty_strings_allowed:
        value = field.get_default()
        return str(value) if isinstance(value, Code) else value
    return _REQUIRED


#: Facts that go when only the undone delivery said them. What a contact's dates are follows from its exposures.
FORGOTTEN = {
    "cases.Case": tuple(FACTS["cases"].values()), "tracing.Exposure": tuple(FACTS["exposures"].values()),
    "tracing.Contact": ("note",),
}  # fmt: skip


def files_of(batches: Sequence[int]) -> dict[int, str]:
    """The names of the files behind batches."""
    return {
        pk: name or "" for pk, name in Batch.objects.filter(pk__in=batches).values_list("pk", "delivery__file_name")
    }
