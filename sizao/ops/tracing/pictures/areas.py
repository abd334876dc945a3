"""The numbers of the map: cases by area of one level, with those that no area of that level can be named for."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from sizao.ops.governance.access import Reach
from sizao.ops.tracing.pictures.choices import Measure, Window
from sizao.ops.tracing.pictures.regions import Region, class_breaks, n_chars

PER = 100_000


@dataclass(frozen=True)
class AreaNumbers:
    """An area's cases: since the beginning, in the last 7 and 14 days by report, and the number that is shown.

    `value` is None where nothing can be said: outside the reader's areas, or no population for a rate.
    """

    region: Region
    n: int
    n_7: int
    n_14: int
    value: float | None
    in_reach: bool


@dataclass(frozen=True)
class MapNumbers:
    """Areas in the order of their value; `wider`: cases known only to an area above this level, `nowhere`: to none,
    `elsewhere`: to an area outside those of the incident."""

    rows: list[AreaNumbers]
    breaks: list[float]
    total: int
    wider: int
    nowhere: int
    elsewhere: int

    @property
    def drawn(self) -> int:
        return self.total - self.wider - self.nowhere - self.elsewhere


def map_numbers(
    counts: pl.DataFrame,
    regions: list[Region],
    *,
    level: int,
    within: list[str],
    window: Window,
    measure: Measure,
    today: date,
    reach: Reach,
) -> MapNumbers:
    """From `area, date_report, n` (area null: not known). The window narrows every number but the columns."""
    shown = counts.filter(pl.col("date_report") > first_day(today, window)) if window != Window.ALL else counts
    shown = shown.filter(pl.col("date_report") <= today) if window != Window.ALL else shown
    sums = {days: sum_by(counts, level, today, days) for days in (None, 7, 14)}
    value_of = sums[None if window == Window.ALL else int(window)]
    rows = []
    for region in regions:
        in_reach = touches(reach, region.path)
        value = value_for(value_of.get(region.path, 0), region, measure) if in_reach else None
        n, n_7, n_14 = (sums[days].get(region.path, 0) for days in (None, 7, 14))
        rows.append(AreaNumbers(region, n, n_7, n_14, value, in_reach))
    rows.sort(key=lambda row: (-(row.value or 0), row.region.path))
    area = pl.col("area")
    inside = pl.any_horizontal([area.str.starts_with(path) for path in within] or [pl.lit(False)])
    known = {region.path for region in regions}
    at_level = area.str.slice(0, n_chars(level)).is_in(known)
    return MapNumbers(
        rows=rows,
        breaks=class_breaks(row.value for row in rows if row.value),
        total=total_of(shown),
        wider=total_of(shown.filter(area.is_not_null() & inside & ~at_level)),
        nowhere=total_of(shown.filter(area.is_null())),
        elsewhere=total_of(shown.filter(area.is_not_null() & ~inside)),
    )


def first_day(today: date, window: Window) -> date:
    """The day before the window: a window of 7 days ends today and holds 7 days."""
    return today - timedelta(days=int(window))


def sum_by(counts: pl.DataFrame, level: int, today: date, days: int | None) -> dict[str, int]:
    """Cases by the path of their area at this level; of the last `days` days by report where given."""
    rows = counts
    if days is not None:
        day = pl.col("date_report")
        rows = rows.filter((day > today - timedelta(days=days)) & (day <= today))
    rows = rows.filter(pl.col("area").str.len_chars() >= n_chars(level))
    summed = rows.group_by(pl.col("area").str.slice(0, n_chars(level))).agg(pl.col("n").sum())
    return dict(summed.iter_rows())


def value_for(n: int, region: Region, measure: Measure) -> float | None:
    if measure == Measure.COUNT:
        return n
    return n * PER / region.population if region.population else None


def touches(reach: Reach, path: str) -> bool:
    """Whether the reader sees cases of the area: all of it, or those of a part."""
    return reach.covers(path) or any(own.startswith(path) for own in reach.paths)


def total_of(counts: pl.DataFrame) -> int:
    return int(counts["n"].sum())
