"""May a case leave isolation: any one way of the edition is enough, each way needs all its conditions."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sizao.protocols.conditions import CONDITIONS, CaseFacts, Verdict
from sizao.protocols.persons import Condition, Discharge, Way
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import anchor_label
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class DischargeVerdict:
    """Whether a case may leave isolation, by which way, from which day, and what is missing on the nearest way."""

    case_id: str
    may_leave: bool
    date_earliest: date | None
    way: Message | None
    missing: tuple[Message, ...]
    rule: str
    edition: str
    why: Message


def discharge(
    *, cases: Iterable[CaseFacts], kind: str, protocol: Protocol, at: date, timezone: str = "UTC"
) -> list[DischargeVerdict]:
    """The verdict on each case by the edition's rule `kind` (a key of `discharge`, as "confirmed"). `at` is a day in
    `timezone`, and so is the day of each sample, whatever zone its moment is told in."""
    rule, zone = protocol.discharge[kind], ZoneInfo(timezone)
    return [verdict(known_by(local(case, zone), at), rule, kind, protocol, at) for case in cases]


def local(case: CaseFacts, zone: ZoneInfo) -> CaseFacts:
    """The facts with every sample's moment told in one zone."""
    moved = (replace(result, collected_at=result.collected_at.astimezone(zone)) for result in case.results)
    return replace(case, results=tuple(moved))


def known_by(case: CaseFacts, at: date) -> CaseFacts:
    """The facts as they were known on the day `at`."""
    return replace(
        case,
        results=tuple(r for r in case.results if r.collected_at.date() <= at),
        improved_on=earlier(case.improved_on, at),
        healed_on=earlier(case.healed_on, at),
        symptom_free_since=earlier(case.symptom_free_since, at),
    )


def earlier(day: date | None, at: date) -> date | None:
    return day if day is not None and day <= at else None


def verdict(case: CaseFacts, rule: Discharge, kind: str, protocol: Protocol, at: date) -> DischargeVerdict:
    """Judge every way; take the one met, else the one with least missing."""
    judged = [(way, [(c, CONDITIONS[c.rule](case, c)) for c in way.all]) for way in rule.ways]
    met = [(way, found) for way, found in judged if all(is_met(v, at) for _, v in found)]
    name = f"discharge.{kind}"
    if met:
        way, found = met[0]
        earliest = max(v.met_from for _, v in found if v.met_from)
        why = N_(
            "May leave isolation: {way}, met on {day} ({edition}).", way=way.name, day=earliest, edition=protocol.name
        )
        return DischargeVerdict(case.case_id, True, earliest, way.name, (), name, protocol.id, why)
    return not_yet(case, judged, name, protocol, at)


def not_yet(
    case: CaseFacts, judged: list[tuple[Way, list[tuple[Condition, Verdict]]]], name: str, protocol: Protocol, at: date
) -> DischargeVerdict:
    if not judged:
        why = N_("{edition} leaves the release of this case to the authority.", edition=protocol.name)
        return DischargeVerdict(case.case_id, False, None, None, (), name, protocol.id, why)
    way, found = min(judged, key=lambda pair: sum(not is_met(v, at) for _, v in pair[1]))
    missing = tuple(lacking(c, v) for c, v in found if not is_met(v, at))
    days = [v.met_from for _, v in found]
    earliest = max(d for d in days if d) if all(days) else None
    why = N_(
        "May not leave isolation yet by {way}; missing: {missing} ({edition}).",
        way=way.name,
        missing=joined(missing),
        edition=protocol.name,
    )
    return DischargeVerdict(case.case_id, False, earliest, way.name, missing, name, protocol.id, why)


def is_met(verdict: Verdict, at: date) -> bool:
    return verdict.met_from is not None and verdict.met_from <= at


def lacking(condition: Condition, verdict: Verdict) -> Message:
    """What one condition still wants."""
    if verdict.met_from is not None:
        return N_("{rule} (from {day})", rule=condition.rule.label, day=verdict.met_from)
    if condition.after is not None:
        return N_("the day of {anchor} is not known", anchor=anchor_label(condition.after))
    return condition.rule.label


def joined(parts: tuple[Message, ...]) -> Message:
    """Messages in a row, as one message."""
    sentence = parts[0]
    for part in parts[1:]:
        sentence = N_("{first}; {second}", first=sentence, second=part)
    return sentence
