"""The scan over circles and time windows, and its permutations (compiled).

Log likelihood ratio of c cases where mu are expected, of C in all: c log(c / mu) + (C - c) log((C - c) /
(C - mu)). For given c it falls with mu, so for each level there is a fewest number of cases of a circle's size and
window that exceeds it. A table of these answers nearly all comparisons by looking at whole numbers, several
windows at a time: the counts of the windows stand side by side in one machine word, each in a lane of its own whose
highest bit is left free, so that one addition adds them all and one subtraction compares them all.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats

Counts = NDArray[np.int32]
Words = NDArray[np.uint64]
#: Levels of the tables of largest expectations: 0, 0.25, 0.5, …
LEVEL_STEP = 0.25
LEVELS = 400
FEWEST_CASES = 2
#: Bits of a lane, and the most cases in a window that fit into the narrow one.
NARROW, WIDE, NARROW_MOST = 16, 32, 32_000


@compiled
def log_ratio(c: int, mu: float, all_cases: int) -> float:
    """The log likelihood ratio; 0 unless more cases than expected."""
    if c <= mu:
        return 0.0
    ratio = c * math.log(c / mu)
    if c < all_cases:
        ratio += (all_cases - c) * math.log((all_cases - c) / (all_cases - mu))
    return ratio


@compiled
def largest_expectation(c: int, level: float, all_cases: int) -> float:
    """The mu at which c cases have this log ratio."""
    low, high = -80.0, math.log(c)
    for _ in range(60):
        middle = 0.5 * (low + high)
        if log_ratio(c, math.exp(middle), all_cases) > level:
            low = middle
        else:
            high = middle
        if high - low < 1e-9:
            break
    return math.exp(high) * (1.0 + 1e-8)


@compiled
def fill_table(tables: Floats, ready: Counts, row: int, all_cases: int) -> None:
    """Fill one level's table, once."""
    if ready[row]:
        return
    tables[row, :FEWEST_CASES] = -1.0
    for c in range(FEWEST_CASES, tables.shape[1]):
        tables[row, c] = largest_expectation(c, row * LEVEL_STEP, all_cases)
    ready[row] = 1


