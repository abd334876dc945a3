"""Pages of hand-overs: offer one, see what is offered and was, answer."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sizao.ops.governance import access
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import check_in
from sizao.ops.registry.forms import AreaField
from sizao.ops.registry.models import Area
from sizao.ops.tracing.actions import answer_hand_over, offer_hand_over, withdraw_hand_over
from sizao.ops.tracing.case_views import one_case
from sizao.ops.tracing.hand_overs import HandOver, HandOverStatus, Subject
from sizao.ops.tracing.one_contact_views import one_contact

MOST = 200


class Offer(forms.Form):
    """To whom, and why."""

    area = AreaField(label=gettext_lazy("To which area"), help_text=gettext_lazy("Code or full name."))
    reason = forms.CharField(max_length=500, label=gettext_lazy("Reason"), widget=forms.Textarea({"rows": 3}))


class Answer(forms.Form):
    """What is answered to an offer."""

    answer = forms.CharField(
        max_length=500, required=False, label=gettext_lazy("Answer"), widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Needed where it is refused."),
    )  # fmt: skip


def seen(by: User, at: datetime) -> QuerySet[HandOver]:
    """Offers to and from the reader's areas."""
    found = access.within(access.reach(by, "hand_over.answer", at=at).paths)
    for path in access.reach(by, "hand_over.offer", at=at).paths:
        found |= Q() if path == "" else Q(from_path__startswith=path)
    return HandOver.objects.filter(found).select_related("incident", "area", "recorded_by", "answered_by")


@require_http_methods(["GET", "POST"])
@incident_page("hand_over.offer")
def offer(request: HttpRequest, incident: Incident, subject: str, subject_id: int) -> HttpResponse:
    """Offer one case or contact to another area."""
    if subject not in set(Subject):
        raise Http404("no such kind of record")
    row = (one_case if subject == Subject.CASE else one_contact)(request, incident, subject_id)
    check_in(incident, request.user, "hand_over.offer", row.area_id, at=request.at)
    form = Offer(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {"to": form.cleaned_data["area"], "reason": form.cleaned_data["reason"]}
        try:
            offer_hand_over(row=row, **said, by=request.user, at=request.at)
        except NotNow as refused:
            form.add_error(None, refused.message.say(get_language() or "en"))
        else:
            messages.success(request, _("Offered. It stays yours until it is accepted."))
            return redirect("tracing:hand_overs")
    return render(request, "tracing/offer.html", {"row": row, "subject": Subject(subject), "form": form})


@require_safe
def hand_overs(request: HttpRequest) -> HttpResponse:
    """What is offered to and by the reader's areas, open ones first."""
    at = now()
    rows = list(seen(request.user, at).order_by("-status", "-id")[:MOST])
    areas = Area.objects.in_bulk({row.from_path for row in rows if row.from_path})
    told = [
        {
            "row": row, "from": areas.get(row.from_path), "is_open": row.status == HandOverStatus.OFFERED,
            "may_answer": access.may(request.user, "hand_over.answer", row.area_id, at=at),
            "may_withdraw": access.may(request.user, "hand_over.offer", row.from_path, at=at),
        }
        for row in rows
    ]  # fmt: skip
    lists = {"statuses": HandOverStatus, "subjects": Subject}
    return render(request, "tracing/hand_overs.html", {"rows": told, **lists})


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Accept or refuse."""
    row = get_object_or_404(seen(request.user, now()), pk=offer_id)
    at = row.incident.at(now())
    access.check(request.user, "hand_over.answer", row.area_id, at=at)
    form = Answer(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept = request.POST.get("step") == "accept"
        try:
            answer_hand_over(offer=row, accept=accept, answer=form.cleaned_data["answer"], by=request.user, at=at)
        except NotNow as refused:
            form.add_error(None, refused.message.say(get_language() or "en"))
        else:
            messages.success(request, _("It is yours now.") if accept else _("Refused; it stays where it was."))
            return redirect("tracing:hand_overs")
    context = {"row": row, "giver": Area.objects.filter(path=row.from_path).first(), "form": form, "subjects": Subject}
    return render(request, "tracing/answer_hand_over.html", context)


@require_POST
def withdraw(request: HttpRequest, offer_id: int) -> HttpResponse:
    row = get_object_or_404(seen(request.user, now()), pk=offer_id)
    try:
        withdraw_hand_over(offer=row, by=request.user, at=row.incident.at(now()))
    except NotNow as refused:
        messages.error(request, refused.message.say(get_language() or "en"))
    else:
        messages.success(request, _("The offer is withdrawn."))
    return redirect("tracing:hand_overs")
