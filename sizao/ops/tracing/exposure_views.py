"""Exposures: adding a source to a case or a contact, withdrawing what did not happen."""

import polars as pl
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.cases.forms import Reason
from sizao.ops.cases.models import Case
from sizao.ops.cases.scoping import in_reach
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.tracing import actions
from sizao.ops.tracing.case_views import one_case
from sizao.ops.tracing.models import Contact, Exposure


@require_POST
@incident_page("contact.edit")
def add_source(request: HttpRequest, incident: Incident, case_id: int) -> HttpResponse:
    """Say by its number who may have infected this case."""
    case = one_case(request, incident, case_id)
    row = {
        "row": 1,
        "source_id": request.POST.get("source", "").strip()[:60],
        "person_id": case.person_id,
        "area": case.area_id,
    }
    frame = pl.DataFrame([row], schema_overrides={"area": pl.String})
    done = actions.record_exposures(incident=incident, records=frame, by=request.user, at=request.at)
    for problem in done.problems:
        messages.error(request, problem.message.say(get_language() or "en"))
    if done.created:
        messages.success(request, _("The source is recorded."))
    return redirect("cases:case", incident_id=incident.pk, case_id=case.pk)


@require_http_methods(["GET", "POST"])
@incident_page("contact.edit")
def withdraw(request: HttpRequest, incident: Incident, exposure_id: int) -> HttpResponse:
    """This exposure did not happen."""
    return _decided(
        request, incident, exposure_id, actions.withdraw_exposures, _("Withdraw an exposure"), _("Withdraw")
    )


@require_http_methods(["GET", "POST"])
@incident_page("contact.edit")
def reinstate(request: HttpRequest, incident: Incident, exposure_id: int) -> HttpResponse:
    """It did happen: the withdrawal was wrong."""
    return _decided(
        request, incident, exposure_id, actions.reinstate_exposures, _("Reinstate an exposure"), _("Reinstate")
    )


def _decided(request: HttpRequest, incident: Incident, exposure_id: int, act, title: str, submit: str) -> HttpResponse:
    exposure = get_object_or_404(Exposure, incident=incident, pk=exposure_id)
    page, pk, number = _exposed(request, exposure)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(exposures=[exposure], reason=form.cleaned_data["reason"], by=request.user, at=request.at)
            messages.success(request, _("The decision is recorded."))
        except NotNow as refusal:
            messages.error(request, refusal.message.say(get_language() or "en"))
        return redirect(page, incident.pk, pk)
    context = {"form": form, "title": title, "submit": submit, "back": (page, pk), "back_label": number}
    return render(request, "tracing/decide.html", context)


def _exposed(request: HttpRequest, exposure: Exposure) -> tuple[str, int, str]:
    """The page of one of the two people that the reader may open, the exposed one first."""
    ends = (
        (Case, "case.view", "cases:case", {"person": exposure.person_id}),
        (Contact, "contact.view", "tracing:contact", {"person": exposure.person_id}),
        (Case, "case.view", "cases:case", {"pk": exposure.source_case_id}),
        (Contact, "contact.view", "tracing:contact", {"pk": exposure.source_contact_id}),
    )
    for model, permission, page, which in ends:
        rows = in_reach(model, permission=permission, incident=exposure.incident, by=request.user, at=request.at)
        if row := rows.filter(**which).order_by("-id").first():
            return page, row.pk, row.number
    raise Http404
