"""What a period of watching misses: the share of infections whose symptoms start after it, with its interval.

P(T > d) under the fitted incubation distribution. The interval is the large-sample one (delta method on the
logit, expected Fisher information of n fully observed durations), so it is the least the uncertainty can be:
durations known only to a range, or a fit to growing outbreaks, make it wider.
"""

from dataclasses import dataclass, replace

import numpy as np

from sizao.protocols.illness import Distribution
from sizao.protocols.laws import Delay, Floats, delay_of
from sizao.protocols.shape import Protocol
from sizao.vocabulary.text import N_, Message

Z_95 = 1.959964
#: Cells of equal chance over which the information is summed.
CELLS = 1000


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
    delay = delay_of(distribution)
    share = 1 - float(delay.cdf(days))
    if distribution.n is None or not 0 < share < 1:
        return Missed(days, share, None, None, distribution.n)
    spread = logit_spread(delay, days, distribution.n)
    middle = np.log(share / (1 - share))
    low, high = (float(1 / (1 + np.exp(-(middle + sign * Z_95 * spread)))) for sign in (-1, 1))
    return Missed(days, share, low, high, distribution.n)


def logit_spread(delay: Delay, days: int, n: int) -> float:
    """Standard error of the tail's logit: information of n durations, counted in cells of equal chance."""
    edges = np.array([delay.ppf(k / CELLS) for k in range(1, CELLS)])
    slopes = [slope(delay, name, np.append(edges, days)) for name in delay.parameters]
    cells = np.array([np.diff(along[:-1], prepend=0.0, append=0.0) for along in slopes])
    information = n * CELLS * (cells @ cells.T)
    tail = np.array([along[-1] for along in slopes])
    share = 1 - float(delay.cdf(days))
    return float(np.sqrt(tail @ np.linalg.solve(information, tail)) / (share * (1 - share)))


def slope(delay: Delay, name: str, days: Floats) -> Floats:
    """How the distribution function moves with one parameter."""
    step = max(abs(delay.parameters[name]), 1e-3) * 1e-4
    up, down = (replace(delay, parameters=delay.parameters | {name: delay.parameters[name] + s}) for s in (step, -step))
    return np.asarray((up.cdf(days) - down.cdf(days)) / (2 * step))


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
