"""May a person leave quarantine: every named rule, met and unmet; tests in normal times."""

import polars as pl
import pytest

from sizao.protocols import available, load
from sizao.protocols.choices import ReleaseRule
from sizao.protocols.conditions import CONDITIONS
from sizao.protocols.due_tests import due_tests, missing_tests, why_test
from sizao.protocols.quarantine import quarantine
from sizao.protocols.release import PHASE_RULES, release, why_release
from tests.protocols.frames import contacts, day, results, rows_of


def judge(identifier, taken, at, found=0, subject="close"):
    protocol = load(identifier)
    derived = quarantine(contacts=contacts(("a", subject, 0, found)), protocol=protocol, at=day(at))
    return release(quarantined=derived, results=results(*taken), protocol=protocol, at=day(at))


def negative(*days, test="pcr", reagent=None):
    return [("a", n, test, "negative", reagent) for n in days]


ROOM = negative(5, test="room_swab")
ROOM_14 = negative(14, test="room_swab")


@pytest.mark.parametrize(
    ("identifier", "taken", "at", "missing"),
    [
        ("cn-covid-9", negative(0, 1, 2, 4, 6), 7, []),
        ("cn-covid-9", negative(0, 1, 2, 4, 6), 6, ["period_over"]),
        ("cn-covid-9", negative(0, 1, 2, 4), 7, ["tests_negative"]),
        ("cn-covid-9", negative(6), 7, []),  # a later sample makes good for earlier missed ones
        ("cn-covid-9", [*negative(0, 1, 2, 4), ("a", 6, "pcr", "pending")], 7, ["tests_negative"]),
        ("cn-covid-9", [*negative(0, 1, 2, 4, 6), ("a", 3, "pcr", "positive")], 7, ["positive"]),
        ("cn-covid-9", [*negative(0, 1, 2, 4), *negative(8)], 7, ["tests_negative"]),  # taken after the day asked
        ("cn-covid-9-plus20", [*negative(0, 1, 2, 4), *ROOM], 5, []),
        ("cn-covid-9-plus20", negative(0, 1, 2, 4), 5, ["room_swab_negative"]),
        ("cn-covid-9-plus20", [*negative(0, 1, 2, 4), *negative(2, test="room_swab")], 5, ["room_swab_negative"]),
        ("cn-covid-9-plus10", negative(4), 5, []),
        ("cn-covid-9-plus10", negative(3), 5, ["last_test_negative"]),
        ("cn-covid-8", [*negative(13, reagent="x"), *negative(13, reagent="y"), *ROOM_14], 14, []),
        ("cn-covid-8", [*negative(13, 14, reagent="x"), *ROOM_14], 14, ["tests_negative", "two_samples_negative"]),
        ("covid-who-2022", [], 9, ["period_over"]),
        ("covid-who-2022", [], 10, []),
        ("covid-who-2022", negative(7), 8, []),
        ("covid-who-2022", negative(6), 8, ["period_over"]),
    ],
)  # fmt: skip
def test_the_first_phase(identifier, taken, at, missing):
    row = judge(identifier, taken, at).sort("phase").row(0, named=True)
    assert (row["missing"], row["may_release"]) == (missing, not missing)


def test_each_phase_is_judged_by_itself():
    found = judge("cn-covid-9", negative(0, 1, 2, 4, 6), 8)
    assert rows_of(found.sort("phase"), "may_release", "is_last") == [(True, False), (False, True)]
    assert judge("cn-covid-9", negative(6, 10), 10)["may_release"].to_list() == [True, True]


def test_every_named_rule_has_its_function():
    shipped = {rule for i in available() for q in load(i).quarantine.values() for rule in q.release}
    asked = {c.rule for i in available() for d in load(i).discharge.values() for w in d.ways for c in w.all}
    assert shipped <= set(PHASE_RULES) and asked <= set(CONDITIONS)
    assert set(PHASE_RULES) | set(CONDITIONS) == set(ReleaseRule)


def test_release_says_why():
    protocol = load("cn-covid-9")
    first, second = judge("cn-covid-9", negative(0, 1, 2, 4, 6), 8).sort("phase").iter_rows(named=True)
    assert "every rule is met" in str(why_release(first, protocol))
    assert "every test that was due is negative" in str(why_release(second, protocol))
    assert "居家健康监测" in why_release(second, protocol).say("zh-hans")


def test_missing_tests_lists_what_was_due_by_the_day():
    derived = quarantine(contacts=contacts(("a", "close", 0, 0)), protocol=load("cn-covid-9"), at=day(3))
    found = missing_tests(tests=derived.tests, results=results(*negative(1)), at=day(3))
    assert found["date_due"].to_list() == [day(2)]


SUBJECTS = pl.DataFrame(
    {
        "subject_id": ["new", "tested", "late", "unknown"],
        "group": ["risk_occupation", "crowded_job", "local_weekly", "nobody"],
        "date_last_test": [None, day(0), day(-10), None],
    }
)


def test_groups_in_normal_times():
    found = due_tests(subjects=SUBJECTS, protocol=load("cn-covid-9"), at=day(2))
    assert rows_of(found, "subject_id", "date_due", "days_late", "is_due") == [
        ("new", day(2), 0, True),
        ("tested", day(3), 0, False),  # twice a week: every third day
        ("late", day(-3), 5, True),
        ("unknown", None, None, False),
    ]


@pytest.mark.parametrize(("identifier", "days"), [("cn-covid-8", 2), ("cn-covid-9", None)])
def test_a_group_the_edition_does_not_know_is_not_dated(identifier, days):
    one = pl.DataFrame({"subject_id": ["a"], "group": ["port_worker"], "date_last_test": [day(0)]})
    found = due_tests(subjects=one, protocol=load(identifier), at=day(0))
    assert found["date_due"].to_list() == [day(days) if days else None]


def test_a_due_test_says_why():
    protocol = load("cn-covid-9")
    said = [
        str(why_test(row, protocol))
        for row in due_tests(subjects=SUBJECTS, protocol=protocol, at=day(2)).iter_rows(named=True)
    ]
    assert "every 1 day; last test none yet" in said[0]
    assert "sets no test days" in said[3]
