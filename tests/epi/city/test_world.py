"""The city meets its margins, is consistent, and is the same whenever it is built."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sizao.epi.city import AreaMargins, Fabric, Place, World, build, china_2020, from_census
from sizao.epi.city.households import kinds, mixture, raked
from tests.epi.shared_data import SHARED

CENSUS = SHARED / "data" / "cn_county_census_2020"


def counties(*codes):
    read = [
        pl.read_csv(CENSUS / f"{name}.csv.gz", infer_schema_length=0) for name in ("population", "ages", "households")
    ]
    return from_census(*read, codes)


def test_every_county_of_harbin_and_shijiazhuang_can_be_made():
    areas = counties("2301", "1301")
    assert len(areas) >= 18 + 20
    for area in areas:
        fitted = mixture(area, np.array(area.ages))
        assert np.abs(fitted.reached - fitted.targets).max() < 1e-6
        assert fitted.shares.min() >= 0


def test_a_county_meets_its_margins():
    area = replace(counties("230126")[0], population=100_000)  # Bayan
    world = build([area], seed=2)
    assert world.n == 100_000
    ages = np.bincount(np.minimum(world.age // 5, 17), minlength=18) / world.n
    assert np.abs(ages - area.ages).max() < 0.002
    families = np.unique(world.household_of[: world.care_from[0]], return_counts=True)[1]
    assert abs(families.mean() / area.mean_household - 1) < 0.01
    assert abs((families == 1).mean() - area.one_person) < 0.005
    elders = np.bincount(world.household_of[: world.care_from[0]], weights=world.age[: world.care_from[0]] >= 65)
    shares = np.array([(elders == n).mean() for n in (1, 2)] + [(elders >= 3).mean()])
    # The census's three shares are scaled together, because they hold more elders than its ages do.
    wanted = np.array(area.with_elders)
    assert np.allclose(shares / shares.sum(), wanted / wanted.sum(), atol=0.01)
    assert abs(shares.sum() / wanted.sum() - 1) < 0.1


def test_raking_meets_its_conditions_and_keeps_to_the_beginning_where_it_may():
    start = np.full(4, 0.25)
    design = np.array([[1, 1], [1, 1], [1, 0], [1, 0]], float)
    assert np.allclose(raked(start, design, np.array([1.0, 0.8])), [0.4, 0.4, 0.1, 0.1])
    assert np.allclose(raked(start, design, np.array([1.0, 0.5])), start)
    assert raked(start, design, np.array([1.0, 1.5])) is None


def test_children_live_with_an_adult(city):
    family = np.arange(city.n)
    lives_in_family = np.zeros(city.n, bool)
    for a in range(2):
        lives_in_family |= (family >= city.areas[a]) & (family < city.care_from[a])
    adults = np.bincount(city.household_of, weights=city.age >= 25, minlength=len(city.household_start) - 1)
    assert (adults[city.household_of[lives_in_family & (city.age < 15)]] > 0).all()


def test_lists_and_numbers_agree(city):
    assert (
        np.repeat(np.arange(len(city.household_start) - 1), np.diff(city.household_start)) == city.household_of
    ).all()
    assert (
        np.repeat(np.arange(len(city.group_start) - 1), np.diff(city.group_start)) == city.group_of[city.members]
    ).all()
    assert len(np.unique(city.members)) == len(city.members) == (city.group_of >= 0).sum()
    assert (np.repeat(np.arange(len(city.place_kind)), np.diff(city.place_start)) == city.group_place).all()
    assert city.group_of.min() == -1


def test_classes_have_pupils_of_one_age_and_teachers(city):
    primary = np.flatnonzero(city.place_kind[city.group_place] == Place.PRIMARY)
    assert len(primary) > 20
    for g in primary:
        members = city.age[city.members[city.group_start[g] : city.group_start[g + 1]]]
        pupils = members[members < 18]
        assert len(np.unique(pupils)) == 1
        assert len(pupils) <= 45
        assert len(members) - len(pupils) == 2
    assert (city.group_of[(city.age >= 6) & (city.age <= 11)] >= 0).all()


def test_workplaces_have_a_heavy_tail(city):
    sizes = np.array([
        city.group_start[city.place_start[q + 1]] - city.group_start[city.place_start[q]]
        for q in np.flatnonzero(city.place_kind == Place.WORKPLACE)
    ])  # fmt: skip
    assert 0.4 < (sizes <= 2).mean() < 0.9
    assert sizes.max() > 300
    teams = np.diff(city.group_start)[city.place_kind[city.group_place] == Place.WORKPLACE]
    assert teams.max() <= Fabric().team
    for kind in (Place.HOSPITAL, Place.CARE_HOME, Place.POINT_OF_ENTRY, Place.UNIVERSITY):
        assert (city.place_kind == kind).any()


def test_wards_hold_residents_and_staff(city):
    wards = np.flatnonzero(city.place_kind[city.group_place] == Place.CARE_HOME)
    for g in wards:
        ages = city.age[city.members[city.group_start[g] : city.group_start[g + 1]]]
        assert 6 < len(ages) <= 26
        assert (ages < 65).sum() == 6


def test_the_same_again_and_another_with_another_seed(city):
    again = build(china_2020([20_000, 10_000]), seed=5)
    loaded = World(**{name: array.copy() for name, array in city.arrays().items()})
    assert city.fingerprint == again.fingerprint == loaded.fingerprint
    assert build(china_2020([20_000, 10_000]), seed=6).fingerprint != city.fingerprint
    assert city.bytes_per_person <= 40


def test_impossible_margins_are_refused_by_name():
    good = china_2020([50_000])[0]
    with pytest.raises(ValueError, match=r"area 1.*population 10"):
        replace(good, population=10)
    with pytest.raises(ValueError, match="no mixture"):
        build([replace(good, mean_household=1.05, one_person=0.1)])
    with pytest.raises(ValueError, match="18 shares"):
        AreaMargins("1", "x", 5_000, (1.0,), 2.6, 0.2, (0.1, 0.1, 0.0))
    with pytest.raises(ValueError, match="begins with 99"):
        counties("99")


def test_every_kind_of_household_is_different():
    assert len(np.unique(kinds(), axis=0)) == len(kinds())
