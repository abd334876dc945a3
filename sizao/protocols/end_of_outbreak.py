"""When is it over: by the disease's rule and, beside it, by the serial interval and the share of cases reported.

The second answer is the probability that no case at all is still to come, given that none was reported for t
days since the last ones. Each case causes a negative-binomial number of cases (mean R, dispersion k), each
after a serial interval w; each is reported with probability p, independently. With G the generating function
of the number caused, q(t) the chance that a case has no reported descendant by t, and s(t) the chance that it
has none reported by t and none of any kind after t,

    q(t) = G(1 − Σ_{u≤t} w_u [1 − (1−p) q(t−u)]),   s(t) = G((1−p) Σ_{u≤t} w_u s(t−u)),

and the probability that it is over is the product of s/q over the last cases. With p = 1 it is G(0)/G(1−W(t)).
Unreported chains are why a fixed number of days can be over- or under-cautious.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sizao.protocols.choices import Anchor, Quantified
from sizao.protocols.illness import Distribution
from sizao.protocols.laws import delay_of
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message

HORIZON = 400


@dataclass(frozen=True)
class EndOfOutbreak:
    """`date_rule` and `is_over_by_rule` answer the disease's rule; `probability_over` and `date_certain` the model."""

    date_rule: date | None
    is_over_by_rule: bool
    date_alert_until: date | None
    probability_over: float | None
    date_certain: date | None
    certainty: float
    rule: str
    edition: str
    why_rule: Message
    why_probability: Message


def end_of_outbreak(
    *,
    dates_onset: tuple[date, ...],
    date_second_negative: date | None = None,
    protocol: Protocol,
    at: date,
    reporting: float = 1.0,
    reproduction: float | None = None,
    dispersion: float | None = None,
    certainty: float = 0.95,
) -> EndOfOutbreak:
    """Is the outbreak over on the day `at`, by rule and by distribution.

    `dates_onset`: onsets of the last cases, whose own cases may not have been seen yet. `reporting`: the share
    of cases that are reported, 0–1. `reproduction` and `dispersion` default to the protocol's offspring
    distribution, else to 1 and 1 (stated in the answer).
    """
    known = tuple(day for day in dates_onset if day <= at)
    if not known:
        raise ValueError("dates_onset has no day up to `at`")
    if not 0 < reporting <= 1 or not 0 < certainty < 1:
        raise ValueError("reporting lies in (0, 1], certainty between 0 and 1")
    second_negative = date_second_negative if date_second_negative and date_second_negative <= at else None
    when, by_rule = rule_answer(known, second_negative, protocol)
    mean, spread = offspring(protocol, reproduction, dispersion)
    interval = serial_interval(protocol)
    over = over_by_day(interval, mean, spread, reporting) if interval else None
    alert = protocol.end.alert_after if protocol.end else None
    return EndOfOutbreak(
        date_rule=when,
        is_over_by_rule=when is not None and at >= when,
        date_alert_until=when + timedelta(days=int(alert.value)) if when and alert else None,
        probability_over=None if over is None else at_day(over, known, at),
        date_certain=None if over is None else certain_day(over, known, certainty),
        certainty=certainty,
        rule="end",
        edition=protocol.id,
        why_rule=by_rule,
        why_probability=why_probability(interval, mean, spread, reporting, protocol),
    )


def rule_answer(
    known: tuple[date, ...], second_negative: date | None, protocol: Protocol
) -> tuple[date | None, Message]:
    """The day the rule is met, and the rule in words."""
    end = protocol.end
    if end is None or end.days is None:
        return None, N_("{edition} gives no rule for the end of an outbreak.", edition=protocol.name)
    start = second_negative if end.after is Anchor.SECOND_NEGATIVE else max(known)
    facts = {"rule": end.rule.text, "edition": protocol.name, "source": cited(end.days)}
    if start is None:
        return None, N_("{rule} The day to count from is not known yet ({edition}; {source}).", **facts)
    when = start + timedelta(days=int(end.days.value))
    return when, N_("{rule} Counted from {start}: {when} ({edition}; {source}).", **facts, start=start, when=when)


def offspring(protocol: Protocol, reproduction: float | None, dispersion: float | None) -> tuple[float, float]:
    """Mean and dispersion of cases caused by one case."""
    found = [d for d in protocol.distribution.values() if d.of is Quantified.OFFSPRING and d.primary]
    given = found[0].parameters if found else {"mean": 1.0, "dispersion": 1.0}
    return (
        given["mean"] if reproduction is None else reproduction,
        given["dispersion"] if dispersion is None else dispersion,
    )


def serial_interval(protocol: Protocol) -> Distribution | None:
    """The serial interval to use: the primary one with a family."""
    found = [d for d in protocol.distribution.values() if d.of is Quantified.SERIAL_INTERVAL and d.family]
    return next((d for d in found if d.primary), found[0] if found else None)


def over_by_day(interval: Distribution, mean: float, spread: float, reporting: float) -> np.ndarray:
    """Probability that one case's chain is over, given none reported for 0, 1, … HORIZON days. Past first."""
    cumulative = delay_of(interval).cdf(np.arange(HORIZON + 1))
    cumulative[0] = 0.0  # a day is the shortest interval: what a fit puts at or before day 0 falls on day 1
    weight = np.diff(cumulative, prepend=0.0)
    hidden = 1 - reporting
    quiet, ended = np.empty(HORIZON + 1), np.empty(HORIZON + 1)
    for t in range(HORIZON + 1):
        since = weight[1 : t + 1]
        none_seen = float(1 - cumulative[t] + hidden * (since @ quiet[:t][::-1]))
        none_left = float(hidden * (since @ ended[:t][::-1]))
        quiet[t] = none_caused(none_seen, mean, spread)
        ended[t] = none_caused(none_left, mean, spread)
    return ended / quiet


def none_caused(x: float, mean: float, spread: float) -> float:
    """Generating function of the negative binomial with mean R and dispersion k."""
    return float((1 + mean * (1 - x) / spread) ** -spread)


def at_day(over: np.ndarray, known: tuple[date, ...], at: date) -> float:
    return float(np.prod([over[min((at - day).days, HORIZON)] for day in known]))


def certain_day(over: np.ndarray, known: tuple[date, ...], certainty: float) -> date | None:
    """The first day from which the probability stays at or above `certainty`, if nothing more is reported."""
    last = max(known)
    days = [last + timedelta(days=n) for n in range(HORIZON)]
    return next((day for day in days if at_day(over, known, day) >= certainty), None)


def why_probability(
    interval: Distribution | None, mean: float, spread: float, reporting: float, protocol: Protocol
) -> Message:
    if interval is None:
        return N_("No serial interval with a spread is sourced in {edition}: no probability.", edition=protocol.name)
    return N_(
        "Assumes {mean} cases per case (dispersion {spread}), {reporting} of cases reported, "
        "serial interval of {source}.",
        mean=f"{mean:g}",
        spread=f"{spread:g}",
        reporting=f"{reporting:.0%}",
        source=interval.source,
    )
