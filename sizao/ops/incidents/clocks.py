"""The clocks of an incident: hours from each positive, days from emergence; every number with the tasks behind it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from sizao.ops.governance.models import User
from sizao.ops.incidents import queries
from sizao.ops.incidents.derived import ABOUT_INCIDENT, FINISHED, UNDONE, frame_of, stored_duties, told_by_tasks
from sizao.ops.incidents.milestones import SEVEN, facts_of, milestones
from sizao.ops.incidents.models import Incident, Task
from sizao.protocols import load
from sizao.protocols.duties import duties
from sizao.protocols.events import Event
from sizao.protocols.shape import Deadline
from sizao.vocabulary.text import Message

STATES = ("in_time", "late", "overdue", "open")
SEVEN_ONE_SEVEN = ("detect_717", "notify_717", "initiate_717", "respond_717")


def in_state(state: str, at: datetime) -> Q:
    """The tasks behind one number of a clock."""
    return {
        "in_time": Q(status__in=FINISHED, done_at__lte=F("due_at")),
        "late": Q(status__in=FINISHED, done_at__gt=F("due_at")),
        "overdue": Q(status__in=UNDONE, due_at__lt=at),
        "open": Q(status__in=UNDONE, due_at__gte=at),
    }[state]


@dataclass(frozen=True)
class Clock:
    """One deadline over all its subjects in the reader's reach."""

    duty: str
    rule: Deadline
    counts: dict[str, int]

    @property
    def share(self) -> tuple[int, int]:
        """Done in time, of those whose outcome is known: done, or past the deadline."""
        return self.counts["in_time"], self.counts["in_time"] + self.counts["late"] + self.counts["overdue"]

    @property
    def parts(self) -> list[tuple[str, int]]:
        return list(self.counts.items())


def clocks(*, by: User, incident: Incident, at: datetime) -> list[Clock]:
    """The deadlines of cases and contacts, the shortest first."""
    counted = {state: Count("id", filter=in_state(state, at)) for state in STATES}
    mine = queries.tasks(by=by, incident=incident, at=at).exclude(subject_kind=ABOUT_INCIDENT)
    protocol, found = load(incident.protocol), []
    for row in mine.filter(duty__contains=":").values("duty").annotate(**counted).order_by("duty"):
        rule = protocol.deadline.get(row["duty"].partition(":")[0])
        if rule and any(row[state] for state in STATES):
            found.append(Clock(row["duty"], rule, {state: row[state] for state in STATES}))
    return sorted(found, key=lambda clock: (clock.rule.hours, clock.duty))


def tasks_behind(*, by: User, incident: Incident, duty: str, state: str, at: datetime) -> QuerySet[Task]:
    """The tasks of one number."""
    return queries.tasks(by=by, incident=incident, at=at).filter(in_state(state, at), duty=duty)


@dataclass(frozen=True)
class Span:
    """One of 7-1-7's intervals: from which fact, until which, in how many local days, against its target."""

    rule: Deadline
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime
    status: str
    days: int


@dataclass(frozen=True)
class Action:
    """One early-response action: when, by what evidence, in which task; days after notification."""

    event: Event
    label: Message
    task: Task | None
    days: int | None


def spans(incident: Incident, at: datetime) -> list[Span]:
    """The intervals whose clock has started. One still running counts to now."""
    facts = [*facts_of(incident), *told_by_tasks(stored_duties(incident, ABOUT_INCIDENT, [incident.pk]))]
    frame, protocol = frame_of(facts, ABOUT_INCIDENT), load(incident.protocol)
    derived = duties(facts=frame, protocol=protocol, at=at.astimezone(UTC), timezone=incident.time_zone)
    rows = {row["deadline"]: row for row in derived.iter_rows(named=True)}
    return [_span(incident, protocol.deadline[key], rows[key], at) for key in SEVEN_ONE_SEVEN if key in rows]


def _span(incident: Incident, rule: Deadline, row: dict[str, Any], at: datetime) -> Span:
    ended = row["closed_at"]
    days = (incident.date_at(ended or at) - incident.date_at(row["started_at"])).days
    return Span(rule, row["started_at"], ended, row["due_at"], row["status"], days)


def actions_of(incident: Incident) -> list[Action]:
    """The seven early-response actions, each with its task once notification has made it due."""
    known, found = milestones(incident, SEVEN), []
    for event in SEVEN:
        task = known.get(str(event))
        done = task.done_at if task and task.status in FINISHED else None
        started = incident.notified_at
        days = (incident.date_at(done) - incident.date_at(started)).days if done and started else None
        found.append(Action(event, event.label, task, days))
    return found
