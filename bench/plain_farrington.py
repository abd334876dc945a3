"""Farrington Flexible written out with dense least squares, one series and week at a time: the named baseline.

Undated weeks, 10 seasons, trend kept, negative binomial quantile; the same definitions as the detector, none of its
shortcuts.
"""

import numpy as np
from scipy.stats import nbinom, poisson

YEARS, WINDOW, SEASONS, GUARD = 5, 3, 10, 26


def reference(week: int) -> tuple[np.ndarray, np.ndarray]:
    """Reference weeks and their season, the last season being that of `week`."""
    columns, seasons = [], []
    for back in range(YEARS, 0, -1):
        centre = week - 52 * back
        around = list(range(centre - WINDOW, centre + WINDOW + 1))
        gap = np.array_split(np.arange(centre + WINDOW + 1, centre + 52 - WINDOW), SEASONS - 1)
        for season, part in [(SEASONS - 1, around), *enumerate(gap)]:
            columns += list(part)
            seasons += [season] * len(part)
    kept = np.array(columns) <= week - GUARD - 1
    return np.array(columns)[kept], np.array(seasons)[kept]


def regression(x: np.ndarray, y: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
    """Coefficients, means, weights of the last solve, and whether it converged."""
    mean = y + 0.1
    eta, deviance = np.log(mean), deviance_of(y, mean, prior)
    for _ in range(25):
        weight = prior * mean
        root = np.sqrt(weight)
        beta = np.linalg.lstsq(x * root[:, None], (eta + (y - mean) / mean) * root, rcond=None)[0]
        eta = x @ beta
        mean = np.exp(eta)
        before, deviance = deviance, deviance_of(y, mean, prior)
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            return beta, mean, weight, True
    return beta, mean, weight, False


def deviance_of(y: np.ndarray, mean: np.ndarray, prior: np.ndarray) -> float:
    logs = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0) / mean), 0.0)
    return float(2.0 * (prior * (logs - (y - mean))).sum())


def fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """Two fits with outbreaks weighted down between: coefficients, dispersion, converged."""
    prior, df = np.ones(len(y)), len(y) - x.shape[1]
    beta, mean, weight, good = regression(x, y, prior)
    phi = max(1.0, float((weight * (y / mean - 1.0) ** 2).sum() / df))
    inverse = np.linalg.pinv(x.T @ (x * weight[:, None]))
    leverage = weight * np.einsum("ij,jk,ik->i", x, inverse, x)
    room = np.sqrt(phi * np.maximum(1.0 - leverage, 1e-14))
    residual = 1.5 * (y ** (2 / 3) - mean ** (2 / 3)) / (mean ** (1 / 6) * room)
    prior = np.where(residual > 2.58, residual**-2.0, 1.0)
    beta, mean, weight, again = regression(x, y, prior * len(y) / prior.sum())
    return beta, max(1.0, float((weight * (y / mean - 1.0) ** 2).sum() / df)), good and again


def threshold(counts: np.ndarray, week: int, alpha: float = 0.005) -> float:
    """The threshold of one series and week; NaN where no baseline could be fitted."""
    columns, seasons = reference(week)
    y = counts[columns].astype(float)
    cells = (seasons[:, None] == np.arange(SEASONS)).astype(float)
    x = np.column_stack([cells, columns - week])
    beta, phi, good = fit(x, y)
    mean = np.exp(beta[SEASONS - 1])
    if not good or mean > y.max():
        beta, phi, good = fit(cells, y)
        mean = np.exp(beta[SEASONS - 1])
    if not good:
        return float("nan")
    if phi > 1.0:
        return float(nbinom.ppf(1.0 - alpha, mean / (phi - 1.0), 1.0 / phi))
    return float(poisson.ppf(1.0 - alpha, mean))
