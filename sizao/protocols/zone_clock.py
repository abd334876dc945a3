"""The clock of a zone: what is missing before it may step down, the earliest day, the tests due, when it expires.

Days as everywhere: day n after the last new infection (or after the zone was set, where none was found since)
is n days later, and n clear days are over on that day. A zone's tests count from the day it was set, which is
day 1. A step down is a decision; the clock says from when the edition allows it and never takes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sizao.protocols.choices import Test, ZoneLevel
from sizao.protocols.figures import Quantity
from sizao.protocols.places import Zone
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class ZoneFacts:
    """What is known of one zone. `came_down`: it reached this level from a higher one. `full_negative`: days
    of rounds of the whole area without a positive. `levels_in_county`: levels still set elsewhere in it."""

    zone_id: str
    level: str
    date_set: date
    came_down: bool = False
    date_last_new: date | None = None
    full_negative: tuple[date, ...] = ()
    has_contacts: bool = True
    date_last_contact_exposure: date | None = None
    is_last_contact_negative: bool = False
    levels_in_county: tuple[str, ...] = ()
    tests_done: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class ZoneTest:
    """A round of tests due in a zone."""

    test: Test
    date_due: date
    is_done: bool


@dataclass(frozen=True)
class ZoneClock:
    """Where a zone stands. `steps_to` is None where nothing lies below; `must_become` where a positive raises it."""

    zone_id: str
    level: ZoneLevel
    may_step_down: bool
    steps_to: ZoneLevel | None
    must_become: ZoneLevel | None
    date_earliest: date | None
    date_expires: date | None
    missing: tuple[Message, ...]
    tests: tuple[ZoneTest, ...]
    rule: str
    edition: str
    why: Message


def zone_clock(*, zones: Iterable[ZoneFacts], protocol: Protocol, at: date) -> list[ZoneClock]:
    """The clock of each zone on the day `at`, by the edition's own scale of zones."""
    return [
        clock(known_by(facts, at), protocol.zone[facts.level], protocol, at)
        if facts.level in protocol.zone
        else abolished(facts, protocol)
        for facts in zones
    ]


def abolished(facts: ZoneFacts, protocol: Protocol) -> ZoneClock:
    """A zone of a level the edition no longer has: nothing stands against lifting it or setting it anew."""
    level = level_of(facts)
    why = N_("{edition} has no {level}: lift it or set it anew.", edition=protocol.name, level=level.label)
    return ZoneClock(facts.zone_id, level, True, None, None, None, None, (), (), f"zone.{level}", protocol.id, why)


def level_of(facts: ZoneFacts) -> ZoneLevel:
    return next(member for member in ZoneLevel if member == facts.level)


def known_by(facts: ZoneFacts, at: date) -> ZoneFacts:
    """The facts as known on the day `at`: nothing later counts."""
    last_new = facts.date_last_new if facts.date_last_new and facts.date_last_new <= at else None
    negative = tuple(day for day in facts.full_negative if day <= at)
    done = tuple(pair for pair in facts.tests_done if pair[1] <= at)
    values = {"date_last_new": last_new, "full_negative": negative, "tests_done": done}
    return ZoneFacts(**{**facts.__dict__, **values})


def clock(facts: ZoneFacts, zone: Zone, protocol: Protocol, at: date) -> ZoneClock:
    level = level_of(facts)
    earliest = earliest_step(facts, zone)
    missing = wanting(facts, zone, at)
    raised = zone.on_positive if facts.date_last_new and facts.date_last_new >= facts.date_set else None
    expires = facts.date_set + timedelta(days=int(zone.maximum.value)) if zone.maximum else None
    return ZoneClock(
        zone_id=facts.zone_id,
        level=level,
        may_step_down=not missing and raised is None,
        steps_to=zone.steps_to,
        must_become=raised,
        date_earliest=earliest,
        date_expires=expires,
        missing=missing,
        tests=zone_tests(facts, zone),
        rule=f"zone.{facts.level}",
        edition=protocol.id,
        why=why_zone(facts, zone, level, earliest, missing, raised, protocol),
    )


def clear_days(facts: ZoneFacts, zone: Zone) -> Quantity | None:
    """Days without a new infection; fewer where the zone has already stepped down from a higher level."""
    return zone.clear_days_after_step if facts.came_down and zone.clear_days_after_step else zone.clear_days


def quiet_since(facts: ZoneFacts) -> date:
    """The day clear days count from."""
    return max(facts.date_set, facts.date_last_new or facts.date_set)


def quiet_until(facts: ZoneFacts, zone: Zone) -> date | None:
    """The day on which the clear days are over."""
    quiet = clear_days(facts, zone)
    return quiet_since(facts) + timedelta(days=int(quiet.value)) if quiet else None


