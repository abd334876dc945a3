"""Dates as people write them. Day/month or month/day is decided for a whole column, by evidence, never guessed.

Read: 2021-01-31, 2021/1/31, 20210131, 2021年1月31日, 31.01.2021, 31 Jan 2021, Jan 31, 2021, each with or
without a time, which is left off. Refused: years of two digits, days that do not exist, and 03/04/2021 when
nothing else in its column says which of the two it is.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class DateOrder(StrEnum):
    """Which of the first two numbers is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True)
class DateReading:
    """A date, or the rule it breaks (with a detail for the sentence)."""

    date: dt.date | None = None
    rule: str | None = None
    detail: str | None = None


MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero janeiro janv",
            "feb february februar février fevrier febrero fevereiro févr",
            "mar march märz maerz mars marzo março mrz",
            "apr april avril abril avr",
            "may mai mayo maio",
            "jun june juni juin junio junho",
            "jul july juli juillet julio julho juil",
            "aug august août aout agosto",
            "sep sept september septembre septiembre setembro",
            "oct october oktober octobre octubre outubro okt",
            "nov november novembre noviembre novembro",
            "dec december dezember décembre decembre diciembre dezembro dez déc",
        ),
        start=1,
    )
    for name in names.split()
}
TIME = (
    r"(?:(?:[T ,]|(?<=[日号]))\s*\d{1,2}(?::\d{2}(?::\d{2}(?:[.,]\d+)?)?|[时點点]\s*(?:\d{1,2}分?)?(?:\d{1,2}秒)?)?"
    r"\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
YEAR_FIRST = re.compile(
    r"(\d{4})\s*(?:([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?)\s*" + TIME
)
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})" + TIME)
DAY_NAMED_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s\-/]*(?:de\s+)?([^\W\d_]{3,10})\.?[\s\-/,]*(?:de\s+)?(\d{4})" + TIME
)
NAMED_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + TIME)
TWO_DIGIT_YEAR = re.compile(
    r"(\d{1,2}([-/.])\d{1,2}\2\d{2}|\d{2}年\d{1,2}月\d{1,2}[日号]?|\d{1,2}[\s\-][^\W\d_]{3,10}[\s\-]\d{2})" + TIME
)
NO_YEAR = re.compile(r"\d{1,2}月\d{1,2}[日号]?|\d{1,2}[-/.]\d{1,2}")
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
SERIALS = range(18264, 73051)  # 1950-01-01 to 2100-01-01
UTC_TIME = re.compile(
    r"[T ](?!00:00(?::00(?:\.0+)?)?\s*(?:Z|UTC|\+00:?00)$)\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|\+00:?00)$"
)
EARLIEST = dt.date(1900, 1, 1)
#: Written where a date is not known; read as no date.
NO_DATE = frozenset(("na", "n/a", "nan", "nat", "null", "none", "-", "--", "—", "?", "/", "unknown", "unk", "not known",
                     "不详", "未知", "无", "不明"))  # fmt: skip


def decide_order(values: Iterable[str]) -> tuple[DateOrder | None, str | None]:
    """The order the values prove, and the value that proves it; None when none or both are proven."""
    proofs: dict[DateOrder, str] = {}
    for value in values:
        if found := YEAR_LAST.fullmatch(_plain(value)):
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                proofs.setdefault(DateOrder.DAY_FIRST, value)
            elif second > 12 >= first:
                proofs.setdefault(DateOrder.MONTH_FIRST, value)
    return next(iter(proofs.items())) if len(proofs) == 1 else (None, None)


def is_ambiguous(value: str) -> bool:
    """It reads as two different days."""
    return read_date(value, None).rule == "date_ambiguous"


def is_excel_day(value: str) -> bool:
    """It may be an Excel day number of 1950 to 2099."""
    return _serial(value) is not None


def are_serials(values: Iterable[str]) -> bool:
    """All values (five or more different ones) are Excel day numbers."""
    days = [is_excel_day(value) for value in values]
    return len(days) >= 5 and all(days)


def read_date(
    text: str, order: DateOrder | None, *, serials: bool = False, latest: dt.date | None = None
) -> DateReading:
    """One cell. `order` and `serials` are what was decided for its column; `latest` the last possible day."""
    value = _plain(text)
    if value.casefold() in NO_DATE:
        return DateReading()
    reading = _read(value, order, serials)
    if reading.date is None:
        return reading
    if reading.date < EARLIEST:
        return DateReading(rule="date_too_early")
    if latest is not None and reading.date > latest:
        return DateReading(rule="date_in_future", detail=latest.isoformat())
    return reading


def has_utc_time(text: str) -> bool:
    """A time of day in UTC other than midnight: the local day may be another one."""
    return UTC_TIME.search(text) is not None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _read(value: str, order: DateOrder | None, serials: bool) -> DateReading:
    if found := YEAR_FIRST.fullmatch(value):
        return _day(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))
    if found := COMPACT.fullmatch(value):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := YEAR_LAST.fullmatch(value):
        return _year_last(int(found[1]), int(found[3]), int(found[4]), order)
    if found := DAY_NAMED_MONTH.fullmatch(value):
        return _named(found[2], int(found[1]), int(found[3]))
    if found := NAMED_MONTH_DAY.fullmatch(value):
        return _named(found[1], int(found[2]), int(found[3]))
    if found := SERIAL.fullmatch(value):
        return _from_serial(value, serials)
    if TWO_DIGIT_YEAR.fullmatch(value):
        return DateReading(rule="date_two_digit_year")
    return DateReading(rule="date_without_year" if NO_YEAR.fullmatch(value) else "date_unreadable")


def _day(year: int, month: int, day: int) -> DateReading:
    try:
        return DateReading(dt.date(year, month, day))
    except ValueError:
        return DateReading(rule="date_impossible")


def _year_last(first: int, second: int, year: int, order: DateOrder | None) -> DateReading:
    if order is None and first <= 12 and second <= 12 and first != second:
        return DateReading(rule="date_ambiguous")
    month_first = order is DateOrder.MONTH_FIRST or (order is None and second > 12)
    month, day = (first, second) if month_first else (second, first)
    return _day(year, month, day)


def _named(month: str, day: int, year: int) -> DateReading:
    number = MONTHS.get(month.casefold())
    return _day(year, number, day) if number else DateReading(rule="date_unreadable")


def _serial(value: str) -> int | None:
    found = SERIAL.fullmatch(_plain(value))
    return int(found[1]) if found and int(found[1]) in SERIALS else None


def _from_serial(value: str, serials: bool) -> DateReading:
    number = _serial(value)
    if number is None:
        return DateReading(rule="date_unreadable")
    date = dt.date(1899, 12, 30) + dt.timedelta(days=number)  # Excel's day 1 is 1900-01-01, with a false leap day
    return (
        DateReading(date, detail=date.isoformat())
        if serials
        else DateReading(rule="date_serial", detail=date.isoformat())
    )
