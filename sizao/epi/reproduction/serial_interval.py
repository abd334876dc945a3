"""The serial interval: days from the onset of a case to the onset of those it infects, as weights per day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import gamma, truncnorm

Floats = npt.NDArray[np.floating[Any]]

#: Gauss-Legendre nodes over the uncertain mean and over the uncertain standard deviation.
NODES = (48, 8)


@dataclass(frozen=True)
class UncertainSI:
    """A serial interval whose mean and sd are not known exactly: independent normals cut at bounds.

    Every field in days. `mean_sd` and `sd_sd` are the standard deviations of the mean and of the sd.
    """

    mean: float
    mean_sd: float
    mean_min: float
    mean_max: float
    sd: float
    sd_sd: float
    sd_min: float
    sd_max: float


#: (mean, sd) of a gamma distribution shifted by one day; or weights for 0, 1, 2, … days, the first of them zero;
#: or several such rows of weights, equally likely (samples); or `UncertainSI`.
SerialInterval = tuple[float, float] | Sequence[float] | Floats | UncertainSI


@dataclass(frozen=True)
class Weights:
    """`rows[j, k]`: share of serial intervals of k days under possibility j, which has weight `likely[j]`."""

    rows: Floats
    likely: Floats
    is_parametric: bool

    def means(self, n_days: int) -> Floats:
        """Mean of each possibility in a series of `n_days`, which cuts a parametric tail off (as EpiEstim)."""
        rows = self.rows[:, :n_days] if self.is_parametric else self.rows
        return np.asarray(rows @ np.arange(rows.shape[1]))

    def days_holding(self, share: float) -> int:
        """Days within which `share` of serial intervals end, on average over the possibilities."""
        total = np.cumsum(self.likely @ self.rows)
        return int(np.searchsorted(total, share * total[-1]))


def discretised_gamma(mean: float | Floats, sd: float | Floats, n_days: int) -> Floats:
    """Weights for 0 … n_days-1 days of a gamma distribution shifted by one day (Cori et al. 2013, appendix 11).

    The interval is 1 + gamma with the given mean and standard deviation in days, both ends falling anywhere within
    their day. Needs mean > 1; 0 days has weight 0. Arrays of means and sds give a row for each.
    """
    mean, sd = (
        np.atleast_1d(np.asarray(mean, dtype=float))[:, None],
        np.atleast_1d(np.asarray(sd, dtype=float))[:, None],
    )
    if (mean <= 1).any() or (sd <= 0).any():
        raise ValueError(
            f"the serial interval needs a mean above 1 day and an sd above 0, found {mean.min()}, {sd.min()}"
        )
    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)
    k = np.arange(-2, n_days, dtype=float)[None, :]
    share, partial = gamma.cdf(k, shape, scale=scale), gamma.cdf(k, shape + 1, scale=scale)
    now, before, two_before = np.s_[:, 2:], np.s_[:, 1:-1], np.s_[:, :-2]
    weight = k[now] * share[now] + (k[now] - 2) * share[two_before] - 2 * (k[now] - 1) * share[before]
    weight += shape * scale * (2 * partial[before] - partial[two_before] - partial[now])
    return np.asarray(np.maximum(weight, 0))


def weights_of(si: SerialInterval, n_days: int) -> Weights:
    """Whatever was given as serial interval, as weights per day for series of up to `n_days`."""
    if isinstance(si, UncertainSI):
        means, sds, likely = grid(si)
        return Weights(discretised_gamma(means, sds, n_days), likely, is_parametric=True)
    if isinstance(si, tuple) and len(si) == 2:
        return Weights(discretised_gamma(float(si[0]), float(si[1]), n_days), np.ones(1), is_parametric=True)
    rows = np.atleast_2d(np.asarray(si, dtype=float))
    check_weights(rows)
    return Weights(rows, np.full(len(rows), 1 / len(rows)), is_parametric=False)


def grid(si: UncertainSI) -> tuple[Floats, Floats, Floats]:
    """Means, sds and their weights: Gauss-Legendre nodes instead of random draws, so the answer is always the same."""
    if not (1 < si.mean_min <= si.mean_max and 0 < si.sd_min <= si.sd_max):
        raise ValueError(f"bounds of the serial interval must satisfy 1 < mean_min and 0 < sd_min, found {si}")
    mean, mean_likely = nodes(si.mean, si.mean_sd, si.mean_min, si.mean_max, NODES[0])
    sd, sd_likely = nodes(si.sd, si.sd_sd, si.sd_min, si.sd_max, NODES[1])
    likely = np.outer(mean_likely, sd_likely).ravel()
    return np.repeat(mean, len(sd)), np.tile(sd, len(mean)), likely / likely.sum()


def nodes(centre: float, spread: float, low: float, high: float, n: int) -> tuple[Floats, Floats]:
    if spread <= 0 or high <= low:
        return np.array([min(max(centre, low), high)]), np.ones(1)
    at, weight = np.polynomial.legendre.leggauss(n)
    x = low + (high - low) * (at + 1) / 2
    return x, weight * truncnorm.pdf(x, (low - centre) / spread, (high - centre) / spread, centre, spread)


def check_weights(rows: Floats) -> None:
    if rows.ndim != 2 or rows.shape[1] < 2 or not np.isfinite(rows).all() or (rows < 0).any():
        raise ValueError("the serial interval needs weights for 0, 1, 2, … days, none negative")
    if (rows[:, 0] != 0).any():
        raise ValueError(f"the serial interval's weight for 0 days must be 0, found {rows[:, 0].max()}")
    off = np.abs(rows.sum(axis=1) - 1)
    if (off > 1e-3).any():
        raise ValueError(f"the serial interval's weights must add up to 1, found {rows.sum(axis=1)[off.argmax()]}")
