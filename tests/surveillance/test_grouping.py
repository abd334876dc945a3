"""Which alarms are one signal: truth tables of place, time and syndrome, and what no order may change."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.epi.detection.signals import Ringing, Standing, group_alarms, is_near, neighbours, strengths

A, B, C, FAR = "CN002300010002", "CN002300010003", "CN002300010004", "CN002300020002"
CITY, PROVINCE = "CN00230001", "CN0023"
NEAR = {A: frozenset({B}), B: frozenset({A, C}), C: frozenset({B})}
DAY = date(2024, 3, 10)


def alarm(key, area=A, back=0, syndrome="respiratory", strength=3.0):
    return Ringing(key, area, syndrome, DAY - timedelta(days=back), strength)


def grouped(*alarms, standing=()):
    return group_alarms(alarms, standing=standing, near=NEAR, days=14, widest=len(CITY))


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (A, A, True),
        (A, B, True),
        (A, C, False),
        (A, FAR, False),
        (CITY, A, True),
        (A, CITY, True),
        (CITY, FAR, False),
        (PROVINCE, A, False),
        (PROVINCE, PROVINCE, True),
    ],
)
def test_near(one, other, near):
    assert is_near(one, other, NEAR, len(CITY)) is near


@pytest.mark.parametrize(
    ("second", "signals"),
    [
        ({"area": A}, 1),
        ({"area": B}, 1),
        ({"area": C}, 2),
        ({"area": FAR}, 2),
        ({"area": CITY}, 1),
        ({"back": 14}, 1),
        ({"back": 15}, 2),
        ({"syndrome": "rash"}, 2),
    ],
)
def test_two_alarms_are_one_signal_or_two(second, signals):
    _joined, new = grouped(alarm(1), alarm(2, **second))
    assert len(new) == signals


def test_a_signal_is_a_star_and_not_a_chain():
    """A rings strongest and takes its neighbour B; C is B's neighbour but not A's."""
    _joined, new = grouped(alarm(1, A, strength=5), alarm(2, B, strength=4), alarm(3, C, strength=3))
    assert new == [[1, 2], [3]]
    _joined, new = grouped(alarm(1, A, strength=3), alarm(2, B, strength=5), alarm(3, C, strength=3))
    assert new == [[2, 1, 3]]


@pytest.mark.parametrize(
    ("host", "joins"),
    [
        (Standing(9, A, "respiratory", DAY - timedelta(20), DAY - timedelta(14)), True),
        (Standing(9, A, "respiratory", DAY - timedelta(20), DAY - timedelta(15)), False),
        (Standing(9, B, "respiratory", DAY, DAY), True),
        (Standing(9, C, "respiratory", DAY, DAY), False),
        (Standing(9, A, "rash", DAY, DAY), False),
    ],
)
def test_an_alarm_joins_an_open_signal(host, joins):
    joined, new = grouped(alarm(1), standing=[host])
    assert (joined, new) == (({1: 9}, []) if joins else ({}, [[1]]))


def test_of_two_open_signals_that_of_the_own_area_is_joined():
    own = Standing(8, A, "respiratory", DAY - timedelta(5), DAY - timedelta(5))
    newer = Standing(9, B, "respiratory", DAY, DAY)
    assert grouped(alarm(1), standing=[newer, own])[0] == {1: 8}


some_alarms = st.lists(
    st.builds(
        lambda area, back, syndrome, strength: (area, back, syndrome, strength),
        st.sampled_from([A, B, C, FAR, CITY]), st.integers(0, 40), st.sampled_from(["respiratory", "rash"]),
        st.integers(1, 6),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_alarms, st.randoms(use_true_random=False))
def test_every_alarm_is_in_one_signal_whatever_the_order(rows, dice):
    alarms = [alarm(key, area, back, syndrome, strength) for key, (area, back, syndrome, strength) in enumerate(rows)]
    first = grouped(*alarms)
    shuffled = list(alarms)
    dice.shuffle(shuffled)
    assert grouped(*shuffled) == first
    keys = [key for group in first[1] for key in group]
    assert sorted(keys) == list(range(len(rows)))
    by_key = {each.key: each for each in alarms}
    for seed, *members in first[1]:
        for member in members:
            assert is_near(by_key[seed].area, by_key[member].area, NEAR, len(CITY))
            assert abs((by_key[seed].date - by_key[member].date).days) <= 14


def test_strength_is_the_normal_score_of_the_chance_or_of_the_score():
    found = strengths([0.001, None, 1e-30, None], [9.0, 1.0, 2.0, 10.0])
    assert found == pytest.approx([3.0902, 2.58, 5.9978, 6.0], abs=1e-3)


def test_neighbours_of_a_grid():
    places = pl.DataFrame(
        [(f"{x}{y}", 120 + x * 0.5 + y * 0.01, 45 + y * 0.4) for x in range(4) for y in range(4)],
        schema=["area", "lon", "lat"], orient="row",
    )  # fmt: skip
    found = neighbours(places, max_km=60)
    assert {"01", "10"} <= found["00"]
    assert "33" not in found["00"]
    assert all(one in found[other] for one, others in found.items() for other in others)
    assert neighbours(places, max_km=1) == {}


def test_few_places_and_places_on_a_line_have_neighbours_too():
    line = pl.DataFrame({"area": list("abcdef"), "lon": np.linspace(120, 121, 6), "lat": [45.0] * 6})
    assert neighbours(line, max_km=40)["b"] == {"a", "c"}
    two = line.head(2).vstack(pl.DataFrame({"area": ["x"], "lon": [None], "lat": [None]}, schema=line.schema))
    assert neighbours(two, max_km=40) == {"a": {"b"}, "b": {"a"}}
