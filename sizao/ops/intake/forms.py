"""What people type about a delivery: the file, and how it is to be read."""

from collections.abc import Mapping as Map
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizao.exchange.dates import DateOrder
from sizao.exchange.formats import FORMATS
from sizao.exchange.mapping import LEFT_OUT as READ_AS_NOTHING
from sizao.exchange.mapping import Field, Mapping
from sizao.exchange.rules import RULES
from sizao.ops.intake.models import Delivery
from sizao.ops.intake.resolving import LEFT_OUT, NEW, Choice
from sizao.vocabulary.codes import Classification
from sizao.vocabulary.columns import Column, Kind
from sizao.vocabulary.text import Message, say

EXCEL_DAYS = "excel"
ASKS_FOR_MEANING = [RULES[rule].sentence.msgid for rule in ("code_unknown", "meaning_drifts", "meaning_assumed")]


class Upload(forms.Form):
    """A file and who sent it."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or Excel, as it comes from its system."), allow_empty_file=True
    )
    source = forms.CharField(
        max_length=120, required=False, label=_("Who sent it"),
        help_text=_("How its columns are read is remembered for the next file of the same sender."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )  # fmt: skip


class Reading(forms.Form):
    """How a whole file is read."""

    format = forms.ChoiceField(label=_("What list it is"))
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    date_order = forms.ChoiceField(
        label=_("Dates are written"),
        required=False,
        choices=[
            ("", _("as the file shows")),
            (DateOrder.DAY_FIRST, _("day/month/year")),
            (DateOrder.MONTH_FIRST, _("month/day/year")),
        ],
    )
    area = forms.ChoiceField(label=_("Rows without an area count in"), required=False)
    classification = forms.ChoiceField(label=_("Cases without a class are"), required=False)

    def __init__(self, *args: Any, delivery: Delivery, areas: list[tuple[str, str]], **kwargs: Any):
        said = delivery.options
        initial = {name: said.get(name, "") for name in self.base_fields} | {"format": delivery.format}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["format"].choices = [(each.id, here(each.label)) for each in FORMATS.values()]
        sheets = said.get("sheets", [])
        self.fields["sheet"].choices = [(name, name) for name in sheets]
        if len(sheets) < 2:
            del self.fields["sheet"]
        self.fields["area"].choices = [("", _("the incident's area, or yours")), *areas]
        classes = [(code, here(label)) for code, label in Classification.choices()]
        self.fields["classification"].choices = [("", _("not yet classified")), *classes[1:]]
        if "cases" not in delivery.counts and delivery.format:
            del self.fields["classification"]


def here(label: Message) -> str:
    return say(label, get_language() or "en")


def targets(delivery: Delivery) -> list[tuple[str, str]]:
    """Our columns a column of the file may be, by label."""
    columns = {column.name: column for column in FORMATS[delivery.format].columns}
    return [(name, here(column.label)) for name, column in columns.items()]


def column_of(delivery: Delivery, name: str | None) -> Column | None:
    return next((column for column in FORMATS[delivery.format].columns if column.name == name), None)


def described_fields(delivery: Delivery, mapping: Mapping, words: Map[str, list[str]], sample: Any) -> list[dict]:
    """One line for each column of the file: what it is read as, what it holds, which words need a meaning."""
    lines = []
    for position, each in enumerate(mapping):
        column = column_of(delivery, each.target)
        unknown = [*words.get(each.header, []), *each.values]
        cells = sample[:, position + 1].drop_nulls().to_list() if sample.width > position + 1 else []
        lines.append(
            {
                "position": position,
                "field": each,
                "cells": cells[:3],
                "is_date": column is not None and column.kind is Kind.DATE,
                "order": EXCEL_DAYS if each.excel_days else (each.date_order or ""),
                "words": list(dict.fromkeys(unknown)) if column is not None and column.code_list else [],
                "codes": [(code, here(label)) for code, label in column.code_list.choices()]
                if column is not None and column.code_list
                else [],
            }
        )
    return lines


def mapping_of(post: QueryDict, mapping: Mapping) -> Mapping:
    """The mapping as a person corrected it in the page."""
    fields = tuple(_field(post, position, each) for position, each in enumerate(mapping))
    return Mapping(fields, mapping.format_id).confirm()


def _field(post: QueryDict, position: int, each: Field) -> Field:
    if f"target-{position}" not in post:
        return each
    order = post.get(f"order-{position}", "")
    values = dict(each.values)
    words = zip(post.getlist(f"word-{position}"), post.getlist(f"meaning-{position}"), strict=False)
    for word, meaning in words:
        if meaning == READ_NOTHING:
            values[word] = READ_AS_NOTHING
        elif meaning:
            values[word] = meaning
    return Field(
        header=each.header,
        occurrence=each.occurrence,
        target=post[f"target-{position}"] or None,
        values=values,
        date_order=DateOrder(order) if order in set(DateOrder) else None,
        excel_days=order == EXCEL_DAYS,
        likeness=each.likeness,
    )


READ_NOTHING = "-"


SAME = "same"


def choices_of(post: QueryDict, likest: Map[int, int]) -> dict[int, Choice]:
    """Decisions about single rows: {"row-12": "same" | "new" | "left out"}; `likest` is whom each row is likest."""
    choices: dict[int, Choice] = {}
    for name, value in post.items():
        row = name.removeprefix("row-")
        if not name.startswith("row-") or not row.isdecimal():
            continue
        if value in (NEW, LEFT_OUT):
            choices[int(row)] = value
        elif value == SAME and likest.get(int(row), 0) > 0:
            choices[int(row)] = likest[int(row)]
    return choices
