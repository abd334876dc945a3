"""The attack against a slow and obvious one: try every table of small whole numbers."""

from itertools import product
from math import inf

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.epi.disclosure import audit_recovery, round_counts
from tests.epi.disclosure.tables import ONE_WAY, one_way, two_way


def every_table(table, layout, hidden, top):
    """Smallest and largest value of each hidden cell over all whole-numbered tables that agree with the rest."""
    counts = table["count"].to_list()
    sums = sums_by_hand(table, layout)
    low, high = dict.fromkeys(hidden, inf), dict.fromkeys(hidden, -inf)
    for values in product(range(top + 1), repeat=len(hidden)):
        tried = [*counts]
        for row, value in zip(hidden, values, strict=True):
            tried[row] = value
        if all(tried[total] == sum(tried[part] for part in parts) for total, parts in sums):
            for row, value in zip(hidden, values, strict=True):
                low[row], high[row] = min(low[row], value), max(high[row], value)
    return [(low[row], high[row]) for row in hidden]


def sums_by_hand(table, layout):
    keys = table.select(layout["dims"]).rows()
    sums = []
    for place, dim in enumerate(layout["dims"]):
        above = layout["total_rows"][dim]
        for total, key in enumerate(keys):
            parts = [
                row
                for row, other in enumerate(keys)
                if other != key
                and (above if isinstance(above, str) else above.get(other[place])) == key[place]
                and all(a == b for i, (a, b) in enumerate(zip(key, other, strict=True)) if i != place)
            ]
            if parts:
                sums.append((total, parts))
    return sums


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_ranges_equal_those_of_trying_every_table(data):
    inside = [[data.draw(st.integers(0, 3)) for _ in range(2)] for _ in range(2)]
    table, layout = two_way(inside)
    n_hidden = data.draw(st.integers(1, 4))
    hidden = sorted(data.draw(st.permutations(range(table.height)))[:n_hidden])
    top = 14
    published = table.with_columns(
        pl.when(pl.int_range(pl.len()).is_in(hidden)).then(None).otherwise("count").alias("count")
    )
    audit = audit_recovery(published, whole_numbers=True, **layout)
    for (low, high), row in zip(every_table(table, layout, hidden, top), audit.iter_rows(named=True), strict=True):
        assert row["lower"] == pytest.approx(low)
        # within the numbers tried: what is unbounded reaches the largest of them
        assert min(row["upper"], top) == pytest.approx(high) or row["upper"] == inf


def test_what_nothing_bounds_is_infinite():
    table = pl.DataFrame({"area": ["a", "b"], "count": [None, 3]}, schema_overrides={"count": pl.Int64})
    assert audit_recovery(table, dims=["area"]).row(0) == ("a", 0.0, inf, inf, False)


def test_numbers_that_contradict_each_other_are_refused():
    table = pl.DataFrame({"area": ["a", "b", "c", "all"], "count": [4, 5, None, 8]})
    with pytest.raises(ValueError, match="contradict each other"):
        audit_recovery(table, **ONE_WAY)
    with pytest.raises(ValueError, match="contradict each other"):
        audit_recovery(pl.DataFrame({"area": ["a", "all"], "count": [4, 8]}), **ONE_WAY)


def test_rounding_goes_to_the_nearest_multiple():
    rounded = round_counts(pl.DataFrame({"count": [0, 1, 2, 3, 7, 8, 12, 13]}))
    assert rounded["count"].to_list() == [0, 0, 0, 5, 5, 10, 10, 15]
    assert round_counts(pl.DataFrame({"count": [4, 5, 14, 15]}), base=10)["count"].to_list() == [0, 10, 10, 20]


def test_random_rounding_is_unbiased_and_repeatable():
    table = pl.DataFrame({"count": np.full(20_000, 7)})
    rounded = round_counts(table, rng=np.random.default_rng(8))["count"]
    assert set(rounded) == {5, 10}
    assert rounded.mean() == pytest.approx(7, abs=0.1)
    assert rounded.equals(round_counts(table, rng=np.random.default_rng(8))["count"])


def test_rounding_alone_can_be_worked_out_from_its_sums():
    """Ten counties of 2 are shown as 0 and their total 20 as 20: none can be less than 0, all must be 2 at least."""
    table = one_way(*[2] * 10)
    audit = audit_recovery(round_counts(table), rounded_to=5, **ONE_WAY)
    county = audit.filter(pl.col("area") == "a").row(0, named=True)
    assert (county["lower"], county["upper"]) == (0.0, 2.0) and county["recoverable"]
    large = audit_recovery(round_counts(one_way(2, 30, 44)), rounded_to=5, width=2, **ONE_WAY)
    assert not large["recoverable"].any()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(2, 10), st.booleans())
def test_a_rounded_count_is_always_in_the_range_the_attack_finds(counts, base, random):
    table = one_way(*counts)
    rng = np.random.default_rng(1) if random else None
    audit = audit_recovery(round_counts(table, base=base, rng=rng), rounded_to=base, random_rounding=random, **ONE_WAY)
    truth = audit.join(table, on="area")
    assert truth.height == len(counts) + 1
    assert (truth["lower"] <= truth["count"] + 1e-6).all() and (truth["upper"] >= truth["count"] - 1e-6).all()


def test_a_base_below_two_rounds_nothing_and_is_refused():
    with pytest.raises(ValueError, match="base must be at least 2"):
        round_counts(one_way(1), base=1)
