"""The home page: every incident the reader may see with its headline numbers, three queries for all of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents import queries as incident_queries
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.scope import within_each
from sizao.vocabulary.codes import COUNTED

MOST = 50  # incidents on one page


@dataclass(frozen=True)
class Headline:
    """An incident and what its card says; a number the reader may not see is None."""

    incident: Incident
    at: datetime
    n_cases: int | None
    n_new: int | None
    n_open: int | None
    n_overdue: int | None

    @property
    def today(self) -> date:
        return self.incident.date_at(self.at)


def headlines(*, by: User, at: datetime) -> list[Headline]:
    """Open incidents first. Each is counted on its own clock."""
    shown = list(incident_queries.incidents(by=by, at=at)[:MOST])
    cases, tasks = _cases(by, shown, at), _tasks(by, shown, at)
    return [
        Headline(
            incident,
            incident.at(at),
            *(cases[incident.pk] if cases is not None else (None, None)),
            *(tasks[incident.pk] if tasks is not None else (None, None)),
        )
        for incident in shown
    ]


def _cases(by: User, incidents: list[Incident], at: datetime) -> dict[int, tuple[int, int]] | None:
    """(counted cases, of these reported today) per incident."""
    reach = access.reach(by, "case.view", at=at)
    if not reach or not incidents:
        return None
    days = ((incident.pk, incident.date_at(incident.at(at))) for incident in incidents)
    today = reduce(or_, (Q(incident=key, date_report=day) for key, day in days))
    rows = Case.objects.filter(
        within_each(incidents, by, "case.view", at=at), incident__in=incidents, classification__in=COUNTED
    ).order_by()
    counts = rows.values("incident").annotate(n=Count("id"), new=Count("id", filter=today))
    return defaultdict(lambda: (0, 0), {row["incident"]: (row["n"], row["new"]) for row in counts})


def _tasks(by: User, incidents: list[Incident], at: datetime) -> dict[int, tuple[int, int]] | None:
    """(open tasks, of these overdue) per incident."""
    reach = access.reach(by, "task.view", at=at)
    if not reach or not incidents:
        return None
    late = reduce(or_, (Q(incident=incident, due_at__lt=incident.at(at)) for incident in incidents))
    rows = Task.objects.filter(
        within_each(incidents, by, "task.view", at=at), incident__in=incidents, status__in=incident_queries.UNDONE
    ).order_by()
    counts = rows.values("incident").annotate(n=Count("id"), late=Count("id", filter=late))
    return defaultdict(lambda: (0, 0), {row["incident"]: (row["n"], row["late"]) for row in counts})
