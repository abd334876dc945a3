"""One question about power: may this user do this in this area, now? Pages and actions both ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sizao.ops.governance import audit_context
from sizao.ops.governance.deeds import DEEDS
from sizao.ops.governance.roles import PERMISSIONS, ROLES, Role
from sizao.vocabulary.text import N_, Message

SEGMENT = 4  # characters of a path per level below the country's two
#: Stands among the paths of a reach that includes an incident's rows without an area.
NOWHERE = "~"
#: Every row. An empty condition would mean the same alone, but joined by OR it is the other condition alone.
EVERYTHING = Q(pk__isnull=False)


class NotAllowed(Exception):
    """The user's posts do not allow it; `message` says what is missing, `permission` names it."""

    def __init__(self, message: Message, permission: str = ""):
        super().__init__(str(message))
        self.message = message
        self.permission = permission


@dataclass(frozen=True)
class Reach:
    """Where a user holds one permission: the highest area paths; "" is everywhere, NOWHERE the rows without one."""

    paths: tuple[str, ...]

    def covers(self, path: str | None) -> bool:
        return any((path or NOWHERE).startswith(own) for own in self.paths)

    def __bool__(self) -> bool:
        return bool(self.paths)


def grants_of(user) -> list[tuple[str, str, datetime, datetime | None]]:
    """The user's grants, read once per user object (one request, one command)."""
    if not hasattr(user, "_grants"):
        user._grants = list(user.grants.values_list("role", "area_path", "since", "until"))
    return user._grants


def known(user, grants: Iterable[tuple[str, str, datetime, datetime | None]]) -> None:
    """Keep grants that were read together with the user."""
    user._grants = list(grants)


def forget(user) -> None:
    """Read the grants anew at the next question, after they were changed."""
    for name in ("_grants", "_powers"):
        if hasattr(user, name):
            delattr(user, name)


def held(user, *, at: datetime) -> frozenset[str]:
    """The permissions the user holds at that moment, anywhere at all."""
    return frozenset(_powers(user, at))


def _powers(user, at: datetime) -> dict[str, tuple[str, ...]]:
    """The highest paths of each permission held at that moment; worked out once per user object and moment."""
    if not user.is_active:
        return {}
    kept = getattr(user, "_powers", None)
    if kept is None or kept[0] != at:
        kept = user._powers = (at, _paths_of(grants_of(user), at))
    return kept[1]


def _paths_of(grants: Iterable[tuple[str, str, datetime, datetime | None]], at: datetime) -> dict[str, tuple[str, ...]]:
    paths: dict[str, set[str]] = {}
    for role, path, since, until in grants:
        if since <= at and (until is None or at < until):
            for permission in ROLES[Role(role)].permissions:
                paths.setdefault(permission, set()).add(path)
    return {permission: _highest(found) for permission, found in paths.items()}


def _highest(paths: set[str]) -> tuple[str, ...]:
    return tuple(sorted(p for p in paths if not any(o != p and p.startswith(o) for o in paths)))


def reach(user, permission: str, *, at: datetime, around: Iterable[str] = ()) -> Reach:
    """The areas in which `user` holds `permission` at that moment.

    `around` are the areas of the incident whose rows are meant: a row without an area belongs to all of them, so
    it is within reach of whoever holds the permission in the whole of at least one.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}; roles.py has {sorted(PERMISSIONS)}")
    own = Reach(_powers(user, at).get(permission, ()))
    return Reach((*own.paths, NOWHERE)) if "" not in own.paths and any(map(own.covers, around)) else own


def may(user, permission: str, area_path: str | None = None, *, at: datetime, around: Iterable[str] = ()) -> bool:
    """Whether `user` may, in that area; without an area (None): anywhere at all. "" is the area of a row that has
    none: allowed to whoever may everywhere, or in one of the incident's areas `around`."""
    allowed = reach(user, permission, at=at, around=around)
    return bool(allowed) if area_path is None else allowed.covers(area_path)


def check(user, permission: str, area_path: str | None = None, *, at: datetime, around: Iterable[str] = ()) -> None:
    """Raise `NotAllowed` with a sentence unless the user may."""
    audit_context.acts(user)
    if not may(user, permission, area_path, at=at, around=around):
        raise NotAllowed(
            N_(
                "Your posts do not include this here: {deed}. Ask your duty officer or administrator.",
                deed=DEEDS.get(permission, Message(permission)),
            ),
            permission,
        )


def within(paths: tuple[str, ...]) -> Q:
    """Rows of `InArea` models inside any of these paths, by equality on the generated columns."""
    if "" in paths:
        return EVERYTHING
    condition = Q(pk__in=[])
    for path in paths:
        condition |= inside(path)
    return condition


def inside(path: str) -> Q:
    """Rows inside one area. Countries and units below the township add a prefix test to the equality."""
    level = (len(path) - 2) // SEGMENT
    if not path:
        return EVERYTHING
    if path == NOWHERE:
        return Q(l1__isnull=True)  # the generated column, because the indexes of lists begin with it
    if level < 1:
        return Q(area__path__startswith=path)
    narrowed = Q(**{f"l{min(level, 4)}": path[: 2 + SEGMENT * min(level, 4)]})
    return narrowed if level <= 4 else narrowed & Q(area__path__startswith=path)
