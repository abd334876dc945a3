"""Days people type: those that cannot be true are refused, those that can hardly be true are asked about."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sizao.ops.incidents.models import Incident
from sizao.vocabulary.dates import say_day

OLDEST = date(1900, 1, 1)
#: The first ill fall ill before anybody opens an incident; nobody is reported before there is one.
SLACK = {"date_onset": timedelta(days=60)}
RIGHT = "days_are_right"


def began(incident: Incident) -> date:
    """The day the incident began, as far as is known: it emerged, was detected, or was opened here."""
    known = (incident.date_emergence, incident.date_detection, incident.date_at(incident.opened_at))
    return min(day for day in known if day)


def add_question(form: forms.Form) -> None:
    """The box that says an early day is right. It stands on the page only once there is one."""
    form.fields[RIGHT] = forms.BooleanField(
        required=False, widget=forms.HiddenInput, label=gettext_lazy("The days before the incident began are right.")
    )


def ask_about_early_days(form: forms.Form, incident: Incident, names: tuple[str, ...]) -> None:
    """Days before the incident began that were typed now are usually a slip: each is refused once with a sentence,
    and taken when the box beneath is ticked. Days of exposure may lie before; they are not among `names`."""
    first, values = began(incident), form.cleaned_data
    typed = [name for name in names if name in form.changed_data and values.get(name)]
    early = [name for name in typed if values[name] < first - SLACK.get(name, timedelta())]
    if not early or values.get(RIGHT):
        return
    form.fields[RIGHT].widget = forms.CheckboxInput()
    sentence = _("The incident began on %(day)s. Correct this day, or tick below that it is right.")
    for name in early:
        form.add_error(name, sentence % {"day": say_day(first, get_language() or "en")})


def refuse_impossible(form: forms.Form, names: tuple[str, ...], *, today: date, born: date | int | None = None) -> None:
    """A day to come, before 1900, or before the person was born (a day, or the year alone)."""
    for name in names:
        day: Any = form.cleaned_data.get(name)
        if day is None:
            continue
        if day > today:
            form.add_error(name, _("This day is still to come."))
        elif day < OLDEST:
            form.add_error(name, _("This day is before 1900. Correct the year."))
        elif born is not None and (day < born if isinstance(born, date) else day.year < born):
            form.add_error(name, _("This day is before the person was born. Correct it, or the date of birth."))


def refuse_reversed(form: forms.Form, first: str, last: str) -> None:
    """The last of two days is not before the first."""
    values = form.cleaned_data
    if values.get(first) and values.get(last) and values[last] < values[first]:
        form.add_error(last, _("This is before “%(other)s”.") % {"other": form.fields[first].label})
