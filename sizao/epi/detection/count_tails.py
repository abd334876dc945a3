"""Tails and quantiles of the Poisson and negative binomial distribution, for compiled loops.

A count with mean `mean` and dispersion `phi` has variance `phi * mean`: Poisson when `phi` is 1, negative
binomial with size mean / (phi - 1) and probability 1 / phi above it. The incomplete beta and gamma functions
are evaluated by their continued fractions (DLMF 8.17.22, 8.9.2) or series (DLMF 8.11.4).
"""

import math

import numpy as np

from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats

_TINY = 1e-300
_CLOSE = 1e-16
_STEPS = 20_000
#: Means above this are no counts any more: the quantile is then left at its normal approximation.
LARGEST_MEAN = 1e9


@compiled
def beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (modified Lentz)."""
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    fraction = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 + even * d
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = 1.0 + even / c
        c = c if abs(c) > _TINY else _TINY
        fraction *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 + odd * d
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = 1.0 + odd / c
        c = c if abs(c) > _TINY else _TINY
        step = d * c
        fraction *= step
        if abs(step - 1.0) < _CLOSE * 8:
            break
    return fraction


@compiled
def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * beta_fraction(a, b, x) / a
    return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b


@compiled
def gamma_share(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(a, x)."""
    if x <= 0.0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1.0:
        term = 1.0 / a
        total = term
        for m in range(1, _STEPS):
            term *= x / (a + m)
            total += term
            if term < total * _CLOSE:
                break
        return front * total
    b = x + 1.0 - a
    c = 1.0 / _TINY
    d = 1.0 / b
    fraction = d
    for m in range(1, _STEPS):
        numerator = -m * (m - a)
        b += 2.0
        d = numerator * d + b
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = b + numerator / c
        c = c if abs(c) > _TINY else _TINY
        fraction *= d * c
        if abs(d * c - 1.0) < _CLOSE * 8:
            break
    return 1.0 - front * fraction


@compiled
def chance_above(k: float, mean: float, phi: float) -> float:
    """P(X > k) for whole k >= -1."""
    if k < 0.0:
        return 1.0
    if mean <= 0.0:
        return 0.0
    if phi <= 1.0:
        return gamma_share(k + 1.0, mean)
    return beta_share(k + 1.0, mean / (phi - 1.0), 1.0 - 1.0 / phi)


@compiled
def chance_of(k: float, mean: float, phi: float) -> float:
    """P(X = k) for whole k >= 0."""
    if phi <= 1.0:
        return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0))
    size = mean / (phi - 1.0)
    return math.exp(
        math.lgamma(k + size)
        - math.lgamma(size)
        - math.lgamma(k + 1.0)
        - size * math.log(phi)
        + k * math.log1p(-1.0 / phi)
    )


@compiled
def guess_quantile(mean: float, phi: float, z: float) -> float:
    """Cornish and Fisher's first correction of the normal quantile for skewness."""
    sd = math.sqrt(mean * phi)
    skewness = (2.0 * phi - 1.0) / sd
    guess = math.floor(mean + sd * (z + skewness * (z * z - 1.0) / 6.0) + 0.5)
    return guess if guess > 0.0 else 0.0


@compiled
def upper_quantile(alpha: float, z: float, mean: float, phi: float) -> float:
    """The smallest count k with P(X > k) <= alpha; `z` is the normal quantile of 1 - alpha."""
    if mean <= 0.0:
        return 0.0
    k = guess_quantile(mean, phi, z)
    if not mean < LARGEST_MEAN:
        return k
    limit = alpha * (1.0 + 1e-13)
    above = chance_above(k, mean, phi)
    here = chance_of(k, mean, phi)
    size = mean / (phi - 1.0) if phi > 1.0 else 0.0
    share = 1.0 - 1.0 / phi
    if above <= limit:
        while k > 0.0 and above + here <= limit:
            above += here
            here *= k / mean if phi <= 1.0 else k / ((k - 1.0 + size) * share)
            k -= 1.0
        return k
    while above > limit and here > 0.0:
        here *= mean / (k + 1.0) if phi <= 1.0 else (k + size) * share / (k + 1.0)
        above -= here
        k += 1.0
    return k


@compiled
def judge_counts(
    counts: Floats, mean: Floats, phi: Floats, alphas: Floats, zs: Floats, upper: Floats, p_value: Floats
) -> None:
    """Quantile of each mean, and the chance of a count at least as high as the one seen."""
    for i in range(len(counts)):
        upper[i] = upper_quantile(alphas[i], zs[i], mean[i], phi[i])
        p_value[i] = chance_above(counts[i] - 1.0, mean[i], phi[i]) if counts[i] >= 0.0 else np.nan
