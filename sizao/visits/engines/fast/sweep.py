"""The sweep: for each stay of a case, the rows of its place that overlap, summed for each person met.

Work is proportional to what the case met. A row that may be the continuation of another (the same person in two
copies, as over midnight) is not summed but named, and `answers` compares that pair exactly.
"""

from typing import Any

import numpy as np

from sizao.visits.compiled import njit
from sizao.visits.store.mapped import Int32, Int64

#: Columns of the table of persons met: exposures, seconds together, seconds after, first, last; then what the last
#: row seen of this person was: its stay of the case, its copy, the furthest end; and whether rows may be joined.
N, DIRECT, INDIRECT, FIRST, LAST, STAY, COPY, END, DOUBT = range(9)
WIDTH = 9
EMPTY = -1


@njit
def sweep(
    copies: Any,
    bounds: Int64,
    cases: Int64,
    case: Int32,
    place: Int32,
    room: Int32,
    start: Int64,
    end: Int64,
    till: Int64,
    most: int,
) -> Any:
    """Sum the stays `cases[k]` to `cases[k + 1]` of each case; at most `most` answers, else the count is negative.

    `bounds[c]` is the earliest start and latest end of copy c. Returns who (case, person), sums, number.
    """
    room_for = 1024
    who = np.empty((room_for, 2), np.int32)
    sums = np.empty((room_for, WIDTH), np.int64)
    count = 0
    for number in range(len(cases) - 1):
        keys = np.full(256, EMPTY, np.int32)
        table = np.empty((256, WIDTH), np.int64)
        filled = 0
        for stay in range(cases[number], cases[number + 1]):
            for copy in range(len(copies)):
                if bounds[copy, 0] >= till[stay] or bounds[copy, 1] <= start[stay]:
                    continue
                keys, table, filled = meet(
                    copies[copy],
                    copy,
                    stay,
                    case[stay],
                    place[stay],
                    room[stay],
                    start[stay],
                    end[stay],
                    till[stay],
                    keys,
                    table,
                    filled,
                )
        if count + filled > most:
            return who[:count], sums[:count], -1
        while count + filled > room_for:
            room_for *= 2
            who, sums = longer_rows(who, room_for), longer(sums, room_for)
        for slot in range(len(keys)):
            if keys[slot] != EMPTY:
                who[count, 0], who[count, 1] = case[cases[number]], keys[slot]
                sums[count] = table[slot]
                count += 1
    return who[:count], sums[:count], count


@njit
def meet(
    copy: Any,
    which: int,
    stay: int,
    case: int,
    where: int,
    inside: int,
    begun: int,
    ended: int,
    till: int,
    keys: Int32,
    table: Int64,
    filled: int,
) -> Any:
    """Add everybody in one copy who overlaps one stay of the case, or the air after it."""
    person, start, end, _, first, place, room, longest = copy
    group = np.searchsorted(place, where)
    while group < len(place) and place[group] == where:
        if room[group] == inside or room[group] == 0 or inside == 0:
            row = first_after(start, first[group], first[group + 1], begun - longest[group])
            while row < first[group + 1] and start[row] < till:
                low, high = np.int64(start[row]), np.int64(end[row])
                if high > begun and high > low and person[row] != case:
                    if 2 * (filled + 1) > len(keys):
                        keys, table = rehashed(keys, table)
                    slot, filled = slot_of(keys, table, person[row], filled)
                    add(table[slot], which, stay, begun, ended, till, low, high)
                row += 1
        group += 1
    return keys, table, filled


@njit
def add(entry: Int64, which: int, stay: int, begun: int, ended: int, till: int, low: Any, high: Any) -> None:
    """One more exposure for one person."""
    if entry[STAY] == stay and entry[COPY] != which and low < entry[END]:
        entry[DOUBT] = 1
    if entry[STAY] != stay:
        entry[END] = high
    entry[STAY], entry[COPY], entry[END] = stay, which, max(entry[END], high)
    entry[N] += 1
    entry[DIRECT] += max(0, min(high, ended) - max(low, begun))
    entry[INDIRECT] += max(0, min(high, till) - max(low, ended))
    entry[FIRST] = min(entry[FIRST], max(low, begun))
    entry[LAST] = max(entry[LAST], min(high, till))


@njit
def first_after(start: Any, low: int, high: int, moment: int) -> int:
    """The first row in `[low, high)` that starts after `moment`."""
    while low < high:
        middle = (low + high) // 2
        if start[middle] <= moment:
            low = middle + 1
        else:
            high = middle
    return low


@njit
def slot_of(keys: Int32, table: Int64, person: int, filled: int) -> Any:
    """Where this person's sums are, made empty when new."""
    mask = len(keys) - 1
    slot = (np.int64(person) * np.int64(0x9E3779B1) >> 7) & mask
    while keys[slot] != person:
        if keys[slot] == EMPTY:
            keys[slot] = person
            table[slot] = 0
            table[slot, FIRST], table[slot, STAY] = np.iinfo(np.int64).max, -1
            return slot, filled + 1
        slot = (slot + 1) & mask
    return slot, filled


@njit
def rehashed(keys: Int32, table: Int64) -> Any:
    """The same persons and sums in a table twice as large."""
    wider = np.full(2 * len(keys), EMPTY, np.int32)
    sums = np.empty((2 * len(keys), WIDTH), np.int64)
    filled = 0
    for old in range(len(keys)):
        if keys[old] != EMPTY:
            slot, filled = slot_of(wider, sums, keys[old], filled)
            sums[slot] = table[old]
    return wider, sums


@njit
def longer(values: Int64, size: int) -> Any:
    grown = np.empty((size, values.shape[1]), np.int64)
    grown[: len(values)] = values
    return grown


@njit
def longer_rows(values: Int32, size: int) -> Any:
    grown = np.empty((size, values.shape[1]), np.int32)
    grown[: len(values)] = values
    return grown
