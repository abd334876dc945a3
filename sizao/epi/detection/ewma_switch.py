"""ESSENCE switch: daily regression on day of week and trend where it explains the baseline, else EWMA.

CDC NSSP ESSENCE: the 28 days before a guard of 2 are fitted by a straight line and a level per day of week;
where that explains at least 60 % of the variance (adjusted R squared) today's count is tested against it,
otherwise two exponentially weighted means (0.4 and 0.9) against the baseline mean. Student t tests; red
below 0.01, yellow below 0.05. Settings and formulas as in CDC's Rnssp and pynssp (Apache-2.0), with the
regression's smallest standard error as in Rnssp (0.01 / t quantile). Both packages let the EWMA baseline end
one day later than the guard says; here the guard is kept.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

from sizao.epi.detection.calendar import Day, InputError, Ints
from sizao.epi.detection.ewma_loop import smooth
from sizao.epi.detection.grid import Absent, Floats, Grid, Ranges, read_grid
from sizao.epi.detection.seasonal_mean import least_squares
from sizao.epi.detection.status import OK, SHORT_HISTORY
from sizao.epi.detection.verdicts import verdict_frame
from sizao.vocabulary.text import N_

FEWEST_DAYS = 11
#: Adjusted R squared from which the regression is used.
EXPLAINED = 0.6


def ewma_switch(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    baseline: int = 28,
    guard: int = 2,
    slow: float = 0.4,
    fast: float = 0.9,
    alpha: float | str = 0.01,
    holidays: Iterable[date] = (),
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Test the newest `last` days; `trend` says where the regression was used.

    `holidays` count as Sundays. `score` is the t statistic divided by its quantile, `upper` the count at
    which it reaches 1. In: `date`, `n`, the columns of `by`, optional `n_known`; daily. Out: keys, `date`,
    `n`, `verdicts.COLUMNS`. Assumes values around ten or more, or sparse ones without day-of-week effect.
    """
    if freq != "day":
        raise InputError(N_("The ESSENCE switch needs daily data, not “{freq}”.", freq=freq))
    if baseline < 14 or guard < 0:
        raise InputError(N_("The ESSENCE switch needs a baseline of 14 days or more and a guard of 0 or more."))
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    alphas = grid.per_series(alpha, "alpha")[:, None]
    by_ewma = ewma(grid, baseline, guard, slow, fast, alphas, asked)
    by_line, explained = regression(grid, baseline, guard, alphas, asked, sundays(grid, holidays))
    line = explained >= EXPLAINED
    expected, upper, score, p_value = (np.where(line, a, b) for a, b in zip(by_line, by_ewma, strict=True))
    known = ~np.isnan(expected)
    return verdict_frame(
        grid,
        asked,
        status=np.where(known, OK, SHORT_HISTORY).astype(np.int8),
        alarm=score > 1.0,
        expected=expected,
        upper=upper,
        p_value=p_value,
        score=score,
        trend=np.where(known, line, np.nan),
    )


Results = tuple[Floats, Floats, Floats, Floats]


