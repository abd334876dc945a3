"""An epidemic is the same on any thread, follows its disease, and stops where it must."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtri

from sizao.epi.city import DISEASES, Import, Movement, Number, Vaccination, build, china_2020, spread
from sizao.epi.city.course import Course
from sizao.epi.city.meeting import share_of

DELTA = DISEASES["covid-delta"]


@pytest.fixture(scope="session")
def movement(city):
    return Movement(city, seed=11)


def free(movement, disease=DELTA, *, n=20, days=25, seed=4, **others):
    return spread(movement, disease, imports=[Import(0, n)], days=days, seed=seed, **others)


@pytest.fixture(scope="session")
def epidemic(movement):
    return free(movement)


def test_the_same_bytes_on_one_thread_two_and_three(movement, epidemic):
    assert len(epidemic.infections) > 300
    assert free(movement, threads=2).fingerprint == epidemic.fingerprint == free(movement, threads=3).fingerprint
    assert free(movement, seed=5).fingerprint != epidemic.fingerprint


def test_a_world_built_again_has_the_same_epidemic(epidemic):
    again = Movement(build(china_2020([20_000, 10_000]), seed=5), seed=11)
    assert free(again).fingerprint == epidemic.fingerprint


def test_what_happens_later_leaves_what_was_before_and_elsewhere_alone(movement, epidemic):
    later = spread(movement, DELTA, imports=[Import(0, 20), Import(15, 5)], days=25, seed=4)
    before = pl.col("day") < 15
    assert later.infections.filter(before).equals(epidemic.infections.filter(before))
    assert len(later.infections) > len(epidemic.infections)


def test_every_infection_has_a_source_who_met_that_person(movement, epidemic):
    world, rows = movement.world, epidemic.infections
    assert rows["person"].n_unique() == len(rows)
    local = rows.filter(pl.col("layer") != "imported")
    source = rows[local["source"].to_numpy()]
    assert local["source"].null_count() == 0
    assert (source["infectious_from"] <= local["day"]).all()
    assert (source["infectious_to"] > local["day"]).all()
    whom, who = local["person"].to_numpy(), source["person"].to_numpy()
    home, group = (local["layer"] == "household").to_numpy(), (local["layer"] == "group").to_numpy()
    assert home.sum() > 20
    assert group.sum() > 20
    assert (world.household_of[whom[home]] == world.household_of[who[home]]).all()
    assert (world.group_of[whom[group]] == world.group_of[who[group]]).all()
    assert sum(epidemic.per_day()["n"]) == len(rows) == epidemic.offspring().sum() + 20


def test_passing_contacts_are_in_the_visits_of_the_day(movement, epidemic):
    rows = epidemic.infections
    for row in rows.filter(pl.col("layer") == "venue").head(25).iter_rows(named=True):
        day, source = 18_632 + row["day"], rows["person"][row["source"]]
        mine, theirs = (movement.visits_of([p], day).select("place", "room") for p in (row["person"], source))
        assert len(mine.join(theirs, on=["place", "room"])) > 0


@pytest.mark.parametrize("name", DISEASES)
def test_every_disease_runs_with_a_source_for_each_number(movement, name):
    disease = DISEASES[name]
    assert disease.name == name
    assert all(len(number.source) >= 3 for number in disease.numbers().values())
    course = Course(disease)
    assert course.profile.sum() == pytest.approx(1)
    assert course.factor.mean() == pytest.approx(1)
    rows = free(movement, disease, n=200, days=2).infections.filter(pl.col("day") == 0)
    assert len(rows) == 200
    z = ndtri((np.arange(100) + 0.5) / 100)
    spread_out = np.maximum(1, disease.incubation.value * np.exp(disease.spread.value * z)).mean()
    ill = rows["day_onset"].drop_nulls()
    assert abs(len(ill) / 200 - disease.symptomatic.value) < 4 * np.sqrt(0.25 / 200)
    assert abs(ill.mean() - spread_out) < max(0.7, 0.25 * spread_out)


def test_the_first_generation_is_as_large_as_r0_says(city):
    steady = replace(DELTA, stay_home=Number(0, "test"), dispersion=Number(5, "test"), r0=Number(3, "test"))
    numbers = []
    for seed in range(12):
        epidemic = free(Movement(city, seed=11), steady, n=25, days=16, seed=seed)
        numbers.append(epidemic.offspring()[:25].mean())
    # Sources that reach the same person at once share one infection, so the count stays a little below.
    assert 2.3 < np.mean(numbers) < 3.4


def test_households_are_infected_as_often_as_the_disease_says(city):
    lonely = replace(DELTA, stay_home=Number(0, "test"), r0=Number(0.01, "test"), dispersion=Number(0.5, "test"))
    infected = mates = 0
    for seed in range(8):
        rows = free(Movement(city, seed=11), lonely, n=100, days=25, seed=seed).infections
        first = rows.filter(pl.col("layer") == "imported")["person"].to_numpy()
        households = city.household_of[first]
        mates += (np.diff(city.household_start)[households] - 1).sum()
        infected += len(rows.filter((pl.col("layer") == "household") & (pl.col("source") < 100)))
    assert abs(infected / mates - lonely.household.value) < 0.04


def test_superspreading_leaves_most_without_offspring(movement):
    alike, few = (replace(DELTA, dispersion=Number(k, "test")) for k in (20.0, 0.1))
    childless = [
        (free(movement, each, n=300, days=14).offspring()[:300] == 0).mean() for each in (alike, few)
    ]  # fmt: skip
    assert childless[1] > childless[0] + 0.3


def test_vaccination_that_always_works_stops_it_and_half_a_coverage_slows_it(movement, epidemic):
    nobody = free(movement, vaccinations=[Vaccination(1.0, 1.0)])
    assert len(nobody.infections) == 20
    half = free(movement, vaccinations=[Vaccination(0.6, 0.9)])
    assert 20 < len(half.infections) < 0.6 * len(epidemic.infections)
    children = free(movement, vaccinations=[Vaccination(1.0, 1.0, 0, 17)])
    ages = movement.world.age[children.infections.filter(pl.col("layer") != "imported")["person"].to_numpy()]
    assert ages.min() >= 18


def test_more_infections_than_expected_only_grow_the_table(movement):
    wild = replace(DISEASES["measles"], dispersion=Number(10, "test"), stay_home=Number(0, "test"))
    epidemic = free(movement, wild, n=500, days=45)
    assert len(epidemic.infections) > 25_000
    assert len(epidemic.infections) <= movement.world.n


def test_the_immune_fall_ill_again_only_after_their_time(movement):
    short = replace(DISEASES["influenza"], immune=Number(10, "test"), r0=Number(4, "test"))
    rows = free(movement, short, n=200, days=60).infections
    again = rows.filter(pl.col("episode") > 0)
    assert len(again) > 50
    ordered = rows.sort("person", "day").with_columns(before=pl.col("infectious_to").shift(1).over("person"))
    gap = ordered.filter(pl.col("episode") > 0).select(pl.col("day") - pl.col("before"))
    assert gap.min().item() >= 10


def test_water_carries_cholera_into_the_neighbourhood(movement):
    rows = free(movement, DISEASES["cholera"], n=50).infections
    by_water = rows.filter(pl.col("layer") == "water")
    assert len(by_water) > 20
    apart = by_water["person"].to_numpy() - rows["person"].to_numpy()[by_water["source"].to_numpy()]
    assert np.abs(apart).max() < 5_000


def test_the_short_sum_is_the_exponential():
    for hazard in (0.0, 1e-9, 1e-3, 0.1, 1.0, 3.0, 20.0, 1e9):
        assert share_of(hazard) == pytest.approx(-np.expm1(-hazard), rel=2e-4, abs=1e-12)


def test_impossible_requests_are_refused(movement):
    with pytest.raises(ValueError, match="day from 0 to 4"):
        spread(movement, DELTA, imports=[Import(5, 1)], days=5, seed=1)
    with pytest.raises(ValueError, match="more people"):
        spread(movement, DELTA, imports=[Import(0, 40_000)], days=5, seed=1)
    with pytest.raises(ValueError, match="shares"):
        free(movement, vaccinations=[Vaccination(1.5, 1.0)])


def test_progress_tells_every_day(movement):
    told = []
    free(movement, days=4, progress=lambda day, n: told.append((day, n)))
    assert [day for day, _ in told] == [0, 1, 2, 3]
    assert told[0][1] == 20
