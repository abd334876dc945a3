"""Counts: new ones stored, changed ones stored beside what was believed before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction

from sizao.ops.governance import audit
from sizao.ops.governance.bulk import bulk_load_columns
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in
from sizao.ops.surveillance.kinds import Way
from sizao.ops.surveillance.models import Count, Entry, Stream

AT_ONCE = 400


@dataclass(frozen=True)
class Counted:
    """What became of counts that were entered."""

    entry: Entry | None
    n_new: int
    n_revised: int
    n_unchanged: int


@transaction.atomic
def record_counts(
    *, incident: Incident, counts: pl.DataFrame, way: Way, file_name: str = "", by: User, at: datetime
) -> Counted:
    """Store `stream, date, n, denominator` (one row a stream and period, dates first days of periods) as known at
    `at`. What says the same as before is left alone, what differs is a revision: the old value stays with its time.
    """
    _check(incident, counts["stream"].unique().to_list(), by, at)
    current = _current(counts)
    compared = counts.join(current, on=["stream", "date"], how="left", maintain_order="left")
    same = (pl.col("n") == pl.col("n_before")) & pl.col("denominator").eq_missing(pl.col("denominator_before"))
    revised = compared.filter(pl.col("count").is_not_null() & ~same)
    fresh = compared.filter(pl.col("count").is_null())
    n_unchanged = compared.height - revised.height - fresh.height
    if not revised.height and not fresh.height:
        return Counted(None, 0, 0, n_unchanged)
    entry = Entry.objects.create(
        incident=incident, way=way, file_name=file_name[:160], made_at=at, made_by=by, n_new=fresh.height,
        n_revised=revised.height,
    )  # fmt: skip
    for ids in _pieces(revised["count"].to_list()):
        # A count is no row with a history: it ends, and the next one begins.
        Count.objects.filter(pk__in=ids).update(replaced_at=at)
    both = pl.concat([fresh, revised])
    columns = {
        "stream_id": both["stream"].to_list(), "date": both["date"].to_list(), "n": both["n"].to_list(),
        "denominator": both["denominator"].to_list(), "known_at": at, "replaced_at": None, "entry_id": entry.pk,
    }  # fmt: skip
    bulk_load_columns(Count, columns, both.height)
    audit.record(
        by=by, at=at, action="counts.recorded", about=entry, way=str(way), n_new=fresh.height, n_revised=revised.height
    )
    return Counted(entry, fresh.height, revised.height, n_unchanged)


def _check(incident: Incident, streams: list[int], by: User, at: datetime) -> None:
    """Each area once; a stream of another incident is nobody's here."""
    paths: set[str | None] = set()
    found = 0
    for ids in _pieces(streams):
        rows = Stream.objects.filter(pk__in=ids, incident=incident).values_list("area_id", flat=True)
        found += len(rows)
        paths |= set(rows)
    if found != len(streams):
        raise ValueError("a count names a stream of another incident")
    for path in sorted(path or "" for path in paths):
        check_in(incident, by, "count.enter", path, at=at)


def _current(counts: pl.DataFrame) -> pl.DataFrame:
    """The counts that hold now for these streams and days."""
    schema = {
        "count": pl.Int64,
        "stream": pl.Int64,
        "date": pl.Date,
        "n_before": pl.Int64,
        "denominator_before": pl.Int64,
    }
    pieces = [pl.DataFrame(schema=schema)]
    if counts.height:
        first, last = counts["date"].min(), counts["date"].max()
        for ids in _pieces(counts["stream"].unique().to_list()):
            rows = Count.objects.filter(stream__in=ids, date__gte=first, date__lte=last, replaced_at__isnull=True)
            found = list(rows.values_list("id", "stream_id", "date", "n", "denominator"))
            pieces.append(pl.DataFrame(found, schema=schema, orient="row"))
    return pl.concat(pieces)


def _pieces(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
