"""Everything that changes an incident, a task or a request."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents import lifecycle
from sizao.ops.incidents.duties import Due, stored
from sizao.ops.incidents.models import Incident, Request, Task
from sizao.ops.incidents.owners import owner_of, owners
from sizao.ops.registry.models import Area, Post, Unit
from sizao.vocabulary.codes import IncidentKind, IncidentMode, RequestStatus, TaskStatus
from sizao.vocabulary.text import N_

CHUNK = 2_000


@transaction.atomic
def open_incident(
    *, name_zh: str, name_en: str, disease: str, protocol: str, areas: Sequence[Area], time_zone: str,
    kind: IncidentKind = IncidentKind.REAL, clock_behind_s: int = 0, date_emergence: date | None = None,
    date_detection: date | None = None, by: User, at: datetime,
) -> Incident:  # fmt: skip
    """Open an incident in routine mode; switching to emergency is its own act with a legal basis and an end."""
    for area in areas:
        access.check(by, "incident.manage", area.path, at=at)
    incident = Incident.objects.create(
        name_zh=name_zh, name_en=name_en, disease=disease, protocol=protocol, time_zone=time_zone, kind=kind,
        clock_behind_s=clock_behind_s, date_emergence=date_emergence, date_detection=date_detection, opened_at=at,
        recorded_at=at, recorded_by=by, current_since=at,
    )  # fmt: skip
    incident.areas.set(areas)
    audit.record(by=by, at=at, action="incident.opened", about=incident, protocol=protocol)
    return incident


@transaction.atomic
def switch_mode(
    *, incidents: Sequence[Incident], mode: IncidentMode, level: str = "", legal_basis: str, until: datetime | None,
    reason: str, by: User, at: datetime,
) -> list[Incident]:  # fmt: skip
    """Switch incidents between routine and emergency. Emergency needs a legal basis and an end date (R104)."""
    if mode == IncidentMode.EMERGENCY and (not legal_basis or until is None or until <= at):
        raise lifecycle.NotNow(N_("Emergency mode needs a legal basis and an end date in the future."))
    for incident in incidents:
        _check_everywhere(incident, "incident.manage", by, at)
    changed = history.amend(incidents, mode=mode, level=level, legal_basis=legal_basis, mode_until=until, by=by, at=at)
    audit.record_many(by=by, at=at, action="incident.mode_switched", about=changed, reason=reason, mode=mode)
    return changed


def _check_everywhere(incident: Incident, permission: str, by: User, at: datetime) -> None:
    for path in incident.areas.values_list("path", flat=True):
        access.check(by, permission, path, at=at)


@transaction.atomic
def add_tasks(
    *, incident: Incident, duties: Iterable[Due], by: User, at: datetime, batch: Batch | None = None
) -> list[Task]:
    """Store duties as tasks of the responsible posts; one that is stored already is left as it is.

    Called by the actions whose facts made the duties, so it asks no permission of its own: recording a fact
    includes what the rule makes of it.
    """
    known = owners()
    rows = [
        Task(
            incident=incident, duty=due.duty, title=stored(due.title), why=stored(due.why),
            subject_kind=due.subject_kind, subject_id=due.subject_id, area_id=due.area_id,
            post_id=owner_of(known, due.role, due.area_id), starts_at=due.starts_at, due_at=due.due_at,
            recorded_by=by, recorded_at=at, current_since=at, batch=batch,
        )
        for due in duties
    ]  # fmt: skip
    Task.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    if rows:
        audit.record(by=by, at=at, action="task.derived", about=incident, n=len(rows))
    return rows


@transaction.atomic
def give_task(
    *, incident: Incident, title: str, post: Post, due_at: datetime, reason: str, subject_kind: str = "",
    subject_id: int | None = None, by: User, at: datetime,
) -> Task:  # fmt: skip
    """A decision becomes a task of one post with a deadline."""
    access.check(by, "task.give", post.area_id, at=at)
    if due_at <= at:
        raise lifecycle.NotNow(N_("A task must be due in the future."))
    task = Task.objects.create(
        incident=incident, duty="decision", title={"msgid": title, "params": {}}, why={"msgid": reason, "params": {}},
        subject_kind=subject_kind, subject_id=subject_id, area_id=post.area_id, post=post, starts_at=at,
        due_at=due_at, recorded_by=by, recorded_at=at, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="task.given", about=task, reason=reason)
    return task


@transaction.atomic
def acknowledge_tasks(*, tasks: Sequence[Task], by: User, at: datetime) -> list[Task]:
    """The post says: seen, mine."""
    _may_step(tasks, "task.work", TaskStatus.ACKNOWLEDGED, by, at)
    return _step(tasks, "task.acknowledged", by, at, status=TaskStatus.ACKNOWLEDGED, acknowledged_at=at)


@transaction.atomic
def finish_tasks(*, tasks: Sequence[Task], outcome: str, evidence: str = "", by: User, at: datetime) -> list[Task]:
    """Report what came of them; somebody else verifies."""
    if not outcome.strip():
        raise lifecycle.NotNow(N_("Say what came of the task."))
    _may_step(tasks, "task.work", TaskStatus.DONE, by, at)
    return _step(
        tasks, "task.done", by, at, status=TaskStatus.DONE, outcome=outcome, evidence=evidence, done_at=at, done_by=by
    )


@transaction.atomic
def verify_tasks(*, tasks: Sequence[Task], by: User, at: datetime) -> list[Task]:
    """A second person confirms the outcome (R113)."""
    if any(task.done_by_id == by.pk for task in tasks):
        raise lifecycle.NotNow(N_("You did this task yourself; another person must verify it."))
    _may_step(tasks, "task.verify", TaskStatus.VERIFIED, by, at)
    return _step(tasks, "task.verified", by, at, status=TaskStatus.VERIFIED, verified_at=at, verified_by=by)


@transaction.atomic
def return_tasks(*, tasks: Sequence[Task], reason: str, by: User, at: datetime) -> list[Task]:
    """Not good enough: back to the post, with the reason."""
    if not reason.strip():
        raise lifecycle.NotNow(N_("Say what is missing, so that it can be mended."))
    _may_step(tasks, "task.verify", TaskStatus.OPEN, by, at)
    changed = _step(tasks, "", by, at, status=TaskStatus.OPEN, done_at=None, done_by=None)
    audit.record_many(by=by, at=at, action="task.returned", about=changed, reason=reason)
    return changed


@transaction.atomic
def cancel_tasks(*, tasks: Sequence[Task], reason: str, by: User, at: datetime) -> list[Task]:
    """No longer needed; the reason stays."""
    if not reason.strip():
        raise lifecycle.NotNow(N_("Say why the task is no longer needed."))
    _may_step(tasks, "task.give", TaskStatus.CANCELLED, by, at)
    changed = _step(tasks, "", by, at, status=TaskStatus.CANCELLED, outcome=reason)
    audit.record_many(by=by, at=at, action="task.cancelled", about=changed, reason=reason)
    return changed


@transaction.atomic
def close_tasks(
    *, incident: Incident, duty: str, subject_kind: str, subject_ids: Iterable[int], outcome: str, by: User,
    at: datetime, batch: Batch | None = None,
) -> list[Task]:  # fmt: skip
    """A later fact fulfils a duty: its tasks are done by whoever recorded the fact. No permission of its own."""
    open_ones = Task.objects.filter(
        incident=incident, duty=duty, subject_kind=subject_kind, subject_id__in=list(subject_ids),
        status__in=(TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED),
    )  # fmt: skip
    done = {"status": TaskStatus.DONE, "outcome": outcome, "done_at": at, "done_by": by}
    changed = history.amend(list(open_ones), by=by, at=at, batch=batch, **done)
    audit.record_many(by=by, at=at, action="task.fulfilled", about=changed)
    return changed


@transaction.atomic
def hand_over_tasks(*, tasks: Sequence[Task], post: Post, reason: str, by: User, at: datetime) -> list[Task]:
    """Give tasks to another post, for instance those nobody owns."""
    for task in tasks:
        access.check(by, "task.give", task.area_id, at=at)
    changed = history.amend(tasks, post=post, by=by, at=at)
    audit.record_many(by=by, at=at, action="task.handed_over", about=changed, reason=reason, post=post.pk)
    return changed


@transaction.atomic
def escalate_overdue(*, incident: Incident, by: User, at: datetime) -> list[Task]:
    """Undone tasks past their time go one area level up, to the post of the same role there (R112, R114).

    A task is escalated once per day at most, and stays where it is when nobody is above.
    """
    overdue = Task.objects.filter(
        incident=incident, status__in=(TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED), due_at__lt=at
    ).select_related("post")
    known, changes = owners(), []
    for task in overdue:
        if task.post is None or (task.escalated_at and (at - task.escalated_at).total_seconds() < 86_400):
            continue
        above = owner_of(known, task.post.role, (task.post.area_id or "")[:-4])
        if above not in (None, task.post_id):
            changes.append((task, {"post_id": above, "escalated_at": at, "n_escalations": task.n_escalations + 1}))
    changed = history.amend_each(changes, by=by, at=at)
    audit.record_many(by=by, at=at, action="task.escalated", about=changed)
    return changed


def _may_step(tasks: Sequence[Task], permission: str, wanted: TaskStatus, by: User, at: datetime) -> None:
    for task in tasks:
        access.check(by, permission, task.area_id, at=at)
        lifecycle.check(lifecycle.TASK_STEPS, task.status, wanted)


def _step(tasks: Sequence[Task], action: str, by: User, at: datetime, **changes: Any) -> list[Task]:
    changed = history.amend(tasks, by=by, at=at, **changes)
    if action:
        audit.record_many(by=by, at=at, action=action, about=changed)
    return changed


@transaction.atomic
def send_request(
    *, incident: Incident, kind: str, from_unit: Unit, to_unit: Unit, what: str, legal_basis: str, due_at: datetime,
    by: User, at: datetime,
) -> Request:  # fmt: skip
    """Ask another unit for something, with its legal basis and a deadline (R29)."""
    access.check(by, "request.work", from_unit.area_id, at=at)
    request = Request.objects.create(
        incident=incident, kind=kind, from_unit=from_unit, to_unit=to_unit, area_id=to_unit.area_id, what=what,
        legal_basis=legal_basis, due_at=due_at, recorded_by=by, recorded_at=at, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="request.sent", about=request)
    return request


@transaction.atomic
def step_requests(
    *, requests: Sequence[Request], status: RequestStatus, answer: str = "", by: User, at: datetime
) -> list[Request]:
    """Receive, answer, refuse or close requests. An answer or a refusal says something."""
    if status in (RequestStatus.ANSWERED, RequestStatus.REFUSED) and not answer.strip():
        raise lifecycle.NotNow(N_("Write the answer, or why it is refused."))
    for request in requests:
        side = request.from_unit if status == RequestStatus.CLOSED else request.to_unit
        access.check(by, "request.work", side.area_id, at=at)
        lifecycle.check(lifecycle.REQUEST_STEPS, request.status, status)
    stamps: dict[str, Any] = {
        RequestStatus.RECEIVED: {"received_at": at, "received_by": by},
        RequestStatus.ANSWERED: {"answered_at": at, "answered_by": by, "answer": answer},
        RequestStatus.REFUSED: {"answered_at": at, "answered_by": by, "answer": answer},
        RequestStatus.CLOSED: {"closed_at": at},
    }.get(status, {})
    changed = history.amend(requests, status=status, by=by, at=at, **stamps)
    audit.record_many(by=by, at=at, action=f"request.{status}", about=changed)
    return changed
