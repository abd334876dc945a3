"""Trying a protocol on facts typed in: what follows for one person or one zone, and why. Nothing is stored."""

from datetime import date
from typing import Any

import polars as pl
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_GET

from sizao.ops.governance.clock import now
from sizao.ops.incidents.protocol_views import opened
from sizao.protocols import Protocol
from sizao.protocols.choices import Subject, ZoneLevel
from sizao.protocols.quarantine import quarantine
from sizao.protocols.why_quarantine import mode_label, why_order
from sizao.protocols.zone_clock import ZoneClock, ZoneFacts, zone_clock
from sizao.vocabulary.codes import Code

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


class Day(forms.DateField):
    """A day as the browser's own picker gives it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(gettext_lazy("Give a day between 1900 and 2200."))
        return day


def choices(words: type[Code], known: Any) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(str(word), word.label.say(language)) for word in words if word in known]


class Person(forms.Form):
    """One exposed person."""

    subject = forms.ChoiceField(label=gettext_lazy("Who"))
    exposed = Day(
        label=gettext_lazy("Day counted from"),
        help_text=gettext_lazy("Last exposure; leaving the zone; arrival; end of the shift."),
    )
    found = Day(label=gettext_lazy("Day found"))
    on = Day(label=gettext_lazy("Asked on"))

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = choices(Subject, protocol.quarantine)


class Zone(forms.Form):
    """One zone."""

    level = forms.ChoiceField(label=gettext_lazy("Level"))
    date_set = Day(label=gettext_lazy("Set on"))
    date_last_new = Day(label=gettext_lazy("Last new infection"), required=False)
    full_negative = Day(label=gettext_lazy("Last round of the whole area without a positive"), required=False)
    date_last_contact_exposure = Day(label=gettext_lazy("Last exposure of the last close contact"), required=False)
    is_last_contact_negative = forms.BooleanField(
        label=gettext_lazy("The last close contact tested negative"), required=False
    )
    came_down = forms.BooleanField(label=gettext_lazy("Came down from a higher level"), required=False)
    on = Day(label=gettext_lazy("Asked on"))

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any):
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        zones = sorted(protocol.zone, key=lambda name: -protocol.zone[name].rank)
        self.fields["level"].choices = [(str(level), level_label(level, language)) for level in zones]

    def facts(self) -> ZoneFacts:
        told = dict(self.cleaned_data)
        told.pop("on")
        negative = told.pop("full_negative")
        return ZoneFacts("", **told, full_negative=(negative,) if negative else ())


def level_label(level: str, language: str) -> str:
    return next(each.label.say(language) for each in ZoneLevel if each == level)


@require_GET
def try_protocol(request: HttpRequest, protocol: str) -> HttpResponse:
    """A form for a person and one for a zone; the answer stands under the form that was sent."""
    edition, today = opened(protocol), now().date()
    asked = request.GET.get("about", "")
    told = {"protocol": edition}
    person = Person(request.GET if asked == "person" else None, **told, initial={"found": today, "on": today})
    zone = Zone(request.GET if asked == "zone" else None, **told, initial={"on": today})
    context: dict[str, Any] = {"edition": edition, "person": person, "zone": zone}
    if asked == "person" and person.is_valid():
        context["answer"] = served(edition, **person.cleaned_data)
    if asked == "zone" and zone.is_valid():
        context["clock"] = clock_of(edition, zone)
    return render(request, "incidents/try_protocol.html", context)


def served(edition: Protocol, *, subject: str, exposed: date, found: date, on: date) -> dict[str, Any]:
    """Phases, tests and the reason for one person."""
    row = {"contact_id": ["1"], "contact_class": [subject], "date_exposure_last": [exposed], "date_found": [found]}
    derived = quarantine(contacts=pl.DataFrame(row), protocol=edition, at=on)
    phases = [
        {"mode": mode_label(each["mode"]), "first": each["date_start"], "last": each["date_end"], "days": each["days"]}
        for each in derived.phases.sort("phase").iter_rows(named=True)
    ]
    return {
        "why": why_order(derived.orders.row(0, named=True), edition),
        "phases": phases,
        "tests": sorted(set(derived.tests["date_due"])),
    }


def clock_of(edition: Protocol, zone: Zone) -> ZoneClock:
    return zone_clock(zones=[zone.facts()], protocol=edition, at=zone.cleaned_data["on"])[0]
