"""What cases make due by the incident's protocol edition: the facts of cases, from which its deadlines follow."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sizao.ops.cases.models import Case
from sizao.ops.governance.models import Batch, PastState, User
from sizao.ops.incidents.actions import keep_in_step
from sizao.ops.incidents.derived import STILL_WORK, UNDONE
from sizao.ops.incidents.duties import Fact, Subject
from sizao.ops.incidents.models import Incident, Task
from sizao.protocols import Protocol, load
from sizao.protocols.events import About, Event
from sizao.vocabulary.codes import Classification

SUBJECT = "case"
CHUNK = 5_000


def longest(incident: Incident) -> timedelta:
    """A case reported longer ago than this cannot owe anything: the edition's longest chain of deadlines is over."""
    hours = [rule.hours for rule in load(incident.protocol).deadline.values() if rule.about == About.CASE]
    return STILL_WORK + timedelta(hours=max(hours, default=0), days=1)


def derive(
    *, incident: Incident, cases: Iterable[Case], fresh: bool = False, evidence: str = "", by: User, at: datetime,
    batch: Batch | None = None,
) -> None:  # fmt: skip
    """Keep the tasks about these cases in step with what is known of them. Cases reported too long ago to owe
    anything, and without a task to close, are left out: a file of last year's cases opens no tasks. `evidence` is
    written into tasks that the cases' facts close."""
    since = incident.date_at(at - longest(incident))
    cases = list(cases)
    open_ones = set() if fresh else _with_open_tasks(incident)
    rows = [case for case in cases if case.date_report >= since or case.pk in open_ones]
    if not rows:
        return
    restarted = {} if fresh else _taken_back(rows)
    keep_in_step(
        incident=incident, about=SUBJECT, facts=facts_of(rows, incident=incident, restarted=restarted),
        subjects=[Subject(case.pk, case.number, case.area_id) for case in rows], fresh=fresh, evidence=evidence,
        by=by, at=at, batch=batch,
    )  # fmt: skip


def derive_recent(*, incident: Incident, by: User, at: datetime) -> None:
    """The same for every case that may still owe something; to be called by the schedule."""
    since = incident.date_at(at - longest(incident))
    derive(incident=incident, cases=Case.objects.filter(incident=incident, date_report__gte=since), by=by, at=at)


def facts_of(cases: Sequence[Case], *, incident: Incident, restarted: dict[int, datetime]) -> list[Fact]:
    """Found, investigated, discarded: what the records say. What only a hand can say is told by its task."""
    zone, protocol, facts = ZoneInfo(incident.time_zone), load(incident.protocol), []
    finished = investigation(protocol)
    for case in cases:
        found = found_at(case, zone)
        facts.append(Fact(case.pk, Event.POSITIVE_FOUND, max(found, restarted.get(case.pk, found))))
        if case.investigated_at:
            facts += [Fact(case.pk, event, case.investigated_at) for event in finished]
        if case.classification == Classification.DISCARDED:
            facts.append(Fact(case.pk, Event.CASE_DISCARDED, case.current_since))
    return facts


def investigation(protocol: Protocol) -> tuple[Event, ...]:
    """What a finished investigation fulfils: the core investigation, or the case form where only that is asked."""
    asked = {event for rule in protocol.deadline.values() for event in rule.closed_by}
    return (Event.CORE_INVESTIGATED,) if Event.CORE_INVESTIGATED in asked else (Event.CASE_FORM_DONE,)


def found_at(case: Case, zone: ZoneInfo) -> datetime:
    """When the clock started: when the case was recorded, or the end of its day of report if that is earlier."""
    end_of_day = datetime.combine(case.date_report + timedelta(days=1), time(), zone)
    return min(case.recorded_at, end_of_day)


def _with_open_tasks(incident: Incident) -> set[int]:
    mine = Task.objects.filter(incident=incident, subject_kind=SUBJECT, status__in=UNDONE)
    return set(mine.values_list("subject_id", flat=True).distinct())


def _taken_back(cases: Sequence[Case]) -> dict[int, datetime]:
    """When discarded cases became cases again: their clock starts anew."""
    ids, found = [case.pk for case in cases], {}
    for start in range(0, len(ids), CHUNK):
        past = PastState.objects.filter(model=Case._meta.label, row_id__in=ids[start : start + CHUNK])
        for row, until, values in past.order_by("until", "id").values_list("row_id", "until", "values"):
            if values.get("classification") == Classification.DISCARDED:
                found[row] = until
    return found
