"""Idle sessions end, and whoever must prove themselves twice does so before any other page opens."""

from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sizao.config.accounts.standing import has_proved, is_idle, must_prove
from sizao.config.open_pages import BEFORE_SECOND_FACTOR, OPEN_PAGES
from sizao.ops.governance.clock import now


class EndIdleSessions:
    """Logs out a session nobody used for `IDLE_MINUTES`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and is_idle(request, now()):
            logout(request)
            there = request.get_full_path() if request.method == "GET" else reverse("home")
            return redirect(f"{reverse('login')}?{urlencode({'next': there, 'ended': 'idle'})}")
        return self.get_response(request)


class RequireSecondFactor:
    """Leads a user who must have a second factor to set it up or show it; all other pages stay closed until then."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view, _args, _kwargs) -> HttpResponse | None:
        match = request.resolver_match
        if not request.user.is_authenticated or (match and match.view_name in OPEN_PAGES | BEFORE_SECOND_FACTOR):
            return None
        if has_proved(request) or not must_prove(request.user, now()):
            return None
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        if Authenticator.objects.filter(user=request.user, type__in=kinds).exists():
            there = request.get_full_path() if request.method == "GET" else reverse("home")
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': there})}")
        messages.info(request, _("Your posts show who people are, so your account needs a second factor first."))
        return redirect("mfa_index")
