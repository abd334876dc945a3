"""Moving means, standard deviations and thresholds for all series at once (compiled).

A series without missing reports takes the fast way: running sums (exact for whole numbers), then one pass
that the processor does several days at a time.
"""

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats

#: The width of the published methods, which has a loop of its own.
SEVEN = 7
#: Kinds of threshold.
PLAIN, BEFORE, TODAY = range(3)


@compiled
def fill_thresholds(
    counts: Floats,
    usable: Floats,
    began: Ints,
    width: int,
    gap: int,
    kind: int,
    zs: Floats,
    least: float,
    mean: Floats,
    sd: Floats,
    upper: Floats,
    memory: Floats,
) -> None:
    """Mean and sample standard deviation of the `width` periods that end `gap` before each period; threshold.

    Series by time, oldest first. NaN where the window reaches before the history or fewer than half of its
    periods were reported. `memory` is the excess of the two periods before, for the kinds that have one.
    """
    length = counts.shape[1]
    total, squares = np.zeros(length + 1), np.zeros(length + 1)
    excess = np.empty(length)
    for s in range(counts.shape[0]):
        m, d, u = mean[s], sd[s], upper[s]
        if width == SEVEN and least <= 0.0 and complete(usable[s]):
            moments_of_seven(usable[s], began[s], gap, zs[s], m, d, u)
        else:
            if complete(usable[s]):
                running_sums(usable[s], total, squares)
                moments_of_sums(total, squares, began[s], width, gap, m, d)
            else:
                moments_with_gaps(usable[s], began[s], width, gap, m, d)
            for t in range(length):
                d[t] = max(d[t], least) if least > 0.0 else d[t]
                u[t] = m[t] + zs[s] * d[t]
        if kind != PLAIN:
            fill_excess(counts[s], m, d, excess)
            threshold_of_memory(counts[s], m, d, excess, zs[s], kind, u, memory[s])


@compiled
def complete(values: Floats) -> bool:
    """No missing report."""
    missing = 0
    for t in range(len(values)):
        missing += values[t] != values[t]
    return missing == 0


@compiled
def running_sums(values: Floats, total: Floats, squares: Floats) -> None:
    """Sums of values and of their squares up to each period."""
    a, b = 0.0, 0.0
    for t in range(len(values)):
        a += values[t]
        b += values[t] * values[t]
        total[t + 1] = a
        squares[t + 1] = b


@compiled
def moments_of_sums(total: Floats, squares: Floats, began: int, width: int, gap: int, mean: Floats, sd: Floats) -> None:
    """Moments of full windows, from differences of running sums."""
    first = min(began + width + gap, len(mean))
    for t in range(first):
        mean[t] = np.nan
        sd[t] = np.nan
    one, rest, back = 1.0 / width, 1.0 / (width - 1), width + gap
    for t in range(first, len(mean)):
        sum_here = total[t - gap] - total[t - back]
        m = sum_here * one
        variance = (squares[t - gap] - squares[t - back] - sum_here * m) * rest
        mean[t] = m
        sd[t] = np.sqrt(variance if variance > 1e-12 * m * m else 0.0)


@compiled
def moments_of_seven(values: Floats, began: int, gap: int, z: float, mean: Floats, sd: Floats, upper: Floats) -> None:
    """Moments of seven periods and their threshold. Nothing is carried from one period to the next, so that the
    processor does several at a time: seven numbers are read again faster than a running sum is waited for."""
    first = min(began + SEVEN + gap, len(mean))
    mean[:first] = np.nan
    sd[:first] = np.nan
    upper[:first] = np.nan
    n = len(mean) - first
    head = first - gap - SEVEN
    a, b, c, d = values[head:], values[head + 1 :], values[head + 2 :], values[head + 3 :]
    e, f, g = values[head + 4 :], values[head + 5 :], values[head + 6 :]
    m, s, u = mean[first:], sd[first:], upper[first:]
    for t in range(n):
        total = (a[t] + b[t]) + (c[t] + d[t]) + (e[t] + f[t]) + g[t]
        squares = a[t] * a[t] + b[t] * b[t] + c[t] * c[t] + d[t] * d[t] + e[t] * e[t] + f[t] * f[t] + g[t] * g[t]
        centre = total * (1.0 / 7.0)
        variance = (squares - total * centre) * (1.0 / 6.0)
        spread = np.sqrt(variance if variance > 1e-12 * centre * centre else 0.0)
        m[t] = centre
        s[t] = spread
        u[t] = centre + z * spread


@compiled
def moments_with_gaps(values: Floats, began: int, width: int, gap: int, mean: Floats, sd: Floats) -> None:
    """Moments of windows in which some periods were not reported."""
    enough = max(2, (width + 1) // 2)
    reported, total, squares = 0, 0.0, 0.0
    for t in range(len(values)):
        entering, leaving = t - gap - 1, t - gap - 1 - width
        if entering >= 0 and not np.isnan(values[entering]):
            reported += 1
            total += values[entering]
            squares += values[entering] * values[entering]
        if leaving >= 0 and not np.isnan(values[leaving]):
            reported -= 1
            total -= values[leaving]
            squares -= values[leaving] * values[leaving]
        if leaving + 1 < began or reported < enough:
            mean[t] = np.nan
            sd[t] = np.nan
            continue
        mean[t] = total / reported
        variance = (squares - total * mean[t]) / (reported - 1)
        sd[t] = np.sqrt(variance) if variance > 1e-12 * mean[t] * mean[t] else 0.0


@compiled
def fill_excess(counts: Floats, mean: Floats, sd: Floats, excess: Floats) -> None:
    """Standard deviations above the mean beyond the first; not a number where 0 is divided by 0."""
    for t in range(len(counts)):
        e = (counts[t] - mean[t]) / sd[t] - 1.0
        excess[t] = 0.0 if e <= 0.0 else e


@compiled
def threshold_of_memory(
    counts: Floats, mean: Floats, sd: Floats, excess: Floats, z: float, kind: int, upper: Floats, memory: Floats
) -> None:
    """C3: the threshold after the excess of the two periods before has been used up."""
    for t in range(min(2, len(counts))):
        upper[t] = np.nan
        memory[t] = np.nan
    for t in range(2, len(counts)):
        used = excess[t - 1] + excess[t - 2]
        centre = counts[t] if kind == BEFORE else mean[t]
        room = z - used if kind == BEFORE else 3.0 - used
        limit = centre + sd[t] * room
        upper[t] = 0.0 if limit < 0.0 else limit
        memory[t] = used + excess[t] if kind == TODAY else used
