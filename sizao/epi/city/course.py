"""The course of an infection, and how strongly each layer of a city transmits a disease."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import gammaincinv, ndtri

from sizao.epi.city import meeting
from sizao.epi.city.chance import COURSE, INFECTIOUSNESS, ONE, draw
from sizao.epi.city.diseases import Disease
from sizao.epi.city.movement import Movement
from sizao.epi.compiled import compiled_in_order

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

#: Distributions are tables of this many quantiles: a random word's first ten bits choose one.
QUANTILES = 1_024
SHIFT = 22
#: Severity and outcome, in the numbers that the tables hold.
SEVERITIES = ("none", "mild", "severe")
OUTCOMES = ("recovered", "died")
#: People and days (a Tuesday and a Saturday) on which a city's contacts are counted.
SAMPLED, SAMPLED_DAYS = 2_000, ((18_632, 5 / 7), (18_636, 2 / 7))


@dataclass(frozen=True)
class Course:
    """A disease as numbers that compiled code reads."""

    disease: Disease

    @cached_property
    def latent(self) -> Ints:
        return self._days(self.disease.latent.value)

    @cached_property
    def incubation(self) -> Ints:
        return self._days(self.disease.incubation.value)

    def _days(self, median: float) -> Ints:
        z = ndtri((np.arange(QUANTILES) + 0.5) / QUANTILES)
        days: Ints = np.maximum(1, np.round(median * np.exp(self.disease.spread.value * z))).astype(np.int64)
        return days

    @cached_property
    def factor(self) -> Floats:
        """Individual infectiousness: gamma with mean 1 and shape k (Lloyd-Smith 2005)."""
        k = self.disease.dispersion.value
        drawn: Floats = gammaincinv(k, (np.arange(QUANTILES) + 0.5) / QUANTILES) / k
        drawn /= drawn.mean()
        return drawn

    @cached_property
    def profile(self) -> Floats:
        """Share of infectiousness on each day since becoming infectious: up to the peak, then down."""
        days, peak = int(self.disease.infectious.value), self.disease.peak.value
        t = np.arange(days)
        weight: Floats = np.minimum((t + 1) / (peak + 1), (days - t) / (days - peak)).astype(np.float64)
        weight /= weight.sum()
        return weight

    @cached_property
    def waters(self) -> Floats:
        """The same for water and surfaces, which stay dangerous for some days after; zero where there are none."""
        lasting = int(self.disease.environment_days.value)
        if not lasting or not self.disease.environment.value:
            return np.zeros(0)
        return np.convolve(self.profile, np.full(lasting, 1 / lasting))

    @cached_property
    def shares(self) -> Ints:
        """Thresholds: symptomatic; severe under 15, to 64, from 65; fatal."""
        d = self.disease
        values = (d.symptomatic, d.severe_children, d.severe_adults, d.severe_elders, d.fatal)
        return np.array([round(each.value * ONE) for each in values], np.int64)

    def hazards(self, movement: Movement) -> Floats:
        """Total hazard of each layer for one contact over the whole infection, so that the household attack rate and
        R0 of the disease are met in a city without immunity where nobody stays at home.

        R0 counts what one case alone would infect: mates once, people met in passing anew every day. Where households
        alone give more than R0, a twentieth of it is spread outside (assumed).
        """
        disease, (mates, group, venue, waters) = self.disease, contacts_a_day(movement)
        at_home = _solved(self._once, disease.household.value)
        outside = max(0.05 * disease.r0.value, disease.r0.value - disease.household.value * mates)
        through = disease.environment.value * outside
        direct = _solved(
            lambda h: 7 / 5 * group * self._once(5 / 7 * h) + venue * self._daily(h, self.profile), outside - through
        )
        water = _solved(lambda h: waters * self._daily(h, self.waters), through) if through else 0.0
        return np.array([at_home, direct, direct, water])

    def _once(self, hazard: float) -> float:
        """Share infected of those whom a case meets on all its days."""
        return float((1 - np.exp(-hazard * self.factor)).mean())

    def _daily(self, hazard: float, profile: Floats) -> float:
        """Infected of one person met each day, another every day."""
        return float((1 - np.exp(-hazard * np.outer(profile, self.factor))).mean(axis=1).sum())


def _solved(share: Callable[[float], float], wanted: float) -> float:
    """The hazard at which `share`, which grows with it, is as wanted."""
    if share(1e6) <= wanted:
        raise ValueError(f"the city has too few contacts for this disease: {wanted:.2f} infections wanted of each case")
    return float(brentq(lambda hazard: share(hazard) - wanted, 0.0, 1e6))


def contacts_a_day(movement: Movement) -> tuple[float, float, float, float]:
    """People met a day by layer, averaged over people and over a week; the household's are there every day."""
    world, ranges = movement.world, movement.world.ranges
    slots, attends, _ = movement.rules
    who = np.linspace(0, world.n - 1, min(SAMPLED, world.n)).astype(np.int64)
    means = np.zeros(4)
    for day, weight in SAMPLED_DAYS:
        counts = np.zeros(4, np.int64)
        count_met(
            movement.seed, who, day, world.age, world.household_of, world.household_start, world.group_of,
            world.group_start, world.members, world.group_place, world.place_kind, slots, attends, ranges.areas,
            ranges.first_community, ranges.first, ranges.size, ranges.venue, ranges.seat, counts,
        )  # fmt: skip
        means += weight * counts / len(who)
    household, group, venue, waters = (float(mean) for mean in means)
    return household, group, venue, waters


