"""Whom the infectious meet on a day, and whom they would infect: compiled, by infectious person only."""

import numpy as np
import numpy.typing as npt

from sizao.epi.city.chance import ATTENDANCE, STAY_HOME, TRANSMISSION, VACCINATION, WATER, draw
from sizao.epi.city.days import SITTING, range_of, seat_of, slot_key, weekend
from sizao.epi.city.settling import interval_of
from sizao.epi.city.shuffle import key_of, shuffled, unshuffled
from sizao.epi.compiled import compiled_in_order

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

HOUSEHOLD, GROUP, VENUE, WATERS = 0, 1, 2, 3
LAYERS = ("household", "group", "venue", "water")
#: People of the community who use the same water or surfaces on a day (assumed).
SHARING = 20
#: Kinds of places from this one on work at weekends: hospitals, care homes, points of entry.
ALWAYS_OPEN = 6
#: Most people met in one day: household, class, sittings and water are together far fewer.
MOST = 256


@compiled_in_order
def met_by(
    seed: int,
    walk: int,
    p: int,
    day: int,
    at_home: bool,
    age_of: Bytes,
    household_of: Int32s,
    household_start: Int32s,
    group_of: Int32s,
    group_start: Int32s,
    members: Int32s,
    group_place: Int32s,
    place_kind: Bytes,
    slots: Ints,
    attends: Ints,
    areas: Ints,
    first_community: Ints,
    first: Ints,
    size: Ints,
    venue: Ints,
    seat: Int32s,
    met: Int32s,
    layer: Bytes,
) -> int:
    """Everybody p may meet on a day, with the layer; those of a sitting may have stayed away (see `is_out`)."""
    n = 0
    for q in range(household_start[household_of[p]], household_start[household_of[p] + 1]):
        if q != p and n < MOST:
            met[n], layer[n] = q, HOUSEHOLD
            n += 1
    r = range_of(p, 0, areas, first_community)
    w0, w1 = key_of(seed, WATER, p, 0, day)
    for k in range(min(SHARING, size[r])):
        q = first[r] + shuffled(k, size[r], w0, w1)
        if q != p and n < MOST:
            met[n], layer[n] = q, WATERS
            n += 1
    if at_home:
        return n
    g = group_of[p]
    if g >= 0 and (weekend(day) == 0 or place_kind[group_place[g]] >= ALWAYS_OPEN):
        for k in range(group_start[g], group_start[g + 1]):
            if members[k] != p and n < MOST:
                met[n], layer[n] = members[k], GROUP
                n += 1
    for slot in range(len(slots)):
        if draw(walk, ATTENDANCE, p, slot, day)[0] >= attends[weekend(day), slot, age_of[p]]:
            continue
        r, s = seat_of(walk, p, slot, day, slots, areas, first_community, first, size)
        starts = seat[venue[r] + r : venue[r + 1] + r + 1]
        v = interval_of(starts, s)
        begin = starts[v] + (s - starts[v]) // SITTING * SITTING
        k0, k1 = slot_key(walk, slot, r, day, slots[slot, 1])
        for k in range(begin, min(begin + SITTING, starts[v + 1])):
            q = first[r] + unshuffled(k, size[r], k0, k1)
            out = draw(walk, ATTENDANCE, q, slot, day)[0] < attends[weekend(day), slot, age_of[q]]
            if q != p and out and n < MOST:
                met[n], layer[n] = q, VENUE
                n += 1
    return n


@compiled_in_order
def share_of(hazard: float) -> float:
    """1 - exp(-hazard) by a short sum of products, so that every machine gives the same number."""
    h = min(hazard, 20.0) / 8
    e = 1 + h * (1 + h / 2 * (1 + h / 3 * (1 + h / 4 * (1 + h / 5 * (1 + h / 6)))))
    e2 = e * e
    return 1 - 1 / (e2 * e2 * e2 * e2)


@compiled_in_order
def protected(seed: int, q: int, age: int, vaccinated: Ints) -> bool:
    """Whether q's vaccination holds (all or nothing); `vaccinated` is the threshold by age."""
    return bool(draw(seed, VACCINATION, q, 0, 0)[0] < vaccinated[age])


@compiled_in_order
def stays_home(seed: int, p: int, episode: int, share: int) -> bool:
    return bool(draw(seed, STAY_HOME, p, episode, 0)[0] < share)


@compiled_in_order
def would_infect(
    seed: int,
    walk: int,
    day: int,
    active: Ints,
    person: Int32s,
    infectious_from: Int32s,
    onset: Int32s,
    episode: Int32s,
    factor: Floats,
    profile: Floats,
    waters: Floats,
    hazards: Floats,
    home_share: int,
    vaccinated: Ints,
    last: Int32s,
    immune_to: Int32s,
    age_of: Bytes,
    household_of: Int32s,
    household_start: Int32s,
    group_of: Int32s,
    group_start: Int32s,
    members: Int32s,
    group_place: Int32s,
    place_kind: Bytes,
    slots: Ints,
    attends: Ints,
    areas: Ints,
    first_community: Ints,
    first: Ints,
    size: Ints,
    venue: Ints,
    seat: Int32s,
    out: Ints,
) -> int:
    """Rows (whom, word, source, layer) of everybody the active infections would infect on a day, and how many.

    Only the first `len(out)` are written: with a larger number the same question is asked again.
    """
    met, layer, n = np.empty(MOST, np.int32), np.empty(MOST, np.uint8), 0
    chances = np.zeros(4, np.int64)
    for i in active:
        p, since = person[i], day - infectious_from[i]
        if since < 0:
            continue
        direct = profile[since] if since < len(profile) else 0.0
        water = waters[since] if since < len(waters) else 0.0
        for k in range(4):
            strength = water if k == WATERS else direct
            chances[k] = int(share_of(factor[i] * strength * hazards[k]) * 4294967296.0)
        ill = onset[i] >= 0 and day >= onset[i] and stays_home(seed, p, episode[i], home_share)
        number = met_by(
            seed, walk, p, day, ill, age_of, household_of, household_start, group_of, group_start, members,
            group_place, place_kind, slots, attends, areas, first_community, first, size, venue, seat, met, layer,
        )  # fmt: skip
        for k in range(number):
            chance, q = chances[layer[k]], met[k]
            if chance == 0:
                continue
            word = draw(seed, TRANSMISSION + layer[k], p, q, day)[0]
            if word >= chance or (last[q] > 0 and immune_to[last[q] - 1] > day):
                continue
            if not protected(seed, q, age_of[q], vaccinated):
                if n < len(out):
                    out[n, 0], out[n, 1], out[n, 2], out[n, 3] = q, word, i, layer[k]
                n += 1
    return n
