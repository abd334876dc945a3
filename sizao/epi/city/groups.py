"""Day groups: classes with teachers, wards with residents and staff, teams of workplaces."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sizao.epi.city import settling
from sizao.epi.city.chance import ONE
from sizao.epi.city.fabric import Fabric, Place
from sizao.epi.city.margins import OLDEST

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]


@dataclass
class Groups:
    """Groups as they are made: the place of each and the workers it takes; the kind and area of each place."""

    places: list[Ints] = field(default_factory=list)
    seats: list[Ints] = field(default_factory=list)
    kinds: list[Ints] = field(default_factory=list)
    in_area: list[Ints] = field(default_factory=list)
    n: int = 0
    n_places: int = 0

    def add(self, kind: Place, area: int, groups_in_place: Ints, seats: Ints) -> int:
        """Places of one kind with so many groups each and the workers of every group; the first group's number."""
        first, n = self.n, len(groups_in_place)
        self.places.append(np.repeat(np.arange(self.n_places, self.n_places + n), groups_in_place))
        self.seats.append(seats)
        self.kinds.append(np.full(n, int(kind)))
        self.in_area.append(np.full(n, area))
        self.n, self.n_places = self.n + len(seats), self.n_places + n
        return first

    @property
    def place(self) -> Int32s:
        return np.concatenate(self.places).astype(np.int32)

    @property
    def kind(self) -> Bytes:
        return np.concatenate(self.kinds).astype(np.uint8)

    @property
    def area(self) -> Int32s:
        return np.concatenate(self.in_area).astype(np.int32)


@dataclass(frozen=True)
class Schooling:
    """School levels as the compiled passes read them, for one area."""

    school_of_age: Ints
    enrolled: Ints
    cells: Ints

    @classmethod
    def of(cls, fabric: Fabric, people: int) -> "Schooling":
        school_of_age, first = np.full(OLDEST + 1, -1), 0
        cells = np.zeros((len(fabric.schools), 4), np.int64)
        for level, school in enumerate(fabric.schools):
            school_of_age[school.low : school.high + 1] = level
            ages, catchments = school.high - school.low + 1, max(1, round(people / school.catchment))
            cells[level] = first, catchments, school.low, ages
            first += catchments * ages
        return cls(school_of_age, np.array([round(each.enrolled * ONE) for each in fabric.schools]), cells)

    @property
    def n_cells(self) -> int:
        return int(self.cells[-1, 0] + self.cells[-1, 1] * self.cells[-1, 3])


def gather(age: Bytes, areas: Ints, care_from: Ints, care_to: Ints, seed: int, fabric: Fabric) -> tuple[Int32s, Groups]:
    """The group of everybody, and the groups."""
    n_areas = len(areas) - 1
    group_of = np.empty(len(age), np.int32)
    found, pupils = np.zeros((n_areas, 2), np.int64), []
    working = np.array([fabric.working_from, fabric.working_to, fabric.employed * ONE, fabric.commuters * ONE])
    schooling = [Schooling.of(fabric, int(n)) for n in np.diff(areas)]
    stretches = [(int(areas[a]), int(areas[a + 1]), int(care_from[a]), int(care_to[a])) for a in range(n_areas)]
    for stretch, school, counts in zip(stretches, schooling, found, strict=True):
        pupils.append(np.zeros(school.n_cells, np.int64))
        settling.sort_people(
            seed, *stretch, age, group_of, school.school_of_age, school.enrolled, school.cells, pupils[-1],
            working.astype(np.int64), counts,
        )  # fmt: skip
    made, area_group, seat_starts = Groups(), np.zeros(n_areas + 1, np.int64), []
    for a, (stretch, school) in enumerate(zip(stretches, schooling, strict=True)):
        area_group[a] = made.n
        part = len(made.seats)
        class_start = add_schools(made, a, fabric, school, pupils[a])
        settling.seat_pupils(
            seed, a, *stretch, age, group_of, school.school_of_age, school.enrolled, school.cells, pupils[a],
            class_start, int(area_group[a]),
        )  # fmt: skip
        add_wards(made, a, fabric, stretch[2], stretch[3], group_of)
        add_workplaces(made, a, fabric, int(found[a].sum()), part, len(age))
        seat_starts.append(np.concatenate([[0], np.cumsum(np.concatenate(made.seats[part:]))]).astype(np.int64))
    area_group[-1] = made.n
    area_seat = np.concatenate([[0], np.cumsum([len(each) for each in seat_starts])]).astype(np.int64)
    commuter_start = np.concatenate([[0], np.cumsum(found[:, 1])]).astype(np.int64)
    local = np.ascontiguousarray(found[:, 0])
    settling.seat_workers(
        seed, areas, local, commuter_start, group_of, np.concatenate(seat_starts), area_seat, area_group
    )
    return group_of, made


