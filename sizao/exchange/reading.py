"""Turns text cells into dates, numbers and codes: one typed column out, one list of problems beside it.

The common case is vectorised (ISO dates, plain numbers); what is left is read word by word, each different
word once, so that a million cells cost as much as their few thousand different values.
"""

import datetime as dt
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sizao.exchange.ages import OLDEST, read_age
from sizao.exchange.dates import DateOrder, are_serials, decide_order, has_utc_time, is_ambiguous, read_date
from sizao.exchange.mapping import LEFT_OUT, Field
from sizao.exchange.problems import Problems
from sizao.exchange.words import meaning, plain
from sizao.exchange.workbooks import FORMULA_ERROR
from sizao.vocabulary.codes import Code
from sizao.vocabulary.columns import Column, Kind

TYPES: dict[Kind, Any] = {
    Kind.TEXT: pl.String,
    Kind.AREA: pl.String,
    Kind.CODE: pl.String,
    Kind.DATE: pl.Date,
    Kind.MOMENT: pl.String,
    Kind.INTEGER: pl.Int64,
    Kind.NUMBER: pl.Float64,
}
DIGITS_LOST = r"^-?\d(\.\d+)?E\+\d{2,}$"  # Excel's form; "5e8902" is an identifier
WHOLE_FLOAT = r"^\d+\.0$"
ROUNDED_SHARE = 0.2  # by chance one in a thousand ends in three zeros
LONG_FLOAT = r"^\d{7,}\.0$"
NO_TEXT = ("NA", "N/A", "#N/A", "NULL", "NaN", "nan", "null", "None")
NAMES = ("family_name", "given_name", "full_name")  # "Na" and "Null" are people's names
IDENTIFIERS = ("case_id", "contact_id", "source_id", "exposed_id", "external_id", "id_number", "phone", "specimen_id")


@dataclass(frozen=True)
class Options:
    """What the user, or the incident, says about a whole file."""

    date_order: DateOrder | None = None
    excel_days: bool = False  # text such as "44197" are Excel day numbers
    latest: dt.date | None = None  # no date can lie after it
    confirmed: bool = False  # every assumed meaning has been looked at


@dataclass(frozen=True)
class Dialect:
    """What a system's own words mean, by column; and columns whose words mean different things in different places."""

    words: Map[str, Map[str, Code | None]] = field(default_factory=dict)
    drifting: frozenset[str] = frozenset()


PLAIN = Dialect()


@dataclass(frozen=True)
class Cells:
    """One column of the file on its way to ours: its row numbers, its text, and how it is to be read."""

    column: Column
    field: Field
    rows: pl.Series
    text: pl.Series
    options: Options
    dialect: Dialect = PLAIN
    from_workbook: bool = False

    def problems(self, rule: str, bad: pl.Series, detail: pl.Series | None = None) -> Problems:
        found = pl.DataFrame({"row": self.rows, "found": self.text, "detail": detail})
        return Problems.of(
            rule,
            found.with_columns(pl.col("detail").cast(pl.String)).filter(bad.fill_null(False)),
            column=self.field.header,
        )

    def about(self, rule: str, found: str, detail: str | None = None) -> Problems:
        return Problems.about(rule, column=self.field.header, found=found, detail=detail)


Read = tuple[pl.Series, Problems]


def read_cells(cells: Cells) -> Read:
    """The typed values (null where there is none or where it could not be read) and the problems."""
    failed = cells.text == FORMULA_ERROR
    if failed.any():
        values, problems = read_cells(_without(cells, failed))
        return values, problems + cells.problems("formula_failed", failed)
    values, problems = READERS[cells.column.kind](cells)
    return values.alias(cells.column.name), problems


def _without(cells: Cells, bad: pl.Series) -> Cells:
    text = pl.DataFrame({"text": cells.text, "bad": bad.fill_null(False)}).select(
        pl.when("bad").then(None).otherwise(pl.col("text"))
    )
    return Cells(
        cells.column, cells.field, cells.rows, text.to_series(), cells.options, cells.dialect, cells.from_workbook
    )


