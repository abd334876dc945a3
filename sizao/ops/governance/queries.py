"""Reads of accounts, links and emergency access."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from sizao.ops.governance import access
from sizao.ops.governance.entry import EmergencyAccess, OneTimeLink, digest_of
from sizao.ops.governance.models import AuditEntry, Grant, User
from sizao.ops.governance.roles import ROLES, Role

FRESH = timedelta(days=7)  # how long an ended, unreviewed access is told to those concerned


def link_of(token: str, at: datetime) -> OneTimeLink | None:
    """The link of a token, if it still opens."""
    link = OneTimeLink.objects.select_related("user").filter(digest=digest_of(token)).first()
    return link if link and link.user.is_active and link.is_open(at) else None


def needs_second_factor(user: User, at: datetime) -> bool:
    """Whether a role the user holds now wants a second factor at log-in."""
    return any(
        ROLES[Role(role)].needs_second_factor
        for role, _path, since, until in access.grants_of(user)
        if since <= at and (until is None or at < until)
    )


def managed_users(by: User, at: datetime) -> QuerySet[User]:
    """The accounts an administrator may manage: not their own, and none with a power outside their areas."""
    own = access.reach(by, "user.manage", at=at)
    if not own:
        return User.objects.none()
    users = User.objects.exclude(username="system").exclude(pk=by.pk).order_by("username", "id")
    if own.covers(""):
        return users
    running = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=at))
    inside = Q()
    for path in own.paths:
        inside |= Q(area_path__startswith=path)
    return users.exclude(grants__in=running.exclude(inside)).filter(grants__in=running.filter(inside)).distinct()


def accesses_seen(by: User, at: datetime) -> QuerySet[EmergencyAccess]:
    """Emergency access one should know of: one's own, and that in the areas one answers for or audits."""
    seen = Q(user=by)
    for path in access.reach(by, "emergency.view", at=at).paths:
        if path != access.NOWHERE:
            seen |= Q(area_path__startswith=path)
    return EmergencyAccess.objects.filter(seen).select_related("user", "reviewed_by").order_by("-began_at", "-id")


def n_to_notice(by: User, at: datetime) -> int:
    """How many accesses by others are running or wait for a judgement, where the reader should know of them."""
    if not access.may(by, "emergency.view", at=at):
        return 0
    fresh = accesses_seen(by, at).exclude(user=by).filter(reviewed_at=None)
    return fresh.filter(Q(ends_at__gt=at) | Q(ends_at__gt=at - FRESH)).count()


def done_during(opened: EmergencyAccess) -> list[AuditEntry]:
    """What the person did in that area while the access ran, oldest first."""
    entries = AuditEntry.objects.filter(
        by=opened.user_id, written_at__gte=opened.began_at, written_at__lte=opened.ends_at
    )
    return list(entries.filter(area_path__startswith=opened.area_path).order_by("id")[:200])


def may_administer(user: User, at: datetime) -> bool:
    """Whether the user administers the whole installation."""
    return access.may(user, "user.manage", "", at=at)
