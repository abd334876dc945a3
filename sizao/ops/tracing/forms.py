"""What people type about contacts."""

from datetime import date, datetime
from typing import Any

import polars as pl
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizao.ops.cases.days import OLDEST, add_question, ask_about_early_days, refuse_impossible, refuse_reversed
from sizao.ops.cases.filters import AreaText
from sizao.ops.cases.forms import Day, choice
from sizao.ops.cases.person_forms import PersonFacts
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Post
from sizao.ops.tracing.models import Contact
from sizao.vocabulary import codes

LABELS = {
    "contact_class": _("Contact class"), "status": _("State"), "area_id": _("Area"),
    "post_id": _("Post that follows up"),
    "date_listed": _("Listed"), "date_last_exposure": _("Last exposure"),
    "date_follow_up_from": _("Followed up from"), "date_follow_up_until": _("Followed up until"),
    "identified_at": _("Identified"), "located_at": _("Located"), "controlled_at": _("Under control"),
    "became_case_id": _("Became case"), "note": _("Note"), "person_id": _("Person"), "number": _("Number"),
}  # fmt: skip
MOMENTS = ("identified_at", "located_at", "controlled_at")


class Moment(forms.DateTimeField):
    """A day and a time, in the incident's time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PostChoice(forms.ModelChoiceField):
    """A post, called in the reader's language."""

    def __init__(self, *args: Any, empty_label: Any = "–", **kwargs: Any):
        super().__init__(*args, empty_label=empty_label, **kwargs)

    def label_from_instance(self, thing: Post) -> str:
        return thing.name(get_language() or "en")


