"""The day's tasks by area and by post: what is open, due, overdue, done, and what nobody owns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents import queries as incident_queries
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.registry.models import Area, Post
from sizao.vocabulary.codes import TaskStatus

DEEPEST = 4  # generated columns l1 … l4


@dataclass(frozen=True)
class Line:
    """The tasks of one area or post; `inner` is False where they belong to `area` itself and not to a part of it."""

    thing: Area | Post | None
    inner: bool
    counts: dict[str, int]


def by_area(*, by: User, incident: Incident, at: datetime, until: datetime, inside: Area | None) -> list[Line]:
    """One line for each part of `inside` (the country's parts without it) that has a task, the most overdue first."""
    rows = incident_queries.tasks(by=by, incident=incident, at=at)
    rows = rows.filter(access.inside(inside.path)) if inside else rows
    level = min((inside.level if inside else 0) + 1, DEEPEST)
    counted = _counted(rows, f"l{level}", at, until)
    areas = Area.objects.in_bulk([key for key in counted if key])
    lines = [Line(areas.get(key), _is_part(areas.get(key), level, inside), counts) for key, counts in counted.items()]
    return _urgent_first(lines)


def _is_part(area: Area | None, level: int, inside: Area | None) -> bool:
    """Whether a line is about an area within `inside`, so that one can look further into it."""
    return area is not None and area.level == level and area != inside


def by_post(*, by: User, incident: Incident, at: datetime, until: datetime, inside: Area | None) -> list[Line]:
    """One line for each post with a task in `inside`; the line without a post is what nobody owns."""
    rows = incident_queries.tasks(by=by, incident=incident, at=at)
    rows = rows.filter(access.inside(inside.path)) if inside else rows
    counted = _counted(rows, "post", at, until)
    posts = Post.objects.select_related("unit", "area").in_bulk([key for key in counted if key])
    return _urgent_first([Line(posts.get(key), False, counts) for key, counts in counted.items()])


def _counted(rows: QuerySet[Task], key: str, at: datetime, until: datetime) -> dict[Any, dict[str, int]]:
    """Counts of tasks per value of `key`, in one query."""
    undone = Q(status__in=incident_queries.UNDONE)
    counts = (
        rows.order_by()
        .values(key)
        .annotate(
            open=Count("id", filter=undone),
            due=Count("id", filter=undone & Q(due_at__gte=at, due_at__lt=until)),
            overdue=Count("id", filter=undone & Q(due_at__lt=at)),
            to_verify=Count("id", filter=Q(status=TaskStatus.DONE)),
            verified=Count("id", filter=Q(status=TaskStatus.VERIFIED)),
            without_owner=Count("id", filter=undone & Q(post__isnull=True)),
        )
    )
    return {row.pop(key): row for row in counts}


def _urgent_first(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.counts["overdue"], -line.counts["open"], str(line.thing or "")))


def total(lines: list[Line]) -> dict[str, int]:
    """The sum of the lines."""
    names = lines[0].counts if lines else ()
    return {name: sum(line.counts[name] for line in lines) for name in names}
