"""Other systems' identifiers: their files name cases by a long identifier where ours go by a number."""

import polars as pl

from sizao.ops.incidents.models import Incident
from sizao.ops.intake.models import SourceNumber

REFERRING = {"contacts": ("source_id",), "exposures": ("source_id", "exposed_id"), "follow_ups": ("contact_id",)}


def with_our_numbers(frame: pl.DataFrame, kind: str, incident: Incident) -> pl.DataFrame:
    """References to others by their external identifier become references by number."""
    columns = [name for name in REFERRING.get(kind, ()) if name in frame.columns]
    wanted = sorted({value for name in columns for value in frame[name].drop_nulls().unique()})
    known: dict[str, str] = {}
    for start in range(0, len(wanted), 5_000):
        rows = SourceNumber.objects.filter(incident=incident, external__in=wanted[start : start + 5_000])
        known.update(rows.values_list("external", "number"))
    return frame.with_columns(pl.col(name).replace(known) for name in columns) if known else frame


def external_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """The identifiers of records that go by another number here: `external`, `number`."""
    if "external_id" not in frame.columns or "number" not in frame.columns:
        return pl.DataFrame(schema={"external": pl.String, "number": pl.String})
    pairs = frame.select(external=pl.col("external_id").str.slice(0, 80), number="number").drop_nulls()
    return pairs.filter(pl.col("external") != pl.col("number")).unique("external", keep="last", maintain_order=True)