@compiled_in_order
def count_met(
    seed: int,
    who: Ints,
    day: int,
    age_of: Bytes,
    household_of: Int32s,
    household_start: Int32s,
    group_of: Int32s,
    group_start: Int32s,
    members: Int32s,
    group_place: Int32s,
    place_kind: Bytes,
    slots: Ints,
    attends: Ints,
    areas: Ints,
    first_community: Ints,
    first: Ints,
    size: Ints,
    venue: Ints,
    seat: Int32s,
    counts: Ints,
) -> None:
    """Add up the people met on a day, by layer."""
    met, layer = np.empty(meeting.MOST, np.int32), np.empty(meeting.MOST, np.uint8)
    for p in who:
        number = meeting.met_by(
            seed, seed, p, day, False, age_of, household_of, household_start, group_of, group_start, members,
            group_place, place_kind, slots, attends, areas, first_community, first, size, venue, seat, met, layer,
        )  # fmt: skip
        for k in range(number):
            counts[layer[k]] += 1


@compiled_in_order
def run_course(
    seed: int,
    day: int,
    begin: int,
    end: int,
    person: Int32s,
    episode: Int32s,
    age_of: Bytes,
    latent: Ints,
    incubation: Ints,
    factors: Floats,
    shares: Ints,
    lasting: int,
    immune: int,
    infectious_from: Int32s,
    onset: Int32s,
    ends: Int32s,
    immune_to: Int32s,
    severity: Bytes,
    died: Bytes,
    factor: Floats,
) -> None:
    """Fill in rows `begin` to `end`, infected on `day`: moments, severity, outcome, infectiousness.

    One quantile decides both the latent and the incubation period, so that whoever is ill late infects late.
    """
    for i in range(begin, end):
        p = person[i]
        pace, ill, bad, worst = draw(seed, COURSE, p, episode[i], 0)
        infectious_from[i] = day + min(latent[pace >> SHIFT], incubation[pace >> SHIFT])
        ends[i] = infectious_from[i] + lasting
        immune_to[i] = min(ends[i] + immune, 2147483647)
        onset[i], severity[i], died[i] = -1, 0, 0
        if ill < shares[0]:
            onset[i] = day + incubation[pace >> SHIFT]
            group = 1 if age_of[p] < 15 else 2 if age_of[p] < 65 else 3
            severity[i] = 2 if bad < shares[group] else 1
            died[i] = 1 if severity[i] == 2 and worst < shares[4] else 0
        factor[i] = factors[draw(seed, INFECTIOUSNESS, p, episode[i], 0)[0] >> SHIFT]
