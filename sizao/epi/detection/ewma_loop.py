"""Exponentially weighted means against a moving baseline, for all series at once (compiled)."""

import math

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats


@compiled
def smooth(
    counts: Floats,
    usable: Floats,
    began: Ints,
    width: int,
    guard: int,
    fewest: int,
    weight: float,
    warning: Floats,
    clip: Floats,
    quantiles: Floats,
    expected: Floats,
    statistic: Floats,
    upper: Floats,
    freedom: Floats,
) -> None:
    """One smoothing weight: baseline mean, t statistic, ringing count and degrees of freedom of every day.

    A smoothed value beyond the alert limit is drawn back to it, so that one outbreak does not ring for long.
    Missing days leave the smoothed value as it is.
    """
    for s in range(counts.shape[0]):
        z = np.nan
        for t in range(began[s], counts.shape[1]):
            y = counts[s, t]
            before = z
            if np.isnan(z):
                z = y
            elif not np.isnan(y):
                z = weight * y + (1.0 - weight) * before
            n, mean, sd = window(usable[s], max(began[s], t - guard - width), t - guard)
            if n < fewest or np.isnan(before):
                continue
            spread = standard_error(n, sd, weight, guard, warning[n - 1])
            expected[s, t] = mean
            freedom[s, t] = n - 1.0
            upper[s, t] = (mean + quantiles[s, n - 1] * spread - (1.0 - weight) * before) / weight
            if np.isnan(y):
                continue
            score = (z - mean) / spread
            statistic[s, t] = score
            if abs(score) > clip[n - 1]:
                z = mean + math.copysign(clip[n - 1] * spread, score)


@compiled
def window(values: Floats, begin: int, end: int) -> tuple[int, float, float]:
    """Number, mean and standard deviation of the reported values."""
    n, total = 0, 0.0
    for t in range(begin, end):
        if not np.isnan(values[t]):
            n += 1
            total += values[t]
    if n < 2:
        return n, total, 0.0
    mean, squares = total / n, 0.0
    for t in range(begin, end):
        if not np.isnan(values[t]):
            squares += (values[t] - mean) ** 2
    return n, mean, math.sqrt(squares / (n - 1))


@compiled
def standard_error(n: int, sd: float, weight: float, guard: int, warning: float) -> float:
    """Of the smoothed value less the baseline mean; with ESSENCE's floor and constant for small counts."""
    rest = 1.0 - weight
    share = weight / (2.0 - weight) + 1.0 / n - 2.0 * rest ** (guard + 1) * (1.0 - rest**n) / n
    least = weight / warning * (1.0 + 0.5 * rest**2)
    constant = (0.1289 - (0.2414 - 0.1826 * rest**4) * math.log(10.0 * 0.05)) * weight / warning
    return max(least, sd * math.sqrt(share) + constant)
