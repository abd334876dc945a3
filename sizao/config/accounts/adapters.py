"""How allauth is made ours: nobody signs up, its secrets are sealed, and what it does is written down."""

import base64
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sizao.ops.governance import audit
from sizao.ops.governance.actions import SYSTEM
from sizao.ops.governance.clock import now
from sizao.ops.governance.factors import FACTORS
from sizao.ops.governance.models import User
from sizao.ops.governance.sealed import seal, unseal

FRESH_LOG_IN_S = 300


class Accounts(DefaultAccountAdapter):
    """Accounts are made by invitation alone; failed log-ins are written down without what was typed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        """A password is often typed in the place of the name, so the name is not kept: only whose it is, if any."""
        known = User.objects.filter(username=credentials.get("username", "")).first()
        by = known or User.objects.filter(username=SYSTEM).first()
        if by:
            audit.record(by=by, at=now(), action="log_in.failed", about=known)

    def pre_login(self, request: HttpRequest, user: User, **login) -> HttpResponse | None:
        """A demonstration user does not get into an installation with real people in it, by whatever means."""
        if user.is_demonstration and settings.PRODUCTION:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **login)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return render(request, "account/closed.html", status=403)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Who proved a moment ago what the account has, by the second factor if there is one, is not asked again."""
        request = context.request
        wanted = "mfa" if Authenticator.objects.filter(user=request.user).exists() else "password"
        records = get_authentication_records(request, request.user)
        newest = max((record["at"] for record in records if record["method"] == wanted), default=0.0)
        return time.time() - newest > FRESH_LOG_IN_S


class Factors(DefaultMFAAdapter):
    """Secrets of codes are sealed with the installation's keys, as names of persons are."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal({"secret": text}, FACTORS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), FACTORS)["secret"]

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        n = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey {number}").format(number=n + 1)
