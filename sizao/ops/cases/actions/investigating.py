"""The investigation of a case and the task that asks for it: finishing either finishes the other."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sizao.ops.cases.actions.amending import check_areas, derive_each
from sizao.ops.cases.duties import investigation
from sizao.ops.cases.editing import locked
from sizao.ops.cases.models import Case
from sizao.ops.governance import audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.derived import FINISHED, UNDONE
from sizao.ops.incidents.duties import event_of
from sizao.ops.incidents.models import Incident, Task
from sizao.protocols import load


@transaction.atomic
def mark_investigated(
    *, cases: Sequence[Case], evidence: str = "", by: User, at: datetime, batch: Batch | None = None
) -> list[Case]:
    """The core investigation is finished; its task is fulfilled, with the evidence given."""
    cases = [case for case in locked(cases) if case.investigated_at is None]
    check_areas(cases, {}, by, at)
    changed = history.amend(cases, investigated_at=at, by=by, at=at, batch=batch)
    audit.record_many(by=by, at=at, action="case.investigated", about=changed, reason=evidence)
    derive_each(changed, by, at, batch, evidence)
    return changed


@transaction.atomic
def hear_of_tasks(*, incident: Incident, tasks: Sequence[Task], by: User, at: datetime) -> list[Case]:
    """A task of investigation reported done says that its case is investigated, when and by whom; one sent back says
    that it is not. Doing the task was the act that needed permission."""
    asked = {str(event) for event in investigation(load(incident.protocol))}
    mine = {task.subject_id: task for task in tasks if event_of(task.duty) in asked}
    cases = locked(list(Case.objects.filter(incident=incident, pk__in=mine)))
    changes = [(case, _said(case, mine[case.pk])) for case in cases]
    changed = history.amend_each(changes, by=by, at=at)
    for case in changed:
        said = " · ".join(filter(None, [mine[case.pk].outcome, mine[case.pk].evidence]))
        action = "case.investigated" if case.investigated_at else "case.investigation_sent_back"
        audit.record(by=by, at=at, action=action, about=case, reason=said, task=mine[case.pk].pk)
    derive_each(changed, by, at, None)
    return changed


def _said(case: Case, task: Task) -> dict:
    if task.status in FINISHED and case.investigated_at is None:
        return {"investigated_at": task.done_at}
    return {"investigated_at": None} if task.status in UNDONE else {}
