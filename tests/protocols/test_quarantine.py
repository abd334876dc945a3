"""The worked cases of the plans and the whole table of quarantine, under every edition."""

import pytest

from sizao.protocols import load
from sizao.protocols.quarantine import quarantine
from sizao.protocols.why_quarantine import why_order
from tests.protocols.frames import contacts, day, rows_of


def derive(identifier, *rows, at=0):
    return quarantine(contacts=contacts(*rows), protocol=load(identifier), at=day(at))


def test_found_on_the_third_day_under_the_ninth_edition_four_central_days_are_left_then_three_at_home():
    found = derive("cn-covid-9", ("a", "close", 0, 3), at=3)
    assert rows_of(found.phases, "mode", "days", "date_end") == [
        ("central", 4, day(7)),
        ("home_monitoring", 3, day(10)),
    ]
    assert rows_of(found.orders, "status", "days_left") == [("running", 7)]


def test_found_on_the_eighth_day_only_two_days_of_home_monitoring_are_left():
    found = derive("cn-covid-9", ("a", "close", 0, 8), at=8)
    assert rows_of(found.phases, "mode", "days", "date_start") == [("home_monitoring", 2, day(8))]


def test_a_contact_of_contact_after_the_twenty_measures_is_not_restricted():
    found = derive("cn-covid-9-plus20", ("a", "contact_of_contact", 0, 1), at=1)
    assert rows_of(found.orders, "status", "days_left") == [("not_required", 0)]
    assert found.phases.is_empty() and found.tests.is_empty()


# subject, edition, (mode, days) of each phase, test days counted from the first day of the whole period (day 0)
TABLE = [
    ("close", "cn-covid-8", [("central", 14), ("home_monitoring", 7)], [0, 3, 6, 13, 16, 21]),
    ("close", "cn-covid-9", [("central", 7), ("home_monitoring", 3)], [0, 1, 2, 4, 6, 10]),
    ("close", "cn-covid-9-plus20", [("central", 5), ("home", 3)], [0, 1, 2, 4, 6, 8]),
    ("close", "cn-covid-9-plus10", [("home", 5)], [4]),
    ("contact_of_contact", "cn-covid-8", [("central", 7)], []),
    ("contact_of_contact", "cn-covid-9", [("home", 7)], [0, 3, 6]),
    ("contact_of_contact", "cn-covid-9-plus20", [], []),
    ("arrival", "cn-covid-8", [("central", 14), ("home_monitoring", 7)], [0, 3, 6, 13, 16, 21]),
    ("arrival", "cn-covid-9", [("central", 7), ("home_monitoring", 3)], [0, 1, 2, 4, 6, 10]),
    ("arrival", "cn-covid-9-plus20", [("central", 5), ("home", 3)], [0, 1, 2, 4, 6, 8]),
    ("left_high", "cn-covid-8", [("central", 14)], [0, 3, 6, 9, 13]),
    ("left_high", "cn-covid-9", [("central", 7)], [0, 1, 2, 4, 6]),
    ("left_high", "cn-covid-9-plus20", [("home", 7)], [0, 2, 4, 6]),
    ("left_middle", "cn-covid-8", [("home", 14)], [0, 3, 6, 9, 13]),
    ("left_middle", "cn-covid-9", [("home", 7)], [0, 3, 6]),
    ("left_middle", "cn-covid-9-plus20", [], []),
    ("left_low", "cn-covid-8", [("self_monitoring", 7)], [0]),
    ("left_low", "cn-covid-9", [("self_monitoring", 3)], [0, 2]),
    ("left_low", "cn-covid-9-plus20", [], []),
    ("closed_loop", "cn-covid-8", [("central", 7), ("home_monitoring", 7)], []),
    ("closed_loop", "cn-covid-9", [("central_or_home", 7)], [0, 3, 6]),
    ("closed_loop", "cn-covid-9-plus20", [("home_monitoring", 5)], [0, 2, 4]),
]


@pytest.mark.parametrize(("subject", "identifier", "phases", "tests"), TABLE)
def test_the_table_of_editions(subject, identifier, phases, tests):
    found = derive(identifier, ("a", subject, 0, 0))
    assert rows_of(found.phases, "mode", "days") == phases
    assert sorted(found.tests["date_due"].to_list()) == [day(n) for n in tests]


