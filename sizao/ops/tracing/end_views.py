"""Is the outbreak over: by the edition's rule and, beside it, by how long cases have been silent."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import reach_in
from sizao.protocols import load
from sizao.protocols.choices import Anchor
from sizao.protocols.end_of_outbreak import EndOfOutbreak, end_of_outbreak
from sizao.vocabulary.codes import COUNTED

#: Onsets so many days before the last one still weigh on the answer.
RECENT_DAYS = 30


class Silence(forms.Form):
    """What the records do not say."""

    reporting = forms.FloatField(
        min_value=1, max_value=100, initial=100, label=gettext_lazy("Share of cases that are reported, %"),
        help_text=gettext_lazy("The fewer are reported, the less silence proves."),
    )  # fmt: skip
    second_negative = forms.DateField(
        required=False, label=gettext_lazy("Second negative sample, or safe burial, of the last case"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


@require_GET
@incident_page("case.view")
def end_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The two answers side by side, with what each assumes."""
    protocol, today = load(incident.protocol), incident.date_at(request.at)
    form = Silence(request.GET or None, initial={"reporting": 100})
    if protocol.end is None or protocol.end.after is not Anchor.SECOND_NEGATIVE:
        del form.fields["second_negative"]
    told = form.cleaned_data if form.is_bound and form.is_valid() else {"reporting": 100.0}
    onsets, undated = onsets_of(incident, request, today)
    context: dict[str, Any] = {"form": form, "protocol": protocol, "onsets": onsets, "undated": undated}
    if onsets and not (form.is_bound and not form.is_valid()):
        context["found"] = answered(incident, onsets, told, today)
        context["last"] = max(onsets)
        context["since"] = (today - max(onsets)).days
    return render(request, "tracing/end.html", context)


def onsets_of(incident: Incident, request: HttpRequest, today: date) -> tuple[tuple[date, ...], int]:
    """The onsets of the last cases in reach, and how many counted cases have none."""
    mine = access.within(reach_in(incident, request.user, "case.view", at=request.at).paths)
    cases = Case.objects.filter(mine, incident=incident, classification__in=COUNTED)
    dated = cases.filter(date_onset__lte=today).values_list("date_onset", flat=True)
    last = dated.aggregate(last=Max("date_onset"))["last"]
    recent = sorted(day for day in dated if (last - day).days <= RECENT_DAYS) if last else []
    return tuple(recent), cases.filter(date_onset__isnull=True).count()


def answered(incident: Incident, onsets: tuple[date, ...], told: dict[str, Any], today: date) -> EndOfOutbreak:
    return end_of_outbreak(
        dates_onset=onsets, date_second_negative=told.get("second_negative"), protocol=load(incident.protocol),
        at=today, reporting=told["reporting"] / 100,
    )  # fmt: skip
