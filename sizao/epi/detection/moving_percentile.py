"""Moving percentile, as China's automated alert system (CIDARS): above a percentile of the same past weeks.

Yang et al. (2011) PLoS ONE 6(3):e17948: the same period and `half_window` to either side in each of the
last `years` years. Offered for comparison: it adapts to season but not to trend or size, and rings often
(533,829 signals in two years, of which 1.24 % were suspected outbreaks, same source).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.grid import Absent, Ranges, read_grid
from sizao.epi.detection.same_season import samples
from sizao.epi.detection.sample_verdicts import blank, relative_excess
from sizao.epi.detection.status import OK
from sizao.epi.detection.verdicts import verdict_frame
from sizao.vocabulary.text import N_


def moving_percentile(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    percentile: float = 80.0,
    years: int = 5,
    half_window: int = 2,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Test the newest `last` periods against a percentile of the same season in `years` past years.

    `upper` is the percentile (linear between order statistics), `expected` the median, `p_value` the share
    of the sample at least as high. In: `date`, `n`, the columns of `by`, optional `n_known`. Out: keys,
    `date`, `n`, `verdicts.COLUMNS`.
    """
    if not 0.0 < percentile < 100.0:
        raise InputError(N_("The percentile must lie between 0 and 100, not {value}.", value=percentile))
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    expected, upper, p_value, status = blank(grid, asked)
    for sample in samples(grid, asked, years=years, half_window=half_window, by_date=True):
        values = sample.values[sample.enough]
        here = (sample.enough, sample.position)
        if not values.size:
            continue
        expected[here], upper[here] = np.nanpercentile(values, [50.0, percentile], axis=1)
        counts = grid.counts[sample.enough, asked[sample.position]]
        p_value[here] = (values >= counts[:, None]).sum(1) / (~np.isnan(values)).sum(1)
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
