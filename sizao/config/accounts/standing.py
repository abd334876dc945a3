"""What a session has proved and when it was last used; both stand in the session itself."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from sizao.ops.governance.models import User
from sizao.ops.governance.queries import needs_second_factor

SEEN = "seen_at"
#: The session is written at most so often; a shorter step would be a database write per page.
STEP = timedelta(minutes=2)


def mark_seen(request: HttpRequest, at: datetime) -> None:
    request.session[SEEN] = at.timestamp()


def is_idle(request: HttpRequest, at: datetime) -> bool:
    """Whether nobody used this session for too long. Marks it as used otherwise."""
    silent = at.timestamp() - request.session.get(SEEN, 0)
    if silent > 60 * settings.IDLE_MINUTES:
        return True
    if silent > STEP.total_seconds():
        mark_seen(request, at)
    return False


def mark_proved(request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    """Setting a factor up proves it: the same session need not prove it again."""
    record_authentication(request, user, method="mfa", type=authenticator.type)


def has_proved(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def must_prove(user: User, at: datetime) -> bool:
    """Whether this user may go on only with a second factor. The demonstration's users are excused in its own home."""
    if settings.SECOND_FACTOR != "required" or (user.is_demonstration and settings.DEMONSTRATION):
        return False
    return needs_second_factor(user, at)
