"""How long things take: incubation periods, reporting delays, stays, from events known only to the day or window.

Two errors make naive means wrong in an outbreak: days are windows, not points (an exposure may last a week), and
long delays of recent cases have not happened yet. Both are in the likelihood here, always.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize
from scipy.special import gammainc, gammaincinv, gammaln, ndtr, ndtri

from sizao.epi.incidence import check_columns

Floats = npt.NDArray[np.floating[Any]]
Family = Literal["gamma", "lognormal", "weibull"]

FAMILIES: tuple[Family, ...] = ("gamma", "lognormal", "weibull")
ESTIMATES = ("mean", "sd", "median", "q05", "q95", "q99")
FEWEST = 10


class Law(NamedTuple):
    """Two positive parameters: shape and scale, or (lognormal) sd of the logarithm and median."""

    family: Family
    shape: float
    scale: float

    def cdf(self, days: Floats) -> Floats:
        y = np.maximum(days, 0) / self.scale
        if self.family == "gamma":
            return np.asarray(gammainc(self.shape, y))
        if self.family == "weibull":
            return np.asarray(-np.expm1(-(y**self.shape)))
        return np.asarray(ndtr(log_or_minus_infinity(y) / self.shape))

    def ppf(self, share: float) -> float:
        if self.family == "gamma":
            return float(gammaincinv(self.shape, share) * self.scale)
        if self.family == "weibull":
            return float((-np.log1p(-share)) ** (1 / self.shape) * self.scale)
        return float(np.exp(self.shape * ndtri(share)) * self.scale)

    def moment(self, power: int) -> float:
        """Mean of the delay to the given power."""
        if self.family == "gamma":
            log_moment = gammaln(self.shape + power) - gammaln(self.shape)
        elif self.family == "weibull":
            log_moment = gammaln(1 + power / self.shape)
        else:
            log_moment = (power * self.shape) ** 2 / 2
        return float(np.exp(log_moment) * self.scale**power)

    def area(self, days: Floats) -> Floats:
        """The integral of the distribution function from 0 to `days`: days × cdf minus the partial mean."""
        y = np.maximum(days, 0) / self.scale
        if self.family == "gamma":
            below = gammainc(self.shape + 1, y)
        elif self.family == "weibull":
            below = gammainc(1 + 1 / self.shape, y**self.shape)
        else:
            below = ndtr(log_or_minus_infinity(y) / self.shape - self.shape)
        return np.asarray(np.maximum(days, 0) * self.cdf(days) - self.moment(1) * below)

    def estimates(self) -> Floats:
        """The numbers named in `ESTIMATES`."""
        mean = self.moment(1)
        sd = float(np.sqrt(max(self.moment(2) - mean**2, 0.0)))
        return np.array([mean, sd, *(self.ppf(share) for share in (0.5, 0.05, 0.95, 0.99))])


@dataclass(frozen=True)
class DelayFit:
    """A fitted delay. `table`: `estimate, value, lower, upper` in days for mean, sd, median and high quantiles."""

    law: Law
    n: int
    loglik: float
    aic: float
    table: pl.DataFrame
    status: str

    def daily_weights(self, n_days: int) -> Floats:
        """Share of delays that are k calendar days long, k = 0 … n_days-1, with both events anywhere in their day.

        Not rescaled: what is missing to 1 is longer than `n_days`.
        """
        area = self.law.area(np.arange(-1.0, n_days + 1))
        return np.asarray(np.diff(area, n=2))


def fit_delay(events: pl.DataFrame, *, family: Family, until: date | None = None, level: float = 0.95) -> DelayFit:
    """Maximum-likelihood distribution of the time between two events.

    In: `primary_first, primary_last, secondary_first, secondary_last`, days between which (both included) the
    first and the second event happened; a missing `…_last` column or value means the same day as `…_first`.
    `until`: the last day on which a second event could have been seen; say it whenever an outbreak goes on, for
    then only short delays of recent cases are in the list (right truncation). Without it nothing is missing.

    Method: each event is uniform in its window; the likelihood of a row is the chance of both windows, divided by
    the chance of a second event by `until` (double interval censoring with truncation: Reich et al. 2009 Stat Med
    28:2769; Park et al. 2024 medRxiv). The integrals are closed formulas. Intervals are normal on the logarithm
    (delta method). Delays below zero have no chance: a first window that reaches past the second is cut there.
    `status` is `ok`, `few_events` (fewer than 10), `not_converged`; the last also when truncation leaves the
    long end unknown. Compare families by `fit_families`.

    >>> from datetime import date
    >>> d = lambda day: date(2020, 1, day)
    >>> table = pl.DataFrame({"primary_first": [d(1)] * 6, "secondary_first": [d(k) for k in (4, 5, 5, 6, 7, 9)]})
    >>> round(fit_delay(table, family="gamma").law.moment(1), 1)
    5.0
    """
    if family not in FAMILIES:
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, found {family!r}")
    windows = event_windows(events, until)
    start = starting_point(windows, family)
    found = minimize(
        lambda x: -log_likelihood(law_of(family, x), windows),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 2000},
    )
    law, n = law_of(family, found.x), int(windows.times.sum())
    spread = covariance(family, found.x, windows)
    fine = bool(found.success) and spread is not None and np.abs(found.x).max() < 15
    status = "not_converged" if not fine else "ok" if n >= FEWEST else "few_events"
    table = with_intervals(family, found.x, spread if fine else None, level)
    return DelayFit(law, n, -float(found.fun), 4 + 2 * float(found.fun), table, status)


def fit_families(events: pl.DataFrame, *, until: date | None = None, level: float = 0.95) -> pl.DataFrame:
    """Every family fitted to the same events, best first: `family, n, loglik, aic, status` and the estimates."""
    rows = []
    for family in FAMILIES:
        fit = fit_delay(events, family=family, until=until, level=level)
        numbers = dict(zip(fit.table["estimate"], fit.table["value"], strict=True))
        rows.append(
            {"family": family, "n": fit.n, "loglik": fit.loglik, "aic": fit.aic, "status": fit.status, **numbers}
        )
    return pl.DataFrame(rows).sort("aic")


class Windows(NamedTuple):
    """Distinct rows in days from the start of the first window, and how often each occurs.

    The first event lies in 0 … width, the second in `early` … `late`; seen only if before `end` (inf: always).
    """

    width: Floats
    early: Floats
    late: Floats
    end: Floats
    times: Floats


def event_windows(events: pl.DataFrame, until: date | None) -> Windows:
    """Days as windows that end at midnight; rows that contradict themselves are refused by name."""
    check_columns(events, ["primary_first", "secondary_first"])
    if not events.height:
        raise ValueError("no events: a delay cannot be estimated from nothing")
    days = {}
    for event in ("primary", "secondary"):
        first, last = f"{event}_first", f"{event}_last"
        days[first] = pl.col(first).cast(pl.Date)
        given = pl.col(last).cast(pl.Date).fill_null(days[first]) if last in events.columns else days[first]
        days[last] = given
    table = events.select(**days).with_columns(until=pl.lit(until, dtype=pl.Date))
    table = table.with_columns(primary_last=pl.min_horizontal("primary_last", "secondary_last"))
    check_windows(table)
    origin = pl.col("primary_first")
    relative = table.select(
        width=(pl.col("primary_last") - origin).dt.total_days() + 1,
        early=(pl.col("secondary_first") - origin).dt.total_days(),
        late=(pl.col("secondary_last") - origin).dt.total_days() + 1,
        end=(pl.col("until") - origin).dt.total_days() + 1,
    )
    counted = relative.group_by(relative.columns).agg(times=pl.len()).sort(relative.columns)
    columns = [counted[name].cast(pl.Float64).to_numpy().copy() for name in Windows._fields]
    windows = Windows(*columns)
    return windows._replace(end=np.where(np.isnan(windows.end), np.inf, windows.end))


def check_windows(table: pl.DataFrame) -> None:
    rules = [
        (pl.col("primary_first").is_null() | pl.col("secondary_first").is_null(), "an event has no day"),
        (pl.col("secondary_last") < pl.col("secondary_first"), "the second event's window ends before it begins"),
        (pl.col("primary_last") < pl.col("primary_first"), "the second event is over before the first can begin"),
        (pl.col("secondary_last") > pl.col("until"), "the second event lies after the last day of observation"),
    ]
    for broken, sentence in rules:
        rows = table.with_row_index().filter(broken)
        if rows.height:
            raise ValueError(f"row {rows['index'][0] + 1}: {sentence} ({rows.height} such rows)")


def log_likelihood(law: Law, windows: Windows) -> float:
    """Chance of each row's windows given that its second event was seen."""
    w = windows
    both = law.area(w.late) - law.area(w.late - w.width) - law.area(w.early) + law.area(w.early - w.width)
    seen = w.width.copy()
    cut = np.isfinite(w.end)
    seen[cut] = law.area(w.end[cut]) - law.area(w.end[cut] - w.width[cut])
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.log(np.maximum(both, 1e-300)) - np.log(np.maximum(seen, 1e-300))
    return float((w.times * each).sum())