def test_the_eighth_edition_takes_two_samples_on_the_last_test_of_central_quarantine():
    found = derive("cn-covid-8", ("a", "close", 0, 0), ("b", "close", 0, 10))
    doubled = found.tests.sort("contact_id", "date_due")
    assert rows_of(doubled.filter(doubled["samples"] == 2), "contact_id", "date_due") == [
        ("a", day(13)),
        ("b", day(14)),
    ]


@pytest.mark.parametrize(("found_on", "tests"), [(3, [3, 4, 5, 7]), (5, [5, 6, 7]), (6, [6, 7])])
def test_tests_of_a_person_found_late_fall_together_on_the_last_day(found_on, tests):
    found = derive("cn-covid-9", ("a", "close", 0, found_on))
    central = found.tests.filter(found.tests["phase"] == 1)
    assert central["date_due"].to_list() == [day(n) for n in tests]


@pytest.mark.parametrize(("found_on", "status", "left"), [(9, "running", 1), (10, "passed", 0), (30, "passed", 0)])
def test_once_the_whole_period_has_passed_nothing_is_served(found_on, status, left):
    found = derive("cn-covid-9", ("a", "close", 0, found_on), at=found_on)
    assert rows_of(found.orders, "status", "days_left") == [(status, left)]


def test_people_who_left_a_high_risk_zone_serve_the_days_that_remain_from_leaving():
    found = derive("cn-covid-9-plus20", ("a", "left_high", 0, 5), ("b", "left_high", 0, 8), at=8)
    assert rows_of(found.orders, "contact_id", "status", "date_end") == [
        ("a", "ended", day(7)),
        ("b", "passed", day(7)),
    ]
    assert rows_of(found.phases, "contact_id", "days") == [("a", 2)]


def test_a_positive_on_the_floor_starts_the_period_again_where_the_edition_says_so():
    rows = [("a", "close", 0, 0, 4), ("b", "close", 0, 0, None), ("late", "close", 0, 0, 11)]
    found = derive("cn-covid-9", *rows, at=5)
    assert rows_of(found.orders, "contact_id", "is_reset", "date_end") == [
        ("a", True, day(14)),
        ("b", False, day(10)),
        ("late", False, day(10)),  # the period was over before the positive
    ]
    without = derive("cn-covid-9-plus20", *rows, at=5)
    assert without.orders["is_reset"].to_list() == [False, False, False]


def test_the_days_known_to_the_world_health_organization_may_end_early():
    found = derive("covid-who-2022", ("a", "close", 0, 0))
    assert rows_of(found.orders, "date_end", "date_early") == [(day(10), day(7))]


def test_a_health_worker_exposed_to_measles_is_kept_from_work_from_day_5_to_day_21():
    found = derive("measles", ("a", "health_worker", 0, 0), ("b", "health_worker", 0, 9))
    assert rows_of(found.phases, "mode", "date_start", "date_end", "days") == [
        ("work_exclusion", day(5), day(21), 17),
        ("work_exclusion", day(9), day(21), 12),
    ]


def test_a_contact_found_before_the_last_exposure_counts_from_the_exposure():
    found = derive("cn-covid-9", ("a", "close", 2, 0))
    assert rows_of(found.orders, "date_start", "date_end") == [(day(2), day(12))]


def test_nothing_in_nothing_out():
    found = derive("cn-covid-9")
    assert found.orders.is_empty() and found.phases.is_empty() and found.tests.is_empty()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            ("a", "close", 0, 3),
            "Until 11 Jul 2022: 7 days of central quarantine, then 3 days of home health monitoring",
        ),
        (("a", "close", 0, 11), "only missing days are served"),
        (("a", "exposed_place", 0, 1), "asks none of a person exposed at a place"),
    ],
)
def test_every_order_says_why_with_its_source(row, sentence):
    protocol = load("cn-covid-9")
    order = derive("cn-covid-9", row, at=3).orders.row(0, named=True)
    assert sentence in str(why_order(order, protocol))
    assert protocol.name.zh in why_order(order, protocol).say("zh-hans")
    if order["status"] == "running":
        assert "source S4 S19, grade a" in str(why_order(order, protocol))
