"""Reference weeks of Farrington Flexible: which past periods one period is compared with, in which season.

Around each anniversary of the tested period lie `2 * half_window + 1` periods of the same season, the last
of the `seasons`; the gap between two such windows is cut into the other `seasons - 1` parts, the longer
parts first. The newest `guard + 1` periods are left out, because they may hold an outbreak that has begun.
With one season only the windows are used (the rule of 1996).
"""

import itertools
from dataclasses import dataclass
from datetime import date

import numpy as np

from sizao.epi.detection.calendar import PER_YEAR, Calendar, Ints


@dataclass(frozen=True)
class ReferenceWeeks:
    """Columns of the grid that one tested column is compared with, ordered by season."""

    tested: int
    columns: Ints
    season_ends: Ints  # columns[season_ends[c]:season_ends[c + 1]] are season c; the last is the tested one
    first: int  # the earliest column the rule asks for


def reference_weeks(
    *, tested: int, start: int, calendar: Calendar, years: int, half_window: int, seasons: int, guard: int
) -> ReferenceWeeks:
    """The reference weeks of column `tested` in a grid whose column 0 is period `start`."""
    centres = [a - start for a in anniversaries(start + tested, calendar, years)]
    newest = tested - guard - 1
    parts: list[list[int]] = [[] for _ in range(seasons)]
    for centre, following in itertools.pairwise(centres):
        parts[-1].extend(range(centre - half_window, centre + half_window + 1))
        gap = range(centre + half_window + 1, following - half_window)
        for season, part in enumerate(cut(gap, seasons - 1)):
            parts[season].extend(part)
    kept = [[column for column in part if column <= newest] for part in parts]
    return ReferenceWeeks(
        tested=tested,
        columns=np.array([column for part in kept for column in part], dtype=np.int64),
        season_ends=np.cumsum([0, *(len(part) for part in kept)], dtype=np.int64),
        first=centres[0] - half_window,
    )


def cut(gap: range, parts: int) -> list[range]:
    """`gap` in `parts` pieces of nearly equal length, the longer ones first."""
    if parts < 1:
        return []
    length, longer = divmod(len(gap), parts)
    ends = np.cumsum([0, *(length + (part < longer) for part in range(parts))])
    return [gap[ends[part] : ends[part + 1]] for part in range(parts)]


def anniversaries(period: int, calendar: Calendar, years: int) -> list[int]:
    """The same time of year `years` … 1, 0 years before `period`, oldest first."""
    if not calendar.dated:
        return [period - back * PER_YEAR[calendar.freq] for back in range(years, -1, -1)]
    day = calendar.first_day(period)
    assert isinstance(day, date)
    return [nearest(years_before(day, back), calendar) for back in range(years, -1, -1)]


def years_before(day: date, back: int) -> date:
    """The same day `back` years earlier; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year - back)
    except ValueError:
        return date(day.year - back, 3, 1)


def nearest(day: date, calendar: Calendar) -> int:
    """The period that begins nearest to `day`: for weeks the nearest same weekday, at most 3 days away."""
    if calendar.freq != "week":
        return calendar.number(day)
    return calendar.number(date.fromordinal(day.toordinal() + 3))
