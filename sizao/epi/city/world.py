"""The city itself: everybody's age, household and day group, as a handful of arrays."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sizao.epi.city import venues
from sizao.epi.city.building import Sketch, sketch
from sizao.epi.city.fabric import Fabric
from sizao.epi.city.margins import AreaMargins

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class World:
    """A city's people, numbered area by area and household by household.

    Household h holds the people `household_start[h]` to `household_start[h + 1]`; group g (a class, a team, a ward)
    the people `members[group_start[g]:group_start[g + 1]]`; place q the groups `place_start[q]` to
    `place_start[q + 1]`. `group_of` is -1 for those who stay at home. Area a holds the people `areas[a]` to
    `areas[a + 1]`; its last households are the rooms of care homes (from `care_from[a]`) and of dormitories (from
    `dormitories_from[a]`, both person numbers).
    """

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

    @property
    def n(self) -> int:
        return len(self.age)

    @cached_property
    def ranges(self) -> venues.Ranges:
        """Who shares which venues; follows from the areas alone."""
        return venues.ranges(self.areas)

    @property
    def bytes_per_person(self) -> float:
        ranges = self.ranges
        of_venues = sum(getattr(ranges, field.name).nbytes for field in fields(ranges) if field.name != "areas")
        return float((sum(array.nbytes for array in self.arrays().values()) + of_venues) / self.n)

    def arrays(self) -> dict[str, npt.NDArray[np.integer]]:
        """All there is to keep of it; `World(**arrays)` is the same city."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def fingerprint(self) -> str:
        """The same for two cities exactly when they are the same city."""
        return _hashed(self.arrays())


def _hashed(arrays: Mapping[str, npt.NDArray[np.integer]]) -> str:
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def build(margins: Sequence[AreaMargins], *, seed: int = 1, fabric: Fabric | None = None) -> World:
    """A city that meets these margins; the same margins, fabric and seed give the same city.

    >>> from sizao.epi.city import build, china_2020
    >>> build(china_2020([20_000]), seed=3).n
    20000
    """
    made: Sketch = sketch(tuple(margins), seed, fabric or Fabric())
    return World(**made)
