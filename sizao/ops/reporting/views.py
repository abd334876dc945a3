"""Pages of daily reports: inside, and the public one."""

from collections.abc import Callable

import polars as pl
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.governance import audit, history
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import reach_in
from sizao.ops.registry.models import Area
from sizao.ops.reporting import actions, forms, queries
from sizao.ops.reporting.content import is_unchanged
from sizao.ops.reporting.files import FILES, file_name
from sizao.ops.reporting.measures import MEASURES
from sizao.ops.reporting.models import FROZEN, Report
from sizao.ops.reporting.numbers import A_DAY, rows_behind
from sizao.ops.reporting.said import day_before, frozen_number
from sizao.ops.reporting.sheet import TITLES, full_sheet, public_sheet, value_label
from sizao.vocabulary import codes
from sizao.vocabulary.codes import ReportStatus
from sizao.vocabulary.text import N_, Message

ROWS_SHOWN = 500


@require_http_methods(["GET", "POST"])
@incident_page("report.view")
def report_list(request: HttpRequest, incident: Incident) -> HttpResponse:
    """An incident's reports, and the form for the next one."""
    today = incident.date_at(request.at)
    day = max(today - A_DAY, queries.first_day(incident))
    form = forms.DraftReport(request.POST or None, initial={"day": day})
    if request.method == "POST" and form.is_valid():
        told = {"day": form.cleaned_data["day"], "cutoff_at": form.cutoff_at(request.at)}
        told |= {"by": request.user, "at": request.at}
        report = _try(request, lambda: actions.draft_report(incident=incident, **told))
        if report:
            return _to(report)
    rows = queries.reports(by=request.user, incident=incident, at=request.at)[:200]
    return render(request, "reporting/list.html", {"rows": rows, "form": form, "statuses": ReportStatus})


def _try(request: HttpRequest, act: Callable):
    """Do it; or say why the state does not allow it, and answer None."""
    try:
        return act()
    except NotNow as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
        return None


def _say(request: HttpRequest, sentence: Message, report: Report) -> None:
    messages.success(request, Message(sentence.msgid, {"day": report.date}).say(get_language() or "en"))


def _to(report: Report) -> HttpResponse:
    return redirect("reporting:report", incident_id=report.incident_id, report_id=report.pk)


def _report(request: HttpRequest, incident: Incident, report_id: int) -> Report:
    return get_object_or_404(queries.reports(by=request.user, incident=incident, at=request.at), pk=report_id)


@incident_page("report.view")
def report_page(request: HttpRequest, incident: Incident, report_id: int) -> HttpResponse:
    """One version of one day's report, every number a link to what it counts."""
    return _show(request, _report(request, incident, report_id))


def _show(request: HttpRequest, report: Report, **tried: forms.forms.Form) -> HttpResponse:
    context = {
        "report": report,
        "sheet": full_sheet(report, get_language() or "en"),
        "statuses": ReportStatus,
        "frozen": report.status in FROZEN,
        "unchanged": report.content_hash and is_unchanged(report),
        "own_draft": report.drafted_by_id == request.user.pk,
        "past": history.past_of(report),
        "text": forms.ReportText(initial={"text_zh": report.text_zh, "text_en": report.text_en}),
        "back": forms.Reason(),
        "correction": forms.Correction(),
        "versions": Report.objects.filter(incident=report.incident, date=report.date).order_by("version"),
    }
    return render(request, "reporting/report.html", context | tried, status=400 if tried else 200)


@require_POST
@incident_page("report.draft")
def write_text(request: HttpRequest, incident: Incident, report_id: int) -> HttpResponse:
    """Save the words beside the numbers."""
    report = _report(request, incident, report_id)
    form = forms.ReportText(request.POST)
    if not form.is_valid():
        return _show(request, report, text=form)
    if _try(request, lambda: actions.write_text(report=report, **form.cleaned_data, by=request.user, at=request.at)):
        messages.success(request, _("The text is saved."))
    return _to(report)


SAID = {
    "review": N_("The report of {day} is reviewed; it waits for the signatory."),
    "sign": N_("The report of {day} is signed; nothing in it changes any more."),
    "publish": N_("The report of {day} is published."),
    "send_back": N_("The report of {day} is a draft again."),
    "correct": N_("A correction of the report of {day} is begun: a new version, as a draft."),
}
STEPS = {"review": actions.review_reports, "sign": actions.sign_reports, "publish": actions.publish_reports}


@require_POST
@incident_page("report.view")
def step_report(request: HttpRequest, incident: Incident, report_id: int, step: str) -> HttpResponse:
    """Review, sign or publish."""
    report = _report(request, incident, report_id)
    if _try(request, lambda: STEPS[step](reports=[report], by=request.user, at=request.at)):
        _say(request, SAID[step], report)
    return _to(report)


