"""Pages of requests between units."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.incidents import actions, forms, queries
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.vocabulary.codes import RequestStatus
from sizao.vocabulary.text import N_

#: The word in the address → the state it leads to.
STEPS = {
    "receive": RequestStatus.RECEIVED,
    "answer": RequestStatus.ANSWERED,
    "refuse": RequestStatus.REFUSED,
    "close": RequestStatus.CLOSED,
}
#: What is said when a request got there.
SAID = {
    RequestStatus.RECEIVED: N_("Receipt is confirmed; the asking unit sees it."),
    RequestStatus.ANSWERED: N_("The answer is sent to the asking unit."),
    RequestStatus.REFUSED: N_("The request is refused; the asking unit sees the reason."),
    RequestStatus.CLOSED: N_("The request is closed."),
}


@incident_page("request.view")
def request_list(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Requests in reach, the soonest due first."""
    rows = queries.requests(by=request.user, incident=incident, at=request.at)[:200]
    return render(request, "incidents/requests.html", {"rows": rows, "statuses": RequestStatus})


@require_http_methods(["GET", "POST"])
@incident_page("request.work")
def new_request(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Ask another unit for something."""
    form = forms.SendRequest(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = actions.send_request(
            incident=incident, kind="coordination", **form.cleaned_data, by=request.user, at=request.at
        )
        messages.success(request, _("The request is sent."))
        return redirect("incidents:request", incident_id=incident.pk, request_id=sent.pk)
    return render(request, "incidents/new_request.html", {"form": form})


@require_http_methods(["GET"])
@incident_page("request.view")
def request_page(request: HttpRequest, incident: Incident, request_id: int) -> HttpResponse:
    """One request, its answer, and what may be done now."""
    return _show(request, _one(request, incident, request_id), forms.Answer())


def _one(request: HttpRequest, incident: Incident, request_id: int):
    visible = queries.requests(by=request.user, incident=incident, at=request.at)
    return get_object_or_404(visible.select_related("received_by", "answered_by", "area"), pk=request_id)


def _show(request: HttpRequest, asked, answer: forms.Answer) -> HttpResponse:
    return render(request, "incidents/request.html", {"asked": asked, "answer": answer, "statuses": RequestStatus})


@require_POST
@incident_page("request.view")
def step_request(request: HttpRequest, incident: Incident, request_id: int, step: str) -> HttpResponse:
    """Receive, answer, refuse or close."""
    asked, status = _one(request, incident, request_id), STEPS[step]
    form = forms.Answer(request.POST)
    text = form.cleaned_data["answer"] if form.is_valid() else ""
    try:
        actions.step_requests(requests=[asked], status=status, answer=text, by=request.user, at=request.at)
    except NotNow as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
        return _show(request, asked, form)
    messages.success(request, SAID[status].say(get_language() or "en"))
    return redirect("incidents:request", incident_id=incident.pk, request_id=asked.pk)
