"""From a long frame to a grid (series by time) and back: zeros made explicit, gaps kept as gaps.

A row with an empty `n` is a missing report. A date without a row is zero cases after the first row of its
series (or after `since`), because line lists do not list what did not happen; with `absent="missing"`, for
sites that must also report zero, it is a missing report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sizao.epi.detection.calendar import Calendar, Day, InputError, Ints, period_numbers, read_calendar
from sizao.vocabulary.text import N_

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Stands for the key of the only series when `by` is empty.
NO_KEY = ""
Absent = Literal["zero", "missing"]
Ranges = Sequence[tuple[Day, Day]]


@dataclass(frozen=True)
class Grid:
    """Counts by series (rows) and period (columns, oldest first); NaN is a missing report."""

    keys: pl.DataFrame  # one row per series: the columns of `by`
    calendar: Calendar
    start: int  # period number of column 0
    counts: Floats  # as reported
    known: Floats | None  # of them, cases in known outbreaks
    population: Floats | None
    began: Ints  # column of the first period of each series' history
    excluded: Flags  # periods the user keeps out of baselines
    settings: pl.DataFrame  # one row per series: first value of every other column

    @property
    def n_series(self) -> int:
        return int(self.counts.shape[0])

    @property
    def n_periods(self) -> int:
        return int(self.counts.shape[1])

    def baseline(self) -> Floats:
        """The counts a baseline may use: without known outbreaks and excluded periods."""
        if self.known is None and not self.excluded.any():
            return self.counts
        usable = self.counts - self.known if self.known is not None else self.counts.copy()
        np.maximum(usable, 0.0, out=usable)
        usable[:, self.excluded] = np.nan
        return usable

    def asked(self, last: int | None) -> Ints:
        """The columns to test: the newest `last`, or all."""
        if last is None or last > self.n_periods:
            return np.arange(self.n_periods)
        return np.arange(self.n_periods - last, self.n_periods)

    def per_series(self, value: float | str, name: str) -> Floats:
        """A setting as one number per series: a number for all, or the name of a column."""
        if not isinstance(value, str):
            return np.full(self.n_series, float(value))
        if value not in self.settings.columns:
            raise InputError(N_("Setting {name} names column “{column}”, which is not there.", name=name, column=value))
        return self.settings[value].cast(pl.Float64).to_numpy()


def read_grid(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
    at_least: int = 1,
) -> Grid:
    """The grid of `df` up to and with the period of `until`, at least `at_least` periods wide."""
    columns = [by] if isinstance(by, str) else list(by)
    check_columns(df, columns)
    calendar = read_calendar(df["date"], freq)
    check_until(until, calendar)
    numbers = period_numbers(df["date"], calendar)
    end = calendar.number(until)
    codes, keys, settings = number_series(df, columns)
    kept = numbers <= end
    start = min(int(numbers[kept].min()) if kept.any() else end, end - at_least + 1)
    if since is not None:
        start = min(start, calendar.number(since))
    shape = (keys.height, end - start + 1)
    where = codes[kept] * shape[1] + numbers[kept] - start
    check_duplicates(where, shape, keys, calendar, start)
    began = first_columns(codes[kept], numbers[kept] - start, shape)
    if since is not None:
        began[:] = calendar.number(since) - start
    empty = history_template(shape, began, absent)
    return Grid(
        keys=keys,
        calendar=calendar,
        start=start,
        counts=scatter(df["n"], kept, where, empty),
        known=scatter(df["n_known"], kept, where, np.zeros(shape), null=0.0) if "n_known" in df.columns else None,
        population=fill_forward(scatter(df["population"], kept, where, np.full(shape, np.nan)))
        if "population" in df.columns
        else None,
        began=began,
        excluded=excluded_columns(exclude, calendar, start, shape[1]),
        settings=settings,
    )


def check_columns(df: pl.DataFrame, by: Sequence[str]) -> None:
    """`date`, `n` and every key column must be there, with dates in every row and counts that are numbers."""
    for name in ("date", "n", *by):
        if name not in df.columns:
            raise InputError(N_("Column “{column}” is missing.", column=name))
    if df["date"].null_count():
        raise InputError(N_("{count} rows have no date.", count=df["date"].null_count()))
    if not df["n"].dtype.is_numeric() and df["n"].dtype != pl.Null:
        raise InputError(N_("Column “n” must hold numbers; it holds {found}.", found=str(df["n"].dtype)))
    lowest = df["n"].cast(pl.Float64).fill_nan(None).min()
    if lowest is not None and float(lowest) < 0:  # type: ignore[arg-type]
        raise InputError(N_("Column “n” holds {value}; a count cannot be negative.", value=lowest))


def check_until(until: Day, calendar: Calendar) -> None:
    if calendar.dated == isinstance(until, int):
        raise InputError(N_("“until” is {until}, but the dates of the frame are of another kind.", until=until))


def check_duplicates(where: Ints, shape: tuple[int, int], keys: pl.DataFrame, calendar: Calendar, start: int) -> None:
    seen = np.bincount(where, minlength=1)
    if seen.max(initial=0) > 1:
        series, column = divmod(int(seen.argmax()), shape[1])
        raise InputError(
            N_(
                "Series {series} has {count} rows for {date}; add them up first.",
                series=" / ".join(str(value) for value in keys.row(series)),
                count=int(seen.max()),
                date=calendar.first_day(start + column),
            )
        )


def number_series(df: pl.DataFrame, by: Sequence[str]) -> tuple[Ints, pl.DataFrame, pl.DataFrame]:
    """A number for each row's series, in order of appearance; the keys; the first value of other columns."""
    others = [name for name in df.columns if name not in {*by, "date", "n", "n_known", "population"}]
    if not by:
        return np.zeros(df.height, dtype=np.int64), pl.DataFrame({NO_KEY: [""]}), df.select(others).head(1)
    table = df.group_by(by, maintain_order=True).agg(pl.col(others).drop_nulls().first())
    table = table.with_row_index("series number")
    codes = df.select(by).join(
        table.select(*by, "series number"), on=by, how="left", nulls_equal=True, maintain_order="left"
    )["series number"]
    return codes.cast(pl.Int64).to_numpy(), table.select(by), table.select(others)


