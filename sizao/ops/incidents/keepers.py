"""Rooms above that keep their own rows in step with tasks done, or sent back, by hand.

A task is a row of this room, what it is about a row of a room above, which this room does not know. So the room above
writes its name here when it loads (see its `apps.py`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident, Task

#: Kind of subject → the action that hears of its tasks: `(incident, tasks, by, at)`, all by keyword.
KEEPERS: dict[str, Callable[..., Any]] = {}


def tell(tasks: Sequence[Task], by: User, at: datetime) -> None:
    """Tell the room of each task's subject what became of the task."""
    groups: dict[tuple[Incident, str], list[Task]] = {}
    for task in tasks:
        if task.subject_kind in KEEPERS and task.subject_id is not None:
            groups.setdefault((task.incident, task.subject_kind), []).append(task)
    for (incident, kind), mine in groups.items():
        KEEPERS[kind](incident=incident, tasks=mine, by=by, at=at)
