"""What a period of watching misses: the share of infections whose symptoms start after it, with its interval.

P(T > d) under the fitted incubation distribution. The interval is the large-sample one (delta method on the
logit, expected Fisher information of n fully observed durations), so it is the least the uncertainty can be:
durations known only to a range, or a fit to growing outbreaks, make it wider.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from sizao.protocols.choices import Family
from sizao.protocols.illness import Distribution
from sizao.protocols.shape import Protocol
from sizao.vocabulary.text import N_, Message

Z_95 = 1.959964
GRID = (np.arange(4000) + 0.5) / 4000


@dataclass(frozen=True)
class Missed:
    """Share of infections beyond `days`, 0–1; the interval is None where n is not known."""

    days: int
    share: float
    low: float | None
    high: float | None
    n: int | None


def missed_share(distribution: Distribution, days: int) -> Missed:
    """The share of the distribution beyond `days`."""
    if distribution.family is None or distribution.family is Family.NEGATIVE_BINOMIAL:
        raise ValueError("a delay with a family is needed")
    names = list(distribution.parameters)
    theta = np.array([distribution.parameters[name] for name in names])
    share = tail(distribution.family, names, theta, days - distribution.shift)
    if distribution.n is None or not 0 < share < 1:
        return Missed(days, share, None, None, distribution.n)
    spread = logit_spread(distribution.family, names, theta, days - distribution.shift, distribution.n)
    middle = np.log(share / (1 - share))
    low, high = (float(1 / (1 + np.exp(-(middle + sign * Z_95 * spread)))) for sign in (-1, 1))
    return Missed(days, share, low, high, distribution.n)


def frozen(family: Family, parameters: dict[str, float]) -> stats.distributions.rv_frozen:
    """scipy's distribution of a family and its parameters."""
    if family is Family.LOGNORMAL:
        return stats.lognorm(s=parameters["sdlog"], scale=np.exp(parameters["meanlog"]))
    if family is Family.GAMMA:
        return stats.gamma(a=parameters["shape"], scale=parameters["scale"])
    if family is Family.WEIBULL:
        return stats.weibull_min(c=parameters["shape"], scale=parameters["scale"])
    return stats.norm(loc=parameters["mean"], scale=parameters["sd"])


def tail(family: Family, names: list[str], theta: np.ndarray, days: float) -> float:
    return float(frozen(family, dict(zip(names, theta, strict=True))).sf(days))


def logit_spread(family: Family, names: list[str], theta: np.ndarray, days: float, n: int) -> float:
    """Standard error of the tail's logit."""
    points = frozen(family, dict(zip(names, theta, strict=True))).ppf(GRID)
    steps = np.maximum(np.abs(theta), 1e-3) * 1e-4
    scores, slopes = [], []
    for i, step in enumerate(steps):
        up, down = theta.copy(), theta.copy()
        up[i] += step
        down[i] -= step
        high, low = (frozen(family, dict(zip(names, t, strict=True))) for t in (up, down))
        scores.append((high.logpdf(points) - low.logpdf(points)) / (2 * step))
        slopes.append((float(high.sf(days)) - float(low.sf(days))) / (2 * step))
    information = np.cov(np.array(scores), bias=True)
    slope = np.array(slopes)
    variance = slope @ np.linalg.solve(information * n, slope)
    share = tail(family, names, theta, days)
    return float(np.sqrt(variance) / (share * (1 - share)))


def missed_by(protocol: Protocol, contact_class: str = "close") -> Missed | None:
    """What the follow-up of a contact class misses; None where no distribution or no follow-up is given."""
    distribution, days = protocol.incubation_distribution(), protocol.follow_up_days(contact_class)
    return missed_share(distribution, days) if distribution and days else None


def why_missed(protocol: Protocol, contact_class: str = "close") -> Message:
    """One sentence on what the follow-up misses, or why that cannot be said."""
    missed, distribution = missed_by(protocol, contact_class), protocol.incubation_distribution()
    if missed is None or distribution is None:
        return N_(
            "What the follow-up misses cannot be computed: {edition} has no sourced incubation distribution "
            "with a spread.",
            edition=protocol.name,
        )
    facts = {
        "days": missed.days,
        "share": percent(missed.share),
        "source": distribution.source,
        "population": distribution.proxy or distribution.population or protocol.name,
    }
    if missed.low is None or missed.high is None:
        return N_(
            "{share} of infections show symptoms only after day {days} ({population}; source {source}; n not given).",
            **facts,
        )
    return N_(
        "{share} ({low}–{high}) of infections show symptoms only after day {days} "
        "({population}; n = {n}; source {source}).",
        **facts,
        low=percent(missed.low),
        high=percent(missed.high),
        n=missed.n,
    )


def percent(share: float) -> str:
    """Two figures, never a bare 0: `10 %`, `0.8 %`, `under 0.01 %` as `<0.01 %`."""
    return "<0.01 %" if share < 0.0001 else f"{share * 100:.2g} %"
