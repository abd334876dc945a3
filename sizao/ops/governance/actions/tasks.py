"""Work left to the worker that a killed worker left behind."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from sizao.ops.governance import audit
from sizao.ops.governance.models import User


@transaction.atomic
def take_up_tasks(*, left_by: Callable[[str], bool], by: User, at: datetime) -> int:
    """Tasks marked as running by a worker that lives no more wait again. Our tasks bear being begun twice."""
    running = DBTaskResult.objects.running().select_for_update()
    left = [task.pk for task in running if not task.worker_ids or left_by(task.worker_ids[-1])]
    if left:
        DBTaskResult.objects.filter(pk__in=left).update(status="READY", started_at=None)
        audit.record(by=by, at=at, action="tasks.taken_up", n=len(left))
    return len(left)
