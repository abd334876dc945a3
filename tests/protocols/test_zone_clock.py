"""Zones: the 8th, 9th and 9+20 rules and the street scale, each condition met and unmet."""

from dataclasses import replace

import pytest

from sizao.protocols import load
from sizao.protocols.street_level import street_level
from sizao.protocols.zone_clock import ZoneFacts, zone_clock
from tests.protocols.frames import D, day


def clock(identifier, facts, at):
    return zone_clock(zones=[facts], protocol=load(identifier), at=day(at))[0]


LOCKED = ZoneFacts(
    "z", "lockdown", D, date_last_contact_exposure=day(0), is_last_contact_negative=True, full_negative=(day(14),)
)


@pytest.mark.parametrize(
    ("change", "at", "n_missing"),
    [
        ({}, 15, 0),
        ({}, 14, 1),  # more than 14 days since the last exposure
        ({"date_last_contact_exposure": day(-1)}, 14, 0),
        ({"date_last_new": day(1)}, 15, 0),
        ({"date_last_new": day(2)}, 15, 1),
        ({"is_last_contact_negative": False}, 15, 1),
        ({"date_last_contact_exposure": None}, 15, 1),
        ({"has_contacts": False, "date_last_contact_exposure": None}, 14, 0),
        ({"full_negative": (day(12),)}, 15, 1),  # the round must lie within the last two days
        ({"full_negative": (day(13),)}, 15, 0),
        ({"full_negative": ()}, 15, 1),
        ({"full_negative": (day(16),)}, 15, 1),  # not known yet
    ],
)
def test_the_three_conditions_of_the_eighth_edition(change, at, n_missing):
    found = clock("cn-covid-8", replace(LOCKED, **change), at)
    assert (len(found.missing), found.may_step_down) == (n_missing, n_missing == 0)
    assert found.steps_to == "precaution"


def test_a_positive_in_a_control_area_makes_it_a_lock_down_area_at_once():
    found = clock("cn-covid-8", replace(LOCKED, level="control", date_last_new=day(3)), 4)
    assert found.must_become == "lockdown" and not found.may_step_down
    assert "封控区" in found.why.say("zh-hans")


def test_the_rest_of_the_county_is_released_with_the_last_area():
    rest = ZoneFacts("z", "precaution", D, levels_in_county=("control",))
    assert not clock("cn-covid-8", rest, 30).may_step_down
    assert clock("cn-covid-8", replace(rest, levels_in_county=()), 30).may_step_down


HIGH = ZoneFacts("z", "high", D, date_last_new=day(1))


@pytest.mark.parametrize(
    ("identifier", "rounds", "at", "may", "to", "earliest"),
    [
        ("cn-covid-9", (8,), 8, True, "middle", 8),
        ("cn-covid-9", (), 8, False, "middle", 8),
        ("cn-covid-9", (7,), 8, False, "middle", 8),  # the round of day 7 after the last infection, not earlier
        ("cn-covid-9", (7,), 7, False, "middle", 8),
        ("cn-covid-9-plus20", (6,), 6, True, "low", 6),
        ("cn-covid-9-plus20", (6,), 5, False, "low", 6),
        ("cn-covid-9-plus20", (5,), 6, False, "low", 6),
        ("cn-covid-9-plus10", (), 6, True, "low", 6),
    ],
)
def test_high_risk_zones(identifier, rounds, at, may, to, earliest):
    found = clock(identifier, replace(HIGH, full_negative=tuple(day(n) for n in rounds)), at)
    assert (found.may_step_down, found.steps_to, found.date_earliest) == (may, to, day(earliest))


def test_after_stepping_down_three_clear_days_are_enough_and_no_round_is_asked():
    came = ZoneFacts("z", "middle", day(8), came_down=True)
    assert not clock("cn-covid-9", came, 10).may_step_down
    assert clock("cn-covid-9", came, 11).may_step_down
    set_so = replace(came, came_down=False)
    assert clock("cn-covid-9", set_so, 15).date_earliest == day(15)
    assert not clock("cn-covid-9", set_so, 15).may_step_down


