"""Bayes: the predictive quantile of a Poisson mean learnt from the newest and the same past weeks.

Riebler (2004); Hoehle (2007) Comput Stat 22:571-582. With a Jeffreys prior the next count is negative
binomial with size (sum of the sample + 1/2) and probability n / (n + 1). Thresholds are those of
`surveillance::bayes`, which counts years in fixed numbers of periods.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.special import ndtri

from sizao.epi.detection.calendar import Day
from sizao.epi.detection.count_tails import judge_counts
from sizao.epi.detection.grid import Absent, Ranges, read_grid
from sizao.epi.detection.same_season import samples
from sizao.epi.detection.sample_verdicts import blank, relative_excess
from sizao.epi.detection.status import OK
from sizao.epi.detection.verdicts import verdict_frame


def bayes(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    years: int = 0,
    half_window: int = 6,
    newest: int | None = None,
    alpha: float | str = 0.05,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Test the newest `last` periods against `newest` periods before and windows of `years` past years.

    `newest` defaults to `half_window` (0 leaves this year out). In: `date`, `n`, the columns of `by`,
    optional `n_known`. Out: keys, `date`, `n`, `verdicts.COLUMNS`. Assumes Poisson counts of one level.
    """
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    alphas = grid.per_series(alpha, "alpha")
    expected, upper, p_value, status = blank(grid, asked)
    before = half_window if newest is None else newest
    for sample in samples(grid, asked, years=years, half_window=half_window, newest=before):
        n = (~np.isnan(sample.values)).sum(1)[sample.enough]
        total = np.nansum(sample.values, axis=1)[sample.enough]
        here = (sample.enough, sample.position)
        mean, level = (total + 0.5) / n, alphas[sample.enough]
        quantile, tail = np.empty_like(mean), np.empty_like(mean)
        counts = grid.counts[sample.enough, asked[sample.position]]
        judge_counts(counts, mean, 1.0 + 1.0 / n, level, -ndtri(level), quantile, tail)
        expected[here], upper[here], p_value[here] = mean, quantile, tail
        status[here] = OK
    tested = grid.counts[:, asked]
    return verdict_frame(
        grid,
        asked,
        status=status,
        alarm=tested > upper,
        expected=expected,
        upper=upper,
        p_value=p_value,
        score=relative_excess(tested, expected, upper),
    )
