"""Rules about places and groups in a protocol file: zones, screening, pools, frequencies, norms."""

from dataclasses import dataclass
from typing import Annotated

from sizao.protocols.choices import AreaUnit, Test, ZoneLevel
from sizao.protocols.figures import Quantity, Spec, Statement, Text
from sizao.protocols.units import Cases, DayList, NDays, Rounds, Samples, Span, Time, TimesPerWeek


@dataclass(frozen=True, kw_only=True)
class FirstTests:
    """Tests of a zone's first days."""

    test: Test
    days: DayList


@dataclass(frozen=True, kw_only=True)
class Zone:
    """One level of a scale of zones and what lets it step down. `rank` orders levels.

    `clear_days` counts from the last new infection, or from the zone's beginning; `clear_days_after_step`
    replaces it where the zone has already stepped down from a higher level. `cases` within `window` days
    is the threshold of the street scale.
    """

    rank: Annotated[int, Spec(low=0, high=9)]
    restricts: bool
    rule: Statement
    definition: Statement | None = None
    unit: AreaUnit | None = None
    first_tests: tuple[FirstTests, ...] = ()
    test_days: DayList | None = None
    clear_days: NDays | None = None
    clear_days_after_step: NDays | None = None
    last_contact_days: NDays | None = None
    full_test_day: Span | None = None
    full_test_within: Time | None = None
    lift_test_within: Time | None = None
    steps_to: ZoneLevel | None = None
    on_positive: ZoneLevel | None = None
    lifted_with: tuple[ZoneLevel, ...] = ()
    window: Span | None = None
    cases: Cases | None = None
    maximum: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Screening:
    """Regional testing: in how long one round is done, how often, and when to stop."""

    name: Text
    within: Time | None = None
    rounds: Rounds | None = None
    every: Time | None = None
    clean_rounds: Rounds | None = None
    again_after: NDays | None = None
    rule: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class Pool:
    """How many swabs one tube may hold."""

    name: Text
    samples: Samples
    alternative: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """How often a group is tested in normal times: every so many days, or times a week."""

    name: Text
    every: Span | None = None
    per_week: TimesPerWeek | None = None
    test: Test = Test.PCR
    rule: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class Norm:
    """A figure that stands by itself: a capacity, a laboratory threshold, an access norm."""

    name: Text
    amount: Quantity
