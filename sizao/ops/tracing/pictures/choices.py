"""What a reader may choose about a picture: the words of the addresses, their labels, the forms."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizao.vocabulary.codes import Code, Setting
from sizao.vocabulary.text import N_


class CurveDate(Code):
    """The day a case is drawn at."""

    ONSET = "onset", N_("Day of onset")
    REPORT = "report", N_("Day of report")


class CurvePart(Code):
    """What the bars are split by."""

    CLASSIFICATION = "classification", N_("Classification")
    SETTING = "setting", N_("Setting")
    FOUND_IN = "found_in", N_("Found in")
    AREA = "area", N_("Area")
    NONE = "none", N_("Not split")


class Period(Code):
    """The width of a bar, in polars' words."""

    DAY = "1d", N_("One day")
    WEEK = "1w", N_("One week, from Monday")


class Which(Code):
    """Which cases are drawn."""

    COUNTED = "counted", N_("Counted cases")
    OPEN = "open", N_("Also suspected and unclassified")


class ChainView(Code):
    """How the chains are drawn."""

    TREE = "tree", N_("Tree over time")
    NETWORK = "network", N_("Network")


class ChainColour(Code):
    """What a case's colour says."""

    GENERATION = "generation", N_("Generation")
    SETTING = "setting", N_("Setting")
    FOUND_IN = "found_in", N_("Found in")
    CLASSIFICATION = "classification", N_("Classification")


class Window(Code):
    """The days of report a map counts."""

    ALL = "all", N_("Since the beginning")
    LAST_7 = "7", N_("Last 7 days")
    LAST_14 = "14", N_("Last 14 days")


class Measure(Code):
    """A count, or a count against the people living there."""

    COUNT = "count", N_("Number of cases")
    RATE = "rate", N_("Per 100,000 residents")


Choices = list[tuple[str, str]]


def labelled(codes: Iterable[Code], *, first: str = "") -> Callable[[], Choices]:
    """Choices in the reader's language, said when the form is shown."""

    def choices() -> Choices:
        language = get_language() or "en"
        return ([("", first)] if first else []) + [(code.value, code.label.say(language)) for code in codes]

    return choices


def choose(codes: Iterable[Code], label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=labelled(codes), label=label, required=False)


class Day(forms.DateField):
    """A day, by the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ChoiceForm(forms.Form):
    """A form of an address: always bound, what is missing or not understood takes the stated default."""

    defaults: Mapping[str, str] = {}

    def __init__(self, query: Mapping[str, str], **more: Any):
        super().__init__({**self.defaults, **{name: value for name, value in query.items() if value}}, **more)

    @property
    def chosen(self) -> dict[str, Any]:
        """The answers, each usable."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return {name: said.get(name, self.defaults.get(name)) for name in self.fields}


class CurveForm(ChoiceForm):
    defaults = {"date": "onset", "part": "classification", "every": "1d", "which": "counted"}

    date = choose(CurveDate, _("Cases by"))
    part = choose(CurvePart, _("Split by"))
    every = choose(Period, _("One bar is"))
    which = choose(Which, _("Cases"))
    since = Day(required=False, label=_("From"))
    until = Day(required=False, label=_("until"))


class ChainForm(ChoiceForm):
    defaults = {"view": "tree", "colour": "generation"}

    view = choose(ChainView, _("View"))
    colour = choose(ChainColour, _("Colour says"))
    generation_from = forms.IntegerField(required=False, min_value=0, label=_("Generation from"))
    generation_until = forms.IntegerField(required=False, min_value=0, label=_("until"))
    setting = forms.ChoiceField(choices=labelled(Setting, first="–"), required=False, label=_("Setting"))
    since = Day(required=False, label=_("Onset or report from"))
    until = Day(required=False, label=_("until"))
    cluster = forms.CharField(required=False, max_length=60, label=_("Cluster of case"))


class MapForm(ChoiceForm):
    defaults = {"window": "all", "measure": "count", "which": "counted"}

    level = forms.TypedChoiceField(coerce=int, required=False, label=_("Areas"))
    window = choose(Window, _("Reported"))
    measure = choose(Measure, _("Shown as"))
    which = choose(Which, _("Cases"))

    def __init__(self, query: Mapping[str, str], *, levels: Choices, level: int):
        self.defaults = {**type(self).defaults, "level": str(level)}
        super().__init__(query)
        self.fields["level"].choices = levels

    @property
    def chosen(self) -> dict[str, Any]:
        chosen = super().chosen
        return chosen | {"level": int(chosen["level"])}
