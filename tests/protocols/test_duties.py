"""Clocks: what is due by when, what closes it, what changes it and what does not."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.protocols import load
from sizao.protocols.duties import duties, why_duty
from tests.protocols.frames import facts, hour, rows_of

POSITIVE = ("A", "case", "positive_found", 0)


def derive(*rows, at=1, identifier="cn-covid-9", timezone="UTC"):
    return duties(facts=facts(*rows), protocol=load(identifier), at=hour(at), timezone=timezone)


def one(deadline, *rows, **options):
    found = derive(*rows, **options)
    return found.filter(found["deadline"] == deadline).row(0, named=True)


@pytest.mark.parametrize(
    ("deadline", "hours"),
    [("network_report", 2), ("on_site", 2), ("core_investigation", 4), ("zone_published", 5), ("case_form", 24)],
)
def test_the_clocks_of_a_positive(deadline, hours):
    duty = one(deadline, POSITIVE)
    assert duty["due_at"] == hour(hours)
    assert duty["closing_events"] == [str(event) for event in load("cn-covid-9").deadline[deadline].closed_by]


@pytest.mark.parametrize(
    ("done", "at", "status", "late"),
    [
        (None, 1, "open", 0),
        (None, 5, "overdue", 3),
        (1, 5, "closed_in_time", 0),
        (2, 5, "closed_in_time", 0),
        (2.5, 5, "closed_late", 0.5),
        (6, 5, "overdue", 3),
    ],
)  # fmt: skip
def test_what_closes_a_duty_and_how_late(done, at, status, late):
    rows = [POSITIVE] + ([("A", "case", "network_reported", done)] if done else [])
    duty = one("network_report", *rows, at=at)
    assert (duty["status"], duty["hours_late"]) == (status, pytest.approx(late))


def test_a_discarded_case_owes_nothing_more_but_what_was_done_stays_done():
    rows = [POSITIVE, ("A", "case", "network_reported", 1), ("A", "case", "case_discarded", 3)]
    found = dict(rows_of(derive(*rows, at=9), "deadline", "status"))
    assert (found["network_report"], found["on_site"]) == ("closed_in_time", "void")


def test_only_close_contacts_and_theirs_are_transferred_within_12_hours():
    rows = [
        (f"P{i}", "contact", "contact_identified", 0, kind)
        for i, kind in enumerate(("close", "contact_of_contact", "general", None))
    ]
    assert rows_of(derive(*rows), "subject_id", "due_at") == [("P0", hour(12)), ("P1", hour(12))]


def test_first_rounds_of_the_eighth_edition_differ_by_zone():
    rows = [("L", "zone", "zone_set", 0, "lockdown"), ("C", "zone", "zone_set", 0, "control")]
    assert rows_of(derive(*rows, identifier="cn-covid-8"), "subject_id", "due_at") == [("L", hour(24)), ("C", hour(48))]
    assert derive(*rows).is_empty()


@pytest.mark.parametrize(
    ("clinic", "hours"), [("fever_clinic", 6), ("ward", 12), ("yellow_code", 12), ("voluntary", 24)]
)
def test_results_by_clinic(clinic, hours):
    found = derive(("S", "specimen", "specimen_collected", 0, clinic))
    assert dict(rows_of(found, "deadline", "due_at"))[f"result_{clinic}"] == hour(hours)


ACTIONS = ["team_sent", "risk_assessed", "lab_confirmed", "case_management", "countermeasures", "risk_communication"]
NOTIFIED = ("I", "incident", "notification", 0)


def test_7_1_7_is_complete_with_the_last_of_the_seven_actions():
    done = [("I", "incident", action, n) for n, action in enumerate(ACTIONS, 2)]
    assert one("respond_717", NOTIFIED, *done, at=20)["status"] == "open"
    complete = one("respond_717", NOTIFIED, *done, ("I", "incident", "coordination", 19), at=20)
    assert (complete["status"], complete["closed_at"], complete["closed_by"]) == (
        "closed_in_time",
        hour(19),
        "coordination",
    )
    first = one("initiate_717", NOTIFIED, *done, at=20)
    assert (first["closed_at"], first["closed_by"]) == (hour(2), "team_sent")


def test_an_action_that_does_not_apply_is_left_out_of_the_seven():
    done = [("I", "incident", action, n) for n, action in enumerate(ACTIONS, 2)]
    waived = ("I", "incident", "not_applicable", 1, "coordination")
    assert one("respond_717", NOTIFIED, *done, waived, at=20)["closed_at"] == hour(7)


def test_days_of_7_1_7_end_with_the_local_day():
    # T is 2022-07-01 08:00 UTC, 16:00 in Shanghai; seven days on, the day ends at 16:00 UTC.
    seven = one("detect_717", ("I", "incident", "emergence", 0), timezone="Asia/Shanghai")
    assert seven["due_at"] == hour(7 * 24 + 8)
    assert one("detect_717", ("I", "incident", "emergence", 0))["due_at"] == hour(7 * 24 + 16)


def test_the_international_health_regulations():
    rows = [NOTIFIED, ("I", "incident", "ihr_assessed", 30)]
    assert one("ihr_assess", *rows, at=31)["status"] == "closed_in_time"
    assert one("ihr_notify", *rows, at=31)["due_at"] == hour(54)
    assert one("ihr_notify", *rows, ("I", "incident", "not_applicable", 31), at=40)["status"] == "void"


EVENTS = ["positive_found", "network_reported", "team_arrived", "core_investigated", "case_form_done", "case_discarded"]
fact = st.tuples(st.sampled_from("AB"), st.just("case"), st.sampled_from(EVENTS), st.integers(0, 60))
MANY = settings(max_examples=60, deadline=None)


@MANY
@given(st.lists(fact, max_size=12), st.integers(0, 60))
def test_deriving_twice_and_in_any_order_gives_the_same(rows, at):
    assert derive(*rows, at=at).equals(derive(*reversed(rows), *rows, at=at))


@MANY
@given(st.lists(fact, max_size=12), st.integers(0, 60), fact)
def test_a_later_fact_never_changes_what_was_due_before(rows, at, later):
    after = (*later[:3], at + 1 + later[3])
    assert derive(*rows, at=at).equals(derive(*rows, after, at=at))


@MANY
@given(st.lists(fact, min_size=1, max_size=12), st.integers(0, 60))
def test_every_status_agrees_with_its_moments(rows, at):
    for duty in derive(*rows, at=at).iter_rows(named=True):
        closed, due = duty["closed_at"], duty["due_at"]
        expected = {
            "open": closed is None and hour(at) <= due,
            "overdue": closed is None and hour(at) > due,
            "closed_in_time": closed is not None and closed <= due,
            "closed_late": closed is not None and closed > due,
            "void": duty["void_at"] is not None,
        }
        assert expected[duty["status"]]
        assert (duty["hours_late"] > 0) == (duty["status"] in ("overdue", "closed_late"))


def test_no_facts_no_duties():
    assert derive().is_empty()


def test_every_duty_says_why_with_clock_source_and_what_closed_it():
    rows = [
        POSITIVE,
        ("A", "case", "network_reported", 1),
        ("A", "case", "team_arrived", 3),
        ("A", "case", "case_discarded", 9),
    ]
    protocol = load("cn-covid-9")
    said = [str(why_duty(row, protocol)) for row in derive(*rows, at=10).iter_rows(named=True)]
    assert any("closed in time by “Reported in the network system”" in text for text in said)
    assert any("closed 1.0 hours late by “Team on site”" in text for text in said)
    assert any("no longer due" in text for text in said)
    assert all("source S" in text for text in said)


def test_many_subjects_each_as_if_alone():
    rows = [(f"S{i}", "case", "positive_found", i) for i in range(20)]
    together = derive(*rows, at=30)
    for row in rows:
        assert together.filter(pl.col("subject_id") == row[0]).equals(derive(row, at=30))
