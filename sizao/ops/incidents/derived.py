"""What the protocol makes of dated facts, laid beside the tasks that are stored: what to add, close, move or drop.

A derived duty's key is `deadline:event`, so that a task done by hand is itself the fact that the event happened,
under whatever edition. Tasks that a fact closed, and not a hand, carry that fact's event as their outcome: only
these are opened again when the fact is taken back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from sizao.ops.governance.sentences import stored
from sizao.ops.incidents.duties import Due, Fact, Subject, event_of, role_of, seat_of
from sizao.ops.incidents.models import Incident, Task
from sizao.protocols import Protocol, load
from sizao.protocols.duties import duties
from sizao.protocols.events import Event
from sizao.protocols.shape import Deadline
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.codes import TaskStatus
from sizao.vocabulary.text import N_, Message

#: A deadline that passed longer ago than this is history, not work: a file of last year's cases opens no tasks.
STILL_WORK = timedelta(days=7)
#: Outcome of a task whose rule the edition no longer has, or whose starting fact was taken back.
RULE_GONE = "rule_gone"
FACT = "fact:"
ABOUT_INCIDENT = "incident"
UNDONE = (TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED)
FINISHED = (TaskStatus.DONE, TaskStatus.VERIFIED)
OPEN, CLOSED, VOID = "open", "closed", "void"
CHUNK = 5_000
Changes = list[tuple[Task, dict[str, Any]]]


@dataclass(frozen=True)
class Wanted:
    """One duty as the facts make it: open, or closed or void since a moment by an event."""

    subject: Subject
    deadline: str
    event: str
    starts_at: datetime
    due_at: datetime
    state: str
    since: datetime | None
    by_event: str

    @property
    def key(self) -> tuple[int, str]:
        return self.subject.pk, f"{self.deadline}:{self.event}"


@dataclass(frozen=True)
class Plan:
    """What keeps the stored tasks in step. `closed` says that some of the new ones are fulfilled already."""

    new: list[Due] = field(default_factory=list)
    changes: Changes = field(default_factory=list)
    closed: bool = False


def is_derived(task: Task) -> bool:
    return ":" in task.duty and not task.duty.startswith(FACT)


def by_hand(task: Task) -> bool:
    """Whether a person, not a fact of the records, said what came of it."""
    return task.outcome != RULE_GONE and task.outcome not in {str(event) for event in Event}


def outcome_said(task: Task) -> Message | str:
    """What came of a task, in words: a person's own, or the fact of the records that decided it."""
    if task.outcome == RULE_GONE:
        return N_("No longer asked: the edition, or the facts it followed from, have changed.")
    return next((event.label for event in Event if event == task.outcome), task.outcome)


def stored_duties(incident: Incident, about: str, ids: Iterable[int]) -> list[Task]:
    """The derived tasks, and the facts recorded as tasks, of these subjects."""
    mine = Task.objects.filter(incident=incident, subject_kind=about, duty__contains=":")
    wanted = iter(ids)
    found: list[Task] = []
    while part := list(islice(wanted, CHUNK)):
        found += mine.filter(subject_id__in=part).order_by("starts_at", "id")
    return found


def told_by_tasks(tasks: Iterable[Task]) -> list[Fact]:
    """A task done by hand says that its event happened, when it was done."""
    return [
        Fact(task.subject_id, Event(event_of(task.duty)), task.done_at)
        for task in tasks
        if task.status in FINISHED and task.done_at and by_hand(task)
    ]


def started_by_tasks(tasks: Iterable[Task], protocol: Protocol) -> list[Fact]:
    """A task says when the event happened from which its deadline runs."""
    found = ((task, protocol.deadline.get(task.duty.partition(":")[0])) for task in tasks if is_derived(task))
    return [Fact(task.subject_id, rule.after, task.starts_at) for task, rule in found if rule and not rule.detail]


def number_of(task: Task) -> str:
    """What people call the task's subject, as the title says it."""
    return str(task.title.get("params", {}).get("number", "")) if task.subject_kind != ABOUT_INCIDENT else ""


def plan(
    *, incident: Incident, about: str, facts: Sequence[Fact], subjects: Sequence[Subject], tasks: Sequence[Task],
    at: datetime, whole: bool = True,
) -> Plan:  # fmt: skip
    """What has to be written so that the tasks of `subjects` say what the edition makes of `facts` at `at`.

    `whole`: the facts are all there are, so a duty that does not follow from them has fallen away.
    """
    protocol, zone = load(incident.protocol), ZoneInfo(incident.time_zone)
    wanted = list(_wanted(incident, about, [*facts, *told_by_tasks(tasks)], subjects, protocol, at))
    latest = {(task.subject_id, task.duty): task for task in tasks if is_derived(task)}
    taken = {(task.subject_id, task.duty, task.starts_at) for task in tasks}
    result: list[Due] = []
    changes: Changes = []
    closed = False
    for each in wanted:
        task = latest.pop(each.key, None)
        if task is None or _begins_again(each, task):
            if each.state != VOID and each.due_at + STILL_WORK > at:
                result.append(_due(incident, about, each, protocol))
                closed = closed or each.state == CLOSED
        else:
            changes.append((task, _step(each, task, taken) | _explained(each, task, protocol, zone)))
    if whole:
        changes += [(task, _dropped(RULE_GONE)) for task in latest.values() if task.status in UNDONE]
    return Plan(result, [change for change in changes if change[1]], closed)


