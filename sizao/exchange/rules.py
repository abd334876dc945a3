"""Every rule a file can break, with its severity and its sentence: what, where, what to do.

Sentences may name {column} (as the file calls it), {found} (as it stands in the cell) and {detail}.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sizao.vocabulary import codes
from sizao.vocabulary.text import N_, Message


class Severity(StrEnum):
    """An error keeps a row from becoming a record; a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"


def as_written(detail: str) -> Any:
    return detail


def as_label(detail: str) -> Any:
    """ "Setting:household" is shown by its label, in the reader's language."""
    list_name, _, value = detail.partition(":")
    return getattr(codes, list_name)(value)


ORDERS = {"day_first": N_("day/month/year"), "month_first": N_("month/day/year")}


def as_order(detail: str) -> Any:
    return ORDERS[detail]


@dataclass(frozen=True)
class Rule:
    """A rule's severity, its sentence, and how the detail is shown."""

    severity: Severity
    sentence: Message
    detail: Callable[[str], Any] = as_written


def error(sentence: Message) -> Rule:
    return Rule(Severity.ERROR, sentence)


def warning(sentence: Message, detail: Callable[[str], Any] = as_written) -> Rule:
    return Rule(Severity.WARNING, sentence, detail)


RULES: dict[str, Rule] = {
    # the row as a whole
    "too_many_cells": error(
        N_(
            "This row has cells beyond the last column ({detail} columns have a name): “{found}”. A text that "
            "holds the separator must stand in quotation marks."
        )
    ),
    "damaged_characters": error(
        N_("{column}: “{found}” holds characters that could not be read. Save the file as UTF-8, or mend the cell.")
    ),
    "many_lines": error(
        N_("{column}: this cell runs over very many lines. A quotation mark in or before this row has no partner.")
    ),
    "nothing_known": error(N_("This row has nothing in the columns that were recognised.")),
    "required_missing": error(N_("{column} is missing. Without it the row cannot be recorded.")),
    "identity_missing": error(
        N_("This row names nobody: it has no number, no name and no identity number. Fill in one of them.")
    ),
    "repeated_id": error(
        N_("{column}: “{found}” already stands in row {detail}. Give each person one row, or another number.")
    ),
    "own_source": error(N_("“{found}” is given as the source of their own infection. Correct one of the numbers.")),
    # dates
    "date_unreadable": error(N_("{column}: “{found}” is not a date. Write it as 2021-01-31.")),
    "date_impossible": error(N_("{column}: there is no day “{found}”. Correct the date.")),
    "date_ambiguous": error(
        N_(
            "{column}: “{found}” may be day/month or month/day, and nothing in this column decides it. "
            "Choose the order for this column."
        )
    ),
    "date_two_digit_year": error(N_("{column}: “{found}” has a year of two digits. Write the year in full.")),
    "date_without_year": error(N_("{column}: “{found}” has no year. Write it as 2021-01-31.")),
    "date_serial": error(
        N_(
            "{column}: “{found}” looks like an Excel day number ({detail}). Write the date itself, or confirm "
            "that this column holds day numbers."
        )
    ),
    "date_too_early": error(N_("{column}: “{found}” is before 1900. Correct the date.")),
    "date_in_future": error(N_("{column}: “{found}” lies after {detail}. Correct the date.")),
    # numbers and texts
    "number_unreadable": error(N_("{column}: “{found}” is not a number.")),
    "age_unreadable": error(N_("{column}: “{found}” is not an age. Write years, or “3 months”.")),
    "age_out_of_range": error(N_("{column}: an age of “{found}” is not possible.")),
    "digits_lost": error(
        N_(
            "{column}: “{found}” was stored as a number and has lost its last digits. Format the column as text "
            "in Excel, enter the number again and save."
        )
    ),
    "formula_failed": error(N_("{column}: the formula in this cell ended in an error. Enter the value itself.")),
    # codes
    "code_unknown": error(
        N_("{column}: “{found}” is not known here. Say in the mapping what it means, or that it is to be left out.")
    ),
    # warnings
    "meaning_assumed": warning(N_("{column}: “{found}” is read as “{detail}”. Please confirm."), as_label),
    "meaning_drifts": warning(
        N_(
            "{column}: what “{found}” means differs between installations and languages of that system. It is "
            "kept as written; say in the mapping what it means."
        )
    ),
    "no_counterpart": warning(N_("{column}: “{found}” has no counterpart here and is left out.")),
    "birth_date_incomplete": warning(N_("The date of birth is incomplete (“{found}”) and is left out.")),
    "columns_disagree": warning(
        N_("Two columns give {column}, and they differ: “{detail}” was kept, “{found}” was not.")
    ),
    "order_decided": warning(
        N_("{column}: dates are read as {detail}, because “{found}” can only be read so."), as_order
    ),
    "order_assumed": warning(
        N_("{column}: “{found}” is read as {detail}, as the other dates of this file are. Please confirm."), as_order
    ),
    "serials_read": warning(
        N_("{column}: the column holds Excel day numbers; “{found}” is read as {detail}. Please check.")
    ),
    "moment_in_utc": warning(
        N_("{column}: “{found}” is a time in UTC. The day as written was kept; local time may be a day later.")
    ),
    "decimals_dropped": warning(N_("{column}: numbers such as “{found}” are read without “.0”.")),
    "header_repeated": warning(
        N_("The column name “{column}” occurs more than once. Check which one is meant in the mapping.")
    ),
    "more_samples": warning(N_("{column}: further samples are only a text here (“{found}”) and were not read.")),
}
