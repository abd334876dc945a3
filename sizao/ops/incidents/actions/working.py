"""Giving, doing, checking and moving tasks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import User
from sizao.ops.incidents import lifecycle
from sizao.ops.incidents.actions.deriving import follow_on
from sizao.ops.incidents.keepers import tell
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.owners import owner_of, owners
from sizao.ops.incidents.scope import check_in, reach_in
from sizao.ops.registry.models import Post
from sizao.vocabulary.codes import TaskStatus
from sizao.vocabulary.text import N_


@transaction.atomic
def give_task(
    *, incident: Incident, title: str, post: Post, due_at: datetime, reason: str, subject_kind: str = "",
    subject_id: int | None = None, by: User, at: datetime,
) -> Task:  # fmt: skip
    """A decision becomes a task of one post with a deadline."""
    check_in(incident, by, "task.give", post.area_id, at=at)
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
    done = {"status": TaskStatus.DONE, "outcome": outcome, "evidence": evidence, "done_at": at, "done_by": by}
    changed = _step(tasks, "task.done", by, at, **done)
    follow_on(tasks=changed, by=by, at=at)
    tell(changed, by, at)
    return changed


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
    tell(changed, by, at)
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
def hand_over_tasks(*, tasks: Sequence[Task], post: Post, reason: str, by: User, at: datetime) -> list[Task]:
    """Give tasks to another post, for instance those nobody owns."""
    for task in tasks:
        check_in(task.incident, by, "task.give", task.area_id, at=at)
    changed = history.amend(tasks, post=post, by=by, at=at)
    audit.record_many(by=by, at=at, action="task.handed_over", about=changed, reason=reason, post=post.pk)
    return changed


@transaction.atomic
def escalate_overdue(*, incident: Incident, by: User, at: datetime) -> list[Task]:
    """Undone tasks past their time, of the areas where the user gives tasks, go one level up, to the post of the
    same role there (R112, R114).

    A task is escalated once per day at most, and stays where it is when nobody is above.
    """
    mine = access.within(reach_in(incident, by, "task.give", at=at).paths)
    overdue = Task.objects.filter(
        mine, incident=incident, status__in=(TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED), due_at__lt=at
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
        check_in(task.incident, by, permission, task.area_id, at=at)
        lifecycle.check(lifecycle.TASK_STEPS, task.status, wanted)


def _step(tasks: Sequence[Task], action: str, by: User, at: datetime, **changes: Any) -> list[Task]:
    changed = history.amend(tasks, by=by, at=at, **changes)
    if action:
        audit.record_many(by=by, at=at, action=action, about=changed)
    return changed
