"""Waiting for a result: ends with the result, and by itself when none comes; never prolonged without a decision."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sizao.protocols import load
from sizao.protocols.holding import HoldStatus, Sampled, holds

START = datetime(2021, 9, 22, 8, tzinfo=UTC)
EIGHTH = load("cn-covid-8")  # 24 hours at most
MAXIMUM = timedelta(hours=24)


def hour(n):
    return None if n is None else START + timedelta(hours=n)


def judged(*samples, at, protocol=EIGHTH):
    rows = [Sampled("a", hour(taken), hour(out)) for taken, out in samples]
    return holds(samples=rows, kind="result_pending", protocol=protocol, at=hour(at))


@pytest.mark.parametrize(
    ("samples", "at", "expected"),
    [
        ([(0, None)], 5, [("held", None)]),
        ([(0, 6)], 5, [("held", None)]),  # the result is not out yet
        ([(0, 6)], 6, [("ended_by_result", 6)]),
        ([(0, None)], 24, [("ended_by_time", 24)]),
        ([(0, 30)], 48, [("ended_by_time", 24)]),  # a late result does not hold anybody longer
        ([(0, 24)], 24, [("ended_by_result", 24)]),
        ([(0, 6), (3, 9)], 8, [("held", None)]),  # the second sample is still out
        ([(0, 6), (3, 9)], 9, [("ended_by_result", 9)]),
        ([(0, None), (20, None)], 30, [("ended_by_time", 24)]),  # a further sample prolongs nothing
        ([(0, None), (25, None)], 26, [("ended_by_time", 24), ("needs_decision", 25)]),
        ([(0, 6), (7, None)], 8, [("ended_by_result", 6), ("held", None)]),  # a new question
        ([(0, None), (49, None)], 50, [("ended_by_time", 24), ("held", None)]),  # free for as long
        ([(10, None)], 5, []),  # what has not happened yet
    ],
)
def test_holds(samples, at, expected):
    found = judged(*samples, at=at)
    assert [(str(h.status), h.ended_at) for h in found] == [(status, hour(end)) for status, end in expected]


@pytest.mark.parametrize("edition", ["cn-covid-9-plus20", "cn-covid-9-plus10", "mers"])
def test_an_edition_that_does_not_ask_it_holds_nobody(edition):
    (found,) = judged((0, None), at=1, protocol=load(edition))
    assert (found.status, found.ended_at) == (HoldStatus.NOT_ASKED, START)


def test_why():
    (found,) = judged((0, None), at=1)
    assert "until the result, at the latest 2021-09-23 08:00" in str(found.why)
    assert "no source found, grade m" in str(found.why)
    assert "最迟至2021-09-23 08:00" in found.why.say("zh-hans")


sample = st.tuples(st.integers(0, 200), st.one_of(st.none(), st.integers(0, 60))).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)


@settings(max_examples=200, deadline=None)
@given(st.lists(sample, max_size=6), st.integers(0, 300))
def test_never_longer_than_the_maximum_and_never_two_in_a_row(samples, at):
    found = judged(*samples, at=at)
    for hold in found:
        assert hold.expires_at - hold.started_at == MAXIMUM
        assert hold.ended_at is None or hold.started_at <= hold.ended_at <= min(hold.expires_at, hour(at))
        assert (hold.status is HoldStatus.HELD) == (hold.ended_at is None)
    full = [h.ended_at for h in found if h.status is HoldStatus.ENDED_BY_TIME]
    bound = [h for h in found if h.status not in (HoldStatus.NEEDS_DECISION, HoldStatus.NOT_ASKED)]
    assert not any(end <= h.started_at < end + MAXIMUM for end in full for h in bound)


@settings(max_examples=200, deadline=None)
@given(st.lists(sample, max_size=6), st.integers(0, 300), st.integers(0, 100))
@example([(0, 0), (0, None)], 0, 0)
def test_what_was_said_of_the_past_is_never_changed(samples, at, later):
    """An end that has come stays, whatever comes after it."""
    before = {h.started_at: h.ended_at for h in judged(*samples, at=at) if h.ended_at}
    after = {h.started_at: h.ended_at for h in judged(*samples, at=at + later)}
    assert {start: after[start] for start in before} == before
