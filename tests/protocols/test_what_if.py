"""The proportionality table: the same people under two editions."""

import polars as pl

from sizao.protocols import load
from sizao.protocols.what_if import Facts, what_if
from tests.protocols.frames import day, rows_of

EXPOSURES = pl.DataFrame(
    {
        "source_id": ["case", "case", "home", "case"],
        "exposed_id": ["home", "meal", "second", "passer"],
        "date_exposure_last": [day(0), day(0), day(1), day(0)],
        "setting": ["household", "meal", "household", "shop"],
        "closeness": [None, None, None, "same_place"],
    }
)
CASES = pl.DataFrame({"case_id": ["case"], "date_onset": [day(1)]})
FOUND = pl.DataFrame({"contact_id": ["home", "meal", "second"], "date_found": [day(0), day(6), day(2)]})


def compare(a, b):
    facts = Facts(EXPOSURES, CASES, FOUND)
    return what_if(facts=facts, protocol_a=load(a), protocol_b=load(b), at=day(7))


def test_who_gains_and_who_loses_days_from_the_ninth_edition_to_the_twenty_measures():
    found = compare("cn-covid-9", "cn-covid-9-plus20")
    assert rows_of(found.persons, "contact_id", "restricted_days_a", "restricted_days_b", "days_difference") == [
        ("home", 7, 8, 1),
        ("meal", 1, 2, 1),
        ("passer", 0, 0, 0),
        ("second", 6, 0, -6),
    ]
    assert rows_of(
        found.totals,
        "edition",
        "n_contacts",
        "n_restricted",
        "restricted_person_days",
        "central_person_days",
        "n_tests",
    ) == [
        ("cn-covid-9", 4, 3, 14, 8, 12),
        ("cn-covid-9-plus20", 3, 2, 10, 5, 8),
    ]


def test_totals_equal_the_lists_behind_them():
    found = compare("cn-covid-8", "cn-covid-9-plus10")
    for side, row in zip("ab", found.totals.iter_rows(named=True), strict=True):
        assert row["restricted_person_days"] == found.persons[f"restricted_days_{side}"].sum()
        assert row["n_tests"] == found.persons[f"n_tests_{side}"].sum()
        assert row["n_contacts"] == found.persons[f"contact_class_{side}"].is_not_null().sum()


def test_turned_round_the_differences_change_sign():
    there, back = compare("cn-covid-8", "cn-covid-9"), compare("cn-covid-9", "cn-covid-8")
    assert there.persons["days_difference"].to_list() == [-n for n in back.persons["days_difference"].to_list()]
