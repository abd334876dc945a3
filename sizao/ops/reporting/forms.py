"""What people type about reports."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DraftReport(forms.Form):
    """The day and its cut-off; the day's end unless something else is agreed."""

    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), label=_("Day"))
    cutoff_time = forms.TimeField(
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        label=_("Cut-off on that day"),
        help_text=_("Empty means midnight at the end of the day, or now while the day lasts."),
    )

    def cutoff_at(self, at: datetime) -> datetime:
        return cutoff(self.cleaned_data["day"], self.cleaned_data["cutoff_time"], at=at)


def cutoff(day: date, at_time: time | None = None, *, at: datetime) -> datetime:
    """The moment of a day's cut-off in the current time zone; without a time, midnight at the day's end, or `at`
    while that has not come."""
    if at_time:
        return timezone.make_aware(datetime.combine(day, at_time))
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return at if day == timezone.localtime(at).date() else midnight


class ReportText(forms.Form):
    """The words beside the numbers, in both languages."""

    text_zh = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5}), label=_("Text in Chinese"))
    text_en = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5}), label=_("Text in English"))


class Reason(forms.Form):
    """Why a report goes back."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=_("Reason"))


class Correction(forms.Form):
    """What a correction corrects, and from which cut-off it counts."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=_("What is corrected, and why"))
    count_again = forms.BooleanField(
        required=False,
        label=_("Count again with what is known now"),
        help_text=_("Otherwise the numbers are counted at the old cut-off."),
    )
