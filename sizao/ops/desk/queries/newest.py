"""What happened last in an incident: the newest cases, contacts and finished tasks, as one timeline."""

from datetime import datetime
from typing import Any

from sizao.ops.desk.queries.numbers import cases_in_reach, contacts_in_reach
from sizao.ops.governance.models import User
from sizao.ops.incidents import queries as incident_queries
from sizao.ops.incidents.models import Incident, Task

EACH = 6


def newest(*, by: User, incident: Incident, at: datetime) -> dict[str, list[Any]]:
    """The last rows of each noun, by the day they belong to."""
    reader = {"by": by, "incident": incident, "at": at}
    cases = cases_in_reach(**reader).select_related("area").order_by("-date_report", "-id")
    contacts = contacts_in_reach(**reader).select_related("area").order_by("-date_listed", "-id")
    finished = incident_queries.tasks(**reader).filter(done_at__isnull=False).select_related("done_by", "post")
    return {
        "cases": list(cases[:EACH]),
        "contacts": list(contacts[:EACH]),
        "tasks": list(finished.order_by("-done_at", "-id")[:EACH]),
    }


def most_overdue(*, by: User, incident: Incident, at: datetime) -> list[Task]:
    """The tasks that are late longest."""
    late = incident_queries.tasks(by=by, incident=incident, at=at).filter(
        status__in=incident_queries.UNDONE, due_at__lt=at
    )
    return list(late.select_related("post", "area").order_by("due_at", "id")[:EACH])