def read_text(cells: Cells) -> Read:
    text, problems = cells.text.str.strip_chars(), Problems.none()
    name = cells.column.name
    missing = NO_TEXT if name not in NAMES else ()
    text = _null_where(text, (text == "") | text.is_in(missing))
    lost = text.str.contains(DIGITS_LOST)
    if name == "id_number":
        lost = lost | _rounded(text)
    if lost.any():
        problems += cells.problems("digits_lost", lost)
        text = _null_where(text, lost)
    if name in IDENTIFIERS:
        text, more = _whole_numbers(cells, text)
        return text.str.replace(r"^'(\d)", "$1"), problems + more
    return text, problems


def _rounded(text: pl.Series) -> pl.Series:
    """Chinese identity numbers Excel has rounded: three zeros at the end, and the check digit does not hold.

    Excel rounds every number of a column. Where few end so, those are invented ones, not rounded ones.
    """
    ends = text.str.contains(r"^\d{15}000$").fill_null(False)
    n_numbers = int(text.str.contains(r"^\d{17}[\dXx]$").sum())
    if int(ends.sum()) < ROUNDED_SHARE * n_numbers:
        return pl.repeat(False, len(text), eager=True)
    return text.is_in([number for number in text.filter(ends).unique() if not has_check_digit(number)])


