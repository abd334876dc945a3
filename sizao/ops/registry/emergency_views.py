"""Emergency access: asked for with a reason, told to those who answer for the area, judged by an auditor."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.governance import access, queries
from sizao.ops.governance.actions import (
    EmergencyRefused,
    end_emergency_access,
    open_emergency_access,
    review_emergency_access,
)
from sizao.ops.governance.actions.emergency import HOURS
from sizao.ops.governance.clock import now
from sizao.ops.governance.entry import EmergencyAccess
from sizao.ops.registry.forms import AreaField
from sizao.ops.registry.models import Area

MOST = 200


class Ask(forms.Form):
    """Where, why and for how long."""

    area = AreaField(
        label=gettext_lazy("Area"), help_text=gettext_lazy("Code or full name of a city, county or smaller area.")
    )
    reason = forms.CharField(
        max_length=500, label=gettext_lazy("Why it cannot wait"), widget=forms.Textarea({"rows": 3})
    )
    hours = forms.TypedChoiceField(coerce=int, label=gettext_lazy("For how long"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(n, _("%(n)s h") % {"n": n}) for n in HOURS]
        self.fields["hours"].choices = choices


class Judge(forms.Form):
    """An auditor's judgement."""

    was_justified = forms.TypedChoiceField(
        coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("It was justified")), ("no", gettext_lazy("It was not justified"))],
        widget=forms.RadioSelect, label=gettext_lazy("Judgement"),
    )  # fmt: skip
    finding = forms.CharField(max_length=500, label=gettext_lazy("What you found"), widget=forms.Textarea({"rows": 3}))


@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Ask for access beyond one's posts, and see what was asked for where one answers for it."""
    at = now()
    may_open = access.may(request.user, "emergency.open", at=at)
    form = Ask(request.POST or None)
    if request.method == "POST":
        access.check(request.user, "emergency.open", at=at)
        if form.is_valid() and _opened(request, form, at):
            return redirect("registry:emergency")
    rows = list(queries.accesses_seen(request.user, at)[:MOST])
    areas = Area.objects.in_bulk({row.area_path for row in rows})
    context = {"form": form if may_open else None, "at": at, "rows": [_told(row, areas, request, at) for row in rows]}
    return render(request, "registry/emergency.html", context, status=422 if form.errors else 200)


def _opened(request: HttpRequest, form: Ask, at) -> bool:
    said = form.cleaned_data
    asked = {"area_path": said["area"].path, "reason": said["reason"], "hours": said["hours"]}
    try:
        opened = open_emergency_access(**asked, by=request.user, at=at)
    except EmergencyRefused as refused:
        form.add_error(None, refused.message.say(get_language() or "en"))
        return False
    place = said["area"].name(get_language() or "en")
    messages.success(
        request, _("You may read the records of %(area)s now. An auditor will judge it.") % {"area": place}
    )
    return bool(opened)


def _told(row: EmergencyAccess, areas: dict, request: HttpRequest, at) -> dict:
    reader = request.user
    return {
        "row": row,
        "area": areas.get(row.area_path),
        "runs": row.ends_at > at,
        "may_end": row.ends_at > at
        and (row.user_id == reader.pk or access.may(reader, "user.manage", row.area_path, at=at)),
        "may_review": row.reviewed_at is None
        and row.user_id != reader.pk
        and access.may(reader, "emergency.review", row.area_path, at=at),
    }


@require_POST
def end(request: HttpRequest, access_id: int) -> HttpResponse:
    at = now()
    row = get_object_or_404(queries.accesses_seen(request.user, at).select_related("grant"), pk=access_id)
    end_emergency_access(opened=row, by=request.user, at=at)
    messages.success(request, _("The access has ended."))
    return redirect("registry:emergency")


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, access_id: int) -> HttpResponse:
    """Judge one access, with what was read under it beside."""
    at = now()
    row = get_object_or_404(queries.accesses_seen(request.user, at), pk=access_id)
    access.check(request.user, "emergency.review", row.area_path, at=at)
    form = Judge(request.POST or None)
    if request.method == "POST" and form.is_valid():
        review_emergency_access(opened=row, **form.cleaned_data, by=request.user, at=at)
        messages.success(request, _("Your judgement is written down."))
        return redirect("registry:emergency")
    context = {"opened": row, "area": Area.objects.filter(path=row.area_path).first(), "form": form}
    return render(request, "registry/review_emergency.html", context | {"done": queries.done_during(row)})
