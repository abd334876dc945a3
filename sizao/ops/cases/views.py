"""Pages of the case list: the list, saved filters, the file of it, and changing many at once."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import polars as pl
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sizao.exchange.writing import TooLargeForExcel, write_rows, write_workbook
from sizao.ops.cases.columns import CASE_COLUMNS, CASE_DEFAULT
from sizao.ops.cases.export import case_frames, export_columns, plain_ages
from sizao.ops.cases.filters import CASE_FIRST, CaseFilter, case_conditions
from sizao.ops.cases.listing import ListOf, everything, is_understood, list_page
from sizao.ops.cases.models import Case
from sizao.ops.governance import access, audit
from sizao.ops.governance.actions import drop_views, save_view
from sizao.ops.governance.models import SavedView
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import reach_in
from sizao.ops.registry.queries import search_persons

CASES = ListOf(
    "cases", Case, "date_report", "case.view", CaseFilter, case_conditions, CASE_COLUMNS, CASE_DEFAULT,
    CASE_FIRST,
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@incident_page("case.view")
def case_list(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The cases in reach, newest first. A search is posted, so that no name stands in an address or a log."""
    text = request.POST.get("q", "").strip()[:100]
    context = list_page(CASES, request, incident, only=found(text, request) if text else None)
    return render(request, "cases/list.html", context | {"text": text})


def found(text: str, request: HttpRequest) -> Q:
    """Cases (or contacts) of this number, or of people of this name, telephone or identity number."""
    condition = Q(number=text) | Q(number__istartswith=text)
    if access.may(request.user, "person.search", at=request.at):
        persons = search_persons(text=text, by=request.user, at=request.at)
        audit.record(by=request.user, at=request.at, action="person.searched", n_persons=len(persons))
        condition |= Q(person__in=[person.pk for person in persons])
    return condition


@require_POST
@incident_page("case.view")
def keep_view(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Keep the present filter and columns under a name."""
    return kept_view(request, "cases", "cases:list", incident)


def kept_view(request: HttpRequest, page: str, back: str, incident: Incident) -> HttpResponse:
    """Save what was posted as a view of `page`, and show it."""
    name, query = request.POST.get("name", "").strip()[:80], request.POST.get("query", "")[:2_000]
    if name:
        save_view(page=page, name=name, query=query, by=request.user, at=request.at)
        messages.success(request, _("The filter is saved."))
    response = redirect(back, incident_id=incident.pk)
    response["Location"] += f"?{query}"
    return response


@require_POST
@incident_page("case.view")
def forget_view(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Remove one of one's own saved filters."""
    return forgotten_view(request, "cases:list", incident)


def forgotten_view(request: HttpRequest, back: str, incident: Incident) -> HttpResponse:
    views = SavedView.objects.filter(user=request.user, pk=request.POST.get("view") or 0)
    drop_views(views=list(views), by=request.user, at=request.at)
    return redirect(back, incident_id=incident.pk)


@require_GET
@incident_page("case.view")
def export(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The list as a file, streamed. Who people are stands in it only where the reader may take that away."""
    names = names_in_files(request)
    query = QueryDict(request.GET.urlencode(), mutable=True)
    excel = (query.pop("format", ["csv"]))[-1] == "xlsx"
    if not is_understood(CASES, query, incident, request.at):
        return redirect(f"../?{query.urlencode()}")
    rows = everything(CASES, request, incident, query)
    audit.record(
        by=request.user, at=request.at, action="cases.exported", about=incident, identified=bool(names),
        fields=sorted(query), format="xlsx" if excel else "csv",
    )  # fmt: skip
    columns = export_columns(identified=bool(names))
    return file_of(request, incident, "cases", columns, case_frames(rows, names=names), excel)


def names_in_files(request: HttpRequest) -> access.Reach:
    """Where the reader may take names away in a file; refused where not even numbers may be taken."""
    names = reach_in(request.incident, request.user, "export.identified", at=request.at)
    if not names:
        access.check(request.user, "export.pseudonymous", at=request.at)
    return names


def file_of(
    request: HttpRequest, incident: Incident, name: str, columns: Any, frames: Iterator[pl.DataFrame], excel: bool
) -> HttpResponse:
    """A streamed CSV, or an Excel workbook where the list is short enough for one."""
    stem = f"{name}-{incident.pk}-{incident.date_at(request.at).isoformat()}"
    language = request.GET.get("headings") and (get_language() or "en")
    if not excel:
        return StreamingHttpResponse(
            write_rows(columns, plain_ages(frames), language=language),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{stem}.csv"'},
        )
    target = BytesIO()
    parts = list(frames)
    try:
        write_workbook(columns, pl.concat(parts) if parts else pl.DataFrame(), target, language=language)
    except TooLargeForExcel as problem:
        messages.error(request, problem.message.say(get_language() or "en"))
        query = QueryDict(request.GET.urlencode(), mutable=True)
        query.pop("format", None)
        return redirect(f"../?{query.urlencode()}")
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{stem}.xlsx")
