"""When at least one contact was in a room, and who else was there then: one pass, never all pairs."""

from typing import Any, NamedTuple

import numpy as np

from sizao.visits.compiled import njit
from sizao.visits.engines.fast.stays import Stays
from sizao.visits.store.mapped import Int32, Int64


class Presence(NamedTuple):
    """Disjoint intervals of each air, sorted; air k is intervals `first[k]` to `first[k + 1]` at place, room.

    The air of room r is that of the stays in r and of those whose room is unknown; room 0 is the whole place, room
    -1 (any room without stays of its own) is that of the unknown ones alone.
    """

    place: Int32
    room: Int32
    first: Int64
    start: Int64
    end: Int64


def presence(stays: Stays) -> Presence:
    """The union of the stays for every air they reach."""
    rows = airs(stays)
    order = np.lexsort((rows[2], rows[1], rows[0]))
    place, room, start, end = (column[order] for column in rows)
    return Presence(*united(place, room, start, end))


def airs(stays: Stays) -> list[Any]:
    """Each stay once for every air it reaches: columns place, room, start, end."""
    known = stays.room != 0
    parts = [(stays.place, np.zeros_like(stays.room), stays.start, stays.end)]
    parts.append((stays.place[known], stays.room[known], stays.start[known], stays.end[known]))
    unknown = Stays(*(column[~known] for column in stays))
    parts.append((unknown.place, np.full_like(unknown.room, -1), unknown.start, unknown.end))
    rooms = np.unique(np.stack([stays.place[known], stays.room[known]], axis=1), axis=0)
    low = np.searchsorted(rooms[:, 0], unknown.place, side="left")
    times = np.searchsorted(rooms[:, 0], unknown.place, side="right") - low
    source = np.repeat(np.arange(len(unknown.place)), times)
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    reached = rooms[np.repeat(low, times) + within, 1]
    parts.append((unknown.place[source], reached, unknown.start[source], unknown.end[source]))
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


@njit
def united(place: Int32, room: Int32, start: Int64, end: Int64) -> Any:
    """Overlapping and touching intervals of one air joined (input sorted by place, room, start)."""
    total = len(start)
    a_place, a_room, first = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total + 1, np.int64)
    begun, ended = np.empty(total, np.int64), np.empty(total, np.int64)
    found, count = 0, 0
    for row in range(total):
        new = row == 0 or place[row] != place[row - 1] or room[row] != room[row - 1]
        if new:
            a_place[found], a_room[found], first[found] = place[row], room[row], count
            found += 1
        if not new and start[row] <= ended[count - 1]:
            ended[count - 1] = max(ended[count - 1], end[row])
        else:
            begun[count], ended[count] = start[row], end[row]
            count += 1
    first[found] = count
    return a_place[:found], a_room[:found], first[: found + 1], begun[:count], ended[:count]


@njit
def company(copy: Any, air: Any, hidden: Int32) -> Any:
    """The rows of one copy that overlap presence, without the hidden persons (sorted): person, place, room, times."""
    person, start, end, _, first, place, room, longest = copy
    a_place, a_room, a_first, begun, ended = air
    size, count = 1024, 0
    rows, group_of = np.empty(size, np.int64), np.empty(size, np.int64)
    here = 0
    for group in range(len(place)):
        while here < len(a_place) and a_place[here] < place[group]:
            here += 1
        which = air_of(a_place, a_room, here, place[group], room[group])
        if which < 0:
            continue
        low, high = a_first[which], a_first[which + 1]
        row = first[group] + np.searchsorted(
            start[first[group] : first[group + 1]], max(0, begun[low] - longest[group]), side="left"
        )
        while row < first[group + 1] and start[row] < ended[high - 1]:
            if touches(begun[low:high], ended[low:high], start[row], end[row]) and not within(hidden, person[row]):
                if count == size:
                    size *= 2
                    rows, group_of = widened(rows, size), widened(group_of, size)
                rows[count], group_of[count] = row, group
                count += 1
            row += 1
    return rows[:count], group_of[:count]


@njit
def air_of(a_place: Int32, a_room: Int32, here: int, place: int, room: int) -> int:
    """The air that somebody in this room breathes; -1 when no contact reached it."""
    alone = -1
    while here < len(a_place) and a_place[here] == place:
        if a_room[here] == room:
            return here
        if a_room[here] == -1:
            alone = here
        here += 1
    return alone


@njit
def touches(begun: Int64, ended: Int64, low: int, high: int) -> bool:
    """Whether `[low, high)` overlaps one of the sorted disjoint intervals."""
    if high <= low:
        return False
    position = np.searchsorted(ended, low, side="right")
    return bool(position < len(begun) and begun[position] < high)


@njit
def within(sorted_values: Int32, value: int) -> bool:
    position = np.searchsorted(sorted_values, value)
    return bool(position < len(sorted_values) and sorted_values[position] == value)


@njit
def widened(values: Int64, size: int) -> Any:
    grown = np.empty(size, np.int64)
    grown[: len(values)] = values
    return grown


@njit
def measured(stays: Any, air: Any) -> Any:
    """For each stay (sorted by place): seconds with presence, first and last moment."""
    _, place, room, start, end = stays
    a_place, a_room, a_first, begun, ended = air
    told = np.zeros((len(start), 3), np.int64)
    for row in range(len(start)):
        which = air_of(a_place, a_room, np.searchsorted(a_place, place[row]), place[row], room[row])
        if which < 0:
            continue
        position = a_first[which] + np.searchsorted(
            ended[a_first[which] : a_first[which + 1]], start[row], side="right"
        )
        while position < a_first[which + 1] and begun[position] < end[row]:
            low, high = max(begun[position], start[row]), min(ended[position], end[row])
            if told[row, 0] == 0:
                told[row, 1] = low
            told[row, 0] += high - low
            told[row, 2] = high
            position += 1
    return told
