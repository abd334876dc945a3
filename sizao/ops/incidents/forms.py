"""What people type about incidents, tasks and requests."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizao.ops.governance.roles import ROLES
from sizao.ops.incidents.area_text import AreaText
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Area, Post, Unit
from sizao.protocols import library
from sizao.protocols.names import edition_name
from sizao.vocabulary.codes import IncidentMode


class Named(forms.ModelChoiceField):
    """A choice among things that have a name in each language."""

    def __init__(self, *args: Any, empty_label: Any = "–", **kwargs: Any):
        super().__init__(*args, empty_label=empty_label, **kwargs)

    def label_from_instance(self, thing) -> str:
        return thing.name(get_language() or "en")


def posts_that_work():
    """Posts whose role may work on tasks; giving one to another would leave it lying."""
    roles = [role for role, powers in ROLES.items() if "task.work" in powers.permissions]
    return Post.objects.filter(role__in=roles).order_by("title_en", "id")


class Moment(forms.DateTimeField):
    """A day and a time, as the browser's own picker gives them, in the incident's time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class TaskFilter(forms.Form):
    """What the task list shows."""

    post = Named(Post.objects.order_by("title_en", "id"), required=False, label=_("Post"))
    without_owner = forms.BooleanField(required=False, label=_("Without an owner"))
    itself = forms.BooleanField(required=False, label=_("Not of the areas inside"))

    def __init__(self, *args, incident: Incident, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"area": AreaText(incident, label=_("Area")), **self.fields}


class GiveTask(forms.Form):
    """A decision that becomes a task."""

    title = forms.CharField(max_length=200, label=_("What is to be done"))
    post = Named(posts_that_work(), label=_("Post that does it"))
    due_at = Moment(label=_("Due"))
    reason = forms.CharField(max_length=500, label=_("Why"), help_text=_("The decision or meeting it comes from."))


class Finish(forms.Form):
    """What came of a task."""

    outcome = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label=_("What came of it"))
    evidence = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=_("Evidence"),
        help_text=_("Where it can be checked: a record number, a document, a photograph's place."),
    )


class Reason(forms.Form):
    """Why a step is taken that others will ask about."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=_("Reason"))


class HandOver(forms.Form):
    """To whom a task goes, and why."""

    post = Named(posts_that_work(), label=_("Post that does it"))
    reason = forms.CharField(max_length=300, label=_("Reason"))


class OpenIncident(forms.Form):
    """A new incident, in routine mode."""

    name_zh = forms.CharField(max_length=160, label=_("Name in Chinese"))
    name_en = forms.CharField(max_length=160, label=_("Name in English"))
    protocol = forms.ChoiceField(label=_("Protocol edition"))
    areas = forms.CharField(
        label=_("Area codes"), help_text=_("Official codes of the areas it concerns, separated by spaces.")
    )
    time_zone = forms.CharField(initial="Asia/Shanghai", max_length=40, label=_("Time zone"))
    date_emergence = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), label=_("Date of emergence")
    )
    date_detection = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), label=_("Date of detection")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["protocol"].choices = [
            (name, edition_name(name).say(get_language() or "en")) for name in library.available()
        ]

    def clean_areas(self) -> list[Area]:
        codes = self.cleaned_data["areas"].replace(",", " ").replace("，", " ").split()
        found = {area.code: area for area in Area.objects.filter(code__in=codes)}
        found |= {area.path: area for area in Area.objects.filter(path__in=codes)}
        missing = [code for code in codes if code not in found]
        if missing:
            raise forms.ValidationError(_("No area has the code %(codes)s."), params={"codes": ", ".join(missing)})
        return [found[code] for code in codes]

    def clean_time_zone(self) -> str:
        zone = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("%(zone)s is not a time zone; write it like Asia/Shanghai."), params={"zone": zone}
            )
        return zone


class SwitchMode(forms.Form):
    """Routine or emergency, on what basis and until when."""

    mode = forms.ChoiceField(label=_("Mode"))
    level = forms.CharField(max_length=20, required=False, label=_("Level"))
    legal_basis = forms.CharField(required=False, max_length=500, label=_("Legal basis"))
    until = Moment(required=False, label=_("Until"), help_text=_("Emergency mode ends by itself then."))
    reason = forms.CharField(max_length=500, label=_("Reason"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["mode"].choices = [(code, label.say(language)) for code, label in IncidentMode.choices()]


class SendRequest(forms.Form):
    """What one unit asks of another."""

    from_unit = Named(Unit.objects.order_by("name_en", "id"), label=_("From"))
    to_unit = Named(Unit.objects.order_by("name_en", "id"), label=_("To"))
    what = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("What is asked"),
        help_text=_("Only what the other unit needs to act on; no names where a number does."),
    )
    legal_basis = forms.CharField(max_length=300, label=_("Legal basis"))
    due_at = Moment(label=_("Answer due"))


class Answer(forms.Form):
    """The answer to a request."""

    answer = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label=_("Answer"))
