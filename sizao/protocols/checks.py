"""What must be true across a protocol's parts, beyond each part being readable."""

from collections.abc import Iterable
from itertools import pairwise

from sizao.protocols.choices import FAMILY_PARAMETERS, RESTRICTING, Grade, Mode, ReleaseRule
from sizao.protocols.persons import Phase
from sizao.protocols.proportion import stricter_than
from sizao.protocols.refusals import Notes
from sizao.protocols.shape import Protocol
from sizao.protocols.walking import sourced
from sizao.vocabulary.text import N_

INFECTIOUS = ("symptomatic", "asymptomatic")
#: What each release rule needs to be computable.
NEEDS = {
    ReleaseRule.DAYS_SINCE: ("days", "after"),
    ReleaseRule.SYMPTOM_FREE_DAYS: ("days",),
    ReleaseRule.NEGATIVE_TESTS: ("count",),
}


def check(protocol: Protocol, base: Protocol | None, notes: Notes) -> None:
    """Refuse a readable protocol that contradicts itself."""
    check_sources(protocol, notes)
    check_dates(protocol, notes)
    check_infectious(protocol, notes)
    check_distributions(protocol, notes)
    check_contacts(protocol, notes)
    check_quarantine(protocol, notes)
    check_maxima(protocol, notes)
    check_zones(protocol, notes)
    check_deadlines(protocol, notes)
    check_discharge(protocol, notes)
    check_local(protocol, base, notes)


def check_sources(protocol: Protocol, notes: Notes) -> None:
    """Grades a and b name a known source; grade m names none, so nothing unsourced looks sourced."""
    for key, item in sourced(protocol).items():
        if item.grade is Grade.UNSOURCED and item.tags:
            notes.refuse(f"{key}.source", item.source, N_("no source for grade m, or another grade"))
        if item.grade is not Grade.UNSOURCED and not item.tags:
            notes.refuse(f"{key}.source", None, N_("the tag of a source, or grade m"))
        for tag in item.tags:
            if tag not in protocol.source:
                known = ", ".join(sorted(protocol.source))
                notes.refuse(f"{key}.source", tag, N_("a tag of [source]: {known}", known=known))


def check_dates(protocol: Protocol, notes: Notes) -> None:
    if protocol.in_force and protocol.until and protocol.until < protocol.in_force:
        notes.refuse("until", protocol.until, N_("a day not before in_force"))
    if protocol.next_review <= protocol.reviewed_on:
        notes.refuse("next_review", protocol.next_review, N_("a day after reviewed_on"))


def check_infectious(protocol: Protocol, notes: Notes) -> None:
    for key, window in protocol.infectious.items():
        if key not in INFECTIOUS:
            notes.refuse(f"infectious.{key}", "unknown", N_("one of {known}", known=", ".join(INFECTIOUS)))
        if window.last is not None and window.last.value < window.first.value:
            notes.refuse(f"infectious.{key}.last", window.last.number, N_("a day not before the window's first"))
    for key, incubation in protocol.incubation.items():
        if incubation.high.value < incubation.low.value:
            notes.refuse(
                f"incubation.{key}.high", incubation.high.number, N_("{low} or more", low=incubation.low.number)
            )


def check_distributions(protocol: Protocol, notes: Notes) -> None:
    """A family has exactly its parameters, above zero where they must be."""
    for key, item in protocol.distribution.items():
        where = f"distribution.{key}"
        wanted = FAMILY_PARAMETERS[item.family] if item.family else ()
        if set(item.parameters) != set(wanted):
            found = ", ".join(sorted(item.parameters)) or "none"
            notes.refuse(f"{where}.parameters", found, N_("exactly: {names}", names=", ".join(wanted) or "none"))
        for name, value in item.parameters.items():
            if name not in ("meanlog", "mean") and value <= 0:
                notes.refuse(f"{where}.parameters.{name}", value, N_("more than 0"))
        if item.family is None and item.mean is None:
            notes.refuse(where, "neither family nor mean", N_("a family with parameters, or a mean"))


def check_contacts(protocol: Protocol, notes: Notes) -> None:
    for key, rule in protocol.contact.items():
        names = [kind.key for kind in rule.exposures]
        if len(names) != len(set(names)):
            notes.refuse(f"contact.{key}.exposures", ", ".join(names), N_("keys that differ from each other"))
        if rule.determined and not rule.exposures:
            notes.refuse(f"contact.{key}.exposures", None, N_("kinds of exposure, or determined = false"))


