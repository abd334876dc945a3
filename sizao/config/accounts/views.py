"""One's own account: profile, sessions, and the one-time link that opens it."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sizao.config.accounts import forms
from sizao.ops.governance import actions
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.governance.queries import link_of, needs_second_factor

TOKEN = "one_time_link"  # where the session keeps a link's token while its reader chooses a password


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, and the ways to the rest."""
    user = request.user
    at = now()
    known = {"display_name": user.display_name or user.username, "email": user.email, "language": user.language}
    form = forms.Profile(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        actions.amend_profile(user=user, **form.cleaned_data, by=user, at=at)
        messages.success(request, _("Saved."))
        return redirect("account")
    factors = user.authenticator_set.exclude(type="recovery_codes").count()
    context = {"form": form, "n_factors": factors, "needs_factor": needs_second_factor(user, at)}
    return render(request, "account/account.html", context)


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this account is logged in now."""
    return render(request, "account/sessions.html", {"sessions": own_sessions(request)})


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    row = get_object_or_404(UserSession, pk=session_id, user=request.user)
    actions.end_sessions(sessions=[row], by=request.user, at=now())
    messages.success(request, _("That session is logged out."))
    return redirect("usersessions_list")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    others = [row for row in own_sessions(request) if not row.is_current()]
    actions.end_sessions(sessions=others, by=request.user, at=now())
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("usersessions_list")


def own_sessions(request: HttpRequest) -> list[UserSession]:
    """The newest first; what ended by itself is cleared away."""
    return sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.created_at, reverse=True)


@never_cache
@require_GET
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Its token goes into the session at once, so that it stands in no address afterwards."""
    if link_of(token, now()) is None:
        return render(request, "account/link_closed.html", status=404)
    request.session[TOKEN] = token
    return redirect("choose_password")


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Who opened a one-time link chooses a password, then logs in with it."""
    at = now()
    link = link_of(request.session.get(TOKEN, ""), at)
    if link is None:
        return render(request, "account/link_closed.html", status=404)
    form = forms.ChoosePassword(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        return _chosen(request, link, form, at)
    return render(request, "account/choose_password.html", {"form": form, "link": link})


def _chosen(request: HttpRequest, link, form: forms.ChoosePassword, at) -> HttpResponse:
    said, user = form.cleaned_data, link.user
    try:
        actions.use_link(link=link, password=said["password"], by=user, at=at)
    except actions.LinkClosed:
        return render(request, "account/link_closed.html", status=404)
    account = {"display_name": said["display_name"], "email": user.email, "language": user.language}
    actions.amend_profile(user=User.objects.get(pk=user.pk), **account, by=user, at=at)
    request.session.pop(TOKEN, None)
    messages.success(request, _("Your password is set. Log in with it now."))
    return redirect("login")
