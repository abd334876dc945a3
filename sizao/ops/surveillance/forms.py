"""What people type about counts, signals, risks and settings."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizao.ops.surveillance.kinds import Confidence, Consequences, Likelihood, SignalStatus, Source, Syndrome, Verdict
from sizao.ops.surveillance.sites import Asked
from sizao.protocols import library
from sizao.vocabulary.codes import Code


def labelled(codes: type[Code], *, empty: bool = False) -> list[tuple[str, str]]:
    """Choices in the reader's language."""
    language = get_language() or "en"
    return ([("", "–")] if empty else []) + [(code, label.say(language)) for code, label in codes.choices()]


class Day(forms.DateField):
    """A day, as the browser's own picker gives it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SignalFilter(forms.Form):
    """Which signals the desk shows."""

    syndrome = forms.ChoiceField(required=False, label=_("Syndrome"))
    source = forms.ChoiceField(required=False, label=_("Source"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["syndrome"].choices = labelled(Syndrome, empty=True)
        self.fields["source"].choices = labelled(Source, empty=True)


class SiteFilter(forms.Form):
    """Which sites are listed."""

    source = forms.ChoiceField(required=False, label=_("Source"))
    named = forms.CharField(required=False, max_length=80, label=_("Site or stream"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = labelled(Source, empty=True)


class CloseSignal(forms.Form):
    """What a signal turned out to be."""

    verdict = forms.ChoiceField(label=_("What it was"), widget=forms.RadioSelect)
    finding = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), label=_("What was found, and how"),
        help_text=_("Whom you asked, what you looked at. No names: a number or a place is enough."),
    )  # fmt: skip
    hours_spent = forms.FloatField(
        required=False, min_value=0, max_value=1000, label=_("Hours spent on it"),
        help_text=_("All people together. The record of each detector counts them."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = labelled(Verdict)


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=_("Reason"))


class AssessRisk(forms.Form):
    """A rapid risk assessment."""

    likelihood = forms.ChoiceField(label=_("How likely is further spread"))
    consequences = forms.ChoiceField(label=_("How bad would it be"))
    confidence = forms.ChoiceField(label=_("How sure are you"))
    judgement = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), label=_("Judgement"),
        help_text=_("What is known, what is not known, what it means."),
    )  # fmt: skip
    options = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 2}), label=_("What could be done, and what is advised")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, codes in (("likelihood", Likelihood), ("consequences", Consequences), ("confidence", Confidence)):
            self.fields[name].choices = labelled(codes)


class OpenOutbreak(forms.Form):
    """The incident a signal becomes."""

    name_zh = forms.CharField(max_length=160, label=_("Name in Chinese"))
    name_en = forms.CharField(max_length=160, label=_("Name in English"))
    protocol = forms.ChoiceField(label=_("Protocol edition"))
    date_emergence = Day(
        required=False, label=_("Date of emergence"), help_text=_("Onset of the first case, as far as it is known.")
    )
    finding = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("What was found, and how")
    )
    hours_spent = forms.FloatField(required=False, min_value=0, max_value=1000, label=_("Hours spent on it"))

    def __init__(self, *args, status: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["protocol"].choices = [(name, name) for name in library.available()]
        if status == SignalStatus.CLOSED:  # what was found is written down already
            del self.fields["finding"], self.fields["hours_spent"]
        else:
            self.fields["finding"].required = True


class Upload(forms.Form):
    """A file of counts or of streams."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or Excel."), allow_empty_file=True)


class SiteDay(forms.Form):
    """One site's numbers of one day. An empty field is no report; zero is typed, or said for all with one tick."""

    all_zero = forms.BooleanField(required=False, label=_("Nothing to report: all empty fields are zero"))

    def __init__(self, *args, asked: Sequence[Asked], **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        for each in asked:
            self.fields[f"n-{each.stream.pk}"] = self._number(each.now, each)
            if each.stream.denominator:
                self.fields[f"of-{each.stream.pk}"] = self._number(each.denominator, each)

    def _number(self, now: int | None, each: Asked) -> forms.IntegerField:
        widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": "0", "autocomplete": "off"})
        name = each.stream.name(get_language() or "en")
        return forms.IntegerField(
            required=False, min_value=0, max_value=2_147_483_647, initial=now, widget=widget, label=name
        )

    def rows(self) -> list[tuple[int, date, int, int | None]]:
        """(stream, period, n, denominator) of every field that says something."""
        zero = self.cleaned_data.get("all_zero")
        found = []
        for each in self.asked:
            n = self.cleaned_data.get(f"n-{each.stream.pk}")
            n = 0 if n is None and zero else n
            if n is not None:
                found.append((each.stream.pk, each.period, n, self.cleaned_data.get(f"of-{each.stream.pk}")))
        return found
