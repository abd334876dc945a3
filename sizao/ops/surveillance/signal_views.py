"""The desk: signals by rank, one signal, what it turned out to be, its risk, the incident it becomes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.governance import access, history
from sizao.ops.governance.paging import count_capped
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import may_in
from sizao.ops.surveillance import actions, forms, kinds, queries, sites
from sizao.ops.surveillance.models import Signal

MOST = 100
#: Series drawn on a signal's page; the others are links.
DRAWN = 4
TABS = ("open", "overdue", "closed")
#: Level of the areas on the map: the county.
MAP_LEVEL = 3


@incident_page("signal.view")
def signal_list(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Signals, the strongest first, with their clock and why they stand where they stand."""
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "open"
    form = forms.SignalFilter(request.GET or None)
    rows = _filtered(_tab(request, incident, tab), form)
    n, more = count_capped(rows.order_by("id"))
    context = {
        "rows": list(rows[:MOST]), "n": n, "more": more, "most": MOST, "tab": tab, "form": form, "kinds": kinds,
        "counts": queries.signal_counts(by=request.user, incident=incident, at=request.at),
        "run": queries.newest_run(incident), "today": incident.date_at(request.at), "level": MAP_LEVEL,
    }  # fmt: skip
    return render(request, "surveillance/signals.html", context)


def _tab(request: HttpRequest, incident: Incident, tab: str):
    rows = queries.signals(by=request.user, incident=incident, at=request.at)
    if tab == "closed":
        return rows.filter(status=kinds.SignalStatus.CLOSED).order_by("-closed_at", "-id")
    rows = rows.filter(status=kinds.SignalStatus.OPEN)
    return rows.filter(due_at__lt=request.at) if tab == "overdue" else rows


def _filtered(rows, form: forms.SignalFilter):
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if wanted.get("syndrome"):
        rows = rows.filter(syndrome=wanted["syndrome"])
    if wanted.get("source"):
        rows = rows.filter(alarms__stream__source=wanted["source"]).distinct()
    return rows


@incident_page("signal.view")
def signal_map(request: HttpRequest, incident: Incident) -> JsonResponse:
    """Open signals by county: how many, the strongest, where its page is."""
    rows = queries.signals(by=request.user, incident=incident, at=request.at).filter(status=kinds.SignalStatus.OPEN)
    reach = access.reach(request.user, "signal.view", at=request.at)
    found: dict[str, dict[str, Any]] = {}
    language = get_language() or "en"
    for row in rows:
        if not reach.covers(row.area_id):
            continue
        shown = found.setdefault(
            row.area_id, {"path": row.area_id, "name": row.area.name(language), "n": 0, "rank": row.rank,
                          "signals": [], "point": [row.area.lon, row.area.lat] if row.area.lon else None},
        )  # fmt: skip
        shown["n"] += 1
        if len(shown["signals"]) < 3:
            label = kinds.Syndrome(row.syndrome).label.say(language)
            shown["signals"].append([row.number, label, _address(row)])
    return JsonResponse({"areas": list(found.values())})


def _address(signal: Signal) -> str:
    return reverse("surveillance:signal", kwargs={"incident_id": signal.incident_id, "signal_id": signal.pk})


def _signal(request: HttpRequest, incident: Incident, signal_id: int) -> Signal:
    rows = queries.signals(by=request.user, incident=incident, at=request.at)
    return get_object_or_404(rows.select_related("led_to"), pk=signal_id)


@incident_page("signal.view")
def signal_page(request: HttpRequest, incident: Incident, signal_id: int) -> HttpResponse:
    """One signal: why it rang, its series, its sites, what was found, what to do next."""
    return _show(request, incident, _signal(request, incident, signal_id))


