"""Who must still wait for a result, and until when at the longest: a hold ends by itself.

A hold begins with the sample, ends with the result, and ends at the edition's maximum when no result has come: the
laboratory's delay is not the person's. A further sample during a hold changes nothing, all results of the hold must
be out to end it before its time. A hold that would begin before as long a time has passed since one that ran its
full time is the same hold under another name: it is not derived, it needs a new signed decision.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sizao.protocols.persons import Hold
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message


class HoldStatus(StrEnum):
    """Where a hold stands; only `HELD` binds anybody."""

    NOT_ASKED = "not_asked"
    HELD = "held"
    ENDED_BY_RESULT = "ended_by_result"
    ENDED_BY_TIME = "ended_by_time"
    NEEDS_DECISION = "needs_decision"


@dataclass(frozen=True)
class Sampled:
    """One sample of a person who may be held: when taken, when its result was out."""

    person_id: str
    collected_at: datetime
    issued_at: datetime | None = None


@dataclass(frozen=True)
class Held:
    """One hold. `expires_at`: the latest end; `ended_at`: the end, once it has come."""

    person_id: str
    status: HoldStatus
    started_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    rule: str
    edition: str
    why: Message


def holds(*, samples: Iterable[Sampled], kind: str, protocol: Protocol, at: datetime) -> list[Held]:
    """The holds that samples make by the edition's rule `kind` (a key of `hold`) as known at `at`, person by person in
    the order of their beginning. One that the edition does not ask is said so, and binds nobody."""
    rule = protocol.hold.get(kind)
    by_person: dict[str, list[Sampled]] = defaultdict(list)
    for sample in samples:
        if sample.collected_at <= at:
            by_person[sample.person_id].append(sample)
    found = []
    for person in sorted(by_person):
        mine = sorted(by_person[person], key=lambda sample: sample.collected_at)
        found += [not_asked(sample, kind, protocol) for sample in mine] if rule is None else held(
            mine, rule, kind, protocol, at
        )  # fmt: skip
    return found


def held(samples: list[Sampled], rule: Hold, kind: str, protocol: Protocol, at: datetime) -> list[Held]:
    """The holds of one person."""
    longest, found = timedelta(hours=rule.maximum.hours), []
    last_full: datetime | None = None
    for together in holds_apart(samples, longest):
        start, expires = together[0].collected_at, together[0].collected_at + longest
        issued = [s.issued_at for s in together if s.issued_at and s.issued_at <= at]
        result = max(issued) if len(issued) == len(together) else None
        is_repeat = last_full is not None and start < last_full + longest
        end = min(result or expires, expires)
        ended = end if end <= at else None
        by_result = result is not None and result <= expires
        status = HoldStatus.HELD
        if is_repeat:
            status, ended = HoldStatus.NEEDS_DECISION, start
        elif ended is not None:
            status = HoldStatus.ENDED_BY_RESULT if by_result else HoldStatus.ENDED_BY_TIME
            last_full = last_full if by_result else ended
        why = why_hold(status, start, expires, ended, rule, protocol)
        one = Held(together[0].person_id, status, start, expires, ended, f"hold.{kind}", protocol.id, why)
        found.append(one)
    return found


def holds_apart(samples: list[Sampled], longest: timedelta) -> list[list[Sampled]]:
    """Samples in the order of time, those within one hold together: it began with the first and is not prolonged.
    Samples of one moment are one hold, even where a result was out at once."""
    groups: list[list[Sampled]] = []
    for sample in samples:
        start = groups[-1][0].collected_at if groups else None
        if sample.collected_at == start or (groups and sample.collected_at < end_of(groups[-1], longest)):
            groups[-1].append(sample)
        else:
            groups.append([sample])
    return groups


def end_of(together: list[Sampled], longest: timedelta) -> datetime:
    """When a hold of these samples ends at the latest: with the last result, or at the maximum."""
    expires = together[0].collected_at + longest
    issued = [sample.issued_at for sample in together if sample.issued_at]
    return min(max(issued), expires) if len(issued) == len(together) else expires


def not_asked(sample: Sampled, kind: str, protocol: Protocol) -> Held:
    why = N_("{edition} asks nobody to wait for a result in one place.", edition=protocol.name)
    start = sample.collected_at
    return Held(sample.person_id, HoldStatus.NOT_ASKED, start, start, start, f"hold.{kind}", protocol.id, why)


def why_hold(
    status: HoldStatus, start: datetime, expires: datetime, ended: datetime | None, rule: Hold, protocol: Protocol
) -> Message:
    """One sentence with the rule, its source and the moments."""
    facts = {
        "name": rule.name, "start": moment(start), "expires": moment(expires), "edition": protocol.name,
        "source": cited(rule.maximum), "amount": rule.maximum.amount,
    }  # fmt: skip
    if status is HoldStatus.NEEDS_DECISION:
        return N_(
            "{name}: the time of {amount} has been used up; waiting again from {start} needs a new decision "
            "({edition}; {source}).",
            **facts,
        )
    if ended is None:
        return N_("{name}: from {start} until the result, at the latest {expires} ({edition}; {source}).", **facts)
    if status is HoldStatus.ENDED_BY_RESULT:
        return N_("{name}: ended with the result at {ended} ({edition}; {source}).", **facts, ended=moment(ended))
    return N_(
        "{name}: ended at {ended} without a result, after {amount} ({edition}; {source}).",
        **facts,
        ended=moment(ended),
    )


def moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"
