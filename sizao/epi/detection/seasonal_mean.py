"""The mean count expected without outbreaks: Poisson or negative binomial regression, all series at once.

Log mean = level (+ trend) + harmonics of the year. Poisson by iterated weighted least squares; the negative
binomial alternates it with maximum likelihood of the size, in the steps of `MASS::glm.nb` (Venables and
Ripley 2002, section 7.4), so that fits it leaves unfinished are left at the same place.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma, xlogy

from sizao.epi.detection.grid import Flags, Floats

MOST_STEPS = 25
TOLERANCE = 1e-8
#: Tolerance of the size: the fourth root of the rounding error of a double.
SIZE_TOLERANCE = float(np.finfo(np.float64).eps ** 0.25)


@dataclass(frozen=True)
class SeasonalMean:
    """Fitted means of every column (series by time), 1 / size, and which fits converged."""

    mean: Floats
    alpha: Floats
    fitted: Flags


def design(n_periods: int, *, per_year: int, harmonics: int, trend: bool) -> Floats:
    """Columns of the regression for periods 1, 2, …: level, trend, cosines and sines."""
    t = np.arange(1, n_periods + 1, dtype=np.float64)
    columns = [np.ones(n_periods), *([t] if trend else [])]
    for j in range(1, harmonics + 1):
        angle = 2.0 * np.pi * j * t / per_year
        columns += [np.cos(angle), np.sin(angle)]
    return np.stack(columns, axis=1)


def fit_seasonal_mean(
    counts: Floats, x: Floats, training: Flags, *, overdispersed: bool = False, alpha: float | None = None
) -> SeasonalMean:
    """Fit to the reported `training` columns of each series (series by time); the means of all columns.

    `alpha` is 1 / size where it is known; `overdispersed` estimates it; otherwise the counts are Poisson.
    """
    use = training & ~np.isnan(counts)
    if x.shape[1] == 1 and not overdispersed and not alpha:
        return constant_mean(counts, use)
    y = np.where(use, counts, 0.0)
    weight = use.astype(np.float64)
    enough = weight.sum(1) > x.shape[1]
    fitted = enough.copy()
    coefficients, converged = poisson(y, x, weight, fitted)
    fitted &= converged
    sizes = np.full(len(y), np.inf)
    if alpha:
        sizes[:] = 1.0 / alpha
        coefficients, converged = negative_binomial(y, x, weight, coefficients, sizes, fitted)
        fitted &= converged
    elif overdispersed:
        for s in np.flatnonzero(fitted & (y.sum(1) > 0.0)):
            coefficients[s], sizes[s] = alternate(y[s], x, weight[s], coefficients[s])
        fitted &= ~np.isnan(sizes) & np.isfinite(coefficients).all(1)
    mean = exponential(coefficients @ x.T)
    return SeasonalMean(np.where(enough[:, None], mean, np.nan), 1.0 / sizes, fitted)


def exponential(eta: Floats) -> Floats:
    """exp(eta), kept above the rounding error of a double so that weights never vanish (as R's log link)."""
    with np.errstate(over="ignore"):
        return np.maximum(np.exp(eta), np.finfo(np.float64).eps)


def constant_mean(counts: Floats, use: Flags) -> SeasonalMean:
    """The plain mean of the training columns."""
    n = use.sum(1)
    mean = np.divide(np.where(use, counts, 0.0).sum(1), n, out=np.full(len(n), np.nan), where=n > 0)
    return SeasonalMean(np.repeat(mean[:, None], counts.shape[1], axis=1), np.zeros(len(n)), n > 0)


def poisson(y: Floats, x: Floats, weight: Floats, wanted: Flags) -> tuple[Floats, Flags]:
    """Poisson regression from y + 0.1."""
    return regress(y, x, weight, np.log(y + 0.1), np.full(len(y), np.inf), wanted)


def negative_binomial(
    y: Floats, x: Floats, weight: Floats, coefficients: Floats, sizes: Floats, wanted: Flags
) -> tuple[Floats, Flags]:
    """Negative binomial regression of known size from given coefficients."""
    return regress(y, x, weight, coefficients @ x.T, sizes, wanted)


def regress(y: Floats, x: Floats, weight: Floats, eta: Floats, sizes: Floats, wanted: Flags) -> tuple[Floats, Flags]:
    """Iterated weighted least squares with a log link; stops per series when the deviance settles."""
    coefficients = np.zeros((len(y), x.shape[1]))
    converged = np.zeros(len(y), dtype=bool)
    rows = np.flatnonzero(wanted)
    eta = eta[rows].copy()
    mean = exponential(eta)
    deviance = total_deviance(y[rows], mean, weight[rows], sizes[rows])
    for _ in range(MOST_STEPS):
        if not len(rows):
            break
        working = weight[rows] * mean / (1.0 + mean / sizes[rows, None])
        with np.errstate(all="ignore"):
            target = eta + (y[rows] - mean) / mean
        solution = least_squares(x, working, target)
        eta = solution @ x.T
        mean = exponential(eta)
        coefficients[rows] = solution
        before, deviance = deviance, total_deviance(y[rows], mean, weight[rows], sizes[rows])
        with np.errstate(invalid="ignore"):
            settled = np.abs(deviance - before) / (np.abs(deviance) + 0.1) < TOLERANCE
        converged[rows[settled]] = True
        on = ~settled & np.isfinite(deviance)
        rows, eta, mean, deviance = rows[on], eta[on], mean[on], deviance[on]
    return coefficients, converged


def least_squares(x: Floats, weight: Floats, target: Floats) -> Floats:
    """Weighted least squares of every series; smallest solution where the design is deficient."""
    normal = np.einsum("st,ti,tj->sij", weight, x, x, optimize=True)
    right = (weight * target) @ x
    scale = np.sqrt(np.einsum("sii->si", normal))
    scale = np.where(scale > 0.0, scale, 1.0)
    scaled = normal / scale[:, :, None] / scale[:, None, :]
    solution = np.einsum("sij,sj->si", np.linalg.pinv(scaled, rcond=1e-13, hermitian=True), right / scale)
    return np.asarray(solution / scale)


def total_deviance(y: Floats, mean: Floats, weight: Floats, sizes: Floats) -> Floats:
    """Poisson or negative binomial deviance of each series."""
    with np.errstate(all="ignore"):
        part = xlogy(y, np.where(y > 0.0, y, 1.0) / mean)
        size = np.where(np.isfinite(sizes), sizes, 1.0)[:, None]
        negative = part - (y + size) * np.log((y + size) / (mean + size))
        part = np.where(np.isfinite(sizes)[:, None], negative, part - (y - mean))
    return np.asarray(2.0 * np.where(weight > 0.0, part, 0.0).sum(1))


def alternate(y: Floats, x: Floats, weight: Floats, start: Floats) -> tuple[Floats, float]:
    """Coefficients and size of one series by turns, until the likelihood and the size settle."""
    used = weight > 0.0
    y, x = y[used], x[used]
    coefficients, mean = start, exponential(x @ start)
    size = likeliest_size(y, mean)
    scale, change = np.sqrt(2.0 * max(1, len(y) - x.shape[1])), 1.0
    likelihood = log_likelihood(y, mean, size)
    before = likelihood + 2.0 * scale
    steps = 0
    while np.isfinite(size) and steps < MOST_STEPS and abs(before - likelihood) / scale + abs(change) > TOLERANCE:
        steps += 1
        fit, _ = regress(y[None], x, np.ones((1, len(y))), np.log(mean)[None], np.array([size]), np.array([True]))
        old, size = size, likeliest_size(y, mean)  # at the means before this fit
        coefficients, mean = fit[0], exponential(x @ fit[0])
        change = old - size
        before, likelihood = likelihood, log_likelihood(y, mean, size)
    if not np.isfinite(likelihood):
        return start, np.inf  # the size has run away: no more variation than Poisson
    return coefficients, size


def likeliest_size(y: Floats, mean: Floats) -> float:
    """Newton's method for the size, from the moment estimate."""
    size = len(y) / float(np.sum((y / mean - 1.0) ** 2))
    change, steps = 1.0, 1
    while steps < MOST_STEPS and np.isfinite(size) and abs(change) > SIZE_TOLERANCE:
        size = abs(size)
        score = digamma(size + y) - digamma(size) + np.log(size) + 1.0 - np.log(size + mean)
        score -= (y + size) / (mean + size)
        bend = polygamma(1, size) - polygamma(1, size + y) - 1.0 / size + 2.0 / (mean + size)
        bend -= (y + size) / (mean + size) ** 2
        change = float(score.sum() / bend.sum())
        size += change
        steps += 1
    return max(size, 1e-12) if np.isfinite(size) else float("nan")


def log_likelihood(y: Floats, mean: Floats, size: float) -> float:
    with np.errstate(all="ignore"):
        part = gammaln(size + y) - gammaln(size) - gammaln(y + 1.0) + size * np.log(size)
        return float(np.sum(part + xlogy(y, mean) - (size + y) * np.log(size + mean)))
