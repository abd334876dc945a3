"""How unevenly cases infect: the offspring distribution, its mean R and its dispersion k."""

from dataclasses import dataclass
from math import inf, isinf, log
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaincc, gammainccinv, gammaln
from scipy.stats import chi2

from sizao.epi.incidence import check_columns

Floats = npt.NDArray[np.floating[Any]]

#: Beyond this k the negative binomial cannot be told from the Poisson distribution and k is called infinite.
K_RANGE = (1e-3, 1e4)


@dataclass(frozen=True)
class OffspringFit:
    """Mean `r` and dispersion `k` of the number of secondary cases, with profile-likelihood intervals.

    `share_80` is the share of cases expected to cause four infections in five (Lloyd-Smith 2005): small k,
    few spreaders. `k` and its upper bound are infinite where nothing speaks against an even spread (Poisson).
    """

    n_cases: int
    n_secondary: int
    level: float
    r: float
    r_lower: float
    r_upper: float
    k: float | None
    k_lower: float | None
    k_upper: float | None
    share_80: float | None
    status: str


def offspring_distribution(cases: pl.DataFrame) -> pl.DataFrame:
    """How many cases infected 0, 1, 2, … others: `n_secondary, n_cases`, in: a frame with `n_secondary`."""
    check_columns(cases, ["n_secondary"])
    counts = cases.group_by("n_secondary").agg(n_cases=pl.len().cast(pl.Int64))
    top = int(counts["n_secondary"].max() or 0)  # type: ignore[arg-type]
    every = pl.DataFrame({"n_secondary": range(top + 1)}, schema={"n_secondary": pl.Int64})
    joined = every.join(counts, on="n_secondary", how="left", maintain_order="left")
    return joined.with_columns(pl.col("n_cases").fill_null(0))


def fit_offspring(cases: pl.DataFrame, *, level: float = 0.95) -> OffspringFit:
    """Maximum likelihood of the negative binomial offspring distribution (Lloyd-Smith et al. 2005 Nature 438:355).

    In: a frame with one row per case and `n_secondary`, the cases it infected. Pass only cases that have had time
    to infect and whose contacts were investigated: recent cases and unlinked infections both pull R down.
    `status` is `ok`, `no_secondary` (nobody infected anyone, k unknown) or `few_cases` (fewer than ten cases;
    the numbers are given all the same).

    >>> import polars as pl
    >>> fit = fit_offspring(pl.DataFrame({"n_secondary": [0] * 80 + [1] * 10 + [2] * 5 + [20] * 5}))
    >>> round(fit.r, 2), round(fit.k, 2)
    (1.2, 0.09)
    """
    check_columns(cases, ["n_secondary"])
    values, times = np.unique(cases["n_secondary"].to_numpy(), return_counts=True)
    sample = Offspring(values.astype(float), times.astype(float))
    n, total = int(times.sum()), int((values * times).sum())
    if n == 0:
        raise ValueError("no cases: the offspring distribution of nobody cannot be estimated")
    drop = float(chi2.ppf(level, 1)) / 2
    if total == 0:
        return OffspringFit(n, 0, level, 0.0, 0.0, drop / n, None, None, None, None, "no_secondary")
    mean = total / n
    k, best = sample.best_k(mean)
    k_lower, k_upper = k_bounds(sample, mean, k, best - drop)
    r_lower, r_upper = r_bounds(sample, mean, best - drop)
    status = "ok" if n >= 10 else "few_cases"
    return OffspringFit(n, total, level, mean, r_lower, r_upper, k, k_lower, k_upper, share_causing(k, 0.8), status)


@dataclass(frozen=True)
class Offspring:
    """How often each number of secondary cases occurred."""

    values: Floats
    times: Floats

    def loglik(self, r: float, k: float) -> float:
        """Log-likelihood of the negative binomial with mean r and dispersion k; Poisson where k is infinite."""
        x = self.values
        if isinf(k):
            each = x * log(r) - r - gammaln(x + 1)
        else:
            each = gammaln(x + k) - gammaln(k) - gammaln(x + 1) + k * log(k / (k + r)) + x * log(r / (k + r))
        return float((self.times * each).sum())

    def best_k(self, r: float) -> tuple[float, float]:
        """The dispersion that fits best at mean r, and its log-likelihood."""
        low, high = (log(bound) for bound in K_RANGE)
        found = minimize_scalar(lambda log_k: -self.loglik(r, float(np.exp(log_k))), bounds=(low, high))
        k, value = float(np.exp(found.x)), -float(found.fun)
        even = self.loglik(r, inf)
        return (inf, even) if even >= value - 1e-6 else (k, value)


def k_bounds(sample: Offspring, r: float, k: float, floor: float) -> tuple[float, float]:
    """Where the likelihood of k, at the best r, falls below `floor` on either side."""

    def above(log_k: float) -> float:
        return sample.loglik(r, float(np.exp(log_k))) - floor

    low, high = log(K_RANGE[0]), log(K_RANGE[1])
    middle = high if isinf(k) else log(k)
    lower = K_RANGE[0] if above(low) >= 0 else float(np.exp(brentq(above, low, middle)))
    upper = inf if isinf(k) or above(high) >= 0 else float(np.exp(brentq(above, middle, high)))
    return lower, upper


def r_bounds(sample: Offspring, r: float, floor: float) -> tuple[float, float]:
    """Where the likelihood of r, at the best k for each r, falls below `floor` on either side."""

    def above(log_r: float) -> float:
        return sample.best_k(float(np.exp(log_r)))[1] - floor

    middle = log(r)
    lower, upper = middle - 1, middle + 1
    while above(lower) > 0:
        lower -= 1
    while above(upper) > 0 and upper < middle + 20:
        upper += 1
    high = float(np.exp(brentq(above, middle, upper))) if above(upper) <= 0 else inf
    return float(np.exp(brentq(above, lower, middle))), high


def share_causing(k: float, part: float) -> float:
    """Share of cases, the most infectious first, expected to cause `part` of all infections (gamma, shape k)."""
    if isinf(k):
        return part
    return float(gammaincc(k, gammainccinv(k + 1, part)))
