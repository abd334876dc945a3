"""k in d days: so many cases in one place within so many days, whatever was usual before.

For rare or severe diseases, where a single case or a pair is already a signal, and for closed places
(a class, a ward, a dormitory): China's school and clinic rules are of this kind.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.grid import Absent, Ranges, read_grid
from sizao.epi.detection.status import MISSING, OK
from sizao.epi.detection.verdicts import verdict_frame
from sizao.vocabulary.text import N_


def k_in_days(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    k: int | str = 3,
    periods: int = 7,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Ring when the newest `periods` periods hold `k` cases or more and the newest has at least one.

    `k` may name a column with one number per series. `upper` is the highest count of the newest period that
    does not ring. Needs no history. In: `date`, `n`, the columns of `by`, optional `n_known` (not counted).
    Out: keys, `date`, `n`, `verdicts.COLUMNS`.
    """
    if periods < 1:
        raise InputError(N_("The rule needs at least 1 period, not {periods}.", periods=periods))
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    needed = grid.per_series(k, "k")[:, None]
    new = np.nan_to_num(grid.counts - grid.known if grid.known is not None else grid.counts)
    running = np.concatenate([np.zeros((grid.n_series, periods)), np.cumsum(new, axis=1)], axis=1)
    total = (running[:, periods:] - running[:, :-periods])[:, asked]
    tested = new[:, asked]
    upper = np.maximum(needed - (total - tested) - 1.0, 0.0)
    reported = ~np.isnan(grid.counts[:, asked])
    return verdict_frame(
        grid,
        asked,
        status=np.where(reported, OK, MISSING).astype(np.int8),
        alarm=(total >= needed) & (tested > 0.0),
        upper=upper,
        score=np.where(tested > 0.0, total + 1.0, 0.0) / needed,
    )
