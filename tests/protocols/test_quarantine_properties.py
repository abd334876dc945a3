"""What must hold for every contact, found whenever, under every edition."""

from datetime import timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.protocols import available, load
from sizao.protocols.choices import RESTRICTING
from sizao.protocols.quarantine import quarantine
from sizao.protocols.release import release
from sizao.protocols.what_if import Facts, what_if
from tests.protocols.frames import contacts, day, results

EDITIONS = [identifier for identifier in available() if load(identifier).quarantine]
SUBJECTS = sorted({key for identifier in EDITIONS for key in load(identifier).quarantine} | {"general", "unclassified"})
edition = st.sampled_from(EDITIONS).map(load)
person = st.tuples(st.just("a"), st.sampled_from(SUBJECTS), st.integers(-30, 30), st.integers(-30, 60))
CASES = settings(max_examples=80, deadline=None)


def derive(protocol, *rows, at=0):
    return quarantine(contacts=contacts(*rows), protocol=protocol, at=day(at))


@CASES
@given(edition, person, st.integers(-30, 60))
def test_it_ends_exactly_with_the_rule_never_before_the_days_nor_after_the_maximum(protocol, row, at):
    found = derive(protocol, row, at=at)
    order = found.orders.row(0, named=True)
    if order["status"] in ("not_required", "passed"):
        assert found.phases.is_empty() and found.tests.is_empty()
        return
    rule = protocol.quarantine[row[1]]
    total = sum(int(p.days.value) for p in rule.phases) + (
        int(rule.phases[0].first_day.value) - 1 if rule.phases[0].first_day else 0
    )
    assert order["date_end"] == day(row[2]) + timedelta(days=total)
    assert found.phases["date_end"].max() == order["date_end"]
    for phase in found.phases.iter_rows(named=True):
        limit = protocol.maximum_days(phase["mode"])
        assert 0 < phase["days"] <= sum(int(p.days.value) for p in rule.phases if p.mode == phase["mode"])
        assert phase["restricts"] == (phase["mode"] in RESTRICTING)
        assert limit is None or phase["days"] <= limit


@CASES
@given(edition, person, st.integers(0, 30))
def test_found_later_means_never_a_later_end_nor_more_days_nor_more_tests(protocol, row, later):
    early, late = derive(protocol, row), derive(protocol, (*row[:3], row[3] + later))
    assert late.phases["days"].sum() <= early.phases["days"].sum()
    assert late.tests.height <= early.tests.height
    if early.phases.height and late.phases.height:
        assert late.phases["date_end"].max() == early.phases["date_end"].max()


@CASES
@given(edition, person)
def test_tests_lie_inside_their_phase_once_a_day_and_none_follows_the_end(protocol, row):
    found = derive(protocol, row)
    joined = found.tests.join(found.phases, on=["contact_id", "phase"])
    assert (joined["date_due"] >= joined["date_start"]).all() and (joined["date_due"] <= joined["date_end"]).all()
    assert found.tests.select("test", "date_due").is_duplicated().any() is False


@CASES
@given(edition, person, st.integers(-30, 60), st.integers(-30, 60))
def test_the_day_of_asking_changes_what_is_left_but_not_the_dates(protocol, row, one, other):
    first, second = derive(protocol, row, at=one), derive(protocol, row, at=other)
    assert first.phases.equals(second.phases) and first.tests.equals(second.tests)


@CASES
@given(
    edition,
    st.lists(
        st.tuples(st.uuids().map(str), st.sampled_from(SUBJECTS), st.integers(-9, 9), st.integers(-9, 20)),
        max_size=6,
    ),
)
def test_many_at_once_are_each_alone(protocol, rows):
    together = derive(protocol, *rows)
    for row in rows:
        alone = derive(protocol, row)
        assert together.orders.filter(together.orders["contact_id"] == row[0]).equals(alone.orders)


result = st.tuples(
    st.just("a"),
    st.integers(-5, 30),
    st.sampled_from(["pcr", "room_swab", "antigen"]),
    st.sampled_from(["negative", "pending"]),
)


@CASES
@given(edition, st.sampled_from(SUBJECTS), st.integers(0, 12), st.lists(result, max_size=12), st.integers(0, 40))
def test_release_is_impossible_while_a_required_test_is_missing(protocol, subject, found_on, taken, at):
    found = derive(protocol, ("a", subject, 0, found_on), at=at)
    judged = release(quarantined=found, results=results(*taken), protocol=protocol, at=day(at))
    rule = protocol.quarantine.get(subject)
    needs = bool(rule and {"tests_negative", "last_test_negative"} & {str(r) for r in rule.release})
    for phase in judged.iter_rows(named=True):
        if not phase["may_release"] or not needs:
            continue
        scheduled = found.tests.filter(found.tests["phase"] == phase["phase"])["date_due"].to_list()
        negatives = [day(n) for _, n, test, said in taken if (test, said) == ("pcr", "negative") and n <= at]
        assert not scheduled or any(collected >= max(scheduled) for collected in negatives)


@CASES
@given(edition, st.integers(0, 12), st.lists(result, max_size=8), st.integers(0, 30), result)
def test_a_result_of_a_later_day_never_changes_what_was_said_before(protocol, found_on, taken, at, later):
    found = derive(protocol, ("a", "close", 0, found_on), at=at)
    with_later = [*taken, ("a", at + 1 + abs(later[1]), *later[2:])]
    before, after = (
        release(quarantined=found, results=results(*rows), protocol=protocol, at=day(at))
        for rows in (taken, with_later)
    )
    assert before.equals(after)


def test_what_if_of_an_edition_against_itself_changes_nothing():
    exposures = pl.DataFrame(
        {"source_id": ["A"], "exposed_id": ["p"], "date_exposure_last": [day(0)], "setting": ["household"]}
    )
    cases = pl.DataFrame({"case_id": ["A"], "date_onset": [day(1)]})
    for identifier in EDITIONS:
        same = what_if(
            facts=Facts(exposures, cases), protocol_a=load(identifier), protocol_b=load(identifier), at=day(0)
        )
        assert same.persons["days_difference"].to_list() == [0]
