"""RKI: the mean of the same past weeks plus a fixed margin.

Up to a mean of 20 the threshold is the upper 95 % limit of a Poisson count (Crow and Gardner 1959,
Biometrika 46:441-453, at the whole part of the mean); above it, the mean plus two standard deviations.
Thresholds are those of `surveillance::rki`.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import Day
from sizao.epi.detection.grid import Absent, Floats, Ranges, read_grid
from sizao.epi.detection.same_season import samples
from sizao.epi.detection.sample_verdicts import blank, relative_excess
from sizao.epi.detection.status import OK
from sizao.epi.detection.verdicts import verdict_frame

#: Upper 95 % limits of Poisson counts 0 … 20 (Crow and Gardner 1959).
CROW_GARDNER = np.array([
    3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633,
    19.050, 20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
])  # fmt: skip


def rki(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    years: int = 2,
    half_window: int = 4,
    newest: int = 0,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Test the newest `last` periods against windows of `years` past years (and `newest` periods before).

    In: `date`, `n`, the columns of `by`, optional `n_known`. Out: keys, `date`, `n`, `verdicts.COLUMNS`.
    """
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    expected, upper, _, status = blank(grid, asked)
    for sample in samples(grid, asked, years=years, half_window=half_window, newest=newest):
        values = sample.values[sample.enough]
        here = (sample.enough, sample.position)
        expected[here] = np.nanmean(values, axis=1)
        upper[here] = margin(expected[here], np.nanstd(values, axis=1, ddof=1))
        status[here] = OK
    tested = grid.counts[:, asked]
    return verdict_frame(
        grid,
        asked,
        status=status,
        alarm=tested > upper,
        expected=expected,
        upper=upper,
        score=relative_excess(tested, expected, upper),
    )


def margin(mean: Floats, sd: Floats) -> Floats:
    """The threshold that belongs to a mean and standard deviation."""
    small = CROW_GARDNER[np.minimum(np.floor(mean), 20.0).astype(np.int64)]
    return np.where(mean <= 20.0, small, mean + 2.0 * sd)
