"""Counts come in: typed on a telephone, as a file, from a program. Streams are defined by file."""

import json
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.exchange.tables import read_table
from sizao.exchange.unreadable import UnreadableFile
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.surveillance import actions, entering, files, forms, kinds, queries, sites
from sizao.ops.surveillance.models import Entry
from sizao.vocabulary.text import say

ENTRIES = 20
#: Rows a program may send at once.
MOST_ROWS = 20_000


@require_http_methods(["GET", "POST"])
@incident_page("count.enter")
def site_day(request: HttpRequest, incident: Incident, site: str) -> HttpResponse:
    """One site's numbers of one day, with those of before beside them."""
    rows = queries.streams(by=request.user, incident=incident, at=request.at, permission="count.enter")
    today = incident.date_at(request.at)
    day = _day(request, today)
    streams = [
        row for row in sites.streams_of_site(rows, site) if row.watched_until is None or row.watched_until >= day
    ]
    if not streams:
        raise Http404("no such site in the reader's areas")
    asked = sites.asked_of(streams, day)
    form = forms.SiteDay(request.POST or None, asked=asked)
    if request.method == "POST" and form.is_valid():
        counts = pl.DataFrame(form.rows(), schema=files.SCHEMA, orient="row")
        done = actions.record_counts(
            incident=incident, counts=counts, way=kinds.Way.FORM, by=request.user, at=request.at
        )
        n = done.n_new + done.n_revised
        said = ngettext("%(n)s number is stored.", "%(n)s numbers are stored.", n) % {"n": n}
        messages.success(request, said if n else _("Nothing is different; nothing was stored."))
        return redirect(f"{request.path}?date={day}")
    context = {
        "form": form, "asked": asked, "day": day, "today": today, "site": site, "place": streams[0].place,
        "area": streams[0].area, "yesterday": day - timedelta(days=1), "kinds": kinds,
        "tomorrow": day + timedelta(days=1) if day < today else None,
        "n_missing": sum(each.now is None for each in asked),
    }  # fmt: skip
    return render(request, "surveillance/site_day.html", context)


def _day(request: HttpRequest, today: date) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("date", "")), today)
    except ValueError:
        return today


@require_http_methods(["GET", "POST"])
@incident_page("count.enter")
def count_file(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Counts by file: what can be read is stored, what cannot is listed by row and column."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = files.rows_of(read_table(upload.read()), files.COUNT_COLUMNS)
            done = _enter(request, incident, rows, kinds.Way.FILE, upload.name)
            context |= {"faults": done.faults, "done": done.stored}
        except UnreadableFile as refusal:
            messages.error(request, say(refusal.message, get_language() or "en"))
    made = Entry.objects.filter(incident=incident, made_by=request.user).select_related("made_by").order_by("-id")
    context |= {"entries": list(made[:ENTRIES]), "kinds": kinds}
    return render(request, "surveillance/count_file.html", context)


def _enter(
    request: HttpRequest, incident: Incident, rows: list[files.Row], way: kinds.Way, name: str = ""
) -> entering.Entered:
    return entering.enter(rows, way=way, file_name=name, incident=incident, by=request.user, at=request.at)


@require_POST
@incident_page("count.enter")
def count_messages(request: HttpRequest, incident: Incident) -> JsonResponse:
    """Counts from a program: `{"counts": [{"stream", "date", "n", "denominator"}, …]}`; answers what became of them
    and what is wrong, by row (from 1) and column."""
    try:
        told = json.loads(request.body)["counts"]
        rows = [(row, {key: "" if value is None else str(value) for key, value in cells.items()})
                for row, cells in enumerate(told, 1)]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        said = _('Send JSON: {"counts": [{"stream": …, "date": …, "n": …}]}.')
        return JsonResponse({"error": said}, status=400)
    if len(rows) > MOST_ROWS:
        return JsonResponse({"error": _("Send at most %(n)s counts at once.") % {"n": MOST_ROWS}}, status=413)
    done = _enter(request, incident, rows, kinds.Way.PROGRAM)
    stored = done.stored
    language = get_language() or "en"
    problems = [{"row": each.row, "column": each.column, "problem": each.message.say(language)} for each in done.faults]
    answer = {"new": stored.n_new, "revised": stored.n_revised, "unchanged": stored.n_unchanged, "problems": problems}
    return JsonResponse(answer, status=207 if problems else 200)


@require_http_methods(["GET", "POST"])
@incident_page("stream.manage")
def stream_file(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Streams by file. Nothing is stored while a row is wrong: a stream half defined would watch nothing."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": files.STREAM_COLUMNS, "kinds": kinds}
    if request.method == "POST" and form.is_valid():
        try:
            rows = files.rows_of(read_table(form.cleaned_data["file"].read()), files.STREAM_COLUMNS)
            done = entering.define(rows, incident=incident, by=request.user, at=request.at)
            context |= {"faults": done.faults, "n_defined": done.n_defined}
        except UnreadableFile as refusal:
            messages.error(request, say(refusal.message, get_language() or "en"))
    return render(request, "surveillance/stream_file.html", context)
