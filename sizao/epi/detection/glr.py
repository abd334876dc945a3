"""Likelihood-ratio CUSUM against a seasonal mean: finds the start and size of a lasting rise by itself.

Hoehle and Paul (2008) Comput Stat Data Anal 52:4357-4368. The statistic of a week is the largest likelihood
ratio, over all weeks since the last alarm, of "the mean has been multiplied since then" against "it has
not"; it rings at `limit`, and the search restarts after an alarm. With `shift` the log factor is known (a
likelihood-ratio CUSUM). Statistics and alarms are those of `surveillance::glrnb`.

For overdispersed counts the reference searches the factor with plain Newton steps that can run away where
the mean is far below one, and then reports no evidence. The default does the same; `exact=True` finds the
maximum in every week.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import PER_YEAR, Day, Ints
from sizao.epi.detection.glr_loop import monitor
from sizao.epi.detection.grid import Absent, Flags, Floats, Ranges, read_grid
from sizao.epi.detection.monitoring import monitored_from, training_columns
from sizao.epi.detection.seasonal_mean import SeasonalMean, design, fit_seasonal_mean
from sizao.epi.detection.status import FEW_CASES, NOT_CONVERGED, OK, SHORT_HISTORY
from sizao.epi.detection.verdicts import Codes, verdict_frame


def glr(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    start: Day | None = None,
    limit: float = 5.0,
    alpha: float | Literal["estimate"] = 0.0,
    shift: float | None = None,
    harmonics: int = 1,
    trend: bool = True,
    report: Literal["cases", "value"] = "cases",
    exact: bool = False,
    min_training: int = 20,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Watch from `start` (default: the second half of the history) and report the newest `last` periods.

    The mean is fitted to the periods before `start`: harmonics of the year and a trend. `alpha` is 1 / size
    of a negative binomial: 0 for Poisson, a number, or "estimate". `upper` is the smallest count that would
    ring (`report="value"`: the statistic itself); `score` is the statistic divided by `limit` and rings at
    1. Series with fewer than `min_training` cases before `start` cannot be fitted and say `few_cases`. In:
    `date`, `n`, the columns of `by`, optional `n_known`. Out: keys, `date`, `n`, `verdicts.COLUMNS`.
    """
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked, first = grid.asked(last), monitored_from(grid, start)
    training = training_columns(grid, first)
    x = design(grid.n_periods, per_year=PER_YEAR[freq], harmonics=harmonics, trend=trend)
    fit = fit_seasonal_mean(
        grid.baseline(),
        x,
        training,
        overdispersed=alpha == "estimate",
        alpha=None if alpha == "estimate" else float(alpha),
    )
    cases = np.where(training, np.nan_to_num(grid.counts), 0.0).sum(1)
    status = watched_status(fit, cases, training, grid.began, x.shape[1], min_training)
    statistic, upper = (np.full_like(grid.counts, np.nan) for _ in range(2))
    monitor(
        grid.counts,
        np.where((status == OK).any(1)[:, None], fit.mean, np.nan),
        fit.alpha,
        first,
        limit,
        np.nan if shift is None else shift,
        int(asked[0]) if report == "cases" else grid.n_periods,
        exact,
        statistic,
        upper,
    )
    cut = (slice(None), asked)
    status = np.where((status == OK) & np.isnan(statistic), NOT_CONVERGED, status)
    return verdict_frame(
        grid,
        asked,
        status=status[cut].astype(np.int8),
        alarm=statistic[cut] >= limit,
        expected=np.where(np.isnan(statistic), np.nan, fit.mean)[cut],
        upper=(upper if report == "cases" else statistic)[cut],
        score=statistic[cut] / limit,
        phi=np.where(np.isnan(statistic), np.nan, 1.0 + fit.alpha[:, None] * fit.mean)[cut],
        trend=np.where(np.isnan(statistic), np.nan, float(trend))[cut],
    )


def watched_status(
    fit: SeasonalMean, cases: Floats, training: Flags, began: Ints, rank: int, min_training: int
) -> Codes:
    """What can be said of every series and column before any is tested."""
    status = np.full(training.shape, OK, dtype=np.int8)
    status[cases < min_training] = FEW_CASES
    status[~fit.fitted & (cases >= min_training)] = NOT_CONVERGED
    status[training.sum(1) - began <= rank] = SHORT_HISTORY
    status[training] = SHORT_HISTORY
    return status
