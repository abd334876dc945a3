"""An epidemic day by day, at the cost of the infected only."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.epi.city import course, meeting
from sizao.epi.city.chance import IMPORTS, ONE
from sizao.epi.city.course import Course
from sizao.epi.city.diseases import Disease
from sizao.epi.city.margins import OLDEST
from sizao.epi.city.movement import Movement
from sizao.epi.city.shuffle import key_of, shuffled

Ints = npt.NDArray[np.int64]

#: One row per infection, in the order of day and person; `source` is the row of the infector (missing: imported).
INFECTION = pl.Schema(
    {
        "person": pl.Int32,
        "source": pl.Int32,
        "layer": pl.String,
        "day": pl.Int32,
        "infectious_from": pl.Int32,
        "infectious_to": pl.Int32,
        "day_onset": pl.Int32,
        "severity": pl.String,
        "outcome": pl.String,
        "episode": pl.Int32,
    }
)
_KEPT = {
    "person": np.int32, "source": np.int32, "layer": np.uint8, "day": np.int32, "infectious_from": np.int32,
    "onset": np.int32, "ends": np.int32, "immune_to": np.int32, "severity": np.uint8, "died": np.uint8,
    "factor": np.float64, "episode": np.int32,
}  # fmt: skip
IMPORTED = len(meeting.LAYERS)


@dataclass(frozen=True)
class Import:
    """People who arrive infected on a day (counted from 0); which ones is up to chance."""

    day: int
    n: int


@dataclass(frozen=True)
class Vaccination:
    """A share of the people aged `low` to `high` vaccinated, and the share of those who cannot be infected."""

    coverage: float
    effect: float
    low: int = 0
    high: int = OLDEST


@dataclass
class Table:
    """Infections so far; grows when it is full."""

    columns: dict[str, npt.NDArray[Any]]
    n: int = 0

    def add(self, **values: npt.ArrayLike) -> slice:
        more = len(np.asarray(values["person"]))
        while self.n + more > len(self.columns["person"]):
            self.columns = {name: np.concatenate([each, np.empty_like(each)]) for name, each in self.columns.items()}
        rows = slice(self.n, self.n + more)
        for name, value in values.items():
            self.columns[name][rows] = value
        self.n += more
        return rows


@dataclass(frozen=True)
class Epidemic:
    """All infections of a run."""

    infections: pl.DataFrame
    days: int

    def per_day(self) -> pl.DataFrame:
        """New infections (`n`) of every day, in order."""
        counted = self.infections.group_by("day").agg(n=pl.len())
        every = pl.DataFrame({"day": np.arange(self.days, dtype=np.int32)})
        return every.join(counted, on="day", how="left").sort("day").with_columns(pl.col("n").fill_null(0))

    def offspring(self) -> pl.Series:
        """How many each infection infected, in the order of the rows."""
        sources = self.infections["source"].drop_nulls().to_numpy()
        return pl.Series("n", np.bincount(sources, minlength=len(self.infections)))

    @property
    def fingerprint(self) -> str:
        """The same for two runs exactly when every infection is the same."""
        digest = hashlib.sha256()
        for name in ("person", "source", "day", "infectious_from", "infectious_to", "day_onset", "episode"):
            digest.update(self.infections[name].fill_null(-1).to_numpy().tobytes())
        for name in ("layer", "severity", "outcome"):
            digest.update("\n".join(self.infections[name].to_list()).encode())
        return digest.hexdigest()


def spread(
    movement: Movement,
    disease: Disease,
    *,
    imports: Sequence[Import],
    days: int,
    seed: int,
    first_day: int = 18_632,
    vaccinations: Sequence[Vaccination] = (),
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Epidemic:
    """Let a disease spread for some days from the people imported; no measures are taken.

    `first_day` (days since 1970) decides weekdays and the days' visits. `progress(day, infections)` is called after
    every day. The same arguments give the same infections, whatever `threads` is.

    >>> from sizao.epi.city import DISEASES, Import, Movement, build, china_2020, spread
    >>> city = Movement(build(china_2020([20_000])))
    >>> spread(city, DISEASES["measles"], imports=[Import(0, 3)], days=5, seed=1).infections["person"].len()
    3
    """
    if days < 1 or any(each.n < 1 or not 0 <= each.day < days for each in imports):
        raise ValueError(f"imports must be of one or more people on a day from 0 to {days - 1}")
    if sum(each.n for each in imports) > movement.world.n:
        raise ValueError("more people are imported than live in the city")
    run = _Run(movement, Course(disease), seed, first_day, _protection(vaccinations), threads)
    arriving = 0
    for day in range(days):
        run.infect(day)
        for each in imports:
            if each.day == day:
                run.arrive(day, arriving, each.n)
                arriving += each.n
        run.settle(day)
        if progress:
            progress(day, run.table.n)
    return Epidemic(run.frame(), days)


def _protection(vaccinations: Sequence[Vaccination]) -> Ints:
    thresholds = np.zeros(OLDEST + 1)
    for each in vaccinations:
        if not 0 <= each.coverage <= 1 or not 0 <= each.effect <= 1:
            raise ValueError("coverage and effect of a vaccination are shares from 0 to 1")
        thresholds[each.low : each.high + 1] = each.coverage * each.effect
    return np.round(thresholds * ONE).astype(np.int64)


class _Run:
    """What changes while an epidemic runs."""

    def __init__(
        self, movement: Movement, disease: Course, seed: int, first_day: int, vaccinated: Ints, threads: int
    ) -> None:
        self.movement, self.course, self.seed, self.first_day = movement, disease, seed, first_day
        self.vaccinated, self.threads, self.hazards = vaccinated, threads, disease.hazards(movement)
        self.table = Table({name: np.zeros(1_024, kind) for name, kind in _KEPT.items()})
        # Zeroed by the system when touched, so that a healthy person costs nothing.
        self.last = np.zeros(movement.world.n, np.int32)
        self.active: Ints = np.zeros(0, np.int64)
        self.begun = 0

    def infect(self, day: int) -> None:
        """Everybody who is infected on this day by those infectious; of several sources the smallest word's."""
        parts = [part for part in np.array_split(self.active, self.threads) if len(part)]
        if len(parts) > 1:
            with ThreadPoolExecutor(len(parts)) as pool:
                found = list(pool.map(lambda part: self.would_infect(day, part), parts))
        else:
            found = [self.would_infect(day, part) for part in parts]
        if not found or not sum(map(len, found)):
            return
        rows = np.concatenate(found)
        rows = rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))]
        rows = rows[np.concatenate([[True], rows[1:, 0] != rows[:-1, 0]])]
        self.add(day, rows[:, 0], rows[:, 2], rows[:, 3])

    def would_infect(self, day: int, active: Ints) -> Ints:
        world, ranges, kept, at = self.movement.world, self.movement.world.ranges, self.table.columns, self.course
        slots, attends, _ = self.movement.rules
        home_share, room = round(at.disease.stay_home.value * ONE), max(1_024, 4 * len(active))
        while True:
            out = np.empty((room, 4), np.int64)
            # Days of the run and days since 1970 differ by the first day.
            shift = np.int32(self.first_day)
            n = meeting.would_infect(
                self.seed, self.movement.seed, day + int(shift), active, kept["person"],
                kept["infectious_from"], kept["onset"], kept["episode"], kept["factor"],
                at.profile, at.waters, self.hazards, home_share, self.vaccinated, self.last, kept["immune_to"],
                world.age, world.household_of, world.household_start, world.group_of, world.group_start,
                world.members, world.group_place, world.place_kind, slots, attends, ranges.areas,
                ranges.first_community, ranges.first, ranges.size, ranges.venue, ranges.seat, out,
            )  # fmt: skip
            if n <= room:
                return out[:n]
            room = n

    def arrive(self, day: int, already: int, n: int) -> None:
        """Imported infections: people chosen by a shuffle, passing over those who are infected today already."""
        key = key_of(self.seed, IMPORTS, 0, 0, 0)
        chosen = np.array([shuffled(already + k, self.movement.world.n, *key) for k in range(n)], np.int64)
        today = self.table.columns["person"][self.begun : self.table.n]
        chosen = np.sort(chosen[~np.isin(chosen, today)])
        self.add(day, chosen, np.full(len(chosen), -1), np.full(len(chosen), IMPORTED))

    def add(self, day: int, person: Ints, source: Ints, layer: Ints) -> None:
        before = self.last[person]
        episode = np.where(before > 0, self.table.columns["episode"][before - 1] + 1, 0)
        self.table.add(person=person, source=source, layer=layer, day=day, episode=episode)

    def settle(self, day: int) -> None:
        """Draw the course of today's infections, and let go of those that are over."""
        begin, end, kept, at = self.begun, self.table.n, self.table.columns, self.course
        absolute = day + self.first_day
        course.run_course(
            self.seed, absolute, begin, end, kept["person"], kept["episode"], self.movement.world.age, at.latent,
            at.incubation, at.factor, at.shares, max(len(at.profile), len(at.waters)),
            int(at.disease.immune.value), kept["infectious_from"], kept["onset"], kept["ends"], kept["immune_to"],
            kept["severity"], kept["died"], kept["factor"],
        )  # fmt: skip
        self.last[kept["person"][begin:end]] = np.arange(begin + 1, end + 1)
        self.begun = end
        active = np.concatenate([self.active, np.arange(begin, end)])
        self.active = active[kept["ends"][active] > absolute]

    def frame(self) -> pl.DataFrame:
        """The infections as people read them; days are counted from the first."""
        kept = {name: each[: self.table.n] for name, each in self.table.columns.items()}
        layers, lasting = np.array([*meeting.LAYERS, "imported"]), len(self.course.profile)
        onset, source = pl.Series(kept["onset"]), pl.Series(kept["source"])
        since = kept["infectious_from"] - np.int32(self.first_day)
        columns = {
            "person": kept["person"],
            "source": source.set(source < 0, None),
            "layer": layers[kept["layer"]],
            "day": kept["day"],
            "infectious_from": since,
            "infectious_to": since + np.int32(lasting),
            "day_onset": onset.set(onset < 0, None) - self.first_day,
            "severity": np.array(course.SEVERITIES)[kept["severity"]],
            "outcome": np.array(course.OUTCOMES)[kept["died"]],
            "episode": kept["episode"],
        }
        return pl.DataFrame({name: pl.Series(name, columns[name]).cast(kind) for name, kind in INFECTION.items()})
