"""Periods: days, weeks and months as whole numbers, and back to dates.

A dated frame counts days and weeks from 1970-01-01 and months from January 1970. A frame whose `date` column
holds whole numbers is undated: its numbers are the periods themselves.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sizao.vocabulary.text import N_, Message

Freq = Literal["day", "week", "month"]
Day = date | int
Ints = NDArray[np.int64]
EPOCH = date(1970, 1, 1)
#: Periods in a year, for seasons of undated series.
PER_YEAR: dict[str, int] = {"day": 365, "week": 52, "month": 12}


class InputError(ValueError):
    """The frame or a setting cannot be read; `message` says what is wrong in the reader's language."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Calendar:
    """How the dates of one frame become period numbers."""

    freq: Freq
    dated: bool
    weekday: int = 0  # of weekly dates: days from 1970-01-01 modulo 7

    def number(self, day: Day) -> int:
        """The period that holds `day`."""
        if isinstance(day, int):
            return day
        if self.freq == "month":
            return (day.year - EPOCH.year) * 12 + day.month - 1
        days = (day - EPOCH).days
        return days if self.freq == "day" else (days - self.weekday) // 7

    def first_day(self, period: int) -> Day:
        """The first day of a period; the number itself when the frame is undated."""
        if not self.dated:
            return period
        if self.freq == "month":
            return date(EPOCH.year + period // 12, period % 12 + 1, 1)
        days = period if self.freq == "day" else period * 7 + self.weekday
        return date.fromordinal(EPOCH.toordinal() + days)

    def column(self, periods: Ints) -> pl.Series:
        """The `date` column of these periods."""
        if not self.dated:
            return pl.Series("date", periods)
        if self.freq == "month":
            return pl.Series("date", [self.first_day(int(p)) for p in periods], dtype=pl.Date)
        days = periods if self.freq == "day" else periods * 7 + self.weekday
        return pl.Series("date", days.astype(np.int32)).cast(pl.Date)


def read_calendar(dates: pl.Series, freq: str) -> Calendar:
    """The calendar of a `date` column; refuses dates that do not fit `freq`."""
    if freq not in get_args(Freq):
        raise InputError(N_("Frequency “{freq}” is not one of day, week, month.", freq=freq))
    if dates.dtype.is_integer():
        return Calendar(freq, dated=False)  # type: ignore[arg-type]
    if dates.dtype != pl.Date:
        raise InputError(
            N_("Column “date” must hold dates or whole numbers; it holds {found}.", found=str(dates.dtype))
        )
    if freq != "week":
        return Calendar(freq, dated=True)  # type: ignore[arg-type]
    weekdays = (dates.drop_nulls().to_physical() % 7).unique()
    if len(weekdays) > 1:
        raise InputError(
            N_(
                "Weekly series must all start on the same weekday; this frame has {count} different ones.",
                count=len(weekdays),
            )
        )
    return Calendar("week", dated=True, weekday=int(weekdays[0]) if len(weekdays) else 0)


def period_numbers(dates: pl.Series, calendar: Calendar) -> Ints:
    """The period number of each date."""
    if not calendar.dated:
        numbers = dates.cast(pl.Int64)
    elif calendar.freq == "month":
        numbers = (dates.dt.year().cast(pl.Int64) - EPOCH.year) * 12 + dates.dt.month().cast(pl.Int64) - 1
    else:
        days = dates.to_physical().cast(pl.Int64)
        numbers = days if calendar.freq == "day" else (days - calendar.weekday) // 7
    return numbers.to_numpy()
