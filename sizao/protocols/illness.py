"""The disease in a protocol file: infectious window, incubation, distributions, clusters, the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from sizao.protocols.choices import (
    Anchor,
    Family,
    Quantified,
)
from sizao.protocols.figures import Sourced, Spec, Statement, Text
from sizao.protocols.units import (
    Cases,
    NDays,
    SignedDays,
    Span,
)


@dataclass(frozen=True, kw_only=True)
class Window:
    """When a case can infect: first and last day relative to the anchor (−2 is two days before)."""

    anchor: Anchor
    first: SignedDays
    last: SignedDays | None = None
    until: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class Incubation:
    """The range of the incubation period, and within it the usual range, when only ranges are known."""

    low: NDays
    high: NDays
    usual_low: NDays | None = None
    usual_high: NDays | None = None


@dataclass(frozen=True, kw_only=True)
class Distribution(Sourced):
    """A delay in days (`shift` moves it right), or the offspring distribution. `primary` is used first."""

    of: Quantified
    family: Family | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    shift: Annotated[float, Spec(low=0, high=60)] = 0.0
    mean: Annotated[float, Spec(low=0, high=400)] | None = None
    n: Annotated[int, Spec(low=1)] | None = None
    primary: bool = False
    population: Text | None = None
    proxy: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """What counts as an outbreak or cluster: cases of one class within days, in one setting."""

    cases: Cases
    name: Text | None = None
    within: Span | None = None
    rule: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class OutbreakEnd:
    """When the outbreak is over by the disease's rule, and how long to stay alert after."""

    rule: Statement
    days: Span | None = None
    after: Anchor | None = None
    alert_after: Span | None = None
