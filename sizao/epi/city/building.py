"""How a city is built: plan every area, settle its people, make its groups, seat everybody."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from sizao.epi.city import groups, households, settling
from sizao.epi.city.fabric import Fabric
from sizao.epi.city.margins import AGE_GROUPS, OLDEST, AreaMargins

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]


class Sketch(TypedDict):
    """The arrays of a World, by name."""

    areas: Ints
    care_from: Ints
    dormitories_from: Ints
    age: Bytes
    household_of: Int32s
    household_start: Int32s
    group_of: Int32s
    group_start: Int32s
    members: Int32s
    group_place: Int32s
    place_start: Int32s
    place_kind: Bytes
    place_area: Int32s


@dataclass(frozen=True)
class Plan:
    """One area on paper: households by kind, and the ages of each generation, of residents, of boarders."""

    kind_starts: Ints
    ages: Bytes
    age_starts: Ints
    residents: Bytes
    boarders: Bytes
    n_households: int

    @property
    def n_family(self) -> int:
        return len(self.ages)

    @property
    def n(self) -> int:
        return len(self.ages) + len(self.residents) + len(self.boarders)


def rooms(people: int, size: int) -> int:
    return -(-people // size)


def plan(area: AreaMargins, fabric: Fabric) -> Plan:
    """Take residents and boarders out of the area's ages, and put the others into households."""
    people = households.whole(np.array(area.ages), area.population).astype(float)
    elders = np.array([low >= 65 for low in AGE_GROUPS])
    youth = np.array([15 <= low < 25 for low in AGE_GROUPS])
    residents, boarders = people * elders * fabric.in_care_homes, people * youth * fabric.in_dormitories
    family = people - residents - boarders
    n_resident, n_boarder = round(float(residents.sum())), round(float(boarders.sum()))
    n_families = max(1, round((area.population - n_resident - n_boarder) / area.mean_household))
    counts = households.whole(households.mixture(area, family).shares, n_families)
    # Whole households hold a few people more or fewer than there are; single older adults make it even.
    single = int(np.flatnonzero((households.kinds() == (0, 0, 0, 1, 0)).all(axis=1))[0])
    missing = area.population - n_resident - n_boarder - int((counts @ households.kinds()).sum())
    counts[single] = max(0, int(counts[single]) + missing)
    n_families = int(counts.sum())
    in_generation = counts @ households.kinds()
    ends = (*households.GENERATIONS[1:], OLDEST + 1)
    ages = [
        households.ages_within(family, low, high, int(n))
        for low, high, n in zip(households.GENERATIONS, ends, in_generation, strict=True)
    ]
    return Plan(
        _starts(counts),
        np.concatenate([_listed(each) for each in ages]),
        _starts(in_generation),
        _listed(households.ages_within(residents, 65, OLDEST + 1, n_resident)),
        _listed(households.ages_within(boarders, 15, 25, n_boarder)),
        n_families + rooms(n_resident, fabric.care_room) + rooms(n_boarder, fabric.dormitory_room),
    )


def _starts(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _listed(counts: Ints) -> Bytes:
    return np.repeat(np.arange(len(counts), dtype=np.uint8), counts)


def sketch(margins: tuple[AreaMargins, ...], seed: int, fabric: Fabric) -> Sketch:
    """Everything that makes a World."""
    plans = [plan(area, fabric) for area in margins]
    areas = _starts(np.array([each.n for each in plans]))
    if areas[-1] >= 1 << 31:
        raise ValueError(f"{areas[-1]} people: a city holds fewer than {1 << 31}")
    care_from = areas[:-1] + np.array([each.n_family for each in plans])
    dormitories_from = care_from + np.array([len(each.residents) for each in plans])
    age, household_of, household_start = settle(plans, areas, care_from, dormitories_from, seed, fabric)
    group_of, made = groups.gather(age, areas, care_from, dormitories_from, seed, fabric)
    group_start = np.zeros(made.n + 1, np.int32)
    np.cumsum(np.bincount(group_of[group_of >= 0], minlength=made.n), out=group_start[1:])
    members = np.empty(group_start[-1], np.int32)
    settling.list_members(group_of, group_start, members)
    place_groups = np.bincount(made.place, minlength=len(made.kind))
    return Sketch(
        areas=areas,
        care_from=care_from,
        dormitories_from=dormitories_from,
        age=age,
        household_of=household_of,
        household_start=household_start,
        group_of=group_of,
        group_start=group_start,
        members=members,
        group_place=made.place,
        place_start=_starts(place_groups).astype(np.int32),
        place_kind=made.kind,
        place_area=made.area,
    )


def settle(
    plans: list[Plan], areas: Ints, care_from: Ints, dormitories_from: Ints, seed: int, fabric: Fabric
) -> tuple[Bytes, Int32s, Int32s]:
    """Ages and households of everybody."""
    n, n_households = int(areas[-1]), sum(each.n_households for each in plans)
    age, household_of = np.empty(n, np.uint8), np.empty(n, np.int32)
    household_start = np.empty(n_households + 1, np.int32)
    household_start[-1] = n
    out, kinds, household = (age, household_of, household_start), households.kinds(), 0
    for a, each in enumerate(plans):
        settling.settle_families(
            seed, a, each.kind_starts, kinds, each.ages, each.age_starts, int(areas[a]), household, *out
        )
        household += int(each.kind_starts[-1])
        for part, (ages, size, first) in enumerate(
            [
                (each.residents, fabric.care_room, care_from[a]),
                (each.boarders, fabric.dormitory_room, dormitories_from[a]),
            ]
        ):
            settling.settle_rooms(seed, a, part, ages, size, int(first), household, *out)
            household += rooms(len(ages), size)
    return out
