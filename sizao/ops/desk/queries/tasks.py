"""The reader's own tasks across incidents, each late or due by its incident's own clock."""

from dataclasses import dataclass
from datetime import datetime

from sizao.ops.governance.models import User
from sizao.ops.incidents import queries as incident_queries
from sizao.ops.incidents.models import Task
from sizao.vocabulary.text import N_, Message

MOST = 200


@dataclass(frozen=True)
class Due:
    """A task, and its incident's time now."""

    task: Task
    at: datetime

    @property
    def is_late(self) -> bool:
        return self.task.due_at < self.at

    @property
    def is_today(self) -> bool:
        incident = self.task.incident
        return incident.date_at(self.task.due_at) <= incident.date_at(self.at)


LATE, TODAY, LATER = N_("Overdue"), N_("Due today"), N_("Later")


def mine(*, by: User, at: datetime) -> list[Due]:
    """Undone tasks of the reader's posts, the most urgent first."""
    rows = incident_queries.my_tasks(by=by, at=at)[:MOST]
    return sorted((Due(task, task.incident.at(at)) for task in rows), key=lambda due: due.task.due_at - due.at)


def urgent(*, by: User, at: datetime) -> list[Due]:
    """What is late or due today."""
    return [due for due in mine(by=by, at=at) if due.is_late or due.is_today]


def grouped(*, by: User, at: datetime) -> list[tuple[Message, list[Due]]]:
    """Overdue, due today, later; groups without a task are left out."""
    groups: dict[Message, list[Due]] = {LATE: [], TODAY: [], LATER: []}
    for due in mine(by=by, at=at):
        groups[_when(due)].append(due)
    return [(name, tasks) for name, tasks in groups.items() if tasks]


def _when(due: Due) -> Message:
    if due.is_late:
        return LATE
    return TODAY if due.is_today else LATER
