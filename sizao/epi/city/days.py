"""Where somebody is in a slot of a day, and who is there: compiled, both ways, nothing stored.

A day has five slots. In each, everybody has a seat by a shuffle of their range (community, area or city), and every
seat belongs to a venue; whether they go, when and for how long is a draw of their own. Seats side by side make a
sitting: the eight people who may meet, at about the same time in the same room.
"""

import numpy as np
import numpy.typing as npt

from sizao.epi.city.chance import ATTENDANCE, MOVEMENT, draw
from sizao.epi.city.settling import interval_of
from sizao.epi.city.shuffle import key_of, over, shuffled, unshuffled
from sizao.epi.city.venues import COMMUNITY
from sizao.epi.compiled import compiled_in_order

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

SLOTS = 5
SITTING = 8
#: Seats of a venue that share a room.
ROOM = 160
#: 1970-01-01 was a Thursday: weekday 0 is Monday.
FIRST_WEEKDAY = 3


@compiled_in_order
def weekend(day: int) -> int:
    return 1 if (day + FIRST_WEEKDAY) % 7 >= 5 else 0


@compiled_in_order
def range_of(p: int, level: int, areas: Ints, first_community: Ints) -> int:
    """The range of person p at a level: 0 community, 1 area, 2 city."""
    n_communities = first_community[-1]
    if level == 2:
        return int(n_communities + len(areas) - 1)
    area = interval_of(areas, p)
    if level == 1:
        return int(n_communities + area)
    last = first_community[area + 1] - 1
    return int(min(first_community[area] + (p - areas[area]) // COMMUNITY, last))


@compiled_in_order
def slot_key(seed: int, slot: int, r: int, day: int, weekly: int) -> tuple[int, int]:
    """The key of a slot's shuffle: of the day, or of the weekday where habits repeat weekly."""
    when = (day + FIRST_WEEKDAY) % 7 if weekly else 7 + day
    return key_of(seed, MOVEMENT, r, slot, when)


@compiled_in_order
def seat_of(
    seed: int, p: int, slot: int, day: int, slots: Ints, areas: Ints, first_community: Ints, first: Ints, size: Ints
) -> tuple[int, int]:
    """The range and the seat of person p in a slot of a day (whether or not they go)."""
    r = range_of(p, slots[slot, 0], areas, first_community)
    k0, k1 = slot_key(seed, slot, r, day, slots[slot, 1])
    return r, shuffled(p - first[r], size[r], k0, k1)


@compiled_in_order
def goes(seed: int, p: int, age: int, slot: int, day: int, attends: Ints) -> bool:
    """Whether p goes out in this slot of the day."""
    return bool(draw(seed, ATTENDANCE, p, slot, day)[0] < attends[weekend(day), slot, age])


@compiled_in_order
def stay_of(late: int, long: int, slot: int, at: int, seats: int, slots: Ints, dwell: Ints) -> tuple[int, int]:
    """Seconds of the day of coming and going, for two random words and the seat `at` of a venue with `seats`.

    Sittings come one after the other over the slot's hours; people come within a quarter of an hour of theirs.
    """
    opens, closes = slots[slot, 2], slots[slot, 3]
    sittings = (seats + SITTING - 1) // SITTING
    start = opens + over((closes - opens) * (at // SITTING), sittings) + ((late * 900) >> 32)
    return start, start + dwell[slot, long >> 24]


@compiled_in_order
def room_of(at: int, seats: int) -> int:
    """The room of a venue's seat, from 1: sittings go round the rooms."""
    rooms = 1 + seats // ROOM
    sitting = at // SITTING
    return 1 + sitting - rooms * over(sitting, rooms)


@compiled_in_order
def visits_of(
    seed: int,
    persons: npt.NDArray[np.integer],
    day: int,
    age_of: Bytes,
    slots: Ints,
    attends: Ints,
    dwell: Ints,
    areas: Ints,
    first_community: Ints,
    first: Ints,
    size: Ints,
    venue: Ints,
    seat: Int32s,
    out_person: Int32s,
    out_place: Int32s,
    out_room: Int32s,
    out_start: Ints,
    out_end: Ints,
) -> int:
    """The visits of these people on a day, in their order and by slot; the number of rows."""
    row, midnight, weekend_day = 0, day * 86_400, weekend(day)
    out = np.empty(len(slots) + 1, np.int64)
    for p in persons:
        n = 0
        for slot in range(len(slots)):
            out[n] = slot
            n += 1 * (draw(seed, ATTENDANCE, p, slot, day)[0] < attends[weekend_day, slot, age_of[p]])
        for k in range(n):
            slot = out[k]
            _, late, long, _ = draw(seed, ATTENDANCE, p, slot, day)
            r, s = seat_of(seed, p, slot, day, slots, areas, first_community, first, size)
            starts = seat[venue[r] + r : venue[r + 1] + r + 1]
            v = interval_of(starts, s)
            at, seats = s - starts[v], starts[v + 1] - starts[v]
            start, end = stay_of(late, long, slot, at, seats, slots, dwell)
            out_person[row] = p
            out_place[row] = venue[r] + v
            out_room[row] = room_of(at, seats)
            out_start[row] = midnight + start
            out_end[row] = midnight + end
            row += 1
    return row


@compiled_in_order
def visitors_of(
    seed: int,
    places: npt.NDArray[np.integer],
    day: int,
    age_of: Bytes,
    slots: Ints,
    attends: Ints,
    dwell: Ints,
    level_first: Ints,
    first: Ints,
    size: Ints,
    venue: Ints,
    seat: Int32s,
    out_person: Int32s,
    out_place: Int32s,
    out_room: Int32s,
    out_start: Ints,
    out_end: Ints,
) -> int:
    """The visits to these places on a day; the number of rows. `level_first`: the first range of each level."""
    row, midnight, weekend_day = 0, day * 86_400, weekend(day)
    for place in places:
        r = interval_of(venue, place)
        level = interval_of(level_first, r)
        starts = seat[venue[r] + r : venue[r + 1] + r + 1]
        v = place - venue[r]
        seats = starts[v + 1] - starts[v]
        for slot in range(len(slots)):
            if slots[slot, 0] != level:
                continue
            k0, k1 = slot_key(seed, slot, r, day, slots[slot, 1])
            for at in range(seats):
                p = first[r] + unshuffled(starts[v] + at, size[r], k0, k1)
                word, late, long, _ = draw(seed, ATTENDANCE, p, slot, day)
                start, end = stay_of(late, long, slot, at, seats, slots, dwell)
                # Written in any case and kept only by counting on: a branch here costs more than all the arithmetic.
                out_person[row] = p
                out_place[row] = place
                out_room[row] = room_of(at, seats)
                out_start[row] = midnight + start
                out_end[row] = midnight + end
                row += 1 * (word < attends[weekend_day, slot, age_of[p]])
    return row
