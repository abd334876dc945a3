"""A case typed by hand: quick enough for a phone at the bedside."""

from datetime import date
from typing import Any

import polars as pl
from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.ops.cases.days import add_question, ask_about_early_days, refuse_impossible
from sizao.ops.cases.forms import LABELS, Day, choice
from sizao.ops.cases.models import Case
from sizao.ops.cases.person_forms import PersonFacts
from sizao.ops.incidents.models import Incident
from sizao.vocabulary import codes


class NewCase(PersonFacts):
    """A person and the facts of the infection that are known at first."""

    field_order = (
        "full_name", "sex", "age", "phone", "area", "classification", "date_onset", "date_report", "found_in",
        "date_birth", "id_number", "address", "case_id", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, incident: Incident, today: date, **kwargs: Any):
        super().__init__(*args, incident=incident, today=today, **kwargs)
        self.incident = incident
        self.fields["classification"] = choice(codes.Classification, LABELS["classification"])
        self.fields["date_onset"] = Day(required=False, label=LABELS["date_onset"])
        self.fields["date_report"] = Day(label=LABELS["date_report"])
        self.fields["found_in"] = choice(codes.FoundIn, LABELS["found_in"])
        self.fields["case_id"] = forms.CharField(
            max_length=60, required=False, label=_("Case number"), help_text=_("Left empty, it gets one.")
        )
        self.fields["note"] = forms.CharField(
            required=False, widget=forms.Textarea(attrs={"rows": 3}), label=LABELS["note"]
        )
        self.order_fields(self.field_order)
        add_question(self)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        names = ("date_onset", "date_report")
        refuse_impossible(self, names, today=self.today, born=values.get("date_birth"))
        ask_about_early_days(self, self.incident, names)
        return values

    def clean_case_id(self) -> str:
        number = self.cleaned_data["case_id"].strip()
        if number and Case.objects.filter(incident=self.incident, number=number).exists():
            raise forms.ValidationError(_("There is a case with this number already."))
        return number

    def case_columns(self) -> dict[str, Any]:
        """The case's columns as the action takes them."""
        names = ("classification", "date_onset", "date_report", "found_in", "case_id", "note")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"age": self.years(), "area": self.cleaned_data["area"] or None}

    @staticmethod
    def schema() -> dict[str, Any]:
        return {"age": pl.Float64, "date_onset": pl.Date, "case_id": pl.String, "area": pl.String, "note": pl.String}
