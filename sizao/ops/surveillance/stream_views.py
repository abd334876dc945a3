"""Sites and streams: who reports, how completely, one stream with its threshold, the numbers as a file."""

from typing import Any

import polars as pl
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from sizao.epi.detection import DETECTORS, InputError, Status
from sizao.exchange.writing import BOM, csv_rows, guarded_cells, header_line
from sizao.ops.governance import access, history
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.surveillance import forms, kinds, queries, settings, sites
from sizao.ops.surveillance.models import Count, Stream
from sizao.ops.surveillance.series import SHOWN, series_of

MOST_SITES = 200
MOST_STREAMS = 4000
REVISIONS = 30


@incident_page("count.enter")
def site_list(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The sites of the reader's areas, the least complete first; each opens its day."""
    form = forms.SiteFilter(request.GET or None)
    rows = _filtered(queries.streams(by=request.user, incident=incident, at=request.at, permission="count.enter"), form)
    streams = list(rows[: MOST_STREAMS + 1])
    found = sites.sites(streams[:MOST_STREAMS], incident, at=request.at)
    context = {
        "sites": found[:MOST_SITES], "n_sites": len(found), "most": MOST_SITES, "form": form, "kinds": kinds,
        "is_cut": len(streams) > MOST_STREAMS, "most_streams": MOST_STREAMS, "judged": sites.JUDGED_DAYS,
        "expected": sum(site.n_expected for site in found), "came": sum(site.n_came for site in found),
        "in_time": sum(site.n_in_time for site in found), "today": incident.date_at(request.at),
        "may_manage": access.may(request.user, "stream.manage", at=request.at),
    }  # fmt: skip
    return render(request, "surveillance/sites.html", context)


def _filtered(rows, form: forms.SiteFilter):
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if wanted.get("source"):
        rows = rows.filter(source=wanted["source"])
    if text := wanted.get("named", "").strip():
        rows = rows.filter(
            Q(code__istartswith=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text)
            | Q(place__name__icontains=text) | Q(area__name_zh__startswith=text) | Q(area__name_en__istartswith=text)
        )  # fmt: skip
    return rows


def _stream(request: HttpRequest, incident: Incident, stream_id: int) -> Stream:
    return get_object_or_404(queries.streams(by=request.user, incident=incident, at=request.at), pk=stream_id)


@incident_page("signal.view")
def stream_page(request: HttpRequest, incident: Incident, stream_id: int) -> HttpResponse:
    """One stream: its picture, its numbers, what rang, what was revised, how it is watched."""
    stream = _stream(request, incident, stream_id)
    frame = _series(stream, request, incident)
    [site] = sites.sites([stream], incident, at=request.at)
    revised = Count.objects.filter(stream=stream, replaced_at__isnull=False).order_by("-replaced_at", "-id")
    context = {
        "stream": stream, "site": site, "rows": frame.reverse().to_dicts() if frame.width > 2 else [],
        "kinds": kinds, "statuses": Status, "today": incident.date_at(request.at), "past": history.past_of(stream),
        "setting": settings.setting_text(stream.detector, stream.parameters), "shown": SHOWN[stream.freq],
        "purpose": DETECTORS[stream.detector].purpose if stream.detector in DETECTORS else "",
        "alarms": list(stream.alarms.select_related("signal").order_by("-date", "-id")[:50]),
        "revised": list(revised.select_related("entry__made_by")[:REVISIONS]),
    }  # fmt: skip
    return render(request, "surveillance/stream.html", context)


def _series(stream: Stream, request: HttpRequest, incident: Incident) -> pl.DataFrame:
    """The picture's numbers; without a threshold where the detector refuses the series. Today is no gap yet."""
    today = incident.date_at(request.at)
    try:
        found = series_of(stream, day=today, known_at=request.at)
    except InputError:
        return pl.DataFrame(schema={"date": pl.Date, "n": pl.Float64})
    return found.filter((pl.col("date") < today) | pl.col("n").is_not_null())


@incident_page("signal.view")
def stream_data(request: HttpRequest, incident: Incident, stream_id: int) -> JsonResponse:
    """What the script draws."""
    stream = _stream(request, incident, stream_id)
    frame = _series(stream, request, incident)
    answer: dict[str, Any] = {
        "name": stream.name(get_language() or "en"),
        "measure": stream.measure,
        "freq": stream.freq,
    }
    if frame.width > 2:
        shown = frame.with_columns(
            pl.col("date").dt.to_string("%Y-%m-%d"), pl.col("expected").round(2), pl.col("upper").round(2)
        )
        answer |= shown.to_dict(as_series=False)
    return JsonResponse(answer)


@incident_page("signal.view")
def stream_csv(request: HttpRequest, incident: Incident, stream_id: int) -> HttpResponse:
    """The same numbers as a file."""
    stream = _stream(request, incident, stream_id)
    frame = _series(stream, request, incident)
    content = BOM + header_line(frame.columns) + (csv_rows(guarded_cells(frame)) if frame.height else b"")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stream.code)
    response["Content-Disposition"] = f'attachment; filename="stream-{name}-{incident.date_at(request.at)}.csv"'
    return response
