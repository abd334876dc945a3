"""Tasks that follow the record they are about into another area."""

from datetime import datetime

from django.db import transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.owners import owner_of, owners
from sizao.ops.registry.models import Area
from sizao.vocabulary.codes import TaskStatus


@transaction.atomic
def move_tasks(*, incident: Incident, subject: str, subject_id: int, area: Area, by: User, at: datetime) -> list[Task]:
    """Give what is still to be done about a record to the area that took it over: to the post of the same role there,
    or above it."""
    access.check(by, "hand_over.answer", area.path, at=at)
    undone = (TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED)
    mine = Task.objects.filter(incident=incident, subject_kind=subject, subject_id=subject_id, status__in=undone)
    tasks = list(mine.select_for_update(of=("self",)).select_related("post"))
    posts = owners()
    changes = [
        (task, {"area": area} | ({"post_id": owner_of(posts, task.post.role, area.path)} if task.post else {}))
        for task in tasks
    ]
    moved = history.amend_each(changes, by=by, at=at)
    audit.record_many(by=by, at=at, action="task.moved", about=moved)
    return moved
