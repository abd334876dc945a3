"""Changing an incident's protocol edition: choose, see whom it concerns, confirm; and taking it back."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.tracing.actions.changing_edition import change_edition, last_change, roll_back_edition, try_edition
from sizao.protocols import available, load
from sizao.protocols.events import Event

SHOWN = 50


class ChooseEdition(forms.Form):
    """Which edition, and why."""

    protocol = forms.ChoiceField(label=gettext_lazy("Protocol edition"))
    reason = forms.CharField(max_length=500, label=gettext_lazy("Reason"))

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        others = [load(name) for name in available() if name != incident.protocol]
        others.sort(key=lambda edition: edition.disease != incident.disease)
        self.fields["protocol"].choices = [(each.id, f"{each.name.say(language)} ({each.id})") for each in others]


@require_http_methods(["GET", "POST"])
@incident_page("incident.manage")
def edition_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The form; sent once it shows what would change, sent with "confirm" it is done."""
    form = ChooseEdition(request.POST or None, incident=incident)
    context = {"form": form, "edition": load(incident.protocol), "last": last_change(incident), "shown": SHOWN}
    if request.method == "POST" and form.is_valid():
        told = {"incident": incident, "protocol": form.cleaned_data["protocol"], "by": request.user, "at": request.at}
        if "confirm" in request.POST:
            prolong = request.POST.get("prolong") == "yes"
            change_edition(**told, reason=form.cleaned_data["reason"], prolong=prolong)
            messages.success(request, _("The incident follows the new edition now."))
            return redirect("incidents:incident", incident_id=incident.pk)
        context["found"] = found = try_edition(**told)
        context["after"] = load(form.cleaned_data["protocol"])
        context["tasks"] = [(named(duty), n, True) for duty, n in found.new_tasks.items()]
        context["tasks"] += [(named(duty), n, False) for duty, n in found.gone_tasks.items()]
    return render(request, "tracing/edition.html", context)


def named(duty: str):
    """What a duty's event is called."""
    return Event(duty.partition(":")[2]).label


@require_POST
@incident_page("incident.manage")
def roll_back(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Back to the edition before."""
    reason = request.POST.get("reason", "").strip()
    try:
        if not reason:
            messages.error(request, _("Say why, so that others can follow it."))
            return redirect("tracing:edition", incident_id=incident.pk)
        roll_back_edition(incident=incident, reason=reason, by=request.user, at=request.at)
        messages.success(request, _("The incident follows the edition before again."))
    except NotNow as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
    return redirect("tracing:edition", incident_id=incident.pk)
