"""Kinds of family households, and how many of each an area has: raking to its margins.

Deville and Särndal, "Calibration estimators in survey sampling", JASA 87 (1992), the multiplicative ("raking ratio")
distance: among all mixtures that meet the margins, the one nearest to a plausible beginning.
"""

import itertools
import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sizao.epi.city.margins import AGE_GROUPS, OLDEST, AreaMargins

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Lower ends of the generations that households are made of: children, youth, younger and older adults, elders.
GENERATIONS = (0, 15, 25, 45, 65)
CHILDREN, YOUTH, YOUNGER, OLDER, ELDERS = range(5)
LARGEST = 7


@cache
def kinds() -> Ints:
    """All households told apart: members by generation, one row each; children never live without an adult."""
    rows = [
        row
        for row in itertools.product(range(4), range(3), range(4), range(4), range(4))
        if 1 <= sum(row) <= LARGEST and (row[CHILDREN] == 0 or sum(row[YOUNGER:]) > 0)
    ]
    return np.array(rows, np.int64)


def _plausible(row: Ints) -> float:
    """The beginning of the raking (assumed): couples are common, crowds of one generation rare, sizes fall off."""
    couple = {0: 1.0, 1: 0.5, 2: 1.0, 3: 0.05}
    weight = 1.0
    for adults in row[YOUNGER:]:
        weight *= couple[int(adults)]
    weight *= (1.0, 0.8, 0.4, 0.1)[row[CHILDREN]] * (1.0, 0.5, 0.15)[row[YOUTH]]
    return weight / math.factorial(max(0, int(row.sum()) - 3))


def generation_of(age: int) -> int:
    return max(place for place, low in enumerate(GENERATIONS) if age >= low)


@dataclass(frozen=True)
class Mixture:
    """Household kinds of one area, as shares of its families, and what they were fitted to."""

    shares: Floats
    targets: Floats
    reached: Floats


def mixture(area: AreaMargins, family_ages: Floats) -> Mixture:
    """Shares of the household kinds that meet the area's margins; `family_ages` are shares of people in families.

    Margins: people of each generation per household (hence the mean size), one-person households, households with
    one, two, three or more elders. The last three are scaled together so that they hold as many elders as there are.
    """
    rows = kinds()
    people = np.zeros(len(GENERATIONS))
    np.add.at(people, [generation_of(age) for age in AGE_GROUPS], family_ages / family_ages.sum())
    one, two, more = area.with_elders
    elders = people[ELDERS] * area.mean_household
    scale = elders / (one + 2 * two + 3 * more)
    single = rows.sum(axis=1) == 1
    conditions = [np.ones(len(rows)), *rows.T[:ELDERS], single, *(rows[:, ELDERS] == n for n in (1, 2, 3))]
    targets = [1.0, *people[:ELDERS] * area.mean_household, area.one_person, one * scale, two * scale, more * scale]
    design, wanted = np.array(conditions, float).T, np.array(targets)
    start = np.array([_plausible(row) for row in rows])
    shares = raked(start / start.sum(), design, wanted)
    if shares is None:
        raise ValueError(f"{area.code} {area.name}: no mixture of households meets these margins")
    return Mixture(shares, wanted, design.T @ shares)


def raked(start: Floats, design: Floats, wanted: Floats) -> Floats | None:
    """`start * exp(design @ t)` with `design.T @ result = wanted`: Newton's method on the convex dual, or None."""
    t = np.zeros(design.shape[1])

    def dual(at: Floats) -> float:
        return float((start * np.exp(np.minimum(design @ at, 500))).sum() - wanted @ at)

    for _ in range(200):
        weights = start * np.exp(np.minimum(design @ t, 500))
        short = wanted - design.T @ weights
        if np.abs(short).max() < 1e-10:
            return weights
        slope = design.T @ (weights[:, None] * design)
        slope += 1e-12 * (1 + np.trace(slope)) * np.eye(len(t))
        step, size = np.linalg.solve(slope, short), 1.0
        while dual(t + size * step) > dual(t) - 1e-4 * size * float(short @ step) and size > 1e-9:
            size /= 2
        t = t + size * step
    return weights if np.abs(short).max() < 1e-6 else None


def whole(shares: Floats, total: int) -> Ints:
    """Whole numbers that add to `total`, each within one of its share (largest remainders)."""
    exact = shares / shares.sum() * total
    numbers: Ints = np.floor(exact).astype(np.int64)
    left = total - int(numbers.sum())
    numbers[np.argsort(-(exact - numbers), kind="stable")[:left]] += 1
    return numbers


def ages_within(group_numbers: Floats, low: int, high: int, n: int) -> Ints:
    """How many of `n` people from `low` up to before `high` have each single age; groups are spread evenly."""
    ends = [*AGE_GROUPS[1:], OLDEST + 1]
    single = np.zeros(OLDEST + 1)
    for number, begin, end in zip(group_numbers, AGE_GROUPS, ends, strict=True):
        # The open group falls off with age (assumed: a sixth fewer each year); the others are even.
        fall = np.power(5 / 6, np.arange(end - begin)) if end > OLDEST else np.ones(end - begin)
        single[begin:end] = number * fall / fall.sum()
    inside = single[low:high]
    counts: Ints = np.zeros(OLDEST + 1, np.int64)
    counts[low:high] = whole(inside if inside.sum() > 0 else np.ones(high - low), n)
    return counts
