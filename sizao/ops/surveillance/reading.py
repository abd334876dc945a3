"""Counts as they were known at a moment, many at once. The only place that writes SQL of its own."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import polars as pl
from django.db import connection

from sizao.ops.surveillance.kinds import Verdict
from sizao.ops.surveillance.models import Alarm, Count

SCHEMA = {"stream": pl.Int64, "date": pl.Date, "n": pl.Int64, "denominator": pl.Int64}
SLICE = 200_000
COLUMNS = "stream_id, date, n, denominator"
#: More streams than this are asked for by the range of their ids; the rest is thrown away here.
NAMED_UP_TO = 500


def counts_known(streams: Sequence[int], *, since: date, until: date, known_at: datetime) -> pl.DataFrame:
    """`stream, date, n, denominator` of these streams' periods, as believed at `known_at`; one row a period."""
    if not streams:
        return pl.DataFrame(schema=SCHEMA)
    if connection.vendor == "postgresql":
        found = _copied(streams, since, until, known_at)
    else:
        found = _fetched(streams, since, until, known_at)
    if len(streams) > NAMED_UP_TO:
        found = found.join(pl.DataFrame({"stream": streams}, schema={"stream": pl.Int64}), on="stream", how="semi")
    return found


def _condition(streams: Sequence[int], since: date, until: date, known_at: datetime) -> tuple[str, list[object]]:
    """WHERE and its values: periods, moments, streams."""
    moment = known_at.astimezone(UTC)
    at = moment if connection.vendor == "postgresql" else str(moment.replace(tzinfo=None))
    day = (lambda value: value) if connection.vendor == "postgresql" else date.isoformat
    where = "date >= %s AND date <= %s AND known_at <= %s AND (replaced_at IS NULL OR replaced_at > %s)"
    values: list[object] = [day(since), day(until), at, at]
    if len(streams) > NAMED_UP_TO:
        return where + " AND stream_id BETWEEN %s AND %s", [*values, min(streams), max(streams)]
    return where + f" AND stream_id IN ({', '.join(['%s'] * len(streams))})", [*values, *streams]


def _fetched(streams: Sequence[int], since: date, until: date, known_at: datetime) -> pl.DataFrame:
    where, values = _condition(streams, since, until, known_at)
    pieces = [pl.DataFrame(schema=SCHEMA)]
    # "+ date" would turn the text into a number; "|| ''" keeps it a text that no converter turns into a date object.
    columns = COLUMNS.replace("date", "date || ''")
    text = {**SCHEMA, "date": pl.String}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {Count._meta.db_table} WHERE {where}", values)
        while rows := cursor.fetchmany(SLICE):
            piece = pl.DataFrame(rows, schema=text, orient="row")
            pieces.append(piece.with_columns(pl.col("date").str.to_date("%Y-%m-%d")))
    return pl.concat(pieces)


def _copied(streams: Sequence[int], since: date, until: date, known_at: datetime) -> pl.DataFrame:
    where, values = _condition(streams, since, until, known_at)
    statement = f"COPY (SELECT {COLUMNS} FROM {Count._meta.db_table} WHERE {where}) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor:
        whole = cursor.mogrify(statement, values)
        with cursor.copy(whole) as copy:
            text = b"".join(copy)
    if not text:
        return pl.DataFrame(schema=SCHEMA)
    return pl.read_csv(text, has_header=False, schema=SCHEMA)


def known_outbreaks(streams: Iterable[int], *, known_at: datetime) -> pl.DataFrame:
    """`stream, date, n_known`: what was above expectation in periods that belong to an outbreak known by then.

    They stay in the picture and leave the baseline, or an outbreak would hide the next one."""
    wanted = set(streams)
    rows = Alarm.objects.filter(
        stream__isnull=False, signal__verdict=Verdict.TRUE_OUTBREAK, signal__closed_at__lte=known_at
    )
    if len(wanted) <= NAMED_UP_TO:
        rows = rows.filter(stream__in=wanted)
    found = [
        (stream, day, max(0, round(n - (expected or 0.0))))
        for stream, day, n, expected in rows.values_list("stream_id", "date", "n", "expected")
        if stream in wanted
    ]
    schema = {"stream": pl.Int64, "date": pl.Date, "n_known": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row")
