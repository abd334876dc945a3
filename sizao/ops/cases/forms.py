"""What people type about cases."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Field
from django.utils.translation import gettext_lazy as _

from sizao.ops.cases.days import RIGHT, add_question, ask_about_early_days
from sizao.ops.cases.filters import AreaText, labelled
from sizao.ops.cases.models import Case
from sizao.ops.governance.clock import now
from sizao.ops.incidents.models import Incident
from sizao.vocabulary import codes

#: The dated facts of a case, in the order they usually happen.
DATES = (
    "date_exposure_first", "date_exposure_last", "date_onset", "date_report", "date_diagnosis", "date_admission",
    "date_isolation", "date_outcome",
)  # fmt: skip
#: Those that usually do not lie before the incident began.
COURSE = tuple(name for name in DATES if not name.startswith("date_exposure"))
CODED: dict[str, type[codes.Code]] = {
    "classification": codes.Classification, "outcome": codes.Outcome, "severity": codes.Severity,
    "found_in": codes.FoundIn, "origin": codes.InfectionOrigin,
}  # fmt: skip
LABELS = {
    "classification": _("Classification"), "date_exposure_first": _("First possible exposure"),
    "date_exposure_last": _("Last possible exposure"), "date_onset": _("Onset"), "date_report": _("Reported"),
    "date_diagnosis": _("Diagnosed"), "date_admission": _("Admitted"), "date_isolation": _("Isolated"),
    "outcome": _("Outcome"), "date_outcome": _("Date of outcome"), "severity": _("Severity"),
    "found_in": _("Found in"), "origin": _("Origin of infection"), "age": _("Age in years"), "area": _("Area"),
    "area_id": _("Area"), "facility_id": _("Health facility"), "investigated_at": _("Investigated"),
    "note": _("Note"), "person_id": _("Person"), "number": _("Number"),
}  # fmt: skip


class Day(forms.DateField):
    """A calendar day by the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def choice(code_list: type[codes.Code], label: Any, *, leave: Any = None) -> forms.ChoiceField:
    """A code; with `leave`, an empty first choice that says what not choosing means."""

    def choices() -> Iterable[tuple[str, Any]]:
        return [("", leave), *labelled(code_list)] if leave else labelled(code_list)

    return forms.ChoiceField(choices=choices, required=leave is None, label=label)


class EditCase(forms.Form):
    """Everything about a case that is edited by hand. `read_at` is when the editor read it."""

    read_at = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.earliest, self.latest = bounds(incident)
        for name, code_list in CODED.items():
            self.fields[name] = choice(code_list, LABELS[name])
        for name in DATES:
            self.fields[name] = Day(required=name == "date_report", label=LABELS[name])
        self.fields["age"] = forms.FloatField(required=False, min_value=0, max_value=130, label=LABELS["age"])
        self.fields["area"] = AreaText(incident, label=LABELS["area"], help_text=_("Name or code. Counted here."))
        self.fields["note"] = forms.CharField(
            required=False, widget=forms.Textarea(attrs={"rows": 3}), label=LABELS["note"]
        )
        self.fields["reason"] = forms.CharField(max_length=300, required=False, label=_("Why it is changed"))
        add_question(self)
        self.incident = incident

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        check_order(self, values)
        ask_about_early_days(self, self.incident, COURSE)
        return values

    def changes(self) -> dict[str, Any]:
        """The values as the action takes them."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("read_at", "reason", RIGHT)}
        values["area_id"] = values.pop("area") or None
        return values


def initial_of(case: Case) -> dict[str, Any]:
    """What the edit form shows at first."""
    values = {name: whole(getattr(case, name)) for name in (*CODED, *DATES, "age", "note")}
    return values | {"area": case.area_id, "read_at": case.current_since.isoformat()}


def whole(value: Any) -> Any:
    """A number without a fraction as people write it: 50, not 50.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def bounds(incident: Incident) -> tuple[date, date]:
    """The days a case of the incident can have: from ten years before it was opened until its own today."""
    opened = incident.date_at(incident.opened_at)
    return opened - timedelta(days=3653), incident.date_at(incident.at(now()))


def check_order(form: forms.Form, values: dict[str, Any]) -> None:
    """Days that cannot be true, or not both."""
    for name, day in list(values.items()):  # an error takes the value out
        if isinstance(day, date) and name in form.fields and not form.earliest <= day <= form.latest:
            is_to_come = day > form.latest
            form.add_error(
                name,
                _("This day is still to come.") if is_to_come else _("This day lies outside the incident. Correct it."),
            )
    for first, last in (("date_exposure_first", "date_exposure_last"), ("date_onset", "date_outcome")):
        if values.get(first) and values.get(last) and values[last] < values[first]:
            form.add_error(last, _("This is before “%(other)s”.") % {"other": form.fields[first].label})


class BulkEdit(forms.Form):
    """New values for many cases; what is left empty stays as it is."""

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, code_list in CODED.items():
            self.fields[name] = choice(code_list, LABELS[name], leave=_("Leave as it is"))
        for name in ("date_isolation", "date_outcome"):
            self.fields[name] = Day(required=False, label=LABELS[name])
        self.fields["area"] = AreaText(incident, label=LABELS["area"])
        self.fields["investigated"] = forms.BooleanField(required=False, label=_("Mark as investigated"))
        self.fields["reason"] = forms.CharField(max_length=300, label=_("Why they are changed"))
        add_question(self)
        self.incident = incident
        self.earliest, self.latest = bounds(incident)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        check_order(self, values)
        ask_about_early_days(self, self.incident, ("date_isolation", "date_outcome"))
        if not self.changes():
            raise forms.ValidationError(_("Choose at least one new value."))
        return values

    def changes(self) -> dict[str, Any]:
        """The new values, without the moment of investigation."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("reason", RIGHT) and value}
        if "area" in values:
            values["area_id"] = values.pop("area")
        return values


class Reason(forms.Form):
    """Why a decision is taken."""

    reason = forms.CharField(max_length=300, label=_("Why"))


class Classify(Reason):
    """A new class and why."""

    field_order = ("classification", "reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["classification"] = choice(codes.Classification, LABELS["classification"])
        self.order_fields(self.field_order)


def shown_value(field: Field, value: Any) -> Any:
    """A stored value of a column as a message or a plain value."""
    code_list = getattr(field, "code_list", None)
    return code_list(value).label if code_list and value else value
