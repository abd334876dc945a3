"""Pages of what was done: the entries, one entry with its changes, one row's changes, who saw a person."""

import csv
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sizao.ops.governance import access, audit, ledger
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.paging import keyset
from sizao.ops.oversight import queries
from sizao.ops.oversight.forms import AuditFilter
from sizao.ops.oversight.pictures import told
from sizao.ops.oversight.sentences import READS, did, thing
from sizao.ops.registry.models import Person

MOST_CHANGES = 200
MOST_READINGS = 2_000


@never_cache
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """What was done, newest first."""
    at = now()
    access.check(request.user, "audit.view", at=at)
    form = AuditFilter(request.GET or None)
    rows = queries.entries(by=request.user, at=at).select_related("by")
    unknown = ""
    if form.is_valid():
        rows, unknown = filtered(rows, form.cleaned_data)
    page = keyset(rows, by="written_at", cursor=request.GET.get("cursor", ""))
    context = {
        "form": form, "page": page, "unknown": unknown, "head": ledger.head(), "did": did, "thing": thing,
        "called": queries.names_of((row.model, row.row_id) for row in page.rows if row.row_id),
    }  # fmt: skip
    return render(request, "oversight/entries.html", context)


def filtered(rows, wanted):
    """The entries wanted, and the text of a person nobody is called by."""
    unknown = ""
    if wanted["user"]:
        rows = rows.filter(by=wanted["user"])
    if wanted["person"]:
        person = queries.person_called(wanted["person"])
        unknown = "" if person else wanted["person"]
        rows = queries.about(rows, queries.records_of(person)) if person else rows.none()
    if wanted["since"]:
        rows = rows.filter(written_at__gte=_midnight(wanted["since"]))
    if wanted["until"]:
        rows = rows.filter(written_at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    kinds = {
        "read": {"action__in": READS}, "refused": {"action": "access.refused"},
        "decided": {"action__in": ledger.DECISIONS},
        "entry": {"action__in": ["log_in", "log_out", "log_in.failed", "factor.failed", "link.used"]},
    }  # fmt: skip
    return rows.filter(**kinds.get(wanted["kind"], {})), unknown


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@never_cache
@require_safe
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: who, when, from where, why, and what changed in which row."""
    at = now()
    access.check(request.user, "audit.view", at=at)
    row = get_object_or_404(queries.entries(by=request.user, at=at).select_related("by", "deed"), pk=entry_id)
    found = queries.changes_of(row, MOST_CHANGES + 1)
    shown = [(model, row_id) for model, row_id in row.subjects.values_list("model", "row_id")[:MOST_CHANGES]]
    called = queries.names_of([*shown, *([(row.model, row.row_id)] if row.row_id else [])])
    context = {
        "entry": row, "did": did, "thing": thing, "changes": [told(each) for each in found[:MOST_CHANGES]],
        "is_cut": len(found) > MOST_CHANGES, "called": called, "shown": [key for key in shown if key in called],
    }  # fmt: skip
    return render(request, "oversight/entry.html", context)


@never_cache
@require_safe
def row_changes(request: HttpRequest, model: str, row_id: int) -> HttpResponse:
    """Every change of one row, as the database itself wrote it down."""
    at = now()
    access.check(request.user, "audit.view", at=at)
    seen = queries.entries(by=request.user, at=at).filter(model=model, row_id=row_id)
    found = queries.changes_of_row(model, row_id, MOST_CHANGES)
    if not found or not (seen.exists() or "" in access.reach(request.user, "audit.view", at=at).paths):
        raise Http404("no such row")
    context = {
        "model": model, "row_id": row_id, "thing": thing, "changes": [(row, told(row)) for row in found],
        "called": queries.names_of([(model, row_id)]).get((model, row_id)),
    }  # fmt: skip
    return render(request, "oversight/row.html", context)


@never_cache
@require_safe
def who_saw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who saw a person's records: a page to print and hand over."""
    person, rows, exports = _readings(request, uuid)
    context = {"person": person, "rows": rows, "exports": exports, "did": did, "at": now(), "most": MOST_READINGS}
    return render(request, "oversight/who_saw.html", context)


@never_cache
@require_safe
def who_saw_csv(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same as a file."""
    person, rows, exports = _readings(request, uuid)
    text, language = StringIO(), get_language() or "en"
    table = csv.writer(text)
    table.writerow(["at_utc", "who", "what", "certain"])
    for certain, each in ((True, rows), (False, exports)):
        for row in each:
            moment = row.written_at.astimezone(UTC).isoformat(timespec="seconds")
            table.writerow(
                [moment, _harmless(str(row.by)), did(row.action).say(language), "yes" if certain else "maybe"]
            )
    name = f"who-saw-{person.pseudonym}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _harmless(text: str) -> str:
    """A cell a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" else text


def _readings(request: HttpRequest, uuid: UUID) -> tuple[Person, list[AuditEntry], list[AuditEntry]]:
    at = now()
    access.check(request.user, "audit.view", at=at)
    person = get_object_or_404(Person, uuid=uuid)
    if not access.may(request.user, "audit.view", person.area_id or "", at=at):
        raise Http404("no such person")
    rows = list(queries.who_saw(person)[:MOST_READINGS])
    exports = list(queries.exports_since(person)[:MOST_READINGS])
    audit.record(by=request.user, at=at, action="who_saw.given", about=person, n=len(rows))
    return person, rows, exports