def ewma(grid: Grid, baseline: int, guard: int, slow: float, fast: float, alphas: Floats, asked: Ints) -> Results:
    """Expected, upper, score and p-value of the two weighted means: the more significant one counts."""
    df = np.arange(baseline + 1, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        warning = np.round(stdtrit(np.maximum(df, 1.0), 0.975), 5)
        clip = np.round(stdtrit(np.maximum(df, 1.0), 0.99), 5)
    shape = (grid.n_series, grid.n_periods)
    expected, slow_t, fast_t, slow_upper, fast_upper, freedom = (np.full(shape, np.nan) for _ in range(6))
    quantiles = stdtrit(np.maximum(df, 1.0)[None, :], 1.0 - alphas)
    for weight, t, upper in ((slow, slow_t, slow_upper), (fast, fast_t, fast_upper)):
        smooth(
            grid.counts, grid.baseline(), grid.began, baseline, guard, FEWEST_DAYS, weight,
            warning, clip, quantiles, expected, t, upper, freedom,
        )  # fmt: skip
    t = np.fmax(slow_t, fast_t)[:, asked]
    n_df = freedom[:, asked]
    limit = stdtrit(np.where(np.isnan(n_df), 1.0, n_df), 1.0 - alphas)
    return (
        expected[:, asked],
        np.fmin(slow_upper, fast_upper)[:, asked],
        t / limit,
        1.0 - stdtr(n_df, t),
    )


def sundays(grid: Grid, holidays: Iterable[date]) -> Ints:
    """Day of week of every column, Monday 0 … Sunday 6; holidays are Sundays. Undated day 0 is a Monday."""
    days = grid.start + np.arange(grid.n_periods)
    weekday = (days + 3) % 7 if grid.calendar.dated else days % 7  # 1970-01-01 was a Thursday
    for holiday in holidays:
        column = grid.calendar.number(holiday) - grid.start
        if 0 <= column < grid.n_periods:
            weekday[column] = 6
    return weekday


def regression(
    grid: Grid, baseline: int, guard: int, alphas: Floats, asked: Ints, weekday: Ints
) -> tuple[Results, Floats]:
    """Expected, upper, score and p-value of the straight line with day-of-week levels; share explained."""
    shape = (grid.n_series, len(asked))
    expected, sigma, freedom, explained = (np.full(shape, np.nan) for _ in range(4))
    usable = grid.baseline()
    for position, column in enumerate(asked):
        end = int(column) - guard
        first = np.maximum(grid.began, end - baseline)
        columns = np.arange(max(end - baseline, 0), max(end, 0))
        inside = (columns[None, :] >= first[:, None]) & ~np.isnan(usable[:, columns])
        n = inside.sum(1)
        enough = n >= FEWEST_DAYS
        if not enough.any():
            continue
        answer = fit_line(usable[:, columns][enough], inside[enough], columns, weekday, int(column))
        for target, values in zip((expected, sigma, explained), answer, strict=True):
            target[enough, position] = values
        freedom[enough, position] = n[enough] - 8.0
    counts = grid.counts[:, asked]
    limit = stdtrit(np.where(np.isnan(freedom), 1.0, freedom), 1.0 - alphas)
    with np.errstate(invalid="ignore"):
        t = (counts - expected) / sigma
    return (expected, expected + limit * sigma, t / limit, 1.0 - stdtr(freedom, t)), explained


def fit_line(
    values: Floats, inside: np.ndarray, columns: Ints, weekday: Ints, tested: int
) -> tuple[Floats, Floats, Floats]:
    """Prediction of the tested column, its standard error, and adjusted R squared, per series."""
    weight = inside.astype(np.float64)
    y = np.where(inside, values, 0.0)
    x, ahead = (line_terms(c, weekday, tested) for c in (columns, np.array([tested])))
    beta = least_squares(x, weight, y)
    fitted = beta @ x.T
    n = weight.sum(1)
    mean = (y * weight).sum(1) / n
    residual = (weight * (y - fitted) ** 2).sum(1)
    total = (weight * (y - mean[:, None]) ** 2).sum(1)
    df = n - 8.0
    with np.errstate(invalid="ignore", divide="ignore"):
        r2 = 1.0 - (residual / total) * (n - 1.0) / df
        spread = np.sqrt(residual / df * (n + 7.0) * (n - 4.0) / (n * (n - 7.0)))
    least = 0.01 / np.round(stdtrit(df, 0.95), 5)
    return (
        np.maximum(beta @ ahead[0], 0.0),
        np.maximum(spread, least),
        np.where(total > 1e-12 * np.maximum(1.0, mean) ** 2, r2, 0.0),
    )


def line_terms(columns: Ints, weekday: Ints, origin: int) -> Floats:
    """Level, time, and an indicator of each day from Monday to Saturday."""
    days = [(weekday[columns] == day).astype(np.float64) for day in range(6)]
    return np.stack([np.ones(len(columns)), (columns - origin).astype(np.float64), *days], axis=1)