def earliest_step(facts: ZoneFacts, zone: Zone) -> date | None:
    """The first day on which time alone would allow the step; None where it depends on other zones only."""
    day = quiet_until(facts, zone)
    if day and zone.last_contact_days and facts.has_contacts and facts.date_last_contact_exposure:
        beyond = timedelta(days=int(zone.last_contact_days.value) + 1)
        return max(day, facts.date_last_contact_exposure + beyond)
    return day


def wanting(facts: ZoneFacts, zone: Zone, at: date) -> tuple[Message, ...]:
    """Everything that still stands against the step."""
    found: list[Message | None] = [
        still_waiting(quiet_until(facts, zone), at),
        contacts_wanting(facts, zone, at),
        round_wanting(facts, zone, at),
        others_wanting(facts, zone),
        rule_wanting(zone),
    ]
    return tuple(message for message in found if message)


def still_waiting(quiet: date | None, at: date) -> Message | None:
    if quiet is None or at >= quiet:
        return None
    return N_("days without a new infection, until {day}", day=quiet)


def contacts_wanting(facts: ZoneFacts, zone: Zone, at: date) -> Message | None:
    """The last close contact must be past its days and negative."""
    if zone.last_contact_days is None or not facts.has_contacts:
        return None
    if facts.date_last_contact_exposure is None:
        return N_("the last exposure of the last close contact is not known")
    beyond = facts.date_last_contact_exposure + timedelta(days=int(zone.last_contact_days.value))
    if at <= beyond:
        return N_(
            "more than {n} days since the last exposure of the last close contact", n=zone.last_contact_days.number
        )
    return None if facts.is_last_contact_negative else N_("a negative test of the last close contact")


def round_wanting(facts: ZoneFacts, zone: Zone, at: date) -> Message | None:
    """A round of the whole area on the asked day or later, or shortly before the step."""
    if facts.came_down and zone.clear_days_after_step:
        return None
    asked = [quiet_since(facts) + timedelta(days=int(zone.full_test_day.value))] if zone.full_test_day else []
    for limit in (zone.full_test_within, zone.lift_test_within):
        if limit:
            asked.append(at - timedelta(days=-(-int(limit.hours) // 24)))
    if not asked or any(day >= max(asked) for day in facts.full_negative):
        return None
    return N_("a negative round of the whole area on {day} or later", day=max(asked))


def others_wanting(facts: ZoneFacts, zone: Zone) -> Message | None:
    """The rest of the county returns to normal when every higher zone in it is lifted."""
    left = [level for level in zone.lifted_with if level in facts.levels_in_county]
    return N_("the county still has a {level}", level=left[0].label) if left else None


def rule_wanting(zone: Zone) -> Message | None:
    """Where the edition says nothing of stepping down, nothing may be derived."""
    is_said = zone.clear_days or zone.lifted_with or zone.last_contact_days
    return None if is_said else N_("a rule for stepping down: this level has none of its own")


def zone_tests(facts: ZoneFacts, zone: Zone) -> tuple[ZoneTest, ...]:
    """Rounds due: those of the first days, those on fixed days, and the one asked for before the step."""
    days = [(first.test, day) for first in zone.first_tests for day in first.days.value]
    days += [(Test.PCR, day) for day in (zone.test_days.value if zone.test_days else ())]
    due = {(test, facts.date_set + timedelta(days=day - 1)) for test, day in days}
    if zone.full_test_day and not (facts.came_down and zone.clear_days_after_step):
        due.add((Test.PCR, quiet_since(facts) + timedelta(days=int(zone.full_test_day.value))))
    done = {(str(test), day) for test, day in facts.tests_done}
    ordered = sorted(due, key=lambda pair: (pair[1], str(pair[0])))
    return tuple(ZoneTest(test, day, (str(test), day) in done) for test, day in ordered)


def why_zone(
    facts: ZoneFacts,
    zone: Zone,
    level: ZoneLevel,
    earliest: date | None,
    missing: tuple[Message, ...],
    raised: ZoneLevel | None,
    protocol: Protocol,
) -> Message:
    quiet = clear_days(facts, zone)
    values = {"level": level.label, "set": facts.date_set, "edition": protocol.name}
    if raised:
        return N_(
            "{level} set on {set}: a positive was found, it becomes {to} at once ({edition}).",
            **values,
            to=raised.label,
        )
    source = cited(quiet) if quiet else cited(zone.rule)
    if not missing:
        return N_(
            "{level} set on {set}: every rule for stepping down is met ({edition}; {source}).", **values, source=source
        )
    sentence = missing[0]
    for part in missing[1:]:
        sentence = N_("{first}; {second}", first=sentence, second=part)
    return N_(
        "{level} set on {set}, last new infection {new}: not before {earliest}; missing: {missing} "
        "({edition}; {source}).",
        **values,
        new=facts.date_last_new or N_("none since"),
        earliest=earliest or N_("the other zones are lifted"),
        missing=sentence,
        source=source,
    )
