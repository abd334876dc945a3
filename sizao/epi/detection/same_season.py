"""Samples of the same season: the periods around each anniversary, and the newest ones before the tested."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sizao.epi.detection.calendar import PER_YEAR, Calendar, Ints
from sizao.epi.detection.farrington_weeks import anniversaries
from sizao.epi.detection.grid import Flags, Floats, Grid


@dataclass(frozen=True)
class Sample:
    """The values one tested column is compared with (series by value, NaN where not reported)."""

    position: int  # of the tested column among those asked
    values: Floats
    enough: Flags  # series whose history covers the sample and that reported at least half of it


def past_columns(
    column: int, start: int, calendar: Calendar, *, years: int, half_window: int, newest: int, by_date: bool
) -> Ints:
    """The `newest` columns before `column`, and `half_window` to either side of each anniversary."""
    period = start + column
    if by_date:
        centres = anniversaries(period, calendar, years)[:-1]
    else:
        centres = [period - back * PER_YEAR[calendar.freq] for back in range(years, 0, -1)]
    around = [centre - start + step for centre in centres for step in range(-half_window, half_window + 1)]
    return np.array([*around, *range(column - newest, column)], dtype=np.int64)


def samples(
    grid: Grid, asked: Ints, *, years: int, half_window: int, newest: int = 0, by_date: bool = False
) -> Iterator[Sample]:
    """The sample of every asked column."""
    baseline = grid.baseline()
    for position, column in enumerate(asked):
        columns = past_columns(
            int(column),
            grid.start,
            grid.calendar,
            years=years,
            half_window=half_window,
            newest=newest,
            by_date=by_date,
        )
        if not len(columns) or columns.min() < 0:
            nothing = np.full((grid.n_series, 1), np.nan)
            yield Sample(position, nothing, np.zeros(grid.n_series, dtype=bool))
            continue
        values = baseline[:, columns]
        reported = (~np.isnan(values)).sum(1)
        yield Sample(position, values, (columns.min() >= grid.began) & (2 * reported >= len(columns)))
