"""The case reproduction number: by hand, by enumeration of pairs, and where it is not yet known."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.epi.reproduction import wallinga_teunis


def curve(counts):
    return pl.DataFrame({"date": list(range(len(counts))), "n": counts})


def pair_by_pair(counts, weight, window):
    """Every case against every earlier case."""
    days = np.repeat(np.arange(len(counts)), counts)
    infected = np.zeros(len(days))
    spread = np.zeros((len(days), len(days)))
    for i, day in enumerate(days):
        since = day - days
        pull = np.where((since > 0) & (since < len(weight)), np.take(weight, np.clip(since, 0, len(weight) - 1)), 0)
        if day > 0 and pull.sum() > 0:
            spread[:, i] = pull / pull.sum()
    infected = spread.sum(axis=1)
    result = []
    for end in range(len(counts)):
        inside = (days > end - window) & (days <= end)
        result.append(infected[inside].mean() if end >= window and inside.any() else None)
    return result


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=14), st.integers(1, 5))
def test_it_is_the_mean_over_pairs(counts, window):
    weight = np.array([0, 0.3, 0.4, 0.2, 0.1])
    table = wallinga_teunis(curve(counts), si=weight, window=window)
    for found, right in zip(table["mean"], pair_by_pair(counts, weight, window), strict=True):
        assert found == (None if right is None else pytest.approx(right, abs=1e-12))


def test_the_spread_is_that_of_drawing_infectors():
    counts = [2, 3, 5, 6, 9, 7, 12, 8]
    weight = np.array([0, 0.3, 0.4, 0.2, 0.1])
    row = wallinga_teunis(curve(counts), si=weight, window=3).row(4, named=True)
    rng = np.random.default_rng(2)
    days = np.repeat(np.arange(len(counts)), counts)
    inside = (days > 1) & (days <= 4)
    total = np.zeros(3000)
    for day in days[days > 0]:
        since = day - days
        pull = np.where((since > 0) & (since < 5), weight[np.clip(since, 0, 4)], 0)
        total += inside[rng.choice(len(days), 3000, p=pull / pull.sum())]
    draws = total / inside.sum()
    assert row["mean"] == pytest.approx(draws.mean(), rel=0.01)
    assert row["sd"] == pytest.approx(draws.std(), rel=0.06)
    assert row["lower"] == pytest.approx(np.quantile(draws, 0.025), abs=0.12)
    assert row["upper"] == pytest.approx(np.quantile(draws, 0.975), abs=0.12)


def test_recent_cases_are_marked():
    table = wallinga_teunis(curve([5] * 20), si=[0, 0, 0, 1], window=2)
    assert table["status"].to_list() == ["short_history"] * 2 + ["ok"] * 15 + ["recent"] * 3


def test_days_without_cases_have_no_number():
    table = wallinga_teunis(curve([3, 0, 0, 0, 5, 0, 0]), si=[0, 0.5, 0.3, 0.1, 0.1], window=2)
    assert (table["mean"].is_null() == table["status"].is_in(["no_cases", "short_history"])).all()
    assert "no_cases" in set(table["status"])


def test_several_serial_intervals_are_refused():
    with pytest.raises(ValueError, match="needs one serial interval"):
        wallinga_teunis(curve([1, 2]), si=np.array([[0, 1.0], [0, 1.0]]))
