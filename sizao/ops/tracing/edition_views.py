"""Changing an incident's protocol edition: choose, see whom it concerns, confirm; and taking it back."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import reach_in
from sizao.ops.tracing.actions import change_edition, roll_back_edition, try_edition
from sizao.ops.tracing.edition_effects import LISTS, Effect, effects, last_change, listed
from sizao.protocols import Protocol, available, load
from sizao.protocols.events import Event
from sizao.protocols.library import is_in_force
from sizao.protocols.missed import why_missed
from sizao.vocabulary.codes import ContactClass
from sizao.vocabulary.text import N_, Message

SHOWN, OPEN = 10, 5
PAGE = 100
#: Lists of people that the preview shows, as long as anybody is on them.
CONCERNED = ("taken_off", "put_back", "reclassified", "shorter", "longer", "more", "fewer")


@dataclass(frozen=True)
class Total:
    """One row of the comparison: a number under each edition, each with the list of people behind it."""

    label: Message
    before: int
    after: int
    list_before: str
    list_after: str

    @property
    def difference(self) -> int:
        return self.after - self.before


def totals(found: list[Effect]) -> list[Total]:
    """What a proportionality decision needs: people and days under each edition."""

    def row(label: Message, name: str, count: str = "") -> Total:
        sides = (f"{name}_before", f"{name}_after")
        before, after = (listed(found, side) for side in sides)
        n = (
            (sum(e.counts_before[count] for e in before), sum(e.counts_after[count] for e in after))
            if count
            else (len(before), len(after))
        )
        return Total(label, *n, *sides)

    return [
        row(N_("Contacts followed up"), "followed"),
        row(N_("People restricted"), "restricted"),
        row(N_("Restricted person-days"), "restricted", "restricted_days"),
        row(N_("Person-days in central quarantine"), "central", "central_days"),
        row(N_("Tests"), "tested", "n_tests"),
    ]


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
    last = last_change(incident)
    context = {"form": form, "edition": load(incident.protocol), "last": last, "shown": SHOWN, "opened": OPEN}
    context["last_edition"] = load(last.values["protocol"]) if last else None
    if request.method == "POST" and form.is_valid():
        told = {"incident": incident, "protocol": form.cleaned_data["protocol"], "by": request.user, "at": request.at}
        if "confirm" in request.POST:
            prolong = request.POST.get("prolong") == "yes"
            change_edition(**told, reason=form.cleaned_data["reason"], prolong=prolong)
            messages.success(request, _("The incident follows the new edition now."))
            return redirect("incidents:incident", incident_id=incident.pk)
        context["found"] = found = try_edition(**told)
        context["after"] = after = load(form.cleaned_data["protocol"])
        context["totals"] = totals(list(found.effects))
        context["lists"] = [(name, LISTS[name][0], seen(found.listed(name), request, incident)) for name in CONCERNED]
        context["in_force"] = after.in_force is None or is_in_force(after, incident.date_at(request.at))
        context["missed"] = missed(load(incident.protocol), after)
        context["classes"] = ContactClass
        context["tasks"] = [(named(duty), n, True) for duty, n in found.new_tasks.items()]
        context["tasks"] += [(named(duty), n, False) for duty, n in found.gone_tasks.items()]
    return render(request, "tracing/edition.html", context)


def missed(before: Protocol, after: Protocol) -> list[tuple[Message, Message]]:
    """What the follow-up of close contacts misses under each edition: fewer days have a price too."""
    return [(edition.name, why_missed(edition)) for edition in (before, after)]


@require_GET
@incident_page("incident.manage")
def edition_people(request: HttpRequest, incident: Incident, protocol: str, which: str) -> HttpResponse:
    """The people behind one number of the comparison, each with class, end, days and tests under both editions."""
    if which not in LISTS or protocol not in available():
        raise Http404("no such list of people")
    rows = seen(listed(effects(incident, protocol, incident.date_at(request.at)), which), request, incident)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "label": LISTS[which][0], "page": page, "n": len(rows), "edition": load(incident.protocol),
        "after": load(protocol), "classes": ContactClass,
    }  # fmt: skip
    return render(request, "tracing/edition_people.html", context)


def seen(found: list[Effect], request: HttpRequest, incident: Incident) -> list[Effect]:
    """Those of the reader's own areas: the numbers are the incident's, the people are not everybody's."""
    reach = reach_in(incident, request.user, "contact.view", at=request.at)
    return [effect for effect in found if reach.covers(effect.contact.area_id)]


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
