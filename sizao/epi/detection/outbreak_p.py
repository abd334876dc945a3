"""OutbreakP: how much better a rise fits than a level, without any parameter (start of a seasonal epidemic).

Frisen, Andersson and Schioler (2009) Stat Med 28:1937-1949. The likelihood ratio of the best never-falling
means against one constant mean, over the whole history up to each period; rings at `limit`.

`surveillance::outbreakP` multiplies the ratios one by one, which ends at 0 or "not a number" for large
counts. The default gives its answers, those failures included (status `unstable`); `exact=True` adds
logarithms and has none.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import Day, Ints
from sizao.epi.detection.compiled import compiled, compiled_in_order
from sizao.epi.detection.grid import Absent, Floats, Ranges, read_grid
from sizao.epi.detection.status import OK, SHORT_HISTORY, UNSTABLE
from sizao.epi.detection.verdicts import verdict_frame


def outbreak_p(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    limit: float = 100.0,
    exact: bool = False,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Test the newest `last` periods, each against the whole history before it.

    `upper` is the statistic (with `exact`, its logarithm is exact and the statistic at most 1e300) and
    `score` its logarithm divided by that of `limit`. In: `date`, `n`, the columns of `by`, optional
    `n_known`. Out: keys, `date`, `n`, `verdicts.COLUMNS`. Start the history (`since`) in the quiet season.
    """
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    product, log_ratio = (np.full((grid.n_series, len(asked)), np.nan) for _ in range(2))
    compare(grid.baseline(), asked, product, log_ratio)
    with np.errstate(divide="ignore"):
        logs = log_ratio if exact else np.log(product)
    statistic = np.exp(np.minimum(log_ratio, np.log(1e300))) if exact else product
    status = np.where(np.isnan(statistic) | (statistic == 0.0), UNSTABLE, OK)
    status = np.where(np.isnan(log_ratio), SHORT_HISTORY, status)
    return verdict_frame(
        grid,
        asked,
        status=status.astype(np.int8),
        alarm=statistic >= limit,
        upper=statistic,
        score=np.where(np.isfinite(logs), logs, np.nan) / np.log(limit),
    )


@compiled
def compare(counts: Floats, asked: Ints, product: Floats, log_ratio: Floats) -> None:
    """The ratio up to every asked column, as a product and as a sum of logarithms."""
    length = counts.shape[1]
    y, level, size = np.empty(length), np.empty(length), np.empty(length, dtype=np.int64)
    for s in range(counts.shape[0]):
        n, blocks, total, position = 0, 0, 0.0, 0
        for t in range(length):
            if not np.isnan(counts[s, t]):
                y[n] = counts[s, t]
                total += y[n]
                blocks = pool_rising(y[n], level, size, blocks)
                n += 1
            while position < len(asked) and asked[position] < t:
                position += 1
            if position < len(asked) and asked[position] == t and n > 0:
                product[s, position], log_ratio[s, position] = ratios(y, level, size, blocks, total / n)


@compiled
def pool_rising(value: float, level: Floats, size: Ints, blocks: int) -> int:
    """Add a value to never-falling means: blocks that would fall are pooled. Returns the number of blocks."""
    level[blocks], size[blocks] = value, 1
    while blocks > 0 and level[blocks - 1] >= level[blocks]:
        both = size[blocks - 1] + size[blocks]
        level[blocks - 1] = (level[blocks - 1] * size[blocks - 1] + level[blocks] * size[blocks]) / both
        size[blocks - 1] = both
        blocks -= 1
    return blocks + 1


@compiled_in_order
def ratios(y: Floats, level: Floats, size: Ints, blocks: int, mean: float) -> tuple[float, float]:
    """The likelihood ratio multiplied out, and its logarithm."""
    product, log_ratio, i = 1.0, 0.0, 0
    for block in range(blocks):
        factor = level[block] / mean if mean > 0.0 else 1.0
        for _ in range(size[block]):
            product *= np.power(factor, y[i])
            if y[i] > 0.0:
                log_ratio += y[i] * np.log(factor)
            i += 1
    return product, log_ratio
