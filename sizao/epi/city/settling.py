"""Compiled passes that give people ages, households, classes and teams."""

import numpy as np
import numpy.typing as npt

from sizao.epi.city.chance import AGES, CLASSES, EMPLOYMENT, ENROLMENT, HOUSEHOLDS, POOL, SEATS, draw
from sizao.epi.city.shuffle import key_of, shuffled
from sizao.epi.compiled import compiled_in_order

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

NO_GROUP, LOCAL, COMMUTER = -1, -2, -3


@compiled_in_order
def interval_of(starts: npt.NDArray[np.integer], x: int) -> int:
    """The interval i with starts[i] <= x < starts[i + 1]; a product instead of a branch nobody could foresee."""
    low, left = 0, len(starts) - 1
    while left > 1:
        half = left >> 1
        low += half * (starts[low + half] <= x)
        left -= half
    return low


@compiled_in_order
def settle_families(
    seed: int,
    area: int,
    kind_starts: Ints,
    kinds: Ints,
    ages: Bytes,
    age_starts: Ints,
    person: int,
    household: int,
    age_of: Bytes,
    household_of: Int32s,
    household_start: Int32s,
) -> None:
    """Fill one area's families from `person` and `household` on.

    `kind_starts` adds up the households of each kind; `ages` lists the ages of each generation, from its `age_starts`.
    Both are dealt by a shuffle, so that every margin holds exactly.
    """
    n = kind_starts[-1]
    generations = len(age_starts) - 1
    kh0, kh1 = key_of(seed, HOUSEHOLDS, area, 0, 0)
    met = np.zeros(generations, np.int64)
    keys = np.zeros((generations, 2), np.int64)
    for g in range(generations):
        keys[g, 0], keys[g, 1] = key_of(seed, AGES, area, g, 0)
    for h in range(n):
        kind = interval_of(kind_starts, shuffled(h, n, kh0, kh1))
        household_start[household] = person
        for g in range(generations):
            for _ in range(kinds[kind, g]):
                at = shuffled(met[g], age_starts[g + 1] - age_starts[g], keys[g, 0], keys[g, 1])
                age_of[person] = ages[age_starts[g] + at]
                household_of[person] = household
                met[g] += 1
                person += 1
        household += 1


@compiled_in_order
def settle_rooms(
    seed: int,
    area: int,
    part: int,
    ages: Bytes,
    size: int,
    person: int,
    household: int,
    age_of: Bytes,
    household_of: Int32s,
    household_start: Int32s,
) -> None:
    """Fill rooms of `size` with people of these ages, from `person` and `household` on."""
    n = len(ages)
    k0, k1 = key_of(seed, AGES, area, part, 1)
    for i in range(n):
        if i % size == 0:
            household_start[household + i // size] = person + i
        age_of[person + i] = ages[shuffled(i, n, k0, k1)]
        household_of[person + i] = household + i // size


@compiled_in_order
def pupil_cell(
    seed: int, p: int, age: int, first: int, n: int, school_of_age: Ints, enrolled: Ints, schools: Ints
) -> int:
    """The (school, catchment, age) cell of person p, or -1. `schools`: first cell, catchments, lowest age, ages."""
    level = school_of_age[age]
    if level < 0 or draw(seed, ENROLMENT, p, 0, 0)[0] >= enrolled[level]:
        return -1
    catchment = (p - first) * schools[level, 1] // n
    return int(schools[level, 0] + catchment * schools[level, 3] + age - schools[level, 2])


@compiled_in_order
def sort_people(
    seed: int,
    first: int,
    last: int,
    residents_from: int,
    residents_to: int,
    age_of: Bytes,
    group_of: Int32s,
    school_of_age: Ints,
    enrolled: Ints,
    schools: Ints,
    pupils: Ints,
    working: Ints,
    found: Ints,
) -> None:
    """Count pupils by cell; mark workers LOCAL or COMMUTER; `found` counts them.

    `working`: ages from and to, thresholds of employment and of commuting. Care-home residents neither learn nor work.
    """
    for p in range(first, last):
        group_of[p] = NO_GROUP
        if residents_from <= p < residents_to:
            continue
        age = age_of[p]
        cell = pupil_cell(seed, p, age, first, last - first, school_of_age, enrolled, schools)
        if cell >= 0:
            pupils[cell] += 1
        elif working[0] <= age <= working[1]:
            works, leaves, _, _ = draw(seed, EMPLOYMENT, p, 0, 0)
            if works < working[2]:
                away = leaves < working[3]
                group_of[p] = COMMUTER if away else LOCAL
                found[1 if away else 0] += 1


@compiled_in_order
def seat_pupils(
    seed: int,
    area: int,
    first: int,
    last: int,
    residents_from: int,
    residents_to: int,
    age_of: Bytes,
    group_of: Int32s,
    school_of_age: Ints,
    enrolled: Ints,
    schools: Ints,
    pupils: Ints,
    class_start: Ints,
    first_group: int,
) -> None:
    """Deal each cell's pupils to its classes (`class_start` adds them up) so that sizes differ by one at most."""
    met = np.zeros(len(pupils), np.int64)
    for p in range(first, last):
        if group_of[p] != NO_GROUP or residents_from <= p < residents_to:
            continue
        cell = pupil_cell(seed, p, age_of[p], first, last - first, school_of_age, enrolled, schools)
        if cell >= 0:
            k0, k1 = key_of(seed, CLASSES, area, cell, 0)
            at = shuffled(met[cell], pupils[cell], k0, k1)
            met[cell] += 1
            classes = class_start[cell + 1] - class_start[cell]
            group_of[p] = first_group + class_start[cell] + at * classes // pupils[cell]


@compiled_in_order
def seat_workers(
    seed: int,
    areas: Ints,
    locals_in: Ints,
    commuter_start: Ints,
    group_of: Int32s,
    seat_start: Ints,
    area_seat: Ints,
    area_group: Ints,
) -> None:
    """Deal workers to the seats of their area, commuters to those of any area.

    `seat_start` adds up each area's seats by group; area a's part begins at `area_seat[a]` and its groups at
    `area_group[a]`.
    """
    pool = commuter_start[-1]
    kp0, kp1 = key_of(seed, POOL, 0, 0, 0)
    away = 0
    for home in range(len(areas) - 1):
        near = 0
        for p in range(areas[home], areas[home + 1]):
            if group_of[p] == LOCAL:
                area, at = home, near
                near += 1
            elif group_of[p] == COMMUTER:
                drawn = shuffled(away, pool, kp0, kp1)
                away += 1
                area = interval_of(commuter_start, drawn)
                at = locals_in[area] + drawn - commuter_start[area]
            else:
                continue
            seats = locals_in[area] + commuter_start[area + 1] - commuter_start[area]
            k0, k1 = key_of(seed, SEATS, area, 0, 0)
            starts = seat_start[area_seat[area] : area_seat[area + 1]]
            group_of[p] = area_group[area] + interval_of(starts, shuffled(at, seats, k0, k1))


@compiled_in_order
def list_members(group_of: Int32s, group_start: Int32s, members: Int32s) -> None:
    """The people of each group one after the other, in the order of their numbers."""
    at = np.zeros(len(group_start), np.int32)
    at[:] = group_start
    for p in range(len(group_of)):
        g = group_of[p]
        if g >= 0:
            members[at[g]] = p
            at[g] += 1