def _show(request: HttpRequest, incident: Incident, signal: Signal, **tried: Any) -> HttpResponse:
    mine = queries.alarms(by=request.user, incident=incident, at=request.at).filter(signal=signal)
    alarms = list(mine)
    strongest = sorted((alarm for alarm in alarms if alarm.stream), key=lambda alarm: -(alarm.score or 0))
    streams = {alarm.stream_id: alarm.stream for alarm in strongest}
    together = {part[0] for alarm in alarms for part in alarm.streams_of} - streams.keys()
    rows = queries.streams(by=request.user, incident=incident, at=request.at)
    streams |= {row.pk: row for row in rows.filter(pk__in=together)}
    context = {
        "signal": signal, "alarms": alarms[:MOST], "n_elsewhere": signal.n_alarms - len(alarms),
        "streams": list(streams.values())[:DRAWN], "more": list(streams.values())[DRAWN:MOST],
        "kinds": kinds,
        "combined": _parts(alarms, streams), "sites": sites.sites(streams.values(), incident, at=request.at),
        "assessments": list(signal.assessments.select_related("recorded_by").order_by("-id")),
        "past": history.past_of(signal), "today": incident.date_at(request.at),
        "may_work": may_in(incident, request.user, "signal.work", signal.area_id, at=request.at),
        "may_open": access.may(request.user, "incident.manage", signal.area_id or "", at=request.at),
        "close": forms.CloseSignal(prefix="close"), "assess": forms.AssessRisk(prefix="risk"),
        "again": forms.Reason(prefix="again"),
    }  # fmt: skip
    return render(request, "surveillance/signal.html", context | tried, status=400 if tried else 200)


def _parts(alarms, streams) -> list[tuple[Any, float, float]]:
    """(stream, weight, share) of the newest combined alarm, the largest part first."""
    newest = next((alarm for alarm in alarms if alarm.stream_id is None), None)
    if newest is None:
        return []
    return [(streams[key], weight, share) for key, weight, share in newest.streams_of if key in streams]


#: The word in the address → (name of the form on the page, form, prefix, action, what it is called there).
STEPS: dict[str, tuple[str, type, str, Callable[..., Any]]] = {
    "close": (
        "close",
        forms.CloseSignal,
        "close",
        lambda signal, **told: actions.close_signals(signals=[signal], **told),
    ),
    "reopen": ("again", forms.Reason, "again", lambda signal, **told: actions.reopen_signals(signals=[signal], **told)),
    "assess": ("assess", forms.AssessRisk, "risk", actions.assess_risk),
}


@require_POST
@incident_page("signal.view")
def step_signal(request: HttpRequest, incident: Incident, signal_id: int, step: str) -> HttpResponse:
    """Close a signal, open it again, or write down its risk."""
    signal = _signal(request, incident, signal_id)
    name, form_class, prefix, action = STEPS[step]
    form = form_class(request.POST, prefix=prefix)
    if not form.is_valid():
        return _show(request, incident, signal, **{name: form})
    try:
        action(signal=signal, **form.cleaned_data, by=request.user, at=request.at)
        messages.success(request, _("Done."))
    except NotNow as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
    return redirect("surveillance:signal", incident_id=incident.pk, signal_id=signal.pk)


@require_http_methods(["GET", "POST"])
@incident_page("incident.manage")
def open_outbreak(request: HttpRequest, incident: Incident, signal_id: int) -> HttpResponse:
    """The signal is an outbreak: open its incident, dates and all."""
    signal = _signal(request, incident, signal_id)
    access.check(request.user, "incident.manage", signal.area_id, at=request.at)
    form = forms.OpenOutbreak(
        request.POST or None, status=signal.status, initial={"protocol": incident.protocol, **_named(signal)}
    )
    if request.method == "POST" and form.is_valid():
        told = {"finding": "", **form.cleaned_data}
        try:
            opened = actions.open_outbreak(signal=signal, **told, by=request.user, at=request.at)
        except NotNow as refusal:
            messages.error(request, refusal.message.say(get_language() or "en"))
        else:
            messages.success(request, _("The incident is open. Its 7-1-7 clocks run."))
            return redirect("incidents:clocks", incident_id=opened.pk)
    return render(request, "surveillance/open_outbreak.html", {"form": form, "signal": signal, "kinds": kinds})


def _named(signal: Signal) -> dict[str, str]:
    """A name to begin with: place and syndrome."""
    syndrome = kinds.Syndrome(signal.syndrome).label
    area = signal.area
    day = signal.date_first
    return {
        "name_zh": f"{area.name_zh}{syndrome.say('zh-hans')}聚集({day:%Y-%m})",
        "name_en": f"{syndrome}, {area.name_en}, {day:%b %Y}",
    }