@compiled
def fill_needs(
    needs: Words, tables: Floats, ready: Counts, row: int, shares: Floats, all_cases: int, bits: int
) -> None:
    """Fewest cases above one level, by cases of the circle in all, in the lanes of the windows; filled once."""
    if ready[row]:
        return
    fill_table(tables, ready, row, all_cases)
    most, lanes, never = tables.shape[1], 64 // bits, (1 << (bits - 1)) - 1
    needs[row, :, :] = np.uint64(0)
    for w in range(needs.shape[2] * lanes):
        c, shift = FEWEST_CASES, np.uint64(w % lanes * bits)
        for total in range(needs.shape[1]):
            if w < len(shares):
                while c < most and total * shares[w] >= tables[row, c]:
                    c += 1
            need = c if w < len(shares) and c < most else never
            needs[row, total, w // lanes] |= np.uint64(need) << shift


@compiled
def spread_cases(places: Ints, lags: Ints, n: int, first: Ints, last: Ints, windows: Counts, begins: Counts) -> None:
    """Cases of each place in each window of lags `first` to `last` (lag 0 is the newest day).

    `begins` is the first window in which a place has cases; the number of windows where it has none.
    """
    windows[:] = 0
    begins[:] = len(first)
    for i in range(n):
        place, lag = places[i], lags[i]
        for w in range(len(first)):
            if first[w] <= lag <= last[w]:
                windows[place, w] += 1
                begins[place] = min(begins[place], w)


@compiled
def highest_ratio(
    starts: Ints,
    order: Counts,
    total: Counts,
    shares: Floats,
    windows: Counts,
    begins: Counts,
    packed: Words,
    all_cases: int,
    tables: Floats,
    needs: Words,
    ready: Counts,
    bits: int,
) -> float:
    """The largest log ratio over all circles and windows."""
    n_windows, lanes = len(shares), 64 // bits
    pack(windows, n_windows, bits, packed)
    c = np.zeros(packed.shape[1], dtype=np.uint64)
    free = free_bits(bits)
    lane = np.uint64((1 << bits) - 1)
    highest, row = 0.0, 0
    fill_needs(needs, tables, ready, 0, shares, all_cases, bits)
    for i in range(len(starts) - 1):
        c[:] = np.uint64(0)
        for at in range(starts[i], starts[i + 1]):
            place = order[at]
            if begins[place] == n_windows:
                continue
            here, reached = total[at], np.uint64(0)
            for k in range(len(c)):
                c[k] += packed[place, k]
                reached |= (c[k] | free) - needs[row, here, k]
            if reached & free == np.uint64(0):
                continue
            for w in range(n_windows):
                mu, n = here * shares[w], np.int64((c[w // lanes] >> np.uint64(w % lanes * bits)) & lane)
                if mu < tables[row, n]:
                    highest = max(highest, log_ratio(int(n), mu, all_cases))
            row = min(int(highest / LEVEL_STEP), LEVELS - 1)
            fill_needs(needs, tables, ready, row, shares, all_cases, bits)
    return highest


@compiled
def pack(windows: Counts, n_windows: int, bits: int, packed: Words) -> None:
    """The windows of each place side by side in words."""
    lanes = 64 // bits
    packed[:] = np.uint64(0)
    for place in range(windows.shape[0]):
        for w in range(n_windows):
            packed[place, w // lanes] |= np.uint64(windows[place, w]) << np.uint64(w % lanes * bits)


@compiled
def free_bits(bits: int) -> np.uint64:
    """The highest bit of every lane."""
    found = np.uint64(0)
    for lane in range(64 // bits):
        found |= np.uint64(1) << np.uint64(lane * bits + bits - 1)
    return found


@compiled
def next_random(state: NDArray[np.uint64]) -> np.int64:
    """The next 32 random bits (SplitMix64: Steele, Lea and Flood 2014, OOPSLA)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.int64(z >> np.uint64(32))


@compiled
def draw_without_replacement(pool: Ints, wanted: int, state: NDArray[np.uint64]) -> None:
    """Shuffle the first `wanted` positions of `pool`."""
    n = len(pool)
    for i in range(wanted):
        j = i + ((next_random(state) * (n - i)) >> 32)
        pool[i], pool[j] = pool[j], pool[i]


@compiled
def permute(
    places: Ints,
    lags: Ints,
    first: Ints,
    last: Ints,
    starts: Ints,
    order: Counts,
    total: Counts,
    shares: Floats,
    n_places: int,
    seed: int,
    begin: int,
    end: int,
    largest_window: int,
    highest: Floats,
) -> None:
    """The highest log ratio of replicates `begin` to `end`, each with its own dice.

    `places` are those of all cases; `lags` those of the cases inside any window, which each replicate gives
    to cases drawn at random, so that places and days keep their totals.
    """
    windows = np.zeros((n_places, len(first)), dtype=np.int32)
    begins = np.zeros(n_places, dtype=np.int32)
    bits = NARROW if largest_window <= NARROW_MOST else WIDE
    words = (len(first) * bits + 63) // 64
    packed = np.zeros((n_places, words), dtype=np.uint64)
    tables = np.empty((LEVELS, largest_window + 1))
    needs = np.empty((LEVELS, total.max() + 1 if len(total) else 1, words), dtype=np.uint64)
    ready = np.zeros(LEVELS, dtype=np.int32)
    pool = places.copy()
    state = np.zeros(1, dtype=np.uint64)
    for replicate in range(begin, end):
        pool[:] = places
        state[0] = np.uint64(seed) * np.uint64(0xD1342543DE82EF95) + np.uint64(replicate)
        state[0] = np.uint64(next_random(state)) << np.uint64(20) ^ np.uint64(replicate)
        draw_without_replacement(pool, len(lags), state)
        spread_cases(pool, lags, len(lags), first, last, windows, begins)
        highest[replicate] = highest_ratio(
            starts, order, total, shares, windows, begins, packed, len(places), tables, needs, ready, bits
        )


@compiled
def best_by_centre(
    starts: Ints,
    order: Counts,
    total: Counts,
    shares: Floats,
    windows: Counts,
    begins: Counts,
    all_cases: int,
    best: Floats,
    best_at: Ints,
    best_window: Ints,
) -> None:
    """The best circle and window around every place; at equal ratio the circle with the fewest places."""
    n_windows = windows.shape[1]
    c = np.zeros(n_windows, dtype=np.int32)
    for i in range(len(starts) - 1):
        c[:] = 0
        for at in range(starts[i], starts[i + 1]):
            place = order[at]
            for w in range(begins[place], n_windows):
                c[w] += windows[place, w]
                if c[w] < FEWEST_CASES:
                    continue
                ratio = log_ratio(c[w], total[at] * shares[w], all_cases)
                if ratio > best[i] + 1e-11:
                    best[i], best_at[i], best_window[i] = ratio, at, w
