"""What a case list may be narrowed to. The same words stand in the addresses other pages link to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizao.ops.incidents.area_text import AreaText
from sizao.ops.incidents.models import Incident
from sizao.vocabulary import codes


class Several(forms.MultipleChoiceField):
    """One or more codes of a list; an empty choice asks nothing."""

    def __init__(self, code_list: type[codes.Code], label: Any):
        super().__init__(choices=lambda: labelled(code_list), required=False, label=label)

    def to_python(self, value: Any) -> list[str]:
        return [code for code in super().to_python(value) if code]


def labelled(code_list: type[codes.Code]) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(value, label.say(language)) for value, label in code_list.choices()]


def yes_no() -> list[tuple[str, Any]]:
    return [("", "–"), ("yes", _("Yes")), ("no", _("No"))]


class CaseFilter(forms.Form):
    """The filter above the case list."""

    classification = Several(codes.Classification, _("Classification"))
    reported_from = forms.DateField(required=False, label=_("Reported from"))
    reported_until = forms.DateField(required=False, label=_("until"))
    outcome = Several(codes.Outcome, _("Outcome"))
    severity = Several(codes.Severity, _("Severity"))
    found_in = Several(codes.FoundIn, _("Found in"))
    origin = Several(codes.InfectionOrigin, _("Origin of infection"))
    onset_from = forms.DateField(required=False, label=_("Onset from"))
    onset_until = forms.DateField(required=False, label=_("until"))
    onset_known = forms.ChoiceField(required=False, choices=yes_no, label=_("Onset known"))
    investigated = forms.ChoiceField(required=False, choices=yes_no, label=_("Investigated"))
    number = forms.CharField(max_length=60, required=False, label=_("Number begins with"))

    def __init__(self, *args: Any, incident: Incident, at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaText(incident, label=_("Area"))


#: Fields that stand on the page; the others are folded until used.
CASE_FIRST = ("area", "classification", "reported_from", "reported_until", "outcome")


def case_conditions(values: Mapping[str, Any]) -> Q:
    """The filter's answers as one condition; `area` is the caller's, because it decides which index is walked."""
    condition = Q()
    for name in ("classification", "outcome", "severity", "found_in", "origin"):
        if values.get(name):
            condition &= Q(**{f"{name}__in": values[name]})
    condition &= span("date_report", values.get("reported_from"), values.get("reported_until"))
    condition &= span("date_onset", values.get("onset_from"), values.get("onset_until"))
    for name, column in (("onset_known", "date_onset"), ("investigated", "investigated_at")):
        if values.get(name):
            condition &= Q(**{f"{column}__isnull": values[name] == "no"})
    if values.get("number"):
        condition &= Q(number__startswith=values["number"])
    return condition


def span(column: str, first: Any, last: Any) -> Q:
    """Days from `first` to `last`, both included."""
    condition = Q(**{f"{column}__gte": first}) if first else Q()
    return condition & (Q(**{f"{column}__lt": last + timedelta(days=1)}) if last else Q())
