"""Pages of imports: files that arrived, what they say, what is wrong with them, and what became of them."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from sizao.exchange.formats import FORMATS
from sizao.ops.governance import access, audit
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.intake import actions, forms, queries, store
from sizao.ops.intake.actions.reading import mapping_from
from sizao.ops.intake.export import problem_list, refused_rows
from sizao.ops.intake.faults import spoken
from sizao.ops.intake.models import Delivery, DeliveryStatus
from sizao.ops.intake.resolving import LEFT_OUT, NEW
from sizao.ops.intake.tasks import hand_on_soon, read_soon
from sizao.ops.intake.uploads import Quota
from sizao.ops.registry.models import Area
from sizao.vocabulary.text import N_

LISTED = 200
WORKING = (DeliveryStatus.RECEIVED, DeliveryStatus.COMMITTING)
KINDS = {
    "cases": N_("Cases"), "contacts": N_("Contacts"), "exposures": N_("Exposures"), "follow_ups": N_("Follow-ups"),
}  # fmt: skip


@csrf_exempt
def imports(request: HttpRequest, **kwargs) -> HttpResponse:
    """The list, and taking a file in. The quota must stand before anything reads the request's body; the check
    against forged requests, which reads it, follows."""
    if request.method == "POST":
        request.upload_handlers.insert(0, Quota(request))
    return _imports(request, **kwargs)


@csrf_protect
@require_http_methods(["GET", "POST"])
@incident_page("import.commit")
def _imports(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = forms.Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _receive(request, incident, form)
    if getattr(request, "upload_is_too_large", False):
        form.errors["file"] = form.error_class([_too_large()])
    rows = queries.deliveries(incident=incident, by=request.user, at=request.at).order_by("-id")[:LISTED]
    context = {"form": form, "rows": rows, "statuses": DeliveryStatus, "sources": queries.known_sources(incident)}
    return render(request, "intake/list.html", context, status=422 if form.errors else 200)


def _too_large() -> str:
    return _("The file is larger than %(mib)s MB. Send it in parts.") % {"mib": store.LARGEST // (1024 * 1024)}


def _receive(request: HttpRequest, incident: Incident, form: forms.Upload) -> HttpResponse:
    file = form.cleaned_data["file"]
    row, is_new = actions.receive(
        incident=incident, pieces=file.chunks(), file_name=file.name, source=form.cleaned_data["source"],
        by=request.user, at=request.at,
    )  # fmt: skip
    if is_new:
        read_soon(row, by=request.user, at=request.at)
    else:
        messages.info(request, _("This file has arrived before. Here is what became of it."))
    return redirect("intake:delivery", incident_id=incident.pk, delivery_id=row.pk)


@require_GET
@incident_page("import.commit")
def delivery(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """One delivery: how it was read, what is wrong, whom it resembles, and what became of it."""
    row = _found(request, incident, delivery_id)
    problems, more = queries.problems_after(
        row, after=_number(request, "after"), severity=request.GET.get("severity", "")
    )
    context = {
        "delivery": row,
        "statuses": DeliveryStatus,
        "working": row.status in WORKING,
        "format": FORMATS.get(row.format),
        "message": spoken(row.message) if row.message else None,
        "counts": [(label, row.counts[kind]) for kind, label in KINDS.items() if row.counts.get(kind)],
        "problems": [(each, spoken(each.message)) for each in problems],
        "more_problems": more,
        "severity": request.GET.get("severity", ""),
        "n_errors": queries.n_errors(row),
        "may_undo": row.status in (DeliveryStatus.COMMITTED, DeliveryStatus.COMMITTING),
    }
    if row.status == DeliveryStatus.READ:
        context |= _preview(request, row)
    if row.status in (DeliveryStatus.READ, DeliveryStatus.UNREADABLE):
        context["reading"] = forms.Reading(delivery=row, areas=_areas(request, incident))
    return render(request, "intake/delivery.html", context)


def _preview(request: HttpRequest, row: Delivery) -> dict:
    """What is shown before anything is handed on; reading it is a read of identified records."""
    sample = store.read_frame(row.pk, "sample")
    start = _number(request, "alike")
    names = access.reach(request.user, "person.identify", at=request.at)
    alike, n_alike, n_certain = queries.alike_rows(row, start=start, names=names)
    words = queries.words_to_explain(row, forms.ASKS_FOR_MEANING)
    audit.record(by=request.user, at=request.at, action="delivery.viewed", about=row)
    return {
        "fields": forms.described_fields(row, mapping_from(row.mapping), words, sample),
        "targets": forms.targets(row),
        "read_nothing": forms.READ_NOTHING,
        "excel_days": forms.EXCEL_DAYS,
        "sample": sample.rows(),
        "sample_columns": sample.columns,
        "alike": alike,
        "alike_start": start,
        "n_alike": n_alike,
        "n_certain": n_certain,
        "same": forms.SAME,
        "new": NEW,
        "left_out": LEFT_OUT,
    }


@require_GET
@incident_page("import.commit")
def progress(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """How far the work is, for the page that waits for it; the page is loaded anew when it is done."""
    row = _found(request, incident, delivery_id)
    if row.status not in WORKING and request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "intake/progress.html", {"delivery": row, "working": row.status in WORKING})


@require_POST
@incident_page("import.commit")
def reading(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """Say how the file is to be read, and read it again."""
    row = _found(request, incident, delivery_id)
    form = forms.Reading(request.POST, delivery=row, areas=_areas(request, incident))
    if not form.is_valid():
        messages.error(request, _("This choice is not on the list. Choose again."))
        return _back(row)
    said = dict(form.cleaned_data)
    other_list = said.pop("format") != row.format or said.get("sheet", "") != row.options.get("sheet", "")
    options = {**said, "format": form.cleaned_data["format"]} if other_list else said
    mapping = None if other_list or not row.mapping else forms.mapping_of(request.POST, mapping_from(row.mapping))
    return _step(request, row, lambda told: _read_again(row, options, mapping, told))


def _read_again(row: Delivery, options: dict, mapping, told: dict) -> None:
    actions.choose(delivery=row, options=options, mapping=mapping, **told)
    read_soon(row, **told)


@require_POST
@incident_page("import.commit")
def choices(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """Say of single rows whether they are somebody known, somebody new, or to be left out."""
    row = _found(request, incident, delivery_id)
    told = forms.choices_of(request.POST, queries.likest(row))
    return _step(request, row, lambda act: actions.choose(delivery=row, choices=told, **act))


@require_POST
@incident_page("import.commit")
def commit(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """Hand on what was read."""
    row = _found(request, incident, delivery_id)

    def hand_on(told: dict) -> None:
        begun = actions.begin_commit(delivery=row, **told)
        hand_on_soon(begun, **told)

    return _step(request, row, hand_on)


@require_POST
@incident_page("import.commit")
def again(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """Read a file again that was undone, put aside or whose reading broke off."""
    row = _found(request, incident, delivery_id)
    return _step(request, row, lambda told: read_soon(row, **told))


@require_POST
@incident_page("import.commit")
def dismiss(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """Put a file aside; it stays kept."""
    row = _found(request, incident, delivery_id)
    return _step(request, row, lambda told: actions.dismiss_delivery(delivery=row, **told))


@require_http_methods(["GET", "POST"])
@incident_page("import.commit")
def undo(request: HttpRequest, incident: Incident, delivery_id: int) -> HttpResponse:
    """Take back what a delivery wrote."""
    row = _found(request, incident, delivery_id)
    if request.method == "GET":
        return render(request, "intake/undo.html", {"delivery": row, "shared": queries.shared_with(row)})

    def take_back(told: dict) -> None:
        undone = actions.undo_delivery(delivery=row, reason=request.POST.get("reason", "")[:200], **told)
        messages.success(
            request,
            N_(
                "Undone: {removed} removed, {put_back} put back, {stayed} stayed because they were used since or are "
                "in another file too.",
                **vars(undone),
            ),
        )

    return _step(request, row, take_back)


@require_GET
@incident_page("import.commit")
def problems_file(request: HttpRequest, incident: Incident, delivery_id: int) -> StreamingHttpResponse:
    """All problems as CSV."""
    row = _found(request, incident, delivery_id)
    return _file(request, row, problem_list(row, get_language() or "en"), f"problems-{row.pk}.csv")


@require_GET
@incident_page("import.commit")
def refused_file(request: HttpRequest, incident: Incident, delivery_id: int) -> StreamingHttpResponse:
    """The rows that were not handed on, to be mended and sent in again."""
    row = _found(request, incident, delivery_id)
    return _file(request, row, refused_rows(row, get_language() or "en"), f"to-mend-{row.pk}.csv")


def _file(request: HttpRequest, row: Delivery, pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    audit.record(by=request.user, at=request.at, action="delivery.downloaded", about=row, file=name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _found(request: HttpRequest, incident: Incident, delivery_id: int) -> Delivery:
    rows = queries.deliveries(incident=incident, by=request.user, at=request.at)
    return get_object_or_404(rows.select_related("incident"), pk=delivery_id)


def _step(request: HttpRequest, row: Delivery, step) -> HttpResponse:
    """Do something with a delivery; a refusal is said, and either way its page follows."""
    try:
        step({"by": request.user, "at": request.at})
    except NotNow as refusal:
        messages.error(request, refusal.message)
    return _back(row)


def _back(row: Delivery) -> HttpResponse:
    return redirect("intake:delivery", incident_id=row.incident_id, delivery_id=row.pk)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _areas(request: HttpRequest, incident: Incident) -> list[tuple[str, str]]:
    """Where rows without an area may count: the incident's areas and the user's own."""
    mine = access.reach(request.user, "import.commit", at=request.at)
    paths = {*incident.areas.values_list("path", flat=True), *(path for path in mine.paths if path)}
    rows = Area.objects.filter(path__in=paths).order_by("path")
    return [(area.path, area.name(get_language() or "en")) for area in rows if mine.covers(area.path)]
