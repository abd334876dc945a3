"""The page of an incident's clocks, the tasks behind each number, and recording what happened with its evidence."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sizao.ops.governance.paging import count_capped, keyset
from sizao.ops.incidents import actions, clocks
from sizao.ops.incidents.forms import Moment
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.milestones import RECORDABLE
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.protocols import load
from sizao.protocols.events import Event
from sizao.vocabulary.codes import TaskStatus
from sizao.vocabulary.text import N_

LABELS = {
    "in_time": N_("Done in time"),
    "late": N_("Done late"),
    "overdue": N_("Overdue"),
    "open": N_("Still running"),
}
STATUSES = {
    "closed_in_time": (N_("in time"), "good"),
    "closed_late": (N_("late"), "bad"),
    "overdue": (N_("overdue"), "bad"),
    "open": (N_("running"), "info"),
    "void": (N_("no longer due"), "muted"),
}


class Milestone(forms.Form):
    """What happened, when, and what shows it."""

    event = forms.ChoiceField(label=gettext_lazy("What happened"))
    happened_at = Moment(label=gettext_lazy("When"))
    evidence = forms.CharField(
        max_length=500,
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("Where it can be checked: a record number, a document, a photograph's place."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["event"].choices = [(str(event), event.label.say(language)) for event in RECORDABLE]

    def clean_event(self) -> Event:
        return Event(self.cleaned_data["event"])


@require_GET
@incident_page("task.view")
def clock_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """2, 4, 5 and 24 hours from each positive; 7-1-7 from emergence."""
    context = {
        "protocol": load(incident.protocol),
        "clocks": clocks.clocks(by=request.user, incident=incident, at=request.at),
        "labels": LABELS,
        "spans": clocks.spans(incident, request.at),
        "actions": clocks.actions_of(incident),
        "span_statuses": STATUSES,
        "statuses": TaskStatus,
    }
    return render(request, "incidents/clocks.html", context)


@require_GET
@incident_page("task.view")
def clock_tasks(request: HttpRequest, incident: Incident, duty: str, state: str) -> HttpResponse:
    """The tasks behind one number of a clock."""
    rule = load(incident.protocol).deadline.get(duty.partition(":")[0])
    if state not in clocks.STATES or rule is None:
        raise Http404("no such clock")
    rows = clocks.tasks_behind(by=request.user, incident=incident, duty=duty, state=state, at=request.at)
    page = keyset(
        rows.select_related("post", "area"), by="due_at", cursor=request.GET.get("cursor", ""), descending=False
    )
    n, more = count_capped(rows)
    context = {"page": page, "n": n, "more": more, "rule": rule, "label": LABELS[state], "statuses": TaskStatus}
    return render(request, "incidents/clock_tasks.html", context)


@require_http_methods(["GET", "POST"])
@incident_page("incident.manage")
def record_milestone(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Say when something of the whole incident happened."""
    first = {"event": request.GET.get("event", ""), "happened_at": request.at}
    form = Milestone(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_milestone(incident=incident, **form.cleaned_data, by=request.user, at=request.at)
            messages.success(request, _("Recorded."))
            return redirect("incidents:clocks", incident_id=incident.pk)
        except NotNow as refusal:
            form.add_error(None, refusal.message.say(get_language() or "en"))
    return render(request, "incidents/milestone.html", {"form": form})
