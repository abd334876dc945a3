"""Counts per day or week from a list of events, and how fast they double.

A day without events is a zero, not a missing row: curves, reproduction numbers and detectors all go
wrong when the last day shown is the last day with a case. So the end of the range is always stated.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from math import inf, log
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import t as student

Every = Literal["1d", "1w"]
Floats = npt.NDArray[np.floating[Any]]

DOUBLING_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "since": pl.Date,
    "until": pl.Date,
    "n": pl.Int64,
    "growth_per_day": pl.Float64,
    "growth_lower": pl.Float64,
    "growth_upper": pl.Float64,
    "doubling_days": pl.Float64,
    "doubling_days_lower": pl.Float64,
    "doubling_days_upper": pl.Float64,
    "status": pl.String,
}


def incidence(
    df: pl.DataFrame,
    *,
    date: str,
    until: date,
    by: Sequence[str] = (),
    every: Every = "1d",
    since: date | None = None,
    count: str | None = None,
) -> pl.DataFrame:
    """Events per day or week and group, every period of the range present, zeros written out.

    In: one row per event with its day in column `date` and any grouping columns `by`; or rows that already
    hold counts, named by `count`, which are then added up. `since` defaults to the first dated row, `until`
    must be stated. Out: `by…, date, n, n_days`, sorted; `date` is the first day of the period (weeks start on
    Monday), `n_days` how many of its days lie inside the range, so that a week in progress is not read as a
    fall. Every group that occurs in `df` gets every period. Rows without a day are in none: see `undated`.

    >>> from datetime import date
    >>> cases = pl.DataFrame({"date_onset": [date(2015, 5, 20), date(2015, 5, 22)]})
    >>> incidence(cases, date="date_onset", until=date(2015, 5, 23))["n"].to_list()
    [1, 0, 1, 0]
    """
    check_columns(df, [date, *by, *([count] if count else [])])
    days = df[date].cast(pl.Date)
    first = since or earliest(days, until)
    periods = period_frame(first, until, every)
    inside = df.with_columns(days.alias("date")).filter(pl.col("date").is_between(first, until))
    inside = inside.with_columns(pl.col("date").dt.truncate(every))
    amount = pl.col(count).sum().cast(pl.Int64) if count else pl.len().cast(pl.Int64)
    counts = inside.group_by([*by, "date"]).agg(amount.alias("n"))
    grid = df.select(by).unique().join(periods, how="cross") if by else periods
    filled = grid.join(counts, on=[*by, "date"], how="left", nulls_equal=True)
    return filled.select(*by, "date", pl.col("n").fill_null(0), "n_days").sort([*by, "date"])


def undated(df: pl.DataFrame, *, date: str, by: Sequence[str] = ()) -> pl.DataFrame:
    """How many rows of each group have no day and therefore stand in no curve: `by…, n`."""
    check_columns(df, [date, *by])
    missing = df.filter(pl.col(date).is_null())
    if not by:
        return pl.DataFrame({"n": [missing.height]}, schema={"n": pl.Int64})
    return missing.group_by(by).agg(pl.len().cast(pl.Int64).alias("n")).sort(by)


def doubling_time(
    curve: pl.DataFrame,
    *,
    by: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    level: float = 0.95,
) -> pl.DataFrame:
    """Exponential growth rate per day and doubling time of each group, with intervals.

    In: a daily curve as `incidence` gives it (`by…, date, n`). The mean count is taken as exp(a + r·day), its
    variance as phi times the mean (quasi-Poisson regression, phi at least 1); r's interval is Student's t.
    Out, one row per group: `growth_per_day` r and its interval; `doubling_days` ln 2 / r, negative where the
    curve falls (then it is minus the halving time); its bounds are what the interval of r allows, and the
    slow one is infinite where that interval holds zero. `status` is `ok`, `few_cases` (fewer than three
    cases or two days with cases) or `short_history` (fewer than three days).

    >>> from datetime import date, timedelta
    >>> days = [date(2020, 1, 1) + timedelta(days=i) for i in range(6)]
    >>> curve = pl.DataFrame({"date": days, "n": [2, 4, 8, 16, 32, 64]})
    >>> round(doubling_time(curve)["doubling_days"][0], 6)
    1.0
    """
    check_columns(curve, ["date", "n", *by])
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, found {level}")
    span = curve.filter(
        pl.col("date").is_between(since or date.min, until or date.max) & pl.col("n").is_not_null()
    ).sort([*by, "date"])
    groups = span.partition_by(by, as_dict=True, maintain_order=True) if by else {(): span}
    rows = [(*key, *growth(group, level)) for key, group in groups.items() if group.height]
    keys = {name: curve.schema[name] for name in by}
    return pl.DataFrame(rows, schema={**keys, **DOUBLING_COLUMNS}, orient="row")


def growth(curve: pl.DataFrame, level: float) -> tuple[date | int | float | str | None, ...]:
    """One row of `doubling_time` without its group."""
    days, counts = curve["date"], curve["n"].to_numpy().astype(float)
    head = (days[0], days[-1], int(counts.sum()))
    if len(days) < 3:
        return (*head, *[None] * 6, "short_history")
    if counts.sum() < 3 or np.count_nonzero(counts) < 2:
        return (*head, *[None] * 6, "few_cases")
    age = (days - days[0]).dt.total_days().to_numpy().astype(float)
    rate, error = log_linear_rate(age, counts)
    margin = float(student.ppf(0.5 + level / 2, len(days) - 2)) * error
    low, high = rate - margin, rate + margin
    return (*head, rate, low, high, *doubling_days(rate, low, high), "ok")


def log_linear_rate(age: Floats, counts: Floats) -> tuple[float, float]:
    """Slope of log mean count on day and its standard error (quasi-Poisson, iterated least squares)."""
    design = np.column_stack([np.ones_like(age), age - age.mean()])
    mean: Floats = counts + 0.5
    slope: Floats = np.zeros(2)
    for _ in range(50):
        working = np.log(mean) + (counts - mean) / mean
        information = design.T @ (design * mean[:, None])
        new = np.linalg.solve(information, design.T @ (mean * working))
        mean = np.exp(np.maximum(np.minimum(design @ new, 30.0), -30.0))
        if np.abs(new - slope).max() < 1e-10:
            break
        slope = new
    phi = max(1.0, float(((counts - mean) ** 2 / mean).sum()) / (len(age) - 2))
    covariance = np.linalg.inv(design.T @ (design * mean[:, None])) * phi
    return float(new[1]), float(np.sqrt(covariance[1, 1]))


def doubling_days(rate: float, low: float, high: float) -> tuple[float, float, float]:
    """ln 2 / r with the bounds that the interval of r allows; infinite where standstill is not excluded."""
    if rate >= 0:
        return days_of(rate), days_of(high), days_of(low) if low > 0 else inf
    return days_of(rate), -inf if high >= 0 else days_of(high), days_of(low)


def days_of(rate: float) -> float:
    return log(2) / rate if rate else inf


def earliest(days: pl.Series, until: date) -> date:
    """The first day that occurs, or `until` itself where none does or all lie after it."""
    first = days.min()
    return min(first, until) if isinstance(first, date) else until


def period_frame(since: date, until: date, every: Every) -> pl.DataFrame:
    """First day of every period that touches the range, with the number of its days inside."""
    if every not in ("1d", "1w"):
        raise ValueError(f"every must be '1d' or '1w', found {every!r}")
    if until < since:
        raise ValueError(f"the range ends ({until}) before it begins ({since})")
    days = pl.date_range(since, until, timedelta(days=1), eager=True).dt.truncate(every).alias("date")
    return days.to_frame().group_by("date").agg(pl.len().cast(pl.Int64).alias("n_days")).sort("date")


def check_columns(df: pl.DataFrame, wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in df.columns]
    if missing:
        raise ValueError(f"the table has no column {', '.join(missing)}; it has {', '.join(df.columns)}")
