"""The numbers of one day, their difference from the day before, and what late data changed.

For every number up to a day that is revised: in all today = in all the day before + new today + the changes of
earlier days + the change of what nobody can date. Each part is listed, so that the sum can be followed.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from sizao.ops.incidents.models import Incident
from sizao.ops.reporting.frames import Frames, frames
from sizao.ops.reporting.measures import MEASURES, REVISED, Measure

Numbers = dict[str, dict[str, Any]]
A_DAY = timedelta(days=1)
DAY = "day"  # the breakdown of a revised number by the day its rows belong to


def day_numbers(
    incident: Incident, *, day: date, cutoff_at: datetime, compared_at: datetime | None = None
) -> tuple[Numbers, list[dict[str, Any]]]:
    """(numbers, revisions) of a day as known at its cut-off.

    `numbers[measure]` = {"total", "day_before", "difference", "by": {dimension: {value: n}}}; the day before is as it
    was known at its own cut-off, `compared_at` (24 hours earlier unless told). `revisions` lists the earlier days
    whose count is different now: [{"measure", "date", "was", "is"}]; `date` is None for what nobody can date.
    """
    now, before = frames(incident, at=cutoff_at), frames(incident, at=compared_at or cutoff_at - A_DAY)
    yesterday = day - A_DAY
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
    """Earlier days whose numbers changed since the last cut-off; what nobody can date comes last."""
    return [
        {"measure": key, "date": day.isoformat() if day else None, "was": was, "is": is_now}
        for key in REVISED
        for day, was, is_now in _changed(_by_day(MEASURES[key], before, until), _by_day(MEASURES[key], now, until))
    ]


def _changed(was: Counter[date | None], is_now: Counter[date | None]) -> Iterable[tuple[date | None, int, int]]:
    for day in sorted(was.keys() | is_now.keys(), key=lambda day: (day is None, day or date.min)):
        if was[day] != is_now[day]:
            yield day, was[day], is_now[day]


def _by_day(measure: Measure, known: Frames, until: date) -> Counter[date | None]:
    rows = rows_of(measure, known, until)
    return Counter(dict(rows.group_by(measure.dated_by).len().iter_rows()))


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
    """The rows behind one number, as known at the cut-off. The dimension "day" is that of revisions; without a value
    it is what nobody can date."""
    rows = rows_of(MEASURES[measure], frames(incident, at=cutoff_at), day)
    if dimension == DAY:
        column = pl.col(MEASURES[measure].dated_by)
        return rows.filter(column == date.fromisoformat(value) if value else column.is_null())
    return rows.filter(pl.col(dimension) == value) if dimension else rows
