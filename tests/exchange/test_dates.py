"""Dates and ages as people write them."""

import datetime as dt

import polars as pl
import pytest

from sizao.exchange.ages import read_age
from sizao.exchange.dates import DateOrder, decide_order, has_utc_time, read_date
from sizao.exchange.formats import FORMATS
from sizao.exchange.reading import Options
from sizao.exchange.tables import read_table

DAY, MONTH = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST
JAN_3 = dt.date(2021, 1, 3)

READ = [
    ("2021-01-03", None, JAN_3),
    ("2021/1/3", None, JAN_3),
    ("2021.1.3", None, JAN_3),
    ("20210103", None, JAN_3),
    ("2021年1月3日", None, JAN_3),
    ("2021年01月03日10时30分", None, JAN_3),
    ("２０２１年１月３日", None, JAN_3),  # full-width digits
    ("2021-01-03 23:59:59", None, JAN_3),
    ("2021-01-03T00:00:00.000Z", None, JAN_3),
    ("3/1/2021", DAY, JAN_3),
    ("1/3/2021", MONTH, JAN_3),
    ("03.01.2021", DAY, JAN_3),
    ("3 Jan 2021", None, JAN_3),
    ("3-Jan-2021", None, JAN_3),
    ("January 3, 2021", None, JAN_3),
    ("3. Januar 2021", None, JAN_3),
    ("3 janvier 2021", None, JAN_3),
    ("3 de enero de 2021", None, JAN_3),
    ("25/12/2020", None, dt.date(2020, 12, 25)),
    ("12/25/2020", None, dt.date(2020, 12, 25)),
    ("4/4/2021", None, dt.date(2021, 4, 4)),  # the same day either way
    ("2020-02-29", None, dt.date(2020, 2, 29)),
    ("不详", None, None),
    ("unknown", None, None),
    ("N/A", None, None),
]
REFUSED = [
    ("03/04/2021", None, "date_ambiguous"),
    ("2026-02-31", None, "date_impossible"),
    ("31/02/2021", DAY, "date_impossible"),
    ("12/25/2020", DAY, "date_impossible"),
    ("25/12/2020", MONTH, "date_impossible"),
    ("2021-13-01", None, "date_impossible"),
    ("2021年2月30日", None, "date_impossible"),
    ("20210231", None, "date_impossible"),
    ("2021-02-29", None, "date_impossible"),
    ("3/1/21", DAY, "date_two_digit_year"),
    ("03.01.21", None, "date_two_digit_year"),
    ("3-Jan-21", None, "date_two_digit_year"),
    ("21年1月3日", None, "date_two_digit_year"),
    ("1月3日", None, "date_without_year"),
    ("3/1", None, "date_without_year"),
    ("44199", None, "date_serial"),
    ("44199.5", None, "date_serial"),
    ("1821-01-03", None, "date_too_early"),
    ("0001-01-01", None, "date_too_early"),
    ("yesterday", None, "date_unreadable"),
    ("3 Foo 2021", None, "date_unreadable"),
    ("99999", None, "date_unreadable"),
    ("2021-01", None, "date_unreadable"),
    ("#VALUE!", None, "date_unreadable"),
    ("2021-01-03 yesterday", None, "date_unreadable"),
]


@pytest.mark.parametrize(("text", "order", "date"), READ)
def test_read(text: str, order: DateOrder | None, date: dt.date | None) -> None:
    reading = read_date(text, order)
    assert (reading.date, reading.rule) == (date, None)


@pytest.mark.parametrize(("text", "order", "rule"), REFUSED)
def test_refused(text: str, order: DateOrder | None, rule: str) -> None:
    reading = read_date(text, order)
    assert (reading.date, reading.rule) == (None, rule)


def test_excel_days_are_read_when_told() -> None:
    assert read_date("44199", None, serials=True).date == JAN_3
    assert read_date("25569", None, serials=True).date == dt.date(1970, 1, 1)  # the Unix epoch, in Excel's count


def test_nothing_lies_after_the_last_possible_day() -> None:
    assert read_date("2021-01-03", None, latest=JAN_3).date == JAN_3
    assert read_date("2021-01-04", None, latest=JAN_3).rule == "date_in_future"


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2021", "25/04/2021"], DAY),
        (["03/04/2021", "04/25/2021"], MONTH),
        (["03/04/2021", "05/06/2021"], None),
        (["25/04/2021", "04/25/2021"], None),  # both: the column is mixed
        (["2021-04-25"], None),
    ],
)
def test_a_column_decides_its_order_by_evidence(values: list[str], order: DateOrder | None) -> None:
    assert decide_order(values)[0] == order


def test_utc_times_other_than_midnight_are_noticed() -> None:
    assert has_utc_time("2021-01-03T18:30:00.000Z")
    assert not has_utc_time("2021-01-03T00:00:00.000Z")
    assert not has_utc_time("2021-01-03 18:30")


def onsets(text: str, options: Options | None = None) -> pl.DataFrame:
    table = read_table(("case_id,date_onset\n" + text).encode())
    parsed = FORMATS["sizao-cases"].parse(table, options=options)
    return parsed.records["cases"].select("case_id", "date_onset")


def test_an_ambiguous_column_is_refused_until_the_order_is_told() -> None:
    text = "A,03/04/2021\nB,05/06/2021\n"
    assert onsets(text).is_empty()
    assert onsets(text, Options(date_order=DAY))["date_onset"].to_list() == [dt.date(2021, 4, 3), dt.date(2021, 6, 5)]
    assert onsets(text, Options(date_order=MONTH))["date_onset"][0] == dt.date(2021, 3, 4)


def test_one_proof_decides_the_whole_column() -> None:
    assert onsets("A,03/04/2021\nB,25/06/2021\n")["date_onset"].to_list() == [
        dt.date(2021, 4, 3),
        dt.date(2021, 6, 25),
    ]


def test_in_a_mixed_column_only_the_proven_ones_are_read() -> None:
    assert onsets("A,25/06/2021\nB,06/25/2021\nC,03/04/2021\n")["case_id"].to_list() == ["A", "B"]


def test_a_column_of_nothing_but_day_numbers_is_evidence() -> None:
    text = "".join(f"{i},{44199 + i}\n" for i in range(5))
    assert onsets(text)["date_onset"][0] == JAN_3
    assert onsets("A,44199\nB,2021-01-03\n")["case_id"].to_list() == ["B"]
    assert onsets("A,44199\n", Options(excel_days=True))["date_onset"].to_list() == [JAN_3]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("45", 45.0),
        ("45.0", 45.0),
        ("45岁", 45.0),
        ("45 years", 45.0),
        ("45 years old", 45.0),
        ("45y", 45.0),
        ("44 Jahre", 44.0),
        ("30 Années", 30.0),
        ("3 months", 0.25),
        ("3个月", 0.25),
        ("6 Monate", 0.5),
        ("1岁6个月", 1.5),
        ("2 years 3 months", 2.25),
        ("10天", round(10 / 365.25, 4)),
        ("0", 0.0),
        ("1,5", 1.5),
    ],
)
def test_ages(text: str, years: float) -> None:
    assert read_age(text) == (years, None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("5-9", "age_unreadable"),
        ("60+ years", "age_unreadable"),
        ("adult", "age_unreadable"),
        ("-3", "age_unreadable"),
        ("3 parsecs", "age_unreadable"),
        ("200", "age_out_of_range"),
        ("3000 months", "age_out_of_range"),
    ],
)
def test_ages_refused(text: str, rule: str) -> None:
    assert read_age(text) == (None, rule)
