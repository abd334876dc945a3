"""The scan over circles and time windows, and its permutations (compiled).

Log likelihood ratio of c cases where mu are expected, of C in all: c log(c / mu) + (C - c) log((C - c) /
(C - mu)). For given c it falls with mu, so a table of the mu below which a ratio exceeds a level answers most
comparisons without a logarithm.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats

Counts = NDArray[np.int32]
#: Levels of the tables of largest expectations: 0, 0.25, 0.5, …
LEVEL_STEP = 0.25
LEVELS = 400
FEWEST_CASES = 2


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
    all_cases: int,
    tables: Floats,
    ready: Counts,
) -> float:
    """The largest log ratio over all circles and windows."""
    n_windows = windows.shape[1]
    c = np.zeros(n_windows, dtype=np.int32)
    highest, row = 0.0, 0
    fill_table(tables, ready, 0, all_cases)
    for i in range(len(starts) - 1):
        c[:] = 0
        for at in range(starts[i], starts[i + 1]):
            place = order[at]
            begin = begins[place]
            if begin == n_windows:
                continue
            above, table, here = 0, tables[row], float(total[at])
            for w in range(begin, n_windows):
                c[w] += windows[place, w]
                above += here * shares[w] < table[c[w]]
            if above == 0:
                continue
            for w in range(begin, n_windows):
                mu = total[at] * shares[w]
                if mu < tables[row, c[w]]:
                    highest = max(highest, log_ratio(c[w], mu, all_cases))
            row = min(int(highest / LEVEL_STEP), LEVELS - 1)
            fill_table(tables, ready, row, all_cases)
    return highest


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
    tables = np.empty((LEVELS, largest_window + 1))
    ready = np.zeros(LEVELS, dtype=np.int32)
    pool = places.copy()
    state = np.zeros(1, dtype=np.uint64)
    for replicate in range(begin, end):
        pool[:] = places
        state[0] = np.uint64(seed) * np.uint64(0xD1342543DE82EF95) + np.uint64(replicate)
        state[0] = np.uint64(next_random(state)) << np.uint64(20) ^ np.uint64(replicate)
        draw_without_replacement(pool, len(lags), state)
        spread_cases(pool, lags, len(lags), first, last, windows, begins)
        highest[replicate] = highest_ratio(starts, order, total, shares, windows, begins, len(places), tables, ready)


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
