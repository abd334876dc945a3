"""One-time links: an administrator hands one over, its reader chooses a password with it."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.entry import VALID, LinkPurpose, OneTimeLink, digest_of
from sizao.ops.governance.models import User
from sizao.vocabulary.text import N_


class LinkClosed(Exception):
    """The link was used, withdrawn or has expired."""


@transaction.atomic
def hand_link(*, user: User, purpose: LinkPurpose, by: User, at: datetime) -> str:
    """Make a link for a user and answer its token, which nobody can read again. Older open links are withdrawn."""
    check_manages(by, user, at)
    withdraw_links(links=_open_links(user, at), by=by, at=at)
    token = secrets.token_urlsafe(24)
    link = OneTimeLink.objects.create(
        user=user, purpose=purpose, digest=digest_of(token), made_at=at, made_by=by, expires_at=at + VALID[purpose]
    )
    audit.record(by=by, at=at, action="link.handed", about=link, purpose=str(purpose), user=user.pk)
    return token


@transaction.atomic
def withdraw_links(*, links: Sequence[OneTimeLink], by: User, at: datetime) -> list[OneTimeLink]:
    """Close links that nobody used."""
    for link in links:
        check_manages(by, link.user, at)
        link.withdrawn_at = at
        link.save(update_fields=["withdrawn_at"])
    audit.record_many(by=by, at=at, action="link.withdrawn", about=links)
    return list(links)


@transaction.atomic
def use_link(*, link: OneTimeLink, password: str, by: User, at: datetime) -> User:
    """Choose a password with a link. The link closes, and every session of the account ends."""
    link = OneTimeLink.objects.select_for_update().select_related("user").get(pk=link.pk)
    if by.pk != link.user_id or not link.is_open(at) or not link.user.is_active:
        raise LinkClosed
    user = link.user
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    link.used_at = at
    link.save(update_fields=["used_at"])
    audit.record(by=user, at=at, action="link.used", about=link, purpose=link.purpose)
    return user


def check_manages(by: User, user: User, at: datetime) -> None:
    """An administrator manages an account only if every power it holds lies in their own areas: otherwise a
    county's administrator could take over an account of the province."""
    held = [path for _role, path, since, until in access.grants_of(user) if until is None or until > at]
    for path in held:
        access.check(by, "user.manage", path, at=at)
    access.check(by, "user.manage", at=at)
    if user.pk == by.pk:
        raise access.NotAllowed(N_("Nobody manages their own account. Ask another administrator."), "user.manage")


def _open_links(user: User, at: datetime) -> list[OneTimeLink]:
    links = OneTimeLink.objects.filter(user=user, used_at=None, withdrawn_at=None, expires_at__gt=at)
    return list(links.select_related("user").order_by("id"))
