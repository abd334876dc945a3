"""What is due: the frozen record that becomes a task of a post, and the facts that duties follow from."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sizao.ops.governance.roles import Role
from sizao.ops.governance.sentences import stored
from sizao.protocols.events import Event, Level
from sizao.vocabulary.text import Message

__all__ = ["Due", "Fact", "Subject", "event_of", "role_of", "seat_of", "stored"]


@dataclass(frozen=True)
class Due:
    """One duty about one subject. The same (duty, subject, starts_at) is the same task, however often derived.

    `seat` is the area whose post answers first, as "county level" says; empty is the subject's own area.
    """

    duty: str
    title: Message
    why: Message
    subject_kind: str
    subject_id: int
    area_id: str | None
    role: Role
    starts_at: datetime
    due_at: datetime
    seat: str = ""


class Fact(NamedTuple):
    """Something that happened to one subject; `detail` is what a deadline may ask for, as a contact's class."""

    subject_id: int
    event: Event
    at: datetime
    detail: str | None = None


class Subject(NamedTuple):
    """What duties are about: its id, the number people call it by, where it counts."""

    pk: int
    number: str
    area_id: str | None


#: Which role's work it is to bring an event about; the duty officer's where nothing else is said.
BY_EVENT = {
    Event.TEAM_ARRIVED: Role.INVESTIGATOR,
    Event.CORE_INVESTIGATED: Role.INVESTIGATOR,
    Event.CASE_FORM_DONE: Role.INVESTIGATOR,
    Event.CONTACT_MANAGED: Role.INVESTIGATOR,
    Event.PROPHYLAXIS_GIVEN: Role.INVESTIGATOR,
    Event.TEAM_SENT: Role.INVESTIGATOR,
    Event.RISK_ASSESSED: Role.INVESTIGATOR,
    Event.LAB_CONFIRMED: Role.LABORATORY,
    Event.SPECIMEN_RECEIVED: Role.LABORATORY,
    Event.RESULT_ISSUED: Role.LABORATORY,
    Event.SINGLE_RESULT: Role.LABORATORY,
}
#: How deep in the division tree a level sits; a facility, laboratory or community answers where the subject is.
DEPTHS = {Level.NATIONAL: 0, Level.PROVINCE: 1, Level.CITY: 2, Level.COUNTY: 3}


def role_of(event: str) -> Role:
    """Whose work it is."""
    return BY_EVENT.get(Event(event), Role.DUTY_OFFICER)


def seat_of(level: Level, area_id: str | None) -> str:
    """The area of the level that answers for a subject counted in `area_id`."""
    path = area_id or ""
    return path[: 2 + 4 * DEPTHS[level]] if level in DEPTHS else path


def event_of(duty: str) -> str:
    """The event that fulfils a derived duty, whose key is `deadline:event`; "" for a decision's task."""
    return duty.partition(":")[2]
