"""A day's visits, asked by person or by place, or all of them: the same rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri

from sizao.epi.city import days
from sizao.epi.city.chance import ONE
from sizao.epi.city.margins import OLDEST
from sizao.epi.city.world import World

Ints = npt.NDArray[np.int64]
Columns = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32], Ints, Ints]

HOUR = 3_600
#: One row per visit: moments are UTC seconds since 1970; the same columns that a store of visits reads.
VISIT = pl.Schema({"person": pl.Int32, "place": pl.Int32, "room": pl.Int32, "start": pl.Int64, "end": pl.Int64})


@dataclass(frozen=True)
class Slot:
    """One outing of the day: which venues, whether the habit repeats weekly, hours (UTC seconds of the day), stay."""

    level: int
    weekly: bool
    opens: int
    closes: int
    #: Median stay in minutes and the spread of its logarithm.
    median_minutes: float
    spread: float
    #: Share of adults who go on a weekday and at the weekend.
    weekday: float
    weekend: float


# Assumed, in the order of a day in China (UTC+8, written in UTC): breakfast and market near home, shop near home,
# the evening near home, an errand in the area, transport or a large venue of the city.
DAY = (
    Slot(0, True, 0, 2 * HOUR, 20, 0.5, 0.55, 0.60),
    Slot(0, False, 2 * HOUR, 9 * HOUR, 15, 0.6, 0.45, 0.50),
    Slot(0, True, 9 * HOUR, 13 * HOUR, 40, 0.6, 0.40, 0.45),
    Slot(1, False, 1 * HOUR, 12 * HOUR, 35, 0.7, 0.30, 0.45),
    Slot(2, False, 0, 13 * HOUR, 30, 0.8, 0.25, 0.30),
)
#: How much less than adults the youngest and the oldest go out (assumed): ages to 5, 6 to 14, 65 to 79, 80 on.
LESS = ((0, 6, 0.6), (6, 15, 0.75), (65, 80, 0.8), (80, OLDEST + 1, 0.4))


@dataclass(frozen=True)
class Movement:
    """The days of a city. A seed and the day's slots decide every visit of every day."""

    world: World
    seed: int = 1
    slots: tuple[Slot, ...] = DAY

    @cached_property
    def rules(self) -> tuple[Ints, Ints, Ints]:
        """Slots, attendance thresholds (weekend, slot, age) and lengths of stay (slot, 256 quantiles) as numbers."""
        slots = np.array([(int(s.level), s.weekly, s.opens, s.closes) for s in self.slots], np.int64)
        share = np.ones(OLDEST + 1)
        for low, high, less in LESS:
            share[low:high] = less
        goes = np.array([[s.weekday for s in self.slots], [s.weekend for s in self.slots]])
        attends = np.round(goes[:, :, None] * share * ONE).astype(np.int64)
        z = ndtri((np.arange(256) + 0.5) / 256)
        stays = np.array([60 * s.median_minutes * np.exp(s.spread * z) for s in self.slots])
        return slots, attends, np.maximum(60, np.round(stays)).astype(np.int64)

    def visits_of(self, persons: npt.ArrayLike, day: int) -> pl.DataFrame:
        """Where these people were on a day (days since 1970), by person as asked and slot.

        >>> from sizao.epi.city import Movement, build, china_2020
        >>> Movement(build(china_2020([20_000]))).visits_of([17], 18_632).columns
        ['person', 'place', 'room', 'start', 'end']
        """
        asked = np.atleast_1d(np.asarray(persons, np.int64))
        if len(asked) and not 0 <= asked.min() <= asked.max() < self.world.n:
            raise ValueError(f"persons are numbered from 0 to {self.world.n - 1}")
        ranges = self.world.ranges
        out = _room_for(len(asked) * len(self.slots))
        n = days.visits_of(
            self.seed, asked, day, self.world.age, *self.rules, ranges.areas, ranges.first_community, ranges.first,
            ranges.size, ranges.venue, ranges.seat, out[0], out[1], out[2], out[3], out[4],
        )  # fmt: skip
        return _frame(out, n)

    def visitors_of(self, places: npt.ArrayLike, day: int) -> pl.DataFrame:
        """Who was at these places on a day, by place as asked, slot and seat."""
        asked = np.atleast_1d(np.asarray(places, np.int64))
        if len(asked) and not 0 <= asked.min() <= asked.max() < self.n_places:
            raise ValueError(f"places are numbered from 0 to {self.n_places - 1}")
        ranges = self.world.ranges
        out = _room_for(int(self.seats_of(asked).sum()) * len(self.slots) + 1)
        n = days.visitors_of(
            self.seed, asked, day, self.world.age, *self.rules, self.level_first, ranges.first, ranges.size,
            ranges.venue, ranges.seat, out[0], out[1], out[2], out[3], out[4],
        )  # fmt: skip
        return _frame(out, n)

    def day_log(self, day: int, *, at_once: int = 1_000_000) -> Iterator[pl.DataFrame]:
        """Everybody's visits of a day, as frames of up to `at_once` people."""
        for first in range(0, self.world.n, at_once):
            yield self.visits_of(np.arange(first, min(first + at_once, self.world.n)), day)

    @property
    def n_places(self) -> int:
        return int(self.world.ranges.venue[-1])

    @property
    def level_first(self) -> Ints:
        n, n_areas = self.world.ranges.n_communities, len(self.world.areas) - 1
        return np.array([0, n, n + n_areas, n + n_areas + 1], np.int64)

    def seats_of(self, places: Ints) -> Ints:
        """How many people each place has room for in one slot."""
        ranges = self.world.ranges
        r = np.searchsorted(ranges.venue, places, side="right") - 1
        seats: Ints = (ranges.seat[places + r + 1] - ranges.seat[places + r]).astype(np.int64)
        return seats


def _room_for(rows: int) -> Columns:
    small = (np.empty(rows, np.int32) for _ in range(3))
    person, place, room = small
    return person, place, room, np.empty(rows, np.int64), np.empty(rows, np.int64)


def _frame(out: Columns, n: int) -> pl.DataFrame:
    person, place, room, start, end = out
    columns = {"person": person[:n], "place": place[:n], "room": room[:n], "start": start[:n], "end": end[:n]}
    return pl.DataFrame(columns, schema=VISIT)
