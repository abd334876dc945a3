"""Duties become tasks and stay in step with the facts they follow from."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from sizao.ops.governance import audit, history
from sizao.ops.governance.bulk import bulk_load_columns
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents import at_once, derived
from sizao.ops.incidents.duties import Due, Fact, Subject, event_of, stored
from sizao.ops.incidents.milestones import facts_of, subject_of
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.owners import owner_of, owners
from sizao.protocols import load
from sizao.vocabulary.codes import TaskStatus

CHUNK = 2_000


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
            post_id=owner_of(known, due.role, due.seat) or owner_of(known, due.role, due.area_id),
            starts_at=due.starts_at, due_at=due.due_at,
            recorded_by=by, recorded_at=at, current_since=at, batch=batch,
        )
        for due in duties
    ]  # fmt: skip
    Task.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    if rows:
        audit.record(by=by, at=at, action="task.derived", about=incident, n=len(rows))
    return rows


@transaction.atomic
def keep_in_step(
    *, incident: Incident, about: str, facts: Sequence[Fact], subjects: Sequence[Subject], fresh: bool = False,
    whole: bool = True, evidence: str = "", by: User, at: datetime, batch: Batch | None = None,
) -> None:  # fmt: skip
    """Make the tasks about `subjects` say what the incident's edition makes of `facts`: new duties become tasks, a
    later fact closes, moves or drops them. Deriving twice changes nothing. Part of the actions that write the facts,
    so it asks no permission of its own. `fresh`: the subjects are new, so no task about them is stored yet. `evidence`
    goes with the tasks that are closed."""
    told = {"incident": incident, "about": about, "at": at}
    tasks = [] if fresh else derived.stored_duties(incident, about, [subject.pk for subject in subjects])
    with_tasks = {task.subject_id for task in tasks}
    new = [subject for subject in subjects if subject.pk not in with_tasks]
    if new and whole:
        ids = {subject.pk for subject in new}
        theirs = [fact for fact in facts if fact.subject_id in ids]
        _store(at_once.planned(**told, facts=theirs, subjects=new), evidence=evidence, by=by, batch=batch, **told)
        subjects = [subject for subject in subjects if subject.pk in with_tasks]
        facts = [fact for fact in facts if fact.subject_id in with_tasks]
    if not subjects:
        return
    told |= {"facts": facts, "subjects": subjects, "whole": whole}
    planned = derived.plan(**told, tasks=tasks)
    add_tasks(incident=incident, duties=planned.new, by=by, at=at, batch=batch)
    changes = planned.changes
    if planned.closed:
        changes = derived.plan(**told, tasks=derived.stored_duties(incident, about, [s.pk for s in subjects])).changes
    done = {"done_by_id": by.pk} | ({"evidence": evidence} if evidence else {})
    stepped = [(task, new | done if new.get("status") == TaskStatus.DONE else new) for task, new in changes]
    changed = history.amend_each(stepped, by=by, at=at, batch=batch)
    audit.record_many(by=by, at=at, action="task.kept_in_step", about=changed)


def _store(
    planned: at_once.Planned, *, incident: Incident, about: str, evidence: str, by: User, at: datetime,
    batch: Batch | None,
) -> None:  # fmt: skip
    """Write the tasks of subjects that had none; what is done already was done by whoever recorded the fact."""
    statuses = planned.columns["status"]
    done_by = [by.pk if status == TaskStatus.DONE else None for status in statuses]
    shown = [evidence if status == TaskStatus.DONE else "" for status in statuses]
    same = {
        "incident_id": incident.pk, "subject_kind": about, "recorded_by_id": by.pk, "recorded_at": at,
        "current_since": at, "batch_id": batch.pk if batch else None,
    }  # fmt: skip
    if planned.n:
        bulk_load_columns(Task, planned.columns | {"done_by_id": done_by, "evidence": shown} | same, planned.n)
        audit.record(by=by, at=at, action="task.derived", about=incident, n=planned.n)


@transaction.atomic
def derive_incident(*, incident: Incident, by: User, at: datetime, batch: Batch | None = None) -> None:
    """The duties of the incident itself: 7-1-7, the notification of WHO, what the edition adds."""
    facts, about = facts_of(incident), derived.ABOUT_INCIDENT
    keep_in_step(
        incident=incident, about=about, facts=facts, subjects=[subject_of(incident)], by=by, at=at, batch=batch
    )


@transaction.atomic
def follow_on(*, tasks: Sequence[Task], by: User, at: datetime) -> None:
    """What the work just reported makes due next, as the review follows the report."""
    groups: dict[tuple[Incident, str], set[int]] = {}
    for task in tasks:
        if event_of(task.duty) and task.subject_id is not None:
            groups.setdefault((task.incident, task.subject_kind), set()).add(task.subject_id)
    for (incident, about), ids in groups.items():
        if about == derived.ABOUT_INCIDENT:
            derive_incident(incident=incident, by=by, at=at)
            continue
        known = derived.stored_duties(incident, about, ids)
        facts = derived.started_by_tasks(known, load(incident.protocol))
        subjects = {row.subject_id: Subject(row.subject_id, derived.number_of(row), row.area_id) for row in known}
        keep_in_step(
            incident=incident, about=about, facts=facts, subjects=list(subjects.values()), whole=False, by=by, at=at
        )


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
