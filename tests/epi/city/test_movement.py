"""The day's visits are the same rows however they are asked for, and look like a day."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao import visits
from sizao.epi.city import Movement
from sizao.epi.city.movement import VISIT

TUESDAY, SATURDAY = 18_632, 18_636


@pytest.fixture(scope="session")
def movement(city):
    return Movement(city, seed=11)


@pytest.fixture(scope="session")
def log(movement):
    return pl.concat(movement.day_log(TUESDAY, at_once=7_000))


def test_by_person_by_place_and_all_together_are_the_same_rows(movement, log):
    by_place = movement.visitors_of(np.arange(movement.n_places), TUESDAY)
    assert log.schema == VISIT
    assert len(log) > movement.world.n
    assert log.sort(VISIT.names()).equals(by_place.sort(VISIT.names()))
    assert log.equals(movement.visits_of(np.arange(movement.world.n), TUESDAY))


@settings(max_examples=20, deadline=None)
@given(person=st.integers(0, 29_999), day=st.integers(18_000, 19_000))
def test_whoever_was_there_is_among_those_who_were(movement, person, day):
    for visit in movement.visits_of([person], day).iter_rows(named=True):
        there = movement.visitors_of([visit["place"]], day)
        assert visit in there.filter(pl.col("person") == person).to_dicts()


def test_a_store_of_visits_reads_the_log_and_answers_the_same(movement, log, tmp_path):
    log.head(20_000).write_parquet(tmp_path / "day.parquet")
    visits.add(tmp_path / "city", [tmp_path / "day.parquet"])
    persons = log["person"].head(20_000).unique().to_list()[:50]
    kept = visits.where(tmp_path / "city", persons, since=TUESDAY * 86_400, until=(TUESDAY + 2) * 86_400)
    lazy = movement.visits_of(persons, TUESDAY).rename({"start": "start_s", "end": "end_s"})
    columns = ["person", "place", "room", "start_s", "end_s"]
    assert kept.select(columns).sort(columns).equals(lazy.sort(columns))


def test_nobody_is_in_one_slot_twice_and_stays_are_stays(log):
    stay = log["end"] - log["start"]
    assert stay.min() >= 60
    assert 15 * 60 < stay.median() < 45 * 60
    assert log["start"].min() >= TUESDAY * 86_400
    assert log["start"].max() < (TUESDAY + 1) * 86_400
    assert log.group_by("person").len()["len"].max() <= 5


def test_weekends_differ_habits_repeat_weekly_and_the_old_stay_home(movement, log, city):
    saturday = movement.visits_of(np.arange(city.n), SATURDAY)
    assert len(saturday) > 1.05 * len(log)
    week_later = movement.visits_of(np.arange(city.n), TUESDAY + 7)
    day_later = movement.visits_of(np.arange(city.n), TUESDAY + 1)
    assert overlap(log, week_later) > 3 * overlap(log, day_later)
    ages = pl.Series("age", city.age)
    mean_age_out = ages[log["person"].to_numpy()].gt(80).sum() / len(log)
    assert mean_age_out < 0.7 * ages.gt(80).mean()


def overlap(one, other):
    return len(one.select("person", "place").join(other.select("person", "place"), on=["person", "place"], how="semi"))


def test_a_few_venues_are_large(movement, log):
    visitors = log.group_by("place").len()["len"].sort(descending=True)
    assert visitors[0] > 10 * visitors.median()


def test_another_seed_is_another_day(movement, log):
    other = Movement(movement.world, seed=12).visits_of(np.arange(1_000), TUESDAY)
    assert overlap(log, other) < 0.2 * len(other)


def test_unknown_people_and_places_are_refused(movement):
    with pytest.raises(ValueError, match="numbered from 0 to 29999"):
        movement.visits_of([30_000], TUESDAY)
    with pytest.raises(ValueError, match="places are numbered"):
        movement.visitors_of([-1], TUESDAY)