def add_schools(made: Groups, area: int, fabric: Fabric, school: Schooling, pupils: Ints) -> Ints:
    """Schools of one area; the classes of each cell, added up."""
    classes = np.zeros(len(pupils), np.int64)
    for level, each in enumerate(fabric.schools):
        first, catchments, _, ages = school.cells[level]
        inside = slice(first, first + catchments * ages)
        classes[inside] = -(-pupils[inside] // each.class_size)
        in_school = classes[inside].reshape(catchments, ages).sum(axis=1)
        made.add(each.kind, area, in_school, np.full(int(in_school.sum()), fabric.teachers_in_class))
    return np.concatenate([[0], np.cumsum(classes)]).astype(np.int64)


def add_wards(made: Groups, area: int, fabric: Fabric, first: int, last: int, group_of: Int32s) -> None:
    """Care homes: residents in wards, neighbours together."""
    wards = -(-(last - first) // fabric.ward_residents)
    if wards:
        number = made.add(
            Place.CARE_HOME, area, in_parts(wards, fabric.wards_in_home), np.full(wards, fabric.ward_staff)
        )
        group_of[first:last] = number + np.arange(last - first) // fabric.ward_residents


def add_workplaces(made: Groups, area: int, fabric: Fabric, workers: int, part: int, city: int) -> None:
    """Hospitals, points of entry (in the first area), and workplaces for everybody who is left."""
    for kind, staff, size in (
        (Place.HOSPITAL, round(fabric.health_workers * workers), fabric.hospital_staff),
        (Place.POINT_OF_ENTRY, round(fabric.entry_staff * city) if area == 0 else 0, 500),
    ):
        if staff:
            add_teams(made, kind, area, in_parts(staff, size), fabric.team)
    left = workers - int(sum(each.sum() for each in made.seats[part:]))
    if left < 0:
        raise ValueError(f"area {area}: {-left} too few workers for its schools, care homes and hospitals")
    add_teams(made, Place.WORKPLACE, area, zipf_sizes(left, fabric.largest_workplace), fabric.team)


def add_teams(made: Groups, kind: Place, area: int, sizes: Ints, team: int) -> None:
    """Places of these sizes, each in as few teams as hold it, of nearly the same size."""
    teams = -(-sizes // team)
    rank = np.arange(int(teams.sum())) - np.repeat(np.cumsum(teams) - teams, teams)
    even, more = np.repeat(sizes // np.maximum(teams, 1), teams), np.repeat(sizes % np.maximum(teams, 1), teams)
    made.add(kind, area, teams, even + (rank < more))


def in_parts(total: int, size: int) -> Ints:
    """`total` in as few nearly equal parts as are no larger than `size`."""
    parts = max(1, -(-total // size))
    return total // parts + (np.arange(parts) < total % parts)


def zipf_sizes(total: int, largest: int) -> Ints:
    """Sizes S, S/2, S/3 … that add to `total`, none above `largest`; what is left over works in fives."""

    def sizes(top: int) -> Ints:
        return np.minimum(largest, top // np.arange(1, top + 1))

    low, high = 0, total + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if int(sizes(middle).sum()) <= total else (low, middle)
    left = total - int(sizes(low).sum()) if low else total
    fives = in_parts(left, 5) if left else np.zeros(0, np.int64)
    return np.concatenate([sizes(low), fives]).astype(np.int64) if low else fives
