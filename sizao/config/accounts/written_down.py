"""Listens to log-ins and second factors, and writes them into the audit. Nothing else follows from a signal here."""

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa import signals as factors
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from sizao.config.accounts.standing import mark_proved, mark_seen
from sizao.ops.governance import audit
from sizao.ops.governance.clock import now


@receiver(user_logged_in)
def logged_in(request, user, **_said) -> None:
    mark_seen(request, now())
    methods = sorted({record["method"] for record in get_authentication_records(request, user)})
    if methods:  # what a test or a command logs in has none
        audit.record(by=user, at=now(), action="log_in", about=user, methods=methods)


@receiver(user_logged_out)
def logged_out(request, user, **_said) -> None:
    if user:
        audit.record(by=user, at=now(), action="log_out", about=user)


@receiver(password_changed)
def new_password(request, user, **_said) -> None:
    audit.record(by=user, at=now(), action="password.changed", about=user)


@receiver(factors.authenticator_added)
def factor_added(request, user, authenticator, **_said) -> None:
    mark_proved(request, user, authenticator)
    audit.record(by=user, at=now(), action="factor.added", about=user, kind=authenticator.type)


@receiver(factors.authenticator_removed)
def factor_removed(request, user, authenticator, **_said) -> None:
    audit.record(by=user, at=now(), action="factor.removed", about=user, kind=authenticator.type)


@receiver(factors.authentication_failed)
def factor_failed(request, user, authenticator, **_said) -> None:
    audit.record(by=user, at=now(), action="factor.failed", about=user, kind=authenticator.type)
