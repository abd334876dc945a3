"""The day's follow-up on a phone: call or visit, press one button, next."""

from typing import Any

import polars as pl
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sizao.ops.cases.filters import AreaText
from sizao.ops.governance import audit
from sizao.ops.governance.access import SEGMENT
from sizao.ops.governance.paging import keyset
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.registry.models import Area
from sizao.ops.tracing import rounds
from sizao.ops.tracing.actions import record_follow_ups
from sizao.ops.tracing.forms import PostChoice
from sizao.ops.tracing.models import FollowUp
from sizao.vocabulary import codes

TABS = ("today", "done", "overdue")


class RoundFilter(forms.Form):
    """Whose round is shown."""

    outcome = forms.ChoiceField(
        required=False, choices=[("", "")] + [(str(code), "") for code in codes.FollowUpOutcome]
    )

    def __init__(self, *args: Any, incident: Incident, posts: list, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaText(incident, label=gettext_lazy("Area"))
        posts_of_incident = rounds.Post.objects.filter(pk__in=[post.pk for post in posts])
        self.fields["post"] = PostChoice(posts_of_incident, required=False, label=gettext_lazy("Post"))


class Outcome(forms.Form):
    """What one visit found."""

    outcome = forms.ChoiceField(choices=[(str(code), "") for code in codes.FollowUpOutcome])
    temperature_c = forms.FloatField(required=False, min_value=30, max_value=45)
    note = forms.CharField(required=False, max_length=300)


@require_GET
@incident_page("contact.view")
def follow_up(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Today's round: to do, done, missed before today."""
    today, posts = incident.date_at(request.at), rounds.posts_of_contacts(incident=incident)
    form = RoundFilter(request.GET, incident=incident, posts=posts)
    form.full_clean()
    asked = form.cleaned_data
    days = rounds.days_in_reach(
        by=request.user, incident=incident, at=request.at, inside=asked.get("area"),
        post=asked["post"].pk if asked.get("post") else None,
    )  # fmt: skip
    tab = _tab(request, asked)
    page = keyset(
        _rows(days, tab, asked, today), by="date_due", cursor=request.GET.get("cursor", ""), descending=tab != "overdue"
    )
    visits = rounds.visits(page.rows, by=request.user, at=request.at)
    if named := [visit.contact.pk for visit in visits if visit.named]:
        audit.record(by=request.user, at=request.at, action="round.viewed", about=incident, contacts=named)
    context = {
        "form": form, "posts": posts, "tab": tab, "today": today, "counts": rounds.counts(days, today), "page": page,
        "visits": visits, "codes": codes,
        "areas": _areas(days, today, asked.get("area") or _only_area(incident)),
    }  # fmt: skip
    return render(request, "tracing/follow_up.html", context)


def _tab(request: HttpRequest, asked: dict[str, Any]) -> str:
    tab = request.GET.get("tab", "")
    return tab if tab in TABS else "done" if asked.get("outcome") else "today"


def _rows(days: Any, tab: str, asked: dict[str, Any], today: Any) -> Any:
    near = days.select_related("contact__person", "contact__area", "contact__incident", "done_by")
    if tab == "overdue":
        return rounds.missed(near, today)
    rows = rounds.of_day(near, today)
    rows = rows.filter(rounds.TO_DO) if tab == "today" else rows.exclude(rounds.TO_DO)
    return rows.filter(outcome=asked["outcome"]) if asked.get("outcome") else rows


def _only_area(incident: Incident) -> str:
    paths = list(incident.areas.values_list("path", flat=True)[:2])
    return paths[0] if len(paths) == 1 else ""


def _areas(days: Any, today: Any, inside: str) -> list[tuple[Area | None, int, int]]:
    """Due and done in each part of an area."""
    level = min((len(inside) - 2) // SEGMENT + 1, 4) if inside else 1
    rows = rounds.by_area(days, today, level)
    areas = Area.objects.defer("boundary").in_bulk([path for path, _due, _done in rows if path])
    return [(areas.get(path), due, done) for path, due, done in rows]


@require_POST
@incident_page("follow_up.record")
def record_visit(request: HttpRequest, incident: Incident, follow_up_id: int) -> HttpResponse:
    """One button: what the visit found. The same address takes it back."""
    days = rounds.days_in_reach(by=request.user, incident=incident, at=request.at)
    day = get_object_or_404(
        days.select_related("contact__person", "contact__area", "contact__incident"), pk=follow_up_id
    )
    form = Outcome(request.POST)
    if form.is_valid():
        _record(request, incident, day, form.cleaned_data)
    else:
        messages.error(request, _("A temperature lies between 30 and 45 °C."))
    if request.htmx:
        day = days.select_related("contact__person", "contact__area", "contact__incident", "done_by").get(pk=day.pk)
        [visit] = rounds.visits([day], by=request.user, at=request.at)
        context = {"visit": visit, "today": incident.date_at(request.at), "codes": codes}
        return render(request, "tracing/visit.html", context)
    return redirect(_back(request, incident) + f"#v{_next(request, day)}")


def _next(request: HttpRequest, day: FollowUp) -> int:
    """The card to go on with: the one after this; this one when its outcome was taken back, or it is the last."""
    told = request.POST.get("next", "")
    is_done = request.POST.get("outcome") != codes.FollowUpOutcome.NOT_TRIED
    return int(told) if is_done and told.isdecimal() else day.pk


def _record(request: HttpRequest, incident: Incident, day: FollowUp, values: dict[str, Any]) -> None:
    row = {
        "row": 1, "contact_id": day.contact.number, "date_due": day.date_due, "follow_up_outcome": values["outcome"],
        "temperature_c": values["temperature_c"], "note": values["note"] or None,
    }  # fmt: skip
    frame = pl.DataFrame([row], schema_overrides={"temperature_c": pl.Float64, "note": pl.String})
    record_follow_ups(incident=incident, records=frame, by=request.user, at=request.at)


def _back(request: HttpRequest, incident: Incident) -> str:
    """The round the button stood on, with its filter; only that page's own address is believed."""
    page = reverse("tracing:follow_up", args=[incident.pk])
    path, _mark, query = request.POST.get("back", "").partition("?")
    return f"{page}?{QueryDict(query).urlencode()}" if path == page and query else page