class EditContact(forms.Form):
    """Everything about a contact that is edited by hand. `read_at` is when the editor read it."""

    read_at = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, contact: Contact, at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.at, self.today = at, incident.date_at(at)
        self.fields["contact_class"] = choice(codes.ContactClass, LABELS["contact_class"])
        allowed = [(contact.status, codes.ContactStatus(contact.status).label.say(get_language() or "en"))]
        if contact.became_case_id is None:
            status = choice(codes.ContactStatus, LABELS["status"])
            status.choices = [each for each in status.choices if each[0] != codes.ContactStatus.BECAME_CASE]
        else:
            status = forms.ChoiceField(choices=allowed, label=LABELS["status"])
        self.fields["status"] = status
        self.fields["date_listed"] = Day(label=LABELS["date_listed"])
        self.fields["date_last_exposure"] = Day(required=False, label=LABELS["date_last_exposure"])
        for name in MOMENTS:
            self.fields[name] = Moment(required=False, label=LABELS[name])
        self.fields["area"] = AreaText(incident, label=_("Area"), help_text=_("Name or code. Counted here."))
        self.fields["post"] = PostChoice(
            Post.objects.order_by("title_en", "id"), required=False, label=LABELS["post_id"]
        )
        self.fields["note"] = forms.CharField(
            required=False, widget=forms.Textarea(attrs={"rows": 3}), label=LABELS["note"]
        )
        self.fields["reason"] = forms.CharField(max_length=300, required=False, label=_("Why it is changed"))
        self.contact = contact

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        days = ("date_listed", "date_last_exposure")
        refuse_impossible(self, days, today=self.today, born=self.contact.person.year_birth)
        for name in MOMENTS:
            if values.get(name) and values[name] > self.at:
                self.add_error(name, _("This moment is still to come."))
            elif values.get(name) and values[name].date() < OLDEST:
                self.add_error(name, _("This day is before 1900. Correct the year."))
        return values

    def changes(self) -> dict[str, Any]:
        """The values as the action takes them. A moment shown to the minute and not touched stays as it was."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("read_at", "reason", "area", "post")
        }
        for name in MOMENTS:
            old = getattr(self.contact, name)
            if old and values[name] and old.replace(second=0, microsecond=0) == values[name]:
                values[name] = old
        post = self.cleaned_data["post"]
        return values | {"area_id": self.cleaned_data["area"] or None, "post_id": post.pk if post else None}


def initial_of(contact: Contact) -> dict[str, Any]:
    """What the edit form shows at first."""
    names = ("contact_class", "status", "date_listed", "date_last_exposure", *MOMENTS, "note")
    values = {name: getattr(contact, name) for name in names}
    return values | {
        "area": contact.area_id, "post": contact.post_id, "read_at": contact.current_since.isoformat(),
    }  # fmt: skip


class NewContact(PersonFacts):
    """A person and how they met the case."""

    field_order = (
        "full_name", "phone", "sex", "age", "area", "source_id", "relation", "setting", "closeness",
        "date_exposure_first", "date_exposure_last", "address", "date_birth", "id_number", "contact_id", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, incident: Incident, today: date, **kwargs: Any):
        super().__init__(*args, incident=incident, today=today, **kwargs)
        self.fields["source_id"] = forms.CharField(
            max_length=60,
            required=False,
            label=_("Met the case (number)"),
            help_text=_("Number of a case or a contact."),
        )
        self.fields["relation"] = forms.CharField(max_length=80, required=False, label=_("Relation"))
        self.fields["setting"] = choice(codes.Setting, _("Setting"))
        self.fields["closeness"] = choice(codes.Closeness, _("Closeness"))
        self.fields["date_exposure_first"] = Day(required=False, label=_("First exposure"))
        self.fields["date_exposure_last"] = Day(required=False, label=_("Last exposure"))
        self.fields["contact_id"] = forms.CharField(
            max_length=60, required=False, label=_("Contact number"), help_text=_("Left empty, it gets one.")
        )
        self.fields["note"] = forms.CharField(
            required=False, widget=forms.Textarea(attrs={"rows": 2}), label=LABELS["note"]
        )
        self.incident = incident
        self.order_fields(self.field_order)

    def clean_contact_id(self) -> str:
        number = self.cleaned_data["contact_id"].strip()
        if number and Contact.objects.filter(incident=self.incident, number=number).exists():
            raise forms.ValidationError(_("There is a contact with this number already."))
        return number

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        days = ("date_exposure_first", "date_exposure_last")
        refuse_impossible(self, days, today=self.today, born=values.get("date_birth"))
        refuse_reversed(self, *days)
        return values

    def refuse_before_birth(self, year: int | None) -> bool:
        """The person turned out to be somebody of the register: the days must fit the year of birth known there."""
        refuse_impossible(self, ("date_exposure_first", "date_exposure_last"), today=self.today, born=year)
        return bool(self.errors)

    def contact_columns(self) -> dict[str, Any]:
        """The contact's columns as the action takes them."""
        names = (
            "source_id", "relation", "setting", "closeness", "date_exposure_first", "date_exposure_last",
            "contact_id", "note",
        )  # fmt: skip
        return {name: self.cleaned_data[name] for name in names} | {"area": self.cleaned_data["area"] or None}

    @staticmethod
    def schema() -> dict[str, Any]:
        days = dict.fromkeys(("date_exposure_first", "date_exposure_last"), pl.Date)
        return days | dict.fromkeys(("source_id", "relation", "contact_id", "note", "area"), pl.String)


class Convert(forms.Form):
    """What is known of the case a contact became."""

    def __init__(self, *args: Any, contact: Contact, at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.contact, self.today = contact, contact.incident.date_at(at)
        self.fields["classification"] = choice(codes.Classification, _("Classification"))
        self.fields["date_onset"] = Day(required=False, label=_("Onset"))
        self.fields["found_in"] = choice(codes.FoundIn, _("Found in"))
        add_question(self)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        refuse_impossible(self, ("date_onset",), today=self.today, born=self.contact.person.year_birth)
        ask_about_early_days(self, self.contact.incident, ("date_onset",))
        return values

    def facts(self) -> dict[str, Any]:
        """The case's columns as the action takes them."""
        return {name: self.cleaned_data[name] for name in ("date_onset", "found_in")}
