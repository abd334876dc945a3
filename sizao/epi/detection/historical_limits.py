"""Historical limits: the newest weeks together against the same weeks of past years, for rare diseases.

Stroup et al. (1989) Stat Med 8:323-329 (the bars of CDC's Figure 1): the cases of the newest `span` periods
are compared with the mean and standard deviation of the spans before, at and after the same time in each of
`years` past years. For monthly series use `span=1`.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.farrington_weeks import anniversaries
from sizao.epi.detection.grid import Absent, Floats, Grid, Ranges, read_grid
from sizao.epi.detection.sample_verdicts import blank, relative_excess
from sizao.epi.detection.status import OK
from sizao.epi.detection.verdicts import verdict_frame
from sizao.vocabulary.text import N_

#: Newest periods added up, by frequency.
SPAN = {"day": 28, "week": 4, "month": 1}


def historical_limits(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    years: int = 5,
    span: int | None = None,
    z: float = 2.0,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Test the newest `span` periods together, on each of the newest `last` dates.

    `expected` and `upper` are for the newest period: the limit of the span less the cases of its older
    periods, so that `n > upper` rings. In: `date`, `n`, the columns of `by`, optional `n_known`. Out: keys,
    `date`, `n`, `verdicts.COLUMNS`. Assumes no trend over the years.
    """
    if years < 2:
        raise InputError(N_("Years of baseline must be at least 2, not {years}.", years=years))
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    width = SPAN[freq] if span is None else span
    totals = span_totals(grid.baseline(), width)
    expected, upper, _, status = blank(grid, asked)
    tested = grid.counts[:, asked]
    for position, column in enumerate(asked):
        ends = span_ends(grid, int(column), years, width)
        older = np.nansum(grid.counts[:, max(column - width + 1, 0) : column], axis=1)
        if ends.min() - width + 1 < 0:
            continue
        values = totals[:, ends]
        enough = (ends.min() - width + 1 >= grid.began) & ((~np.isnan(values)).sum(1) >= 3)
        here = (enough, position)
        mean, sd = np.nanmean(values[enough], axis=1), np.nanstd(values[enough], axis=1, ddof=1)
        expected[here] = mean - older[enough]
        upper[here] = mean + z * sd - older[enough]
        status[here] = OK
    alarm = (tested > upper) & (tested > 0.0)
    score = relative_excess(tested, expected, upper)
    return verdict_frame(
        grid,
        asked,
        status=status,
        alarm=alarm,
        expected=expected,
        upper=upper,
        score=np.where(alarm, score, np.minimum(score, 1.0)),
    )


def span_totals(counts: Floats, width: int) -> Floats:
    """Cases of the `width` periods that end with each column; missing where one was not reported."""
    running = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(np.nan_to_num(counts), axis=1)], axis=1)
    gaps = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(np.isnan(counts), axis=1)], axis=1)
    totals = np.full_like(counts, np.nan)
    totals[:, width - 1 :] = running[:, width:] - running[:, :-width]
    totals[:, width - 1 :][gaps[:, width:] - gaps[:, :-width] > 0] = np.nan
    return totals


def span_ends(grid: Grid, column: int, years: int, width: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Last columns of the spans before, at and after the same time in past years."""
    centres = anniversaries(grid.start + column, grid.calendar, years)[:-1]
    return np.array([centre - grid.start + step for centre in centres for step in (-width, 0, width)])