def law_of(family: Family, x: Floats) -> Law:
    """`x` holds the logarithms of shape and scale."""
    shape, scale = np.exp(np.clip(x, -20, 20))
    return Law(family, float(shape), float(scale))


def starting_point(windows: Windows, family: Family) -> Floats:
    """From the mean and sd of the middles of the windows."""
    middle = np.maximum((windows.early + windows.late - windows.width) / 2, 0.3)
    mean = float(np.average(middle, weights=windows.times))
    variation = max(float(np.sqrt(np.average((middle - mean) ** 2, weights=windows.times))) / mean, 0.1)
    if family == "gamma":
        return np.log([variation**-2, mean * variation**2])
    if family == "weibull":
        return np.log([max(variation**-1.09, 0.3), mean * 1.1])
    sigma = np.sqrt(np.log1p(variation**2))
    return np.log([sigma, mean * np.exp(-(sigma**2) / 2)])


def covariance(family: Family, x: Floats, windows: Windows) -> Floats | None:
    """Inverse of the observed information at `x`, by central differences; None where the likelihood is flat."""
    step = 1e-3

    def value(a: float, b: float) -> float:
        return log_likelihood(law_of(family, x + step * np.array([a, b])), windows)

    centre = value(0, 0)
    first = value(1, 0) + value(-1, 0) - 2 * centre
    second = value(0, 1) + value(0, -1) - 2 * centre
    mixed = (value(1, 1) + value(-1, -1) - value(1, -1) - value(-1, 1)) / 4
    information = -np.array([[first, mixed], [mixed, second]]) / step**2
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information).min() <= 1e-8:
        return None
    return np.asarray(np.linalg.inv(information))


def with_intervals(family: Family, x: Floats, spread: Floats | None, level: float) -> pl.DataFrame:
    """Each estimate with its interval, normal on the logarithm."""
    value = law_of(family, x).estimates()
    lower = upper = np.full(len(value), np.nan)
    if spread is not None:
        steps = [np.array([1e-5, 0]), np.array([0, 1e-5])]
        slope = np.array([np.log(law_of(family, x + s).estimates() / law_of(family, x - s).estimates()) for s in steps])
        slope = slope / 2e-5
        error = np.sqrt(np.einsum("ie,ij,je->e", slope, spread, slope))
        margin = np.exp(float(ndtri(0.5 + level / 2)) * error)
        lower, upper = value / margin, value * margin
    table = pl.DataFrame({"estimate": ESTIMATES, "value": value, "lower": lower, "upper": upper})
    return table.with_columns(pl.col("lower", "upper").fill_nan(None))


def log_or_minus_infinity(y: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(y))
