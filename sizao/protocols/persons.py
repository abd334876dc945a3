"""Rules about persons in a protocol file: contacts, quarantine, prophylaxis, release."""

from dataclasses import dataclass

from sizao.protocols.choices import Anchor, DayOne, Mode, ReleaseRule, Test
from sizao.protocols.figures import Sourced, Statement, Text
from sizao.protocols.units import CtValue, DayList, Floors, Metres, NDays, Samples, ShortTime, Span, Time, TimesPerDay
from sizao.vocabulary.codes import Closeness, Setting


@dataclass(frozen=True, kw_only=True)
class ExposureKind:
    """One kind of exposure that makes a contact. An empty list asks nothing; an unknown distance or time passes."""

    key: str
    text: Text
    settings: tuple[Setting, ...] = ()
    closeness: tuple[Closeness, ...] = ()
    max_distance: Metres | None = None
    min_time: ShortTime | None = None
    unprotected_only: bool = False


@dataclass(frozen=True, kw_only=True)
class ContactRule:
    """Who is a contact of this class. `determined = false`: the edition no longer makes this class."""

    definition: Statement
    determined: bool = True
    lookback: NDays | None = None
    lookback_asymptomatic: NDays | None = None
    anchor: Anchor = Anchor.ONSET
    anchor_asymptomatic: Anchor = Anchor.SAMPLE_TAKEN
    exposures: tuple[ExposureKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """How long a contact is watched, from when, how often, and what it asks of the person."""

    days: Span
    after: Anchor = Anchor.LAST_EXPOSURE
    checks_per_day: TimesPerDay | None = None
    how: Statement | None = None
    restriction: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class Phase:
    """One stretch of quarantine. It follows the one before, unless `first_day` says where it begins."""

    mode: Mode
    days: Span
    first_day: Span | None = None
    test_days: DayList | None = None
    test: Test = Test.PCR
    samples: Samples | None = None


@dataclass(frozen=True, kw_only=True)
class Reset:
    """When a positive near a quarantined person starts the period again."""

    rule: Statement
    floors: Floors | None = None


@dataclass(frozen=True, kw_only=True)
class EarlyRelease:
    """After how many days a negative test ends the period before its time."""

    days: Span
    test: Test = Test.PCR


@dataclass(frozen=True, kw_only=True)
class DayOneRule(Sourced):
    """The convention for "day 1" of the test days."""

    value: DayOne


@dataclass(frozen=True, kw_only=True)
class Quarantine:
    """Phases for a subject. Day 0 is the anchor's day; phase days count on from there."""

    after: Anchor
    determined: bool = True
    top_up: bool = True
    day_one: DayOneRule | None = None
    phases: tuple[Phase, ...] = ()
    release: tuple[ReleaseRule, ...] = ()
    reset: Reset | None = None
    early: EarlyRelease | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class RestrictionLimit:
    """How long one order may run before a new signed decision is needed."""

    maximum: Span


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One named rule with what it needs."""

    rule: ReleaseRule
    days: NDays | None = None
    after: Anchor | None = None
    count: Samples | None = None
    apart: Time | None = None
    ct_min: CtValue | None = None
    test: Test | None = None


@dataclass(frozen=True, kw_only=True)
class Way:
    """Conditions that must all hold."""

    name: Text
    all: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True)
class Discharge:
    """When a case may leave isolation: any one way is enough. `monitoring` follows it."""

    name: Text
    ways: tuple[Way, ...] = ()
    monitoring: NDays | None = None
    monitoring_tests: DayList | None = None
    text: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class Prophylaxis:
    """What can be given after an exposure, to whom, and until when."""

    name: Text
    window: Time
    ideal: Time | None = None
    after: Anchor = Anchor.FIRST_EXPOSURE
    who: Statement | None = None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Waiting in one place while a result is pending. It ends with the result, and at `maximum` without one."""

    name: Text
    maximum: ShortTime
    who: Statement | None = None
    place: Statement | None = None
    support: Statement | None = None
