"""The list of contacts: filter, saved views, file."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sizao.ops.cases.listing import ListOf, everything, is_understood, list_page
from sizao.ops.cases.views import file_of, forgotten_view, found, kept_view, names_in_files
from sizao.ops.governance import audit
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import reach_in
from sizao.ops.tracing.columns import CONTACT_COLUMNS, CONTACT_DEFAULT
from sizao.ops.tracing.export import contact_frames, export_columns
from sizao.ops.tracing.filters import CONTACT_FIRST, ContactFilter, contact_conditions
from sizao.ops.tracing.models import Contact

CONTACTS = ListOf(
    "contacts", Contact, "date_listed", "contact.view", ContactFilter, contact_conditions, CONTACT_COLUMNS,
    CONTACT_DEFAULT, CONTACT_FIRST,
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@incident_page("contact.view")
def contact_list(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The contacts in reach, newest first. A search is posted, so that no name stands in an address or a log."""
    text = request.POST.get("q", "").strip()[:100]
    context = list_page(CONTACTS, request, incident, only=found(text, request) if text else None)
    return render(request, "tracing/list.html", context | {"text": text})


@require_POST
@incident_page("contact.view")
def keep_view(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Keep the present filter and columns under a name."""
    return kept_view(request, "contacts", "tracing:list", incident)


@require_POST
@incident_page("contact.view")
def forget_view(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Remove one of one's own saved filters."""
    return forgotten_view(request, "tracing:list", incident)


@require_GET
@incident_page("contact.view")
def export(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The list as a file, streamed. Who people are stands in it only where the reader may take that away."""
    names = names_in_files(request)
    query = QueryDict(request.GET.urlencode(), mutable=True)
    excel = (query.pop("format", ["csv"]))[-1] == "xlsx"
    if not is_understood(CONTACTS, query, incident, request.at):
        return redirect(f"../?{query.urlencode()}")
    rows = everything(CONTACTS, request, incident, query)
    audit.record(
        by=request.user, at=request.at, action="contacts.exported", about=incident, identified=bool(names),
        fields=sorted(query), format="xlsx" if excel else "csv",
    )  # fmt: skip
    cases = reach_in(incident, request.user, "case.view", at=request.at)
    frames = contact_frames(rows, incident=incident, names=names, cases=cases)
    return file_of(request, incident, "contacts", export_columns(identified=bool(names)), frames, excel)
