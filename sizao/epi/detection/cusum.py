"""CUSUM of transformed counts: small excesses add up, so slow rises ring that no single week shows.

Page (1954) Biometrika 41:100-115; Rossi et al. (1999) Stat Med 18:2111-2122. The sum of (transformed count
minus `k`), never below 0, rings at `h`. Sums, thresholds and alarms are those of `surveillance::cusum`: the
sum is **not** reset by an alarm, and `upper` is the count that would have lifted the sum to `h`, rounded up
for `transform="standard"` and never below 0, so it does not always tell the alarm; `score` does.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import PER_YEAR, Day, Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Absent, Floats, Ranges, read_grid
from sizao.epi.detection.monitoring import check_choice, monitored_from, training_columns
from sizao.epi.detection.seasonal_mean import design, fit_seasonal_mean
from sizao.epi.detection.status import NOT_CONVERGED, OK, SHORT_HISTORY
from sizao.epi.detection.verdicts import verdict_frame

Transform = Literal["standard", "rossi", "anscombe"]
TRANSFORMS: dict[str, int] = {"standard": 0, "rossi": 1, "anscombe": 2}


def cusum(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    start: Day | None = None,
    k: float = 1.04,
    h: float = 2.26,
    transform: Transform = "rossi",
    season: bool = False,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Sum up from `start` (default: the second half of the history) and report the newest `last` periods.

    The mean is that of the periods before `start`; with `season`, a yearly wave fitted to them. In: `date`,
    `n`, the columns of `by`, optional `n_known`. Out: keys, `date`, `n` and the columns of
    `verdicts.COLUMNS`; `score` is the sum divided by `h`. Assumes a constant level between outbreaks.
    """
    check_choice("transform", transform, TRANSFORMS)
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    first = monitored_from(grid, start)
    training = training_columns(grid, first)
    x = design(grid.n_periods, per_year=PER_YEAR[freq], harmonics=1 if season else 0, trend=False)
    fit = fit_seasonal_mean(grid.baseline(), x, training)
    upper, score = np.full_like(grid.counts, np.nan), np.full_like(grid.counts, np.nan)
    add_up(grid.counts, fit.mean, first, k, h, TRANSFORMS[transform], upper, score)
    asked = grid.asked(last)
    status = np.where(np.isnan(score) | ~fit.fitted[:, None], NOT_CONVERGED, OK)
    status[training] = SHORT_HISTORY
    status[(training & ~np.isnan(grid.counts)).sum(1) == 0] = SHORT_HISTORY
    cut = (slice(None), asked)
    expected = np.where(training, np.nan, fit.mean)
    return verdict_frame(
        grid,
        asked,
        status=status[cut].astype(np.int8),
        alarm=score[cut] >= 1.0,
        expected=expected[cut],
        upper=upper[cut],
        score=score[cut],
    )


@compiled
def add_up(
    counts: Floats, mean: Floats, first: Ints, k: float, h: float, transform: int, upper: Floats, score: Floats
) -> None:
    """The sums of every series from their column `first`; a missing report leaves the sum as it is."""
    for s in range(counts.shape[0]):
        total = 0.0
        for t in range(first[s], counts.shape[1]):
            y, m = counts[s, t], mean[s, t]
            if np.isnan(m) or m <= 0.0:
                continue
            upper[s, t] = count_reaching(h + k - total, m, transform)
            if not np.isnan(y):
                total = max(0.0, total + standardise(y, m, transform) - k)
            score[s, t] = total / h


@compiled
def standardise(y: float, m: float, transform: int) -> float:
    """The count on a scale where it has mean 0 and variance about 1."""
    if transform == 0:
        return (y - m) / math.sqrt(m)
    if transform == 1:
        return (y - 3.0 * m + 2.0 * math.sqrt(y * m)) / (2.0 * math.sqrt(m))
    return 1.5 * (math.pow(y, 2.0 / 3.0) - math.pow(m, 2.0 / 3.0)) / math.pow(m, 1.0 / 6.0)


@compiled
def count_reaching(needed: float, m: float, transform: int) -> float:
    """The count whose transform is `needed`."""
    if transform == 0:
        return max(math.ceil(m + needed * math.sqrt(m)), 0.0)
    if transform == 1:
        square = 4.0 * m + 2.0 * math.sqrt(m) * needed
        root = math.sqrt(square) - math.sqrt(m) if square >= 0.0 else 0.0
        return root * root
    root = math.pow(m, 2.0 / 3.0) + needed * math.pow(m, 1.0 / 6.0) / 1.5
    return math.pow(max(root, 0.0), 1.5)
