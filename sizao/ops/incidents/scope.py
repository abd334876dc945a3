"""What may be done in one incident: its rows without an area belong to all of the incident's areas."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident


def areas_of(incident: Incident) -> Iterator[str]:
    """The paths of the incident's areas, read when first asked for and once per incident object; "" where it has
    none, so that only those who may everywhere answer for it."""
    if "_area_paths" not in incident.__dict__:
        know_areas(incident, incident.areas.values_list("path", flat=True))
    yield from incident.__dict__["_area_paths"]


def know_areas(incident: Incident, paths: Iterable[str]) -> tuple[str, ...]:
    """Keep the paths of an incident's areas that were read together with it."""
    found = tuple(paths)
    incident.__dict__["_area_paths"] = found or ("",)
    return found


def reach_in(incident: Incident, user: User, permission: str, *, at: datetime) -> access.Reach:
    """Where the user holds the permission, for rows of this incident."""
    return access.reach(user, permission, at=at, around=areas_of(incident))


def check_in(incident: Incident, user: User, permission: str, area_path: str | None, *, at: datetime) -> None:
    """Raise unless the user may, in the row's area or, where it has none, in one of the incident's."""
    access.check(user, permission, area_path or "", at=at, around=areas_of(incident))


def may_in(incident: Incident, user: User, permission: str, area_path: str | None, *, at: datetime) -> bool:
    return access.may(user, permission, area_path or "", at=at, around=areas_of(incident))


def check_throughout(incident: Incident, user: User, permission: str, *, at: datetime) -> None:
    """Raise unless the user may in every area of the incident: what concerns all of it is asked so."""
    for path in areas_of(incident):
        access.check(user, permission, path, at=at)


def within_each(incidents: Iterable[Incident], user: User, permission: str, *, at: datetime) -> Q:
    """Rows of several incidents that the user reaches."""
    placed = access.within(access.reach(user, permission, at=at).paths)
    mine = [each.pk for each in incidents if reach_in(each, user, permission, at=at).covers(None)]
    return placed | Q(l1__isnull=True, incident__in=mine) if mine else placed
