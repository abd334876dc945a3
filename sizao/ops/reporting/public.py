"""The public version: totals of the whole incident, and breakdowns in which no small number can be worked out.

Totals of the whole incident are published as they are, as bulletins everywhere do. In the breakdowns counts under
five are held back, and so is whatever would give them away, also by subtracting yesterday's bulletin from today's.
"""

from datetime import date, timedelta
from typing import Any

import polars as pl

from sizao.epi.disclosure import RunningTotal, suppress
from sizao.ops.reporting.measures import PUBLIC
from sizao.ops.reporting.models import Report

THRESHOLD = 5
ALL = "*"  # the row of the whole incident
#: What is broken down for the public, and by what.
NEW, CUMULATIVE = "cases_new", "cases_cumulative"
DIMENSIONS = ("area", "classification")
RUNNING = RunningTotal(running=CUMULATIVE, daily=NEW, within="measure", along="date")


def public_version(report: Report, before: Report | None) -> dict[str, Any]:
    """What everybody may see of a report, given what was published before it."""
    return {
        "threshold": THRESHOLD,
        "totals": {key: report.numbers[key]["total"] for key in PUBLIC},
        "tables": {dimension: _table(report, before, dimension) for dimension in DIMENSIONS},
    }


def _table(report: Report, before: Report | None, dimension: str) -> dict[str, dict[str, int | None]]:
    """{measure: {value: count or None}} of today, protected."""
    today = _rows(report, dimension, None)
    rows = today + (_rows(before, dimension, before.public["tables"][dimension]) if before else [])
    frame = pl.DataFrame(rows, schema=["date", "measure", dimension, "count", "published"], orient="row")
    frame = _complete(frame, dimension)
    dims = ["date", "measure", dimension]
    running = [RUNNING] if before and _accumulates(frame, dimension, report.date) else []
    safe = suppress(
        frame,
        dims=dims,
        total_rows={dimension: ALL},
        threshold=THRESHOLD,
        running=running,
        published_before="published",
    )
    shown = safe.filter((pl.col("date") == report.date) & (pl.col(dimension) != ALL)).sort(dimension)
    return {
        measure: dict(shown.filter(pl.col("measure") == measure).select(dimension, "count").iter_rows())
        for measure in (NEW, CUMULATIVE)
    }


def _rows(report: Report, dimension: str, published: dict[str, dict[str, int | None]] | None) -> list[tuple]:
    """(date, measure, value, count, published before?) of one report, totals included."""
    rows = []
    for measure in (NEW, CUMULATIVE):
        number = report.numbers[measure]
        rows.append((report.date, measure, ALL, number["total"], True))
        for value, n in number["by"][dimension].items():
            known = None if published is None else published[measure].get(value) is not None
            rows.append((report.date, measure, value, n, known))
    return rows


def _complete(frame: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Every value on every day and for every measure; what was not counted is a zero that was not printed."""
    every = frame.select("date", "measure").unique().join(frame.select(dimension).unique(), how="cross")
    full = every.join(frame, on=["date", "measure", dimension], how="left")
    return full.with_columns(pl.col("count").fill_null(0)).sort("date", "measure", dimension)


def _accumulates(frame: pl.DataFrame, dimension: str, day: date) -> bool:
    """Whether today's cumulative is yesterday's plus today's new in every row: not so when late data came in."""
    wide = frame.pivot(on=["date", "measure"], index=dimension, values="count")

    def column(when: date, measure: str) -> str:
        return f'{{"{when.isoformat()}","{measure}"}}'

    today, yesterday, new = column(day, CUMULATIVE), column(day - timedelta(days=1), CUMULATIVE), column(day, NEW)
    if yesterday not in wide.columns:
        return False
    return wide.select((pl.col(today) == pl.col(yesterday) + pl.col(new)).all()).item()
