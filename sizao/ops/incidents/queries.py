"""Reads of incidents, tasks and requests, scoped to what the reader's posts reach."""

from collections.abc import Iterable
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.governance.statements import Prepared
from sizao.ops.incidents.models import Incident, Request, Task
from sizao.ops.incidents.scope import know_areas, reach_in
from sizao.ops.registry.models import Post, Unit
from sizao.vocabulary.codes import IncidentKind, TaskStatus

UNDONE = (TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED)


def incidents(*, by: User, at: datetime) -> QuerySet[Incident]:
    """The incidents the reader may know of, open ones first, newest first: those whose areas touch the reader's.

    Users of the demonstration see no real incident.
    """
    seen = Incident.objects.filter(touching(access.reach(by, "incident.view", at=at).paths))
    if by.is_demonstration:
        seen = seen.exclude(kind=IncidentKind.REAL)
    return seen.order_by(F("closed_at").asc(nulls_first=True), "-opened_at", "-id")


INCIDENT = tuple(field.attname for field in Incident._meta.concrete_fields)


def incident_of_page(incident_id: int, *, by: User, at: datetime) -> Incident | None:
    """One incident with its areas, if the reader may know of it: what `incidents` holds, asked without a search."""
    rows = list(Prepared(Incident).filter(pk=incident_id).values(*INCIDENT, "areas").tuples())
    if not rows:
        return None
    incident = Incident.from_db(DEFAULT_DB_ALIAS, INCIDENT, rows[0][:-1])
    areas = know_areas(incident, [row[-1] for row in rows if row[-1]])
    hidden = by.is_demonstration and incident.kind == IncidentKind.REAL
    return incident if touches(access.reach(by, "incident.view", at=at).paths, areas) and not hidden else None


def touches(paths: Iterable[str], areas: Iterable[str]) -> bool:
    """Whether one of the areas is inside one of the paths, or around it; `touching` asks the same of the database."""
    return "" in paths or any(area.startswith(path) or path.startswith(area) for path in paths for area in areas)


def touching(paths: Iterable[str]) -> Q:
    """Incidents with an area inside one of the paths, or around it."""
    if "" in paths:
        return access.EVERYTHING
    near = Q(pk__in=[])
    for path in paths:
        around = [path[:n] for n in range(2, len(path) + 1, access.SEGMENT)]
        near |= Q(area__path__startswith=path) | Q(area__in=around)
    return Q(Exists(Incident.areas.through.objects.filter(near, incident=OuterRef("pk"))))


def tasks(*, by: User, incident: Incident, at: datetime) -> QuerySet[Task]:
    """An incident's tasks within the reader's reach."""
    paths = reach_in(incident, by, "task.view", at=at).paths
    return Task.objects.filter(access.within(paths), incident=incident)


def posts_of(by: User, at: datetime) -> QuerySet[Post]:
    """The posts this user holds at that moment."""
    held = Q(holdings__user=by, holdings__since__lte=at) & (Q(holdings__until__isnull=True) | Q(holdings__until__gt=at))
    return Post.objects.filter(held).distinct()


def my_tasks(*, by: User, at: datetime) -> QuerySet[Task]:
    """Undone tasks of the posts the user holds, the most urgent first."""
    mine = Task.objects.filter(post__in=posts_of(by, at), status__in=UNDONE)
    return mine.select_related("incident", "post", "area").order_by("due_at", "id")


def to_verify(*, by: User, incident: Incident, at: datetime) -> QuerySet[Task]:
    """Done tasks waiting for a second pair of eyes that are not the doer's."""
    paths = reach_in(incident, by, "task.verify", at=at).paths
    done = Task.objects.filter(access.within(paths), incident=incident, status=TaskStatus.DONE).exclude(done_by=by)
    return done.select_related("post", "area", "done_by").order_by("done_at", "id")


def task_counts(*, by: User, incident: Incident, at: datetime, until: datetime) -> dict[str, int]:
    """Open, overdue, due by `until`, to be verified and ownerless tasks in reach, in one query."""
    undone = Q(status__in=UNDONE)
    return tasks(by=by, incident=incident, at=at).aggregate(
        open=Count("id", filter=undone),
        overdue=Count("id", filter=undone & Q(due_at__lt=at)),
        due=Count("id", filter=undone & Q(due_at__gte=at, due_at__lt=until)),
        to_verify=Count("id", filter=Q(status=TaskStatus.DONE)),
        without_owner=Count("id", filter=undone & Q(post__isnull=True)),
    )


def tasks_of(*, subject_kind: str, subject_id: int, incident: Incident) -> QuerySet[Task]:
    """All tasks about one row, for its page."""
    about = Task.objects.filter(incident=incident, subject_kind=subject_kind, subject_id=subject_id)
    return about.select_related("post", "done_by", "verified_by").order_by("due_at", "id")


def requests(*, by: User, incident: Incident, at: datetime) -> QuerySet[Request]:
    """Requests to or from a unit within the reader's reach."""
    mine = access.within(reach_in(incident, by, "request.view", at=at).paths)
    sent = Q(from_unit__in=Unit.objects.filter(mine))
    seen = Request.objects.filter(mine | sent, incident=incident)
    return seen.select_related("from_unit", "to_unit").order_by("due_at", "id")
