"""The mapped copy of a segment: plain arrays the fast engine reads in place, without parsing.

Rows are sorted by place, room and start. `groups` are the stretches of one place and room. Erased rows keep their
position with no length and a neighbour's number, so that everything stays sorted; readers skip rows without length.
"""

import shutil
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.visits.store.manifest import Segment

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt32 = npt.NDArray[np.uint32]


class Mapped(NamedTuple):
    """Row arrays `person, start, end, by_person` (rows in the order of persons); group arrays the rest.

    Group g is rows `first[g]` to `first[g + 1]`, at `place[g]`, `room[g]`; none of them lasts longer than
    `longest[g]` seconds.
    """

    person: Int32
    start: UInt32
    end: UInt32
    by_person: UInt32
    first: Int64
    place: Int32
    room: Int32
    longest: Int64


def write(folder: Path, visits: pl.DataFrame, by_person: UInt32) -> None:
    """Make the copy of `visits` (sorted by place, room, start); whole or not at all."""
    building = folder.with_name(f"_{folder.name}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    place, room = visits["place"].to_numpy(), visits["room"].to_numpy()
    start, end = visits["start_s"].to_numpy(), visits["end_s"].to_numpy()
    fresh = np.flatnonzero((np.diff(place) != 0) | (np.diff(room) != 0)) + 1
    heads = np.concatenate([np.zeros(1, np.int64), fresh])
    columns: dict[str, npt.NDArray[Any]] = {
        "person": visits["person"].to_numpy(),
        "start": start.astype(np.uint32),
        "end": end.astype(np.uint32),
        "by_person": by_person,
        "first": np.append(heads, visits.height),
        "place": place[heads],
        "room": room[heads],
        "longest": np.maximum.reduceat(end - start, heads),
    }
    for name, values in columns.items():
        np.save(building / f"{name}.npy", values)
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)


def read(folder: Path, mode: Any = "r") -> Mapped:
    return Mapped(**{name: np.load(folder / f"{name}.npy", mmap_mode=mode) for name in Mapped._fields})


def rows_of(mapped: Mapped, person: int) -> Int64:
    """Row numbers of one person, ascending by place, room and start."""
    order = mapped.by_person
    low, high = bound(mapped, person), bound(mapped, person + 1)
    return np.asarray(order[low:high], dtype=np.int64)


def bound(mapped: Mapped, person: int) -> int:
    """How many rows belong to smaller numbers: a binary search that touches only a few pages."""
    low, high = 0, len(mapped.by_person)
    while low < high:
        middle = (low + high) // 2
        if mapped.person[mapped.by_person[middle]] < person:
            low = middle + 1
        else:
            high = middle
    return low


def strike(folder: Path, person: int) -> None:
    """Take a person's rows out in place: no length left, a neighbour's number instead of theirs."""
    mapped = read(folder, "r+")
    low, high = bound(mapped, person), bound(mapped, person + 1)
    if low == high:
        return
    beside = low - 1 if low else high
    rows = mapped.by_person[low:high]
    neighbour = mapped.person[mapped.by_person[beside]] if beside < len(mapped.by_person) else 0
    mapped.person[rows] = neighbour
    mapped.end[rows] = mapped.start[rows]
    for changed in (mapped.person, mapped.end):
        cast(np.memmap[Any, Any], changed).flush()
    for derived in folder.glob("footfall*.parquet"):
        derived.unlink()


def touched_parts(segment: Segment, rows: Int64) -> list[int]:
    """Which parts of the segment hold these rows of its mapped copy."""
    ends = np.cumsum([part.mapped_rows for part in segment.parts])
    return sorted(set(np.searchsorted(ends, rows, side="right").tolist()))
