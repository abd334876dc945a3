"""The shape of a protocol: what a file may say. The reader and the JSON Schema are derived from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from sizao.protocols.choices import (
    Detector,
    Issuer,
    Mode,
    Quantified,
    Subject,
    ZoneLevel,
)
from sizao.protocols.events import About, Event, Level
from sizao.protocols.figures import Source, Spec, Statement, Text
from sizao.protocols.illness import Cluster, Distribution, Incubation, OutbreakEnd, Window
from sizao.protocols.persons import ContactRule, Discharge, FollowUp, Hold, Prophylaxis, Quarantine, RestrictionLimit
from sizao.protocols.places import Frequency, Norm, Pool, Screening, Zone
from sizao.protocols.units import (
    ShortTime,
)
from sizao.vocabulary.codes import Classification, ContactClass


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A duty: from one event, within a limit, closed by another (by the last of several, or by the
    first of them with `any_of`). `detail` asks for facts of that kind only."""

    name: Text
    about: About
    level: Level
    after: Event
    limit: ShortTime
    closed_by: tuple[Event, ...]
    any_of: bool = False
    void_by: tuple[Event, ...] = ()
    detail: tuple[str, ...] = ()

    @property
    def hours(self) -> float:
        return self.limit.hours


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """A disease's rules in one edition."""

    id: str
    disease: str
    name: Text
    jurisdiction: str
    issuer: Issuer
    issued_by: Text
    reviewed_on: date
    next_review: date
    authored_by: str
    checked_by: str = ""
    in_force: date | None = None
    until: date | None = None
    supersedes: str = ""
    extends: str = ""
    drop: tuple[str, ...] = ()
    reason: Text | None = None
    note: Text | None = None
    detectors: tuple[Detector, ...] = ()
    source: Mapping[str, Source] = field(default_factory=dict)
    definition: Annotated[Mapping[str, Statement], Spec(keys=Classification)] = field(default_factory=dict)
    infectious: Mapping[str, Window] = field(default_factory=dict)
    incubation: Mapping[str, Incubation] = field(default_factory=dict)
    distribution: Mapping[str, Distribution] = field(default_factory=dict)
    contact: Annotated[Mapping[str, ContactRule], Spec(keys=ContactClass)] = field(default_factory=dict)
    follow_up: Annotated[Mapping[str, FollowUp], Spec(keys=ContactClass)] = field(default_factory=dict)
    quarantine: Annotated[Mapping[str, Quarantine], Spec(keys=Subject)] = field(default_factory=dict)
    restriction: Annotated[Mapping[str, RestrictionLimit], Spec(keys=Mode)] = field(default_factory=dict)
    hold: Mapping[str, Hold] = field(default_factory=dict)
    prophylaxis: Mapping[str, Prophylaxis] = field(default_factory=dict)
    discharge: Mapping[str, Discharge] = field(default_factory=dict)
    zone: Annotated[Mapping[str, Zone], Spec(keys=ZoneLevel)] = field(default_factory=dict)
    screening: Mapping[str, Screening] = field(default_factory=dict)
    pool: Mapping[str, Pool] = field(default_factory=dict)
    frequency: Mapping[str, Frequency] = field(default_factory=dict)
    deadline: Mapping[str, Deadline] = field(default_factory=dict)
    cluster: Mapping[str, Cluster] = field(default_factory=dict)
    end: OutbreakEnd | None = None
    norm: Mapping[str, Norm] = field(default_factory=dict)
    standard: Mapping[str, Statement] = field(default_factory=dict)
    safeguard: Mapping[str, Statement] = field(default_factory=dict)

    def follow_up_days(self, contact_class: str) -> int | None:
        """Days a contact of this class is watched after the last exposure; None where the edition has no rule."""
        rule = self.follow_up.get(contact_class)
        return int(rule.days.value) if rule else None

    def maximum_days(self, mode: str) -> int | None:
        """How many days one order of this mode may run before a new signed decision."""
        limit = self.restriction.get(mode)
        return int(limit.maximum.value) if limit else None

    def contact_classes(self) -> tuple[str, ...]:
        """The contact classes this edition determines."""
        return tuple(key for key, rule in self.contact.items() if rule.determined)

    def incubation_distribution(self) -> Distribution | None:
        """The incubation distribution to use first: the primary one, else the first with a family."""
        found = [d for d in self.distribution.values() if d.of is Quantified.INCUBATION and d.family]
        return next((d for d in found if d.primary), found[0] if found else None)

    @property
    def is_checked(self) -> bool:
        """Whether an expert has checked the file; pages must say so when not."""
        return bool(self.checked_by)