def test_seven_and_three_days_make_ten():
    high = clock("cn-covid-9", HIGH, 2)
    middle = clock("cn-covid-9", ZoneFacts("z", "middle", high.date_earliest, came_down=True), 9)
    assert (middle.date_earliest - HIGH.date_last_new).days == 10


def test_first_three_days_three_tests_then_the_round_before_stepping_down():
    found = clock("cn-covid-9", replace(HIGH, date_last_new=None, tests_done=(("pcr", D),)), 1)
    assert [(str(t.test), t.date_due, t.is_done) for t in found.tests] == [
        ("pcr", day(0), True),
        ("antigen", day(1), False),
        ("pcr", day(2), False),
        ("pcr", day(7), False),
    ]


def test_lock_down_areas_are_tested_on_days_1_4_7_10_14():
    assert [t.date_due for t in clock("cn-covid-8", LOCKED, 1).tests] == [day(n) for n in (0, 3, 6, 9, 13)]


@pytest.mark.parametrize(
    ("identifier", "level"),
    [
        ("cn-covid-8", "lockdown"),
        ("cn-covid-8", "control"),
        ("cn-covid-9", "high"),
        ("cn-covid-9", "middle"),
        ("cn-covid-9-plus20", "high"),
    ],
)
def test_every_restricting_zone_expires_by_itself(identifier, level):
    found = clock(identifier, ZoneFacts("z", level, D), 0)
    zone = load(identifier).zone[level]
    assert found.date_expires == day(int(zone.clear_days.value) + 1)


def test_a_later_infection_changes_nothing_said_before():
    assert clock("cn-covid-9", HIGH, 5) == clock("cn-covid-9", replace(HIGH, full_negative=(day(8),)), 5)
    quiet = replace(HIGH, date_last_new=None)
    assert clock("cn-covid-9", quiet, 5).missing == clock("cn-covid-9", replace(quiet, date_last_new=day(6)), 5).missing


@pytest.mark.parametrize(
    ("n", "new", "cluster", "level", "low"),
    [
        (1, 0, None, "street_middle", 14),
        (50, 0, 0, "street_middle", 14),
        (51, 0, None, "street_middle", 14),
        (51, 0, 0, "street_high", 14),
        (51, 0, -8, "street_high", 14),
        (51, 0, -9, "street_middle", 14),
        (51, -8, 0, "street_high", 6),
        (51, -9, -9, "street_low", None),
        (0, None, None, "street_low", None),
    ],
)
def test_the_street_scale(n, new, cluster, level, low):
    found = street_level(
        n_cases=n,
        date_last_new=None if new is None else day(new),
        date_last_cluster=None if cluster is None else day(cluster),
        protocol=load("cn-covid-8"),
        at=day(5),
    )
    assert (found.level, found.date_low) == (level, None if low is None else day(low))
    assert "2021" not in str(found.why) and "source S52" in str(found.why)


def test_a_level_the_edition_abolished_is_to_be_lifted():
    found = clock("cn-covid-9-plus20", ZoneFacts("z", "middle", D), 0)
    assert found.may_step_down and "has no middle-risk zone: lift it" in str(found.why)


def test_a_level_without_a_rule_of_its_own_never_steps_down_by_itself():
    found = clock("cn-covid-8", ZoneFacts("z", "street_high", D), 100)
    assert not found.may_step_down and "a rule for stepping down" in str(found.missing[0])
    assert clock("cn-covid-8", ZoneFacts("z", "street_middle", D), 14).may_step_down


def test_the_ninth_edition_has_no_street_scale():
    assert street_level(n_cases=9, date_last_new=D, date_last_cluster=None, protocol=load("cn-covid-9"), at=D) is None
