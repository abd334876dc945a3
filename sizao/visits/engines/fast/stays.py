"""The stays of chosen persons: gathered from the mapped copies, joined, clipped to their windows."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.visits.compiled import njit
from sizao.visits.store.mapped import Int32, Int64

Column = npt.NDArray[Any]


class Stays(NamedTuple):
    """Parallel arrays, sorted by person, place, room, start."""

    person: Column
    place: Column
    room: Column
    start: Column
    end: Column


def gather(copies: Any, persons: Int32) -> Stays:
    """Every stay of these persons (sorted, distinct), joined across the copies."""
    if not len(copies) or not len(persons):
        return Stays(*(np.empty(0, kind) for kind in (np.int32, np.int32, np.int32, np.int64, np.int64)))
    parts = [fetch(copy, persons) for copy in copies]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[4], columns[3], columns[2], columns[1], columns[0]))
    person, place, room, start, end = (column[order] for column in columns)
    end = end.copy()
    keep = join(person, place, room, start, end)
    return Stays(person[keep], place[keep], room[keep], start[keep], end[keep])


@njit
def fetch(copy: Any, persons: Int32) -> Any:
    """The rows of these persons in one copy."""
    person, start, end, by_person, first, place, room, _ = copy
    low = np.empty(len(persons), np.int64)
    high = np.empty(len(persons), np.int64)
    for number in range(len(persons)):
        low[number] = below(person, by_person, persons[number])
        high[number] = below(person, by_person, persons[number] + 1)
    total = (high - low).sum()
    whom, where, inside = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total, np.int32)
    begun, ended = np.empty(total, np.int64), np.empty(total, np.int64)
    count = 0
    for number in range(len(persons)):
        for position in range(low[number], high[number]):
            row = by_person[position]
            if end[row] > start[row]:
                group = np.searchsorted(first, row, side="right") - 1
                whom[count], where[count], inside[count] = persons[number], place[group], room[group]
                begun[count], ended[count] = start[row], end[row]
                count += 1
    return whom[:count], where[:count], inside[:count], begun[:count], ended[:count]


@njit
def below(person: Int32, by_person: Any, value: int) -> int:
    """How many rows belong to persons with smaller numbers."""
    low, high = 0, len(by_person)
    while low < high:
        middle = (low + high) // 2
        if person[by_person[middle]] < value:
            low = middle + 1
        else:
            high = middle
    return low


@njit
def join(person: Int32, place: Int32, room: Int32, start: Int64, end: Int64) -> Any:
    """Which rows stay when overlapping stays of a person at one place and room are one; moves their ends."""
    keep = np.ones(len(person), np.bool_)
    head = 0
    for row in range(1, len(person)):
        alike = person[row] == person[head] and place[row] == place[head] and room[row] == room[head]
        if alike and start[row] < end[head]:
            end[head] = max(end[head], end[row])
            keep[row] = False
        else:
            head = row
    return keep


def clip(stays: Stays, windows: pl.DataFrame) -> Stays:
    """The parts of the stays inside each person's windows (disjoint, sorted by person and start)."""
    person = windows["person"].to_numpy()
    head = np.searchsorted(person, stays.person, side="left")
    tail = np.searchsorted(person, stays.person, side="right")
    since, until = windows["infectious_from"].to_numpy(), windows["infectious_to"].to_numpy()
    rows, start, end = cut(head, tail, since, until, stays.start, stays.end)
    clipped = Stays(stays.person[rows], stays.place[rows], stays.room[rows], start, end)
    order = np.lexsort((clipped.start, clipped.room, clipped.place, clipped.person))
    return Stays(*(column[order] for column in clipped))


@njit
def cut(head: Int64, tail: Int64, since: Int64, until: Int64, start: Int64, end: Int64) -> Any:
    total = (tail - head).sum()
    rows, begun, ended = np.empty(total, np.int64), np.empty(total, np.int64), np.empty(total, np.int64)
    count = 0
    for row in range(len(start)):
        for window in range(head[row], tail[row]):
            low, high = max(start[row], since[window]), min(end[row], until[window])
            if low < high:
                rows[count], begun[count], ended[count] = row, low, high
                count += 1
    return rows[:count], begun[:count], ended[:count]


@njit
def air_until(person: Int32, place: Int32, room: Int32, start: Int64, end: Int64, env_s: int) -> Any:
    """Until when the air of each stay counts: `env_s` after it, or until the same case is there again."""
    till = np.empty(len(start), np.int64)
    block = 0
    for row in range(len(start)):
        if person[row] != person[block] or place[row] != place[block]:
            block = row
        till[row] = end[row] + env_s
        other = block
        while other < len(start) and person[other] == person[row] and place[other] == place[row]:
            same = room[other] == room[row] or room[other] == 0 or room[row] == 0
            if same and end[other] > end[row]:
                till[row] = min(till[row], max(start[other], end[row]))
            other += 1
    return till
