"""Units, their posts, and who holds them. Holding a post grants its role in its area."""

from datetime import datetime

from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.actions import end_grants, give_roles
from sizao.ops.governance.models import User
from sizao.ops.governance.roles import Role
from sizao.ops.registry.models import Area, Holding, Post, Unit


@transaction.atomic
def add_unit(*, name_zh: str, name_en: str, kind: str, area: Area | None, by: User, at: datetime) -> Unit:
    """An organisation or working group responsible in an area (none: everywhere)."""
    access.check(by, "user.manage", area.path if area else "", at=at)
    unit = Unit.objects.create(name_zh=name_zh, name_en=name_en, kind=kind, area=area)
    audit.record(by=by, at=at, action="unit.added", about=unit)
    return unit


@transaction.atomic
def add_post(*, unit: Unit, title_zh: str, title_en: str, role: Role, by: User, at: datetime) -> Post:
    """A post of a unit, in the unit's area."""
    access.check(by, "user.manage", unit.area_id or "", at=at)
    post = Post.objects.create(unit=unit, title_zh=title_zh, title_en=title_en, role=role, area_id=unit.area_id)
    audit.record(by=by, at=at, action="post.added", about=post)
    return post


@transaction.atomic
def appoint(
    *, post: Post, user: User, since: datetime, until: datetime | None = None, by: User, at: datetime
) -> Holding:
    """Give a post to a user, from–until, with the role it carries in its area."""
    [grant] = give_roles(
        user=user, roles=[Role(post.role)], area_path=post.area_id or "", since=since, until=until, by=by, at=at
    )
    holding = Holding.objects.create(post=post, user=user, grant=grant, since=since, until=until)
    audit.record(by=by, at=at, action="post.held", about=holding)
    return holding


@transaction.atomic
def dismiss(*, holding: Holding, reason: str, by: User, at: datetime) -> Holding:
    """End a holding now, and the powers that came with it. What was done in the post stays as it is."""
    end_grants(grants=[holding.grant], reason=reason, by=by, at=at)
    holding.until = at
    holding.save(update_fields=["until"])
    audit.record(by=by, at=at, action="post.left", about=holding, reason=reason)
    return holding
