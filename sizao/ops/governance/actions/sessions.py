"""Sessions and second factors: ended, reset, and what a person says about their own account."""

from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.actions.links import check_manages
from sizao.ops.governance.models import User


@transaction.atomic
def end_sessions(*, sessions: Sequence[UserSession], by: User, at: datetime) -> int:
    """Log out elsewhere: one's own sessions, or those of an account one manages."""
    for user in {session.user for session in sessions}:
        if user.pk != by.pk:
            check_manages(by, user, at)
    Session.objects.filter(session_key__in=[session.session_key for session in sessions]).delete()
    audit.record(by=by, at=at, action="sessions.ended", n=len(sessions), users=sorted({s.user_id for s in sessions}))
    UserSession.objects.filter(pk__in=[session.pk for session in sessions]).delete()
    return len(sessions)


@transaction.atomic
def reset_factors(*, user: User, reason: str, by: User, at: datetime) -> int:
    """Take an account's second factors away, because its holder lost them; they set up new ones at the next log-in."""
    check_manages(by, user, at)
    n, _kinds = Authenticator.objects.filter(user=user).delete()
    end_sessions(sessions=list(UserSession.objects.filter(user=user)), by=by, at=at)
    audit.record(by=by, at=at, action="factors.reset", about=user, reason=reason, n=n)
    return n


@transaction.atomic
def close_account(*, user: User, reason: str, by: User, at: datetime) -> User:
    """Nobody logs in with this account any more. What was done with it stays said."""
    check_manages(by, user, at)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(sessions=list(UserSession.objects.filter(user=user)), by=by, at=at)
    audit.record(by=by, at=at, action="account.closed", about=user, reason=reason)
    return user


@transaction.atomic
def reopen_account(*, user: User, reason: str, by: User, at: datetime) -> User:
    """A closed account is used again, with the posts it holds now."""
    check_manages(by, user, at)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(by=by, at=at, action="account.reopened", about=user, reason=reason)
    return user


@transaction.atomic
def amend_profile(*, user: User, display_name: str, email: str, language: str, by: User, at: datetime) -> User:
    """One's own name, address and language."""
    if user.pk != by.pk:
        access.check(by, "user.manage", at=at)
        check_manages(by, user, at)
    user.display_name, user.email, user.language = display_name, email, language
    user.save(update_fields=["display_name", "email", "language"])
    audit.record(by=by, at=at, action="account.amended", about=user)
    return user