def check_quarantine(protocol: Protocol, notes: Notes) -> None:
    for key, rule in protocol.quarantine.items():
        where = f"quarantine.{key}.phases"
        if rule.determined and not rule.phases:
            notes.refuse(where, None, N_("phases, or determined = false"))
        for number, ((_, end), (start, _)) in enumerate(pairwise(spans(rule.phases)), 2):
            if start <= end:
                notes.refuse(f"{where}[{number}].first_day", start, N_("a day after {end}", end=end))
        for number, phase in enumerate(rule.phases, 1):
            beyond = [d for d in (phase.test_days.value if phase.test_days else ()) if d > phase.days.value]
            if beyond:
                notes.refuse(f"{where}[{number}].test_days", beyond[0], N_("{high} or less", high=phase.days.number))


def spans(phases: Iterable[Phase]) -> list[tuple[int, int]]:
    """First and last day of each phase, day 0 being the anchor's day."""
    found: list[tuple[int, int]] = []
    for phase in phases:
        start = int(phase.first_day.value) if phase.first_day else (found[-1][1] + 1 if found else 1)
        found.append((start, start + int(phase.days.value) - 1))
    return found


def check_maxima(protocol: Protocol, notes: Notes) -> None:
    """No restriction without a maximum: modes of quarantine and zones alike."""
    for key, rule in protocol.quarantine.items():
        for mode in {phase.mode for phase in rule.phases if phase.mode in RESTRICTING}:
            check_maximum(protocol, key, mode, notes)
    for level, zone in protocol.zone.items():
        if zone.restricts and zone.maximum is None:
            notes.refuse(f"zone.{level}.maximum", None, N_("a maximum: no restriction without one"))


def check_maximum(protocol: Protocol, subject: str, mode: Mode, notes: Notes) -> None:
    limit = protocol.restriction.get(mode)
    if limit is None:
        return notes.refuse(f"restriction.{mode}", None, N_("a maximum: no restriction without one"))
    days = sum(p.days.value for p in protocol.quarantine[subject].phases if p.mode is mode)
    if days > limit.maximum.value:
        notes.refuse(f"quarantine.{subject}.phases", f"{days:g}", N_("{high} or less", high=limit.maximum.number))
    return None


def check_zones(protocol: Protocol, notes: Notes) -> None:
    known = ", ".join(protocol.zone)
    for level, zone in protocol.zone.items():
        for key, other in (("steps_to", zone.steps_to), ("on_positive", zone.on_positive)):
            if other and other not in protocol.zone:
                notes.refuse(f"zone.{level}.{key}", other, N_("one of {known}", known=known))
        below = protocol.zone.get(zone.steps_to) if zone.steps_to else None
        if below and below.rank >= zone.rank:
            notes.refuse(f"zone.{level}.steps_to", zone.steps_to, N_("a level of lower rank"))


def check_deadlines(protocol: Protocol, notes: Notes) -> None:
    for key, deadline in protocol.deadline.items():
        if not deadline.closed_by or deadline.after in deadline.closed_by:
            notes.refuse(
                f"deadline.{key}.closed_by", list(deadline.closed_by), N_("an event other than the starting one")
            )
    for key, group in protocol.frequency.items():
        if group.every and group.per_week:
            notes.refuse(f"frequency.{key}", "every and per_week", N_("one of every and per_week"))


def check_discharge(protocol: Protocol, notes: Notes) -> None:
    for key, discharge in protocol.discharge.items():
        for number, way in enumerate(discharge.ways, 1):
            for condition in way.all:
                for need in NEEDS.get(condition.rule, ()):
                    if getattr(condition, need) is None:
                        notes.refuse(
                            f"discharge.{key}.ways[{number}].{condition.rule}.{need}", None, N_("a value for it")
                        )


def check_local(protocol: Protocol, base: Protocol | None, notes: Notes) -> None:
    """A local file stricter than the edition it extends needs a written reason (least restriction)."""
    if protocol.issuer != "local" or base is None or (protocol.reason and protocol.reason.msgid.strip()):
        return
    keys = [change.key for change in stricter_than(protocol, base)]
    if keys:
        notes.refuse(
            "reason",
            None,
            N_("a written reason: stricter than {base} in {keys}", base=base.id, keys=", ".join(keys)),
        )