def has_check_digit(number: str) -> bool:
    """The last digit of an 18-digit identity number fits the others (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def _null_where(text: pl.Series, bad: pl.Series) -> pl.Series:
    if not bad.any():
        return text
    return pl.select(pl.when(bad.fill_null(False)).then(None).otherwise(text)).to_series().rename(text.name)


def _whole_numbers(cells: Cells, text: pl.Series) -> Read:
    """ "1001.0" is 1001 when every value of the column is a whole number, as tables of floats write them.

    Seven digits and ".0" are a telephone or identity number whatever else the column holds.
    """
    all_whole = text.drop_nulls().str.contains(r"^\d+(\.0)?$").all()
    floats = text.str.contains(WHOLE_FLOAT if all_whole else LONG_FLOAT).fill_null(False)
    if not floats.any():
        return text, Problems.none()
    pattern = r"^(\d+)\.0$" if all_whole else r"^(\d{7,})\.0$"
    return text.str.replace(pattern, "$1"), cells.about("decimals_dropped", text.filter(floats)[0])


def read_dates(cells: Cells) -> Read:
    text = cells.text.str.strip_chars()
    iso = text.str.contains(r"^\d{4}-\d{2}-\d{2}$")
    dates = _null_where(text, ~iso).str.to_date("%Y-%m-%d", strict=False)
    dates = _null_where(dates, (dates < dt.date(1900, 1, 1)) | _after(dates, cells.options.latest))
    others = text.filter(dates.is_null() & text.is_not_null()).unique(maintain_order=True).to_list()
    if not others:
        return dates, Problems.none()
    order, problems = _order(cells, others)
    serials = _are_excel_days(cells, others)
    readings = {value: read_date(value, order, serials=serials, latest=cells.options.latest) for value in others}
    read = dates.fill_null(_replaced(text, {v: r.date for v, r in readings.items()}, pl.Date))
    rules = _replaced(text, {v: r.rule for v, r in readings.items()}, pl.String)
    details = _replaced(text, {v: r.detail for v, r in readings.items()}, pl.String)
    for rule in sorted({r.rule for r in readings.values() if r.rule}):
        problems += cells.problems(rule, rules == rule, details)
    if serials and (first := next((v for v, r in readings.items() if r.date and r.detail), None)):
        problems += cells.about("serials_read", first, readings[first].detail)
    if in_utc := next((value for value in others if has_utc_time(value)), None):
        problems += cells.about("moment_in_utc", in_utc)
    return read, problems


def _after(dates: pl.Series, latest: dt.date | None) -> pl.Series:
    return dates > latest if latest is not None else pl.repeat(False, len(dates), eager=True)


def _order(cells: Cells, values: list[str]) -> tuple[DateOrder | None, Problems]:
    told = cells.field.date_order or cells.options.date_order
    if told is not None:
        assumed = cells.field.date_order and not (cells.field.confirmed or cells.options.confirmed)
        unclear = next((value for value in values if is_ambiguous(value)), None) if assumed else None
        return told, cells.about("order_assumed", unclear, told.value) if unclear else Problems.none()
    order, proof = decide_order(values)
    if order is None or proof is None:
        return None, Problems.none()
    return order, cells.about("order_decided", proof, order.value)


def _are_excel_days(cells: Cells, values: list[str]) -> bool:
    """A number in a date column is a day number if somebody says so, in a workbook, or when all of them are."""
    return cells.field.excel_days or cells.options.excel_days or cells.from_workbook or are_serials(values)


def _replaced(text: pl.Series, meaning_of: Map[str, Any], kind: Any) -> pl.Series:
    return text.replace_strict(
        list(meaning_of), pl.Series(list(meaning_of.values()), dtype=kind), default=None, return_dtype=kind
    )


def read_numbers(cells: Cells) -> Read:
    text = cells.text.str.strip_chars()
    numbers = text.cast(pl.Float64, strict=False)
    is_age = cells.column.name == "age"
    highest = OLDEST if is_age else float("inf")
    numbers = _null_where(numbers, ~numbers.is_finite() | (numbers > highest) | (is_age and numbers < 0))
    others = text.filter(numbers.is_null() & text.is_not_null()).unique(maintain_order=True).to_list()
    if not others:
        return numbers, Problems.none()
    readings = {value: read_age(value) if is_age else (None, "number_unreadable") for value in others}
    read = numbers.fill_null(_replaced(text, {v: r[0] for v, r in readings.items()}, pl.Float64))
    rules = _replaced(text, {v: r[1] for v, r in readings.items()}, pl.String)
    problems = Problems.none()
    for rule in sorted({r[1] for r in readings.values() if r[1]}):
        problems += cells.problems(rule, rules == rule)
    return read, problems


def read_integers(cells: Cells) -> Read:
    text = cells.text.str.strip_chars()
    numbers = text.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    return numbers, cells.problems("number_unreadable", numbers.is_null() & text.is_not_null())


def read_codes(cells: Cells) -> Read:
    text = cells.text.str.strip_chars()
    told = {value.strip(): code for value, code in cells.field.values.items()}
    read: dict[str, str | None] = {}
    rules: dict[str, str | None] = {}
    problems = Problems.none()
    for value in text.drop_nulls().unique(maintain_order=True).to_list():
        read[value], rules[value], assumed = _code(cells, value, told)
        if (rule := rules[value]) in ("meaning_drifts", "no_counterpart"):
            problems += cells.about(rule, value)
            rules[value] = None
        if assumed and not (cells.field.confirmed or cells.options.confirmed):
            problems += cells.about("meaning_assumed", value, assumed)
    codes = _replaced(text, read, pl.String)
    broken = _replaced(text, rules, pl.String)
    for rule in sorted({rule for rule in rules.values() if rule}):
        problems += cells.problems(rule, broken == rule)
    return codes, problems


def _code(cells: Cells, value: str, told: Map[str, str]) -> tuple[str | None, str | None, str | None]:
    """The code, or the rule broken; and, when a proposal was used, what was assumed."""
    column = cells.column
    if value in told:
        if told[value] == LEFT_OUT:
            return None, None, None
        if column.code_list is None or told[value] not in list(column.code_list):
            return None, "code_unknown", None
        return told[value], None, f"{column.code_list.__name__}:{told[value]}"
    if column.name in cells.dialect.drifting:
        return None, "meaning_drifts", None
    theirs = cells.dialect.words.get(column.name, {})
    word = plain(value)
    if word in theirs and theirs[word] is None:
        return None, "no_counterpart", None
    code = theirs.get(word) or meaning(column, value)
    if code is not None:
        return code.value, None, None
    return (None, None, None) if word in NOTHING else (None, "code_unknown", None)


NOTHING = frozenset(("na", "n a", "nan", "null", "none", "?", "-", "--", "不详", "未知", "unknown"))

READERS: dict[Kind, Callable[[Cells], Read]] = {
    Kind.TEXT: read_text,
    Kind.AREA: read_text,
    Kind.CODE: read_codes,
    Kind.DATE: read_dates,
    Kind.MOMENT: read_text,
    Kind.INTEGER: read_integers,
    Kind.NUMBER: read_numbers,
}