def _explained(each: Wanted, task: Task, protocol: Protocol, zone: ZoneInfo) -> dict[str, Any]:
    """The reason of a task still to be done, where edition or facts have changed it."""
    if task.status not in UNDONE:
        return {}
    told, started, due = task.why.get("params", {}), said(each.starts_at, zone), said(each.due_at, zone)
    unchanged = (told.get("started"), told.get("due"), told.get("rule")) == (started, due, f"deadline.{each.deadline}")
    if unchanged and told.get("edition") == stored(protocol.name):
        return {}
    why = why_due(protocol.deadline[each.deadline], protocol, started=started, due=due)
    return {"why": stored(why)}


def _wanted(
    incident: Incident, about: str, facts: list[Fact], subjects: Sequence[Subject], protocol: Protocol, at: datetime
) -> Iterator[Wanted]:
    """Every duty of the subjects; a deadline that asks for several events is one duty per event."""
    known = {subject.pk: subject for subject in subjects}
    firsts: dict[tuple[int, str], datetime] = {}
    for fact in facts:
        is_waived = fact.event == Event.NOT_APPLICABLE and fact.detail
        key = (fact.subject_id, str(fact.detail if is_waived else fact.event))
        if fact.at <= at and (key not in firsts or fact.at < firsts[key]):
            firsts[key] = fact.at
    derived = duties(
        facts=frame_of(facts, about), protocol=protocol, at=at.astimezone(UTC), timezone=incident.time_zone
    )
    for row in derived.iter_rows(named=True):
        pk, rule = int(row["subject_id"]), protocol.deadline[row["deadline"]]
        if pk not in known or (rule.any_of and len(rule.closed_by) > 1):
            continue  # the first of several events is one of the duties of the deadline that asks for them all
        for event in rule.closed_by:
            state, since, by_event = _state(pk, event, rule, firsts)
            yield Wanted(
                known[pk], row["deadline"], str(event), row["started_at"], row["due_at"], state, since, by_event
            )


def _state(
    pk: int, event: Event, rule: Deadline, firsts: dict[tuple[int, str], datetime]
) -> tuple[str, datetime | None, str]:
    closed = firsts.get((pk, str(event)))
    voids = [(firsts[pk, str(each)], str(each)) for each in rule.void_by if (pk, str(each)) in firsts]
    if voids and (closed is None or min(voids)[0] < closed):
        return VOID, *min(voids)
    return (CLOSED, closed, str(event)) if closed else (OPEN, None, "")


def frame_of(facts: Sequence[Fact], about: str) -> pl.DataFrame:
    """Facts as the protocol's functions take them."""
    rows = [(str(fact.subject_id), about, str(fact.event), fact.at.astimezone(UTC), fact.detail) for fact in facts]
    schema = {
        "subject_id": pl.String, "about": pl.String, "event": pl.String, "at": pl.Datetime("us", "UTC"),
        "detail": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _begins_again(each: Wanted, task: Task) -> bool:
    """The clock started anew after its task was over, as for a discarded case that is a case again."""
    return each.state == OPEN and task.status not in UNDONE and each.starts_at > task.starts_at


def _step(each: Wanted, task: Task, taken: set[tuple[int, str, datetime]]) -> dict[str, Any]:
    """What the task must say now; nothing where a person has decided, or it says so already."""
    if task.status == TaskStatus.VERIFIED or (task.status not in UNDONE and by_hand(task)):
        return {}
    new: dict[str, Any] = {}
    if each.starts_at != task.starts_at and (*each.key, each.starts_at) not in taken:
        new |= {"starts_at": each.starts_at, "due_at": each.due_at}
    elif each.due_at != task.due_at:
        new |= {"due_at": each.due_at}
    if each.state == CLOSED and (task.status in UNDONE or task.status == TaskStatus.CANCELLED):
        return new | {"status": TaskStatus.DONE, "outcome": each.by_event, "done_at": each.since}
    if each.state == VOID:
        return _dropped(each.by_event) if task.status in UNDONE else {}
    if each.state == OPEN and task.status not in UNDONE:
        return new | {"status": TaskStatus.OPEN, "outcome": "", "done_at": None, "done_by": None}
    return new if task.status in UNDONE else {}


def _dropped(why: str) -> dict[str, Any]:
    return {"status": TaskStatus.CANCELLED, "outcome": why}


def _due(incident: Incident, about: str, each: Wanted, protocol: Protocol) -> Due:
    rule, zone = protocol.deadline[each.deadline], ZoneInfo(incident.time_zone)
    started, due = said(each.starts_at, zone), said(each.due_at, zone)
    return Due(
        duty=each.key[1],
        title=title_of(rule, each.event, each.subject.number),
        why=why_due(rule, protocol, started=started, due=due),
        subject_kind=about,
        subject_id=each.subject.pk,
        area_id=each.subject.area_id,
        role=role_of(each.event),
        starts_at=each.starts_at,
        due_at=each.due_at,
        seat=seat_of(rule.level, each.subject.area_id),
    )


def title_of(rule: Deadline, event: str, number: str) -> Message:
    """What is to be done, and about whom."""
    what = N_("{name}: {number}", name=rule.name, number=Event(event).label) if rule.closed_by[1:] else rule.name
    return N_("{name}: {number}", name=what, number=number) if number else what


def said(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as reasons say it: the incident's own clock."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def why_due(rule: Deadline, protocol: Protocol, *, started: str, due: str) -> Message:
    """The rule, its edition and source, and the fact from which its clock runs."""
    return N_(
        "{name}: {amount} from “{event}” on {started}, so by {due}. {level}. {edition}; {source}.",
        name=rule.name,
        amount=rule.limit.amount,
        event=rule.after.label,
        started=started,
        due=due,
        level=rule.level.label,
        edition=protocol.name,
        source=cited(rule.limit),
    )
