"""An administrator's pages: who has an account, inviting, ending posts, a lost password or telephone."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sizao.ops.governance import access, queries
from sizao.ops.governance.actions import close_account, hand_link, reopen_account, reset_factors
from sizao.ops.governance.clock import now
from sizao.ops.governance.entry import LinkPurpose
from sizao.ops.governance.models import User
from sizao.ops.governance.roles import NOT_OF_A_POST, PERMISSIONS, ROLES
from sizao.ops.registry import actions
from sizao.ops.registry.models import Area, Holding
from sizao.ops.registry.people_forms import Invite, Reason
from sizao.ops.registry.queries import posts_within
from sizao.vocabulary.text import N_, Message

MOST = 500


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The accounts one manages, with their posts and whether they have a second factor."""
    at = now()
    access.check(request.user, "user.manage", at=at)
    text = request.GET.get("q", "").strip()[:80]
    users = queries.managed_users(request.user, at)
    if text:
        users = users.filter(username__icontains=text) | users.filter(display_name__icontains=text)
    rows = list(users.prefetch_related("authenticator_set", "holdings__post")[:MOST])
    told = [
        {
            "user": user,
            "posts": [held.post for held in user.holdings.all() if held.until is None or held.until > at],
            "has_factor": any(one.type != "recovery_codes" for one in user.authenticator_set.all()),
            "last_login": user.last_login,
        }
        for user in rows
    ]
    return render(request, "registry/people.html", {"rows": told, "text": text, "is_cut": len(rows) == MOST})


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Somebody new: account, post and a one-time link, in one step."""
    at = now()
    access.check(request.user, "user.manage", at=at)
    posts = posts_within(access.reach(request.user, "user.manage", at=at).paths)
    form = Invite(request.POST or None, posts=posts)
    if request.method == "POST" and form.is_valid():
        user, token = actions.invite(**form.cleaned_data, by=request.user, at=at)
        return _link_page(request, user, token, LinkPurpose.WELCOME)
    return render(request, "registry/invite.html", {"form": form, "has_posts": posts.exists()})


def _link_page(request: HttpRequest, user: User, token: str, purpose: LinkPurpose) -> HttpResponse:
    """The link, shown once: only its digest is kept."""
    address = request.build_absolute_uri(reverse("welcome", args=[token]))
    link = queries.link_of(token, now())
    return render(
        request, "registry/link.html", {"account": user, "address": address, "purpose": purpose, "link": link}
    )


@require_safe
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: posts, second factors, sessions, and what can be done about it."""
    at = now()
    user = managed(request, user_id)
    grants = list(user.grants.order_by("since", "id"))
    context = {
        "account": user,
        "holdings": user.holdings.select_related("post__unit", "post__area").order_by("since", "id"),
        "emergencies": [grant for grant in grants if grant.role == "emergency_reader"],
        "factors": user.authenticator_set.order_by("id"),
        "n_sessions": user.usersession_set.count(),
        "needs_factor": queries.needs_second_factor(user, at),
        "areas": Area.objects.in_bulk({grant.area_path for grant in grants if grant.area_path}),
        "acts": [(name, one.label) for name, one in ACTS.items() if one.fits(user)],
    }
    return render(request, "registry/account.html", context)


def managed(request: HttpRequest, user_id: int) -> User:
    """An account one manages; others do not exist for the reader."""
    return get_object_or_404(queries.managed_users(request.user, now()), pk=user_id)


@dataclass(frozen=True)
class Act:
    """Something an administrator does about an account, after saying why."""

    label: Message
    warning: Message
    do: Callable
    fits: Callable[[User], bool] = lambda user: user.is_active


def _new_password(*, user: User, reason: str, by: User, at) -> str:
    return hand_link(user=user, purpose=LinkPurpose.PASSWORD, by=by, at=at)


ACTS = {
    "password": Act(
        N_("Link for a new password"),
        N_("The old password works until a new one is chosen. Give the link to this person alone."),
        _new_password,
    ),
    "factor": Act(
        N_("Take the second factor away"),
        N_("See that it is really this person: the password alone then opens the way to set up a new second factor."),
        reset_factors,
    ),
    "close": Act(
        N_("Close the account"), N_("Nobody logs in with it any more; every session of it ends now."), close_account
    ),
    "reopen": Act(
        N_("Open the account again"), N_("It is used again with the posts it holds."), reopen_account,
        fits=lambda user: not user.is_active,
    ),
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, user_id: int, act: str) -> HttpResponse:
    """Ask why, then do it."""
    user, asked = managed(request, user_id), ACTS.get(act)
    if asked is None or not asked.fits(user):
        raise Http404
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = asked.do(user=user, reason=form.cleaned_data["reason"], by=request.user, at=now())
        if act == "password":
            return _link_page(request, user, done, LinkPurpose.PASSWORD)
        messages.success(request, _("Done. It stands in the audit."))
        return redirect("registry:account", user_id=user.pk)
    return render(request, "registry/act.html", {"account": user, "asked": asked, "form": form})


@require_http_methods(["GET", "POST"])
def dismiss(request: HttpRequest, holding_id: int) -> HttpResponse:
    """End a holding, after asking."""
    at = now()
    holding = get_object_or_404(Holding.objects.select_related("grant", "post", "user"), pk=holding_id, until=None)
    access.check(request.user, "user.manage", holding.post.area_id or "", at=at)
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:200]
        actions.dismiss(holding=holding, reason=reason, by=request.user, at=at)
        messages.success(request, _("The post is no longer held by %(user)s.") % {"user": holding.user})
        return redirect("registry:posts")
    return render(request, "registry/dismiss.html", {"holding": holding, "form": Reason()})


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The table of roles, as the software itself reads it."""
    names = sorted(PERMISSIONS)
    return render(
        request, "registry/roles.html", {"role_table": ROLES, "permissions": names, "not_of_a_post": NOT_OF_A_POST}
    )
