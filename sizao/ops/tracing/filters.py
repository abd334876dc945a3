"""What the list of contacts may be narrowed to. The same words stand in the addresses other pages link to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sizao.ops.cases.filters import AreaText, Several, labelled, span
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.clarities import STAGES, Age, Stage, aged
from sizao.ops.tracing.models import Exposure
from sizao.vocabulary import codes

CONTACT_FIRST = ("area", "contact_class", "status", "clarity", "listed_from", "listed_until")


class ContactFilter(forms.Form):
    """The filter above the list of contacts."""

    contact_class = Several(codes.ContactClass, _("Contact class"))
    status = Several(codes.ContactStatus, _("State"))
    clarity = Several(Stage, _("Clarity"))
    listed_from = forms.DateField(required=False, label=_("Listed from"))
    listed_until = forms.DateField(required=False, label=_("until"))
    age = forms.ChoiceField(
        required=False, choices=lambda: [("", "–"), *labelled(Age)], label=_("Not under control for")
    )
    exposed_from = forms.DateField(required=False, label=_("Last exposure from"))
    exposed_until = forms.DateField(required=False, label=_("until"))
    ends_until = forms.DateField(required=False, label=_("Follow-up ends until"))
    source = forms.CharField(max_length=60, required=False, label=_("Number of the source case"))
    number = forms.CharField(max_length=60, required=False, label=_("Number begins with"))

    def __init__(self, *args: Any, incident: Incident, at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.incident, self.at = incident, at
        self.fields["area"] = AreaText(incident, label=_("Area"))

    def clean(self) -> dict[str, Any]:
        """What needs the incident or its clock becomes a condition here."""
        values = super().clean() or self.cleaned_data
        if values.get("age"):
            values["age"] = aged(Age(values["age"]), self.at) & Q(controlled_at__isnull=True)
        if values.get("source"):
            met = Exposure.objects.filter(
                incident=self.incident, source_case__number=values["source"], withdrawn_at__isnull=True
            )
            values["source"] = Q(person__in=met.values("person"))
        return values


def contact_conditions(values: Mapping[str, Any]) -> Q:
    """The filter's answers as one condition."""
    condition = Q()
    for name in ("contact_class", "status"):
        if values.get(name):
            condition &= Q(**{f"{name}__in": values[name]})
    if values.get("clarity"):
        stages = Q(pk__in=[])
        for stage in values["clarity"]:
            stages |= STAGES[Stage(stage)]
        condition &= stages & ~Q(status=codes.ContactStatus.NOT_A_CONTACT)
    condition &= span("date_listed", values.get("listed_from"), values.get("listed_until"))
    condition &= span("date_last_exposure", values.get("exposed_from"), values.get("exposed_until"))
    condition &= span("date_follow_up_until", None, values.get("ends_until"))
    condition &= values.get("age") or Q()
    condition &= values.get("source") or Q()
    return condition & (Q(number__startswith=values["number"]) if values.get("number") else Q())
