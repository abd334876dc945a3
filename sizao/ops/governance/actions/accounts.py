"""Accounts and the powers they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.models import Grant, User
from sizao.ops.governance.roles import Role
from sizao.vocabulary.text import N_

SYSTEM = "system"  # who acts when a schedule or a set-up does
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)  # a drill's clock may stand before the installation's first day


@dataclass(frozen=True)
class NewUser:
    """An account to be made. Without a password nobody can log in with it yet."""

    username: str
    display_name: str
    password: str | None = None
    language: str = "zh-hans"
    is_demonstration: bool = False


@transaction.atomic
def found_installation(*, by: User | None, at: datetime) -> User:
    """The first act of all: the system's own account, which manages areas and accounts. Asked again, it answers
    with the same account. `by` is None because nobody exists yet."""
    system = User.objects.filter(username=SYSTEM).first()
    if system:
        return system
    system = User.objects.create_user(username=SYSTEM, display_name="Sizao 四早")
    for role in (Role.ADMINISTRATOR, Role.DUTY_OFFICER):
        Grant.objects.create(user=system, role=role, area_path="", since=ALWAYS)
    audit.record(by=by or system, at=at, action="installation.founded", about=system)
    return system


@transaction.atomic
def add_users(*, users: Sequence[NewUser], by: User, at: datetime) -> list[User]:
    """Make accounts. They can do nothing until they hold a post."""
    access.check(by, "user.manage", at=at)
    made = [
        User.objects.create_user(
            username=new.username,
            password=new.password,
            display_name=new.display_name,
            language=new.language,
            is_demonstration=new.is_demonstration,
        )
        for new in users
    ]
    audit.record_many(by=by, at=at, action="user.added", about=made)
    return made


@transaction.atomic
def give_roles(
    *,
    user: User,
    roles: Sequence[Role],
    area_path: str,
    since: datetime,
    until: datetime | None,
    by: User,
    at: datetime,
) -> list[Grant]:
    """Let a user act in a role in an area, from–until. Nobody gives powers to themselves."""
    access.check(by, "user.manage", area_path, at=at)
    if user.pk == by.pk:
        raise access.NotAllowed(N_("Nobody gives powers to themselves. Ask another administrator."), "user.manage")
    grants = [
        Grant.objects.create(user=user, role=role, area_path=area_path, since=since, until=until) for role in roles
    ]
    access.forget(user)
    audit.record_many(by=by, at=at, action="grant.given", about=grants)
    return grants


@transaction.atomic
def end_grants(*, grants: Sequence[Grant], reason: str, by: User, at: datetime) -> list[Grant]:
    """Take powers back now. The grant stays on record with its end."""
    for grant in grants:
        access.check(by, "user.manage", grant.area_path, at=at)
        grant.until = at
        grant.save(update_fields=["until"])
    audit.record_many(by=by, at=at, action="grant.ended", about=grants, reason=reason)
    return list(grants)
