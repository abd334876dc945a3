"""The likelihood-ratio searches over series and weeks (compiled)."""

import math

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats

#: The reference starts each search here and gives up beyond the horizon.
FIRST_FACTOR = 0.5
HORIZON = 1e6
LONGEST_SEARCH = 1000


@compiled
def monitor(
    counts: Floats,
    mean: Floats,
    alpha: Floats,
    first: Ints,
    limit: float,
    shift: float,
    cases_from: int,
    exact: bool,
    statistic: Floats,
    upper: Floats,
) -> None:
    """Statistic and ringing count of every series from its column `first`; missing reports are passed over.

    The ringing count costs a search, so it is given from column `cases_from` only.
    """
    length = counts.shape[1]
    y, m = np.empty(length), np.empty(length)
    for s in range(counts.shape[0]):
        n, total = 0, 0.0
        for t in range(first[s], length):
            if np.isnan(mean[s, t]) or np.isnan(counts[s, t]):
                continue
            y[n], m[n] = counts[s, t], mean[s, t]
            n += 1
            if np.isnan(shift):
                value = largest_ratio(y, m, n, alpha[s], exact)
            else:
                value = max(0.0, total + log_ratio(y[n - 1], m[n - 1], alpha[s], shift))
            statistic[s, t] = value
            if t >= cases_from:
                upper[s, t] = ringing_count(y, m, n, alpha[s], exact, shift, total, limit)
            total = value
            if value >= limit:
                n, total = 0, 0.0


@compiled
def log_ratio(y: float, m: float, alpha: float, factor: float) -> float:
    """Log likelihood of a mean multiplied by exp(factor) against the mean itself."""
    raised = m * math.exp(factor)
    if alpha <= 0.0:
        return y * factor - (raised - m)
    return y * factor - (y + 1.0 / alpha) * math.log((1.0 + alpha * raised) / (1.0 + alpha * m))


@compiled
def largest_ratio(y: Floats, m: Floats, n: int, alpha: float, exact: bool) -> float:
    """The largest ratio over all weeks a rise could have begun in."""
    if alpha <= 0.0:
        return largest_poisson_ratio(y, m, n)
    best, guess = 0.0, FIRST_FACTOR
    for begin in range(n):
        if exact:
            factor = best_factor(y, m, begin, n, alpha)
        else:
            factor, guess = newton_factor(y, m, begin, n, alpha, guess)
        value = 0.0
        if factor > 0.0:
            for i in range(begin, n):
                value += log_ratio(y[i], m[i], alpha, factor)
        best = max(best, value)
    return best


@compiled
def largest_poisson_ratio(y: Floats, m: Floats, n: int) -> float:
    """As `largest_ratio` for Poisson counts, where the best factor is cases divided by expected cases."""
    best, cases, expected = 0.0, 0.0, 0.0
    for i in range(n - 1, -1, -1):
        cases += y[i]
        expected += m[i]
        if cases > expected:
            best = max(best, cases * math.log(cases / expected) - (cases - expected))
    return best


@compiled
def slope_and_bend(y: Floats, m: Floats, begin: int, end: int, alpha: float, factor: float) -> tuple[float, float]:
    """First and second derivative of the negative binomial log likelihood in the factor."""
    slope, bend, times = 0.0, 0.0, math.exp(factor)
    for i in range(begin, end):
        raised = m[i] * times
        slope += (y[i] - raised) / (1.0 + alpha * raised)
        bend -= raised * (1.0 + alpha * y[i]) / (1.0 + alpha * raised) ** 2
    return slope, bend


@compiled
def newton_factor(y: Floats, m: Floats, begin: int, end: int, alpha: float, guess: float) -> tuple[float, float]:
    """The reference's search: Newton steps from the last window's factor; 0 and a new guess of 0 on failure."""
    factor = guess
    for _ in range(LONGEST_SEARCH):
        slope, bend = slope_and_bend(y, m, begin, end, alpha, factor)
        following = factor - slope / bend
        if not abs(following) < HORIZON:
            return 0.0, 0.0
        if abs(following - factor) < 1e-9:
            return following, following
        factor = following
    return 0.0, 0.0


@compiled
def best_factor(y: Floats, m: Floats, begin: int, end: int, alpha: float) -> float:
    """The most likely factor, 0 when the cases are not above the mean: Newton steps kept inside a bracket."""
    slope, _ = slope_and_bend(y, m, begin, end, alpha, 0.0)
    if slope <= 0.0:
        return 0.0
    low, high = 0.0, 1.0
    while high < 60.0 and slope_and_bend(y, m, begin, end, alpha, high)[0] > 0.0:
        low, high = high, high * 2.0
    factor = 0.5 * (low + high)
    for _ in range(100):
        slope, bend = slope_and_bend(y, m, begin, end, alpha, factor)
        if slope > 0.0:
            low = factor
        else:
            high = factor
        following = factor - slope / bend
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - factor) < 1e-12:
            break
        factor = following
    return factor


@compiled
def ringing_count(
    y: Floats,
    m: Floats,
    n: int,
    alpha: float,
    exact: bool,
    shift: float,
    total: float,
    limit: float,
) -> float:
    """The smallest count of the newest week that would ring; the count itself is put back."""
    kept: float = y[n - 1]
    low, high = -1.0, float(max(kept, m[n - 1], 1.0))
    while not rings(y, m, n, high, alpha, exact, shift, total, limit):
        low, high = high, 2.0 * high + 10.0
        if high > 1e12:
            y[n - 1] = kept
            return np.nan
    high = float(math.floor(high))
    while high - low > 1.0:
        middle = math.floor(0.5 * (low + high))
        if rings(y, m, n, middle, alpha, exact, shift, total, limit):
            high = middle
        else:
            low = middle
    y[n - 1] = kept
    return high


@compiled
def rings(
    y: Floats,
    m: Floats,
    n: int,
    count: float,
    alpha: float,
    exact: bool,
    shift: float,
    total: float,
    limit: float,
) -> bool:
    """Would this count in the newest week ring?"""
    y[n - 1] = count
    if np.isnan(shift):
        return largest_ratio(y, m, n, alpha, exact) >= limit
    return max(0.0, total + log_ratio(count, m[n - 1], alpha, shift)) >= limit
