"""Who somebody is, typed by hand once for a new case or contact, with a look at who it may already be."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.ops.cases.filters import AreaText, labelled
from sizao.ops.cases.forms import Day
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.identity import Identity
from sizao.vocabulary.codes import Sex

PERSON_FIELDS = ("full_name", "sex", "age", "date_birth", "phone", "id_number", "address", "area")
NEW = "new"


class PersonFacts(forms.Form):
    """The few facts by which a person is reached and recognised. `person` is the register's answer, once given."""

    person = forms.CharField(required=False, widget=forms.HiddenInput)
    full_name = forms.CharField(max_length=120, required=False, label=_("Name"))
    sex = forms.ChoiceField(choices=lambda: labelled(Sex), initial=Sex.UNKNOWN, label=_("Sex"))
    age = forms.FloatField(required=False, min_value=0, max_value=130, label=_("Age in years"))
    date_birth = Day(required=False, label=_("Date of birth"))
    phone = forms.CharField(
        max_length=80, required=False, label=_("Telephone"), widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    id_number = forms.CharField(max_length=40, required=False, label=_("Identity number"))
    address = forms.CharField(max_length=240, required=False, label=_("Address"))

    def __init__(self, *args: Any, incident: Incident, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["area"] = AreaText(incident, label=_("Area"), help_text=_("Name or code. Counted here."))

    def clean_date_birth(self) -> date | None:
        born = self.cleaned_data.get("date_birth")
        if born and not 0 <= self.today.year - born.year <= 130:
            raise forms.ValidationError(_("Check the year of birth."))
        return born

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        known = ("full_name", "phone", "id_number")
        if not values.get("person", "").isdecimal() and not any(values.get(name) for name in known):
            raise forms.ValidationError(_("Write at least a name, a telephone or an identity number."))
        return values

    def identity(self) -> Identity:
        values = self.cleaned_data
        return Identity(
            full_name=values["full_name"], date_birth=values["date_birth"], id_number=values["id_number"],
            phones=tuple(filter(None, [values["phone"]])), address=values["address"],
        )  # fmt: skip

    def year_birth(self) -> int | None:
        values = self.cleaned_data
        if values["date_birth"]:
            return values["date_birth"].year
        return None if values["age"] is None else self.today.year - int(values["age"])

    def years(self) -> float | None:
        """The age now."""
        values = self.cleaned_data
        if values["age"] is not None or not values["date_birth"]:
            return values["age"]
        born = values["date_birth"]
        before = (self.today.month, self.today.day) < (born.month, born.day)
        return float(self.today.year - born.year - before)
