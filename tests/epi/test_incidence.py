"""Complete days, any grouping, growth with its interval."""

from datetime import date, timedelta
from math import inf, isinf

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sizao.epi.incidence import doubling_time, incidence, undated

START = date(2024, 1, 1)  # a Monday


def days(*offsets):
    return [None if offset is None else START + timedelta(days=offset) for offset in offsets]


def test_days_without_cases_are_zeros_up_to_the_stated_end():
    cases = pl.DataFrame({"onset": days(0, 0, 3)})
    curve = incidence(cases, date="onset", until=START + timedelta(days=5))
    assert curve["date"].to_list() == days(0, 1, 2, 3, 4, 5)
    assert curve["n"].to_list() == [2, 0, 0, 1, 0, 0]


def test_every_group_has_every_day_even_a_missing_group_and_one_without_cases_in_range():
    cases = pl.DataFrame({"onset": days(0, 1, 9), "area": ["a", None, "b"]})
    curve = incidence(cases, date="onset", by=["area"], until=START + timedelta(days=1))
    assert curve.rows() == [
        (None, START, 0, 1),
        (None, START + timedelta(days=1), 1, 1),
        ("a", START, 1, 1),
        ("a", START + timedelta(days=1), 0, 1),
        ("b", START, 0, 1),
        ("b", START + timedelta(days=1), 0, 1),
    ]


def test_a_week_in_progress_says_how_many_days_it_has():
    cases = pl.DataFrame({"onset": days(2, 6, 7)})
    curve = incidence(cases, date="onset", every="1w", since=START, until=START + timedelta(days=8))
    assert curve.rows() == [(START, 2, 7), (START + timedelta(days=7), 1, 2)]


def test_counts_are_added_when_rows_already_hold_counts():
    rows = pl.DataFrame({"day": days(0, 0, 1), "cases": [3, 4, 5]})
    assert incidence(rows, date="day", count="cases", until=START + timedelta(days=1))["n"].to_list() == [
        7,
        5,
    ]


def test_rows_without_a_day_are_counted_apart():
    cases = pl.DataFrame({"onset": days(0, None, None), "area": ["a", "a", "b"]})
    assert undated(cases, date="onset")["n"].to_list() == [2]
    assert undated(cases, date="onset", by=["area"]).rows() == [("a", 1), ("b", 1)]


def test_an_empty_list_is_a_flat_curve():
    cases = pl.DataFrame({"onset": []}, schema={"onset": pl.Date})
    assert incidence(cases, date="onset", since=START, until=START)["n"].to_list() == [0]


def test_what_cannot_be_read_is_named():
    cases = pl.DataFrame({"onset": days(0)})
    with pytest.raises(ValueError, match="no column report; it has onset"):
        incidence(cases, date="report", until=START)
    with pytest.raises(ValueError, match=r"ends .* before it begins"):
        incidence(cases, date="onset", since=START, until=START - timedelta(days=1))
    with pytest.raises(ValueError, match="'1m'"):
        incidence(cases, date="onset", every="1m", until=START)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 40), st.sampled_from("xyz")), max_size=30), st.integers(0, 30))
def test_totals_equal_the_list_behind_them(events, length):
    until = START + timedelta(days=length)
    cases = pl.DataFrame(
        {"day": days(*(offset for offset, _ in events)), "area": [area for _, area in events]},
        schema={"day": pl.Date, "area": pl.String},
    )
    curve = incidence(cases, date="day", by=["area"], since=START, until=until)
    assert curve["n"].sum() == sum(0 <= offset <= length for offset, _ in events)
    assert curve.height == len({area for _, area in events}) * (length + 1)
    weeks = incidence(cases, date="day", by=["area"], since=START, until=until, every="1w")
    by_hand = curve.group_by("area", pl.col("date").dt.truncate("1w")).agg(pl.col("n", "n_days").sum())
    assert_frame_equal(weeks, by_hand.sort("area", "date"))


def curve_of(counts, area="a"):
    return pl.DataFrame({"date": days(*range(len(counts))), "n": counts, "area": [area] * len(counts)})


def test_exact_growth_has_its_exact_doubling_time():
    row = doubling_time(curve_of([5, 10, 20, 40])).row(0, named=True)
    assert row["doubling_days"] == pytest.approx(1)
    assert row["doubling_days_lower"] < 1 < row["doubling_days_upper"]
    falling = doubling_time(curve_of([4000, 2000, 1000, 500, 250])).row(0, named=True)
    assert falling["doubling_days"] == pytest.approx(-1)
    assert falling["doubling_days_lower"] < -1 < falling["doubling_days_upper"] < 0


def test_a_flat_curve_does_not_exclude_standstill():
    row = doubling_time(curve_of([9, 11, 10, 10, 11, 9])).row(0, named=True)
    assert row["growth_lower"] < 0 < row["growth_upper"]
    assert isinf(row["doubling_days_upper"]) or row["doubling_days_lower"] == -inf


def test_short_and_empty_series_answer_with_a_status():
    curves = pl.concat([curve_of([1, 2], "short"), curve_of([0, 0, 0, 0], "none"), curve_of([1, 3, 9], "ok")])
    table = doubling_time(curves, by=["area"])
    status = dict(zip(table["area"], table["status"], strict=True))
    assert status == {"short": "short_history", "none": "few_cases", "ok": "ok"}


def test_the_interval_covers_the_true_growth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    mean = 20 * np.exp(0.08 * np.arange(15))
    curves = pl.concat([curve_of(rng.poisson(mean), str(i)) for i in range(300)])
    table = doubling_time(curves, by=["area"])
    covered = ((table["growth_lower"] <= 0.08) & (table["growth_upper"] >= 0.08)).mean()
    assert 0.92 <= covered <= 0.995
