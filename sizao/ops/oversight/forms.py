"""What people type when they look for what was done, hold, sign and erase."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.ops.governance.models import User


class AuditFilter(forms.Form):
    """Which entries to show."""

    user = forms.ModelChoiceField(User.objects.order_by("display_name", "username"), required=False, label=_("By whom"))
    person = forms.CharField(
        required=False,
        max_length=60,
        label=_("About whom"),
        help_text=_("A P- number, or a case's or contact's number"),
    )
    since = forms.DateField(required=False, label=_("From this day"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("Until this day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        required=False,
        label=_("What was done"),
        choices=[
            ("", _("Everything")), ("read", _("Readings and exports")), ("refused", _("Refused attempts")),
            ("decided", _("Decisions")), ("entry", _("Log-ins")),
        ],
    )  # fmt: skip


class Hold(forms.Form):
    """A legal hold on a person."""

    person = forms.CharField(
        max_length=60, label=_("About whom"), help_text=_("A P- number, or a case's or contact's number")
    )
    reason = forms.CharField(max_length=500, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))


class Erase(forms.Form):
    """The decision to erase a person, said twice."""

    legal_basis = forms.CharField(
        max_length=500, label=_("Decision and legal basis"), widget=forms.Textarea(attrs={"rows": 2})
    )
    confirmed = forms.CharField(max_length=10, label=_("Type the person's P- number to confirm"))


class Why(forms.Form):
    reason = forms.CharField(max_length=500, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
