"""The numbers of one day, their difference from the day before, and what late data changed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from sizao.ops.incidents.models import Incident
from sizao.ops.reporting.frames import Frames, frames
from sizao.ops.reporting.measures import MEASURES, Measure

Numbers = dict[str, dict[str, Any]]


def day_numbers(incident: Incident, *, day: date, cutoff_at: datetime) -> tuple[Numbers, list[dict[str, Any]]]:
    """(numbers, revisions) of a day as known at its cut-off.

    `numbers[measure]` = {"total", "day_before", "difference", "by": {dimension: {value: n}}}; the day before is as it
    was known at its own cut-off, 24 hours earlier. `revisions` lists the earlier days whose count of reported cases
    is different now: [{"date", "was", "is"}].
    """
    now, before = frames(incident, at=cutoff_at), frames(incident, at=cutoff_at - timedelta(days=1))
    yesterday = day - timedelta(days=1)
    numbers = {
        key: _number(measure, now, day) | _change(measure, now, before, day, yesterday)
        for key, measure in MEASURES.items()
    }
    return numbers, revisions(now, before, until=yesterday)


def _number(measure: Measure, known: Frames, day: date) -> dict[str, Any]:
    rows = rows_of(measure, known, day)
    return {"total": rows.height, "by": {name: breakdown(rows, name) for name in measure.dimensions}}


def rows_of(measure: Measure, known: Frames, day: date) -> pl.DataFrame:
    """The rows a number counts."""
    return known.of(measure.frame).filter(measure.rows(day))


def breakdown(rows: pl.DataFrame, dimension: str) -> dict[str, int]:
    """Count by value, in the order of the values."""
    return dict(rows.group_by(dimension).len().sort(dimension).iter_rows())


def _change(measure: Measure, now: Frames, before: Frames, day: date, yesterday: date) -> dict[str, int]:
    was = rows_of(measure, before, yesterday).height
    return {"day_before": was, "difference": rows_of(measure, now, day).height - was}


def revisions(now: Frames, before: Frames, *, until: date) -> list[dict[str, Any]]:
    """Earlier days whose number of counted cases changed since the last cut-off."""
    is_now, was = _by_day(now, until), _by_day(before, until)
    days = sorted(is_now.keys() | was.keys())
    changed = [(day, was.get(day, 0), is_now.get(day, 0)) for day in days if was.get(day, 0) != is_now.get(day, 0)]
    return [{"date": day.isoformat(), "was": old, "is": new} for day, old, new in changed]


def _by_day(known: Frames, until: date) -> dict[date, int]:
    rows = rows_of(MEASURES["cases_cumulative"], known, until)
    return dict(rows.group_by("date_report").len().iter_rows())


def long_rows(numbers: Numbers) -> Iterable[tuple[str, str, str, int]]:
    """(measure, dimension, value, n) for every number; the total has neither dimension nor value."""
    for key, number in numbers.items():
        yield key, "", "", number["total"]
        for dimension, values in number.get("by", {}).items():
            for value, n in values.items():
                yield key, dimension, value, n


def rows_behind(
    incident: Incident, *, day: date, cutoff_at: datetime, measure: str, dimension: str = "", value: str = ""
) -> pl.DataFrame:
    """The rows behind one number, as known at the cut-off."""
    rows = rows_of(MEASURES[measure], frames(incident, at=cutoff_at), day)
    return rows.filter(pl.col(dimension) == value) if dimension else rows
