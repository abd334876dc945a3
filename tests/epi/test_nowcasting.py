"""Nowcasting: the triangle by hand, limiting cases, coverage of its intervals, what is left out."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.epi.nowcasting import coverage, left_out, nowcast, reporting_triangle, vintages
from sizao.epi.reproduction import cori

START = date(2024, 3, 1)


def day(number):
    return None if number is None else START + timedelta(days=int(number))


def line_list(pairs, **columns):
    """Rows of (day of onset, day of report)."""
    table = {"onset": [day(a) for a, _ in pairs], "report": [day(b) for _, b in pairs], **columns}
    return pl.DataFrame(table, schema_overrides={"onset": pl.Date, "report": pl.Date})


NAMES = {"event": "onset", "report": "report"}


def simulated(rng, daily_mean, n_days, delay_mean=4.0):
    """Poisson cases a day, negative binomial delays, everything reported in the end."""
    counts = rng.poisson(daily_mean, n_days)
    onset = np.repeat(np.arange(n_days), counts)
    delay = rng.negative_binomial(2, 2 / (2 + delay_mean), len(onset))
    return line_list(list(zip(onset, onset + delay, strict=True)))


def test_the_triangle_by_hand():
    cases = line_list([(0, 0), (0, 1), (0, 5), (1, 1), (2, 2), (2, 3)])
    table = reporting_triangle(cases, until=day(2), max_delay=2, **NAMES)
    rows = table.pivot("delay", index="date", values="n").drop("date").rows()
    assert rows == [(1, 1, 0), (1, 0, None), (1, None, None)]
    later = reporting_triangle(cases, until=day(9), max_delay=2, **NAMES)
    assert later.filter(pl.col("date") == day(0))["n"].to_list() == [1, 1, 1]  # five days: the open last class


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.none() | st.integers(0, 20), st.none() | st.integers(0, 25)), max_size=40),
    st.integers(0, 25),
    st.integers(1, 8),
)
def test_every_row_is_in_the_triangle_or_left_out_with_its_reason(pairs, until, max_delay):
    cases = line_list(pairs)
    inside = reporting_triangle(cases, until=day(until), max_delay=max_delay, **NAMES)
    outside = left_out(cases, until=day(until), **NAMES)
    assert (inside["n"].sum() or 0) + outside["n"].sum() == len(pairs)
    assert set(outside["reason"]) <= {"no_event", "no_report", "report_before_event", "later"}


def test_without_delay_nothing_is_missing():
    cases = line_list([(i, i) for i in range(40) for _ in range(5)])
    table = nowcast(cases, until=day(39), max_delay=5, **NAMES)
    assert table["n_expected"].to_list() == [5] * 5
    assert (table["q975"] == 5).all() and (table["share_reported"] == 1).all()
    assert set(table["status"]) == {"ok"}


def test_the_share_reported_is_that_of_the_past():
    """Of four cases a day one is reported at once, two the day after, one after two days."""
    cases = line_list([(i, i + d) for i in range(60) for d in (0, 1, 1, 2)])
    table = nowcast(cases, until=day(59), max_delay=3, **NAMES)
    assert table["share_reported"].to_list() == pytest.approx([1, 0.75, 0.25])
    assert table["n_reported"].to_list() == [4, 3, 1]
    assert table["n_expected"].to_list() == pytest.approx([4, 4, 4], abs=0.1)


def test_a_day_without_reports_yet_is_not_a_day_without_cases():
    cases = line_list([(i, i + 2) for i in range(60) for _ in range(6)])
    table = nowcast(cases, until=day(59), max_delay=4, **NAMES)
    last = table.row(-1, named=True)
    assert (last["n_reported"], last["age"]) == (0, 0)
    assert last["n_expected"] == pytest.approx(6, rel=0.1)


def test_where_nothing_happens_nothing_is_expected():
    cases = line_list([(i, i + 1) for i in range(20)] + [(19, 60)])
    table = nowcast(cases, until=day(59), max_delay=5, training_days=60, **NAMES)
    assert table["n_expected"].max() < 0.3


def test_it_is_right_on_average_and_its_intervals_hold_what_they_promise():
    rng = np.random.default_rng(4)
    cases = simulated(rng, 12, 220)
    made = vintages(cases, asof=[day(d) for d in range(80, 200, 3)], max_delay=20, **NAMES)
    recent = made.filter(pl.col("age") < 8)
    assert recent["n_expected"].mean() == pytest.approx(recent["n_final"].mean(), rel=0.05)
    naive = recent["n_reported"].mean()
    assert naive < 0.75 * recent["n_final"].mean()
    table = coverage(recent, by=())
    assert dict(zip(table["level"], table["covered"].round(2), strict=True)).keys() == {0.5, 0.9, 0.95}
    for level, covered in table.select("level", "covered").iter_rows():
        assert level - 0.06 <= covered <= level + 0.13
    assert coverage(made)["age"].unique().len() == 20


def test_intervals_widen_when_delays_have_been_unsteady():
    rng = np.random.default_rng(6)
    steady = simulated(rng, 20, 150)
    unsteady = steady.with_columns(
        # weeks in which reporting slows down by five days alternate with normal ones
        report=pl.when((pl.col("onset") - START).dt.total_days() % 14 < 7)
        .then(pl.col("report") + pl.duration(days=5))
        .otherwise("report")
    )
    width = [
        (table["q975"] - table["q025"]).sum() / table["n_expected"].sum()
        for table in (nowcast(cases, until=day(149), max_delay=20, **NAMES) for cases in (steady, unsteady))
    ]
    assert width[1] > 1.3 * width[0]


def test_groups_share_their_delays_and_keep_their_counts():
    rng = np.random.default_rng(8)
    large, small = simulated(rng, 20, 100), simulated(rng, 1, 100)
    both = pl.concat([large.with_columns(area=pl.lit("large")), small.with_columns(area=pl.lit("small"))])
    table = nowcast(both, until=day(99), max_delay=15, by=["area"], **NAMES)
    assert table.columns[:2] == ["area", "date"] and table.height == 30
    shares = table.pivot("area", index="date", values="share_reported")
    assert shares["large"].equals(shares["small"], check_names=False)
    reported = both.filter(pl.col("report") <= day(99)).group_by("area").len()
    found = table.group_by("area").agg(pl.col("n_reported").sum())
    assert (found.join(reported, on="area")["n_reported"] <= found.join(reported, on="area")["len"]).all()


def test_a_young_outbreak_answers_and_says_that_it_knows_little():
    table = nowcast(line_list([(0, 1), (1, 1), (2, 3)]), until=day(3), max_delay=14, **NAMES)
    assert set(table["status"]) == {"short_history"} and table.height == 4
    nothing = nowcast(line_list([]), until=day(3), **NAMES)
    assert nothing["n_reported"].sum() == 0 and nothing["status"].to_list() == ["short_history"]


def test_from_triangle_to_r():
    """R from reported counts falls at the end of any series; completed counts do not show that fall."""
    rng = np.random.default_rng(10)
    cases = simulated(rng, 40, 120)
    until = day(99)
    table = nowcast(cases, until=until, max_delay=20, **NAMES)
    curve = cases.filter(pl.col("report") <= until).group_by(date="onset").len("n").sort("date")
    completed = curve.join(table.select("date", "n_expected"), on="date", how="left", maintain_order="left")
    completed = completed.select("date", n=pl.coalesce("n_expected", "n"))
    si = (4.0, 2.0)
    naive, right = cori(curve, si=si)["mean"][-1], cori(completed, si=si)["mean"][-1]
    assert naive < 0.8 and right == pytest.approx(1, abs=0.15)


def test_what_cannot_be_read_is_named():
    with pytest.raises(ValueError, match="no column sampled"):
        nowcast(line_list([(0, 1)]), event="sampled", report="report", until=day(3))
    with pytest.raises(ValueError, match="max_delay must be at least 1"):
        nowcast(line_list([(0, 1)]), until=day(3), max_delay=0, **NAMES)
