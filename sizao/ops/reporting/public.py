"""The public version: totals of the whole incident, and breakdowns in which no small number can be worked out.

Totals of the whole incident are published as they are, as bulletins everywhere do. In the breakdowns counts under
five are held back, and so is whatever would give them away, also by combining this bulletin with all earlier ones.
"""

from collections.abc import Iterable
from datetime import date
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
RUNNING = (RunningTotal(running=CUMULATIVE, daily=NEW, within="measure", along="date"),)
Shown = dict[str, dict[str, int | None]]


def public_version(report: Report, earlier: Iterable[Report]) -> dict[str, Any]:
    """What everybody may see of a report. `earlier` are the reports the public has of earlier days, one a day."""
    earlier = list(earlier)
    return {
        "threshold": THRESHOLD,
        "totals": {key: report.numbers[key]["total"] for key in PUBLIC},
        "tables": {dimension: _today(report, protected(report, earlier, dimension)) for dimension in DIMENSIONS},
    }


def protected(report: Report, earlier: Iterable[Report], dimension: str) -> pl.DataFrame:
    """Every bulletin up to this one as one table, with `count` null where it is held back."""
    rows = _rows(report, dimension, None)
    for old in earlier:
        rows += _rows(old, dimension, old.public["tables"][dimension])
    frame = pl.DataFrame(rows, schema=["date", "measure", dimension, "count", "published"], orient="row")
    return suppress(
        _complete(frame, dimension, report.date), dims=["date", "measure", dimension], total_rows={dimension: ALL},
        threshold=THRESHOLD, running=RUNNING, published_before="published",
    )  # fmt: skip


def _today(report: Report, safe: pl.DataFrame) -> Shown:
    dimension = safe.columns[2]
    shown = safe.filter((pl.col("date") == report.date) & (pl.col(dimension) != ALL)).sort(dimension)
    return {
        measure: dict(shown.filter(pl.col("measure") == measure).select(dimension, "count").iter_rows())
        for measure in (NEW, CUMULATIVE)
    }


def _rows(report: Report, dimension: str, shown: Shown | None) -> list[tuple]:
    """(date, measure, value, count, public already?) of one report, totals included; null is not yet decided."""
    rows = []
    for measure in (NEW, CUMULATIVE):
        number = report.numbers[measure]
        rows.append((report.date, measure, ALL, number["total"], True))
        for value, n in number["by"][dimension].items():
            known = None if shown is None else shown[measure].get(value) is not None
            rows.append((report.date, measure, value, n, known))
    return rows


def _complete(frame: pl.DataFrame, dimension: str, today: date) -> pl.DataFrame:
    """Every value on every day and for every measure. What an earlier bulletin did not list, readers know as zero."""
    every = frame.select("date", "measure").unique().join(frame.select(dimension).unique(), how="cross")
    full = every.join(frame, on=["date", "measure", dimension], how="left")
    unlisted = pl.col("count").is_null() & (pl.col("date") != today)
    return full.with_columns(
        published=pl.when(unlisted).then(True).otherwise("published"), count=pl.col("count").fill_null(0)
    ).sort("date", "measure", dimension)