@require_POST
@incident_page("report.review")
def send_back(request: HttpRequest, incident: Incident, report_id: int) -> HttpResponse:
    """Back to draft, with the reason."""
    report, form = _report(request, incident, report_id), forms.Reason(request.POST)
    if not form.is_valid():
        return _show(request, report, back=form)
    reason = form.cleaned_data["reason"]
    if _try(request, lambda: actions.send_back(reports=[report], reason=reason, by=request.user, at=request.at)):
        _say(request, SAID["send_back"], report)
    return _to(report)


@require_POST
@incident_page("report.draft")
def correct(request: HttpRequest, incident: Incident, report_id: int) -> HttpResponse:
    """Begin a correction: a new version that says what changed."""
    report, form = _report(request, incident, report_id), forms.Correction(request.POST)
    if not form.is_valid():
        return _show(request, report, correction=form)
    told = {"note": form.cleaned_data["note"], "by": request.user, "at": request.at}
    told["cutoff_at"] = request.at if form.cleaned_data["count_again"] else None
    new = _try(request, lambda: actions.correct_report(report=report, **told))
    if new:
        _say(request, SAID["correct"], report)
    return _to(new or report)


@incident_page("report.view")
def report_file(request: HttpRequest, incident: Incident, report_id: int, kind: str) -> HttpResponse:
    """The report as JSON, CSV, PDF or Word; written down as an export."""
    report = _report(request, incident, report_id)
    response = _try(request, lambda: _file(report, kind, public=False))
    if response is None:
        return _to(report)
    audit.record(by=request.user, at=request.at, action="report.exported", about=report, kind=kind)
    return response


def _file(report: Report, kind: str, *, public: bool) -> HttpResponse:
    if kind not in FILES:
        raise Http404(f"a report is written as {', '.join(FILES)}")
    content = FILES[kind].write(report, get_language() or "en", public)
    name = file_name(report, kind, public=public)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=FILES[kind].media_type, headers=headers)


@incident_page("report.view")
def number_page(request: HttpRequest, incident: Incident, report_id: int, measure: str) -> HttpResponse:
    """The rows one number counts, as known at the report's cut-off; only those in the reader's reach are listed."""
    report = _report(request, incident, report_id)
    dimension, value = request.GET.get("by", ""), request.GET.get("value", "")
    before = request.GET.get("known") == "before"
    frozen = frozen_number(report, measure, dimension, value, before=before)
    if frozen is None:
        raise Http404("no such number")
    day, cutoff_at = day_before(report) if before else (report.date, report.cutoff_at)
    rows = rows_behind(incident, day=day, cutoff_at=cutoff_at, measure=measure, dimension=dimension, value=value)
    about = MEASURES[measure]
    permission = "case.view" if about.frame == "cases" else "contact.view"
    reach = reach_in(incident, request.user, permission, at=request.at)
    seen = rows.filter(pl.Series([reach.covers(path) for path in rows["area_id"]], dtype=pl.Boolean))
    names = {
        area.path: area.name(get_language() or "en")
        for area in Area.objects.filter(path__in=seen["area_id"].unique().to_list())
    }
    context = {
        "report": report,
        "measure": about,
        "dimension": TITLES.get(dimension),
        "value": value_label(dimension, value, get_language() or "en", names) if dimension else "",
        "before": before,
        "cutoff_at": cutoff_at,
        "n": rows.height,
        "frozen": frozen,
        "hidden": rows.height - seen.height,
        "rows": [_listed(row, about.frame, names, incident) for row in seen.head(ROWS_SHOWN).iter_rows(named=True)],
        "more": max(0, seen.height - ROWS_SHOWN),
        "codes": codes,
    }
    return render(request, "reporting/number.html", context)


def _listed(row: dict, frame: str, names: dict[str, str], incident: Incident) -> dict:
    """A row of the list behind a number, with the page it leads to."""
    pages = {"cases": ("cases:case", "case_id", "id"), "contacts": ("tracing:contact", "contact_id", "id")}
    name, place, key = pages.get(frame, ("tracing:contact", "contact_id", "contact_id"))
    href = reverse(name, kwargs={"incident_id": incident.pk, place: row[key]})
    return row | {"href": href, "area_name": names.get(row["area_id"], "")}


def published(request: HttpRequest, report_id: int) -> HttpResponse:
    """The public page of a published report. Nobody has to log in."""
    report = get_object_or_404(queries.published(), pk=report_id)
    newer = queries.published(report.incident_id).filter(date__gt=report.date).order_by("date").first()
    older = queries.published(report.incident_id).filter(date__lt=report.date).first()
    context = {"report": report, "sheet": public_sheet(report, get_language() or "en"), "newer": newer, "older": older}
    return render(request, "reporting/published.html", context)


def published_file(request: HttpRequest, report_id: int, kind: str) -> HttpResponse:
    """The public version as a file."""
    report = get_object_or_404(queries.published(), pk=report_id)
    try:
        return _file(report, kind, public=True)
    except NotNow as refusal:
        return HttpResponse(
            refusal.message.say(get_language() or "en"), status=503, content_type="text/plain; charset=utf-8"
        )