def first_columns(codes: Ints, columns: Ints, shape: tuple[int, int]) -> Ints:
    """The first column with a row, per series; the width of the grid where there is none."""
    began = np.full(shape[0], shape[1], dtype=np.int64)
    np.minimum.at(began, codes, columns)
    return began


def history_template(shape: tuple[int, int], began: Ints, absent: Absent) -> Floats:
    """What stands in the grid before any row is written: missing, or zero since the history began."""
    empty = np.full(shape, np.nan)
    if absent == "zero":
        empty[np.arange(shape[1])[None, :] >= began[:, None]] = 0.0
    return empty


def scatter(values: pl.Series, kept: Flags, where: Ints, grid: Floats, null: float = np.nan) -> Floats:
    """Write a column into the grid."""
    numbers = values.cast(pl.Float64).to_numpy()[kept]
    grid.ravel()[where] = numbers if np.isnan(null) else np.nan_to_num(numbers, nan=null)
    return grid


def fill_forward(grid: Floats) -> Floats:
    """A population holds until the next one is given; before the first, the first."""
    filled = np.where(np.isnan(grid), 0, np.arange(grid.shape[1])[None, :])
    np.maximum.accumulate(filled, axis=1, out=filled)
    grid = np.take_along_axis(grid, filled, axis=1)
    first = np.argmax(~np.isnan(grid), axis=1)
    return np.where(np.isnan(grid), np.take_along_axis(grid, first[:, None], axis=1), grid)


def excluded_columns(exclude: Ranges, calendar: Calendar, start: int, width: int) -> Flags:
    """Which columns lie in an excluded range (both ends included)."""
    flags = np.zeros(width, dtype=bool)
    for first, last in exclude:
        check_until(first, calendar)
        a, b = calendar.number(first) - start, calendar.number(last) - start
        flags[max(a, 0) : max(b + 1, 0)] = True
    return flags
