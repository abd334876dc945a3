"""Nothing is overwritten: what was known when can always be asked."""

from datetime import date, timedelta

import pytest

from sizao.ops.cases.models import Case
from sizao.ops.governance import history
from tests import factories as make

pytestmark = pytest.mark.django_db
COLUMNS = ("number", "classification", "date_onset")


def known(at):
    rows = history.as_known(Case, Case.objects.all(), columns=COLUMNS, at=at).rows(named=True)
    return {row["number"]: (row["classification"], row["date_onset"]) for row in rows}


def test_each_moment_shows_what_was_believed_then(at):
    by = make.user()
    case = make.case(make.incident(by), by, number="A", classification="suspected")
    first, second = at + timedelta(days=1), at + timedelta(days=2)
    history.amend([case], classification="confirmed", by=by, at=first)
    history.amend([case], classification="discarded", date_onset=date(2015, 6, 1), by=by, at=second)

    assert known(at - timedelta(seconds=1)) == {}
    assert known(at) == {"A": ("suspected", None)}
    assert known(first) == {"A": ("confirmed", None)}
    assert known(second) == {"A": ("discarded", date(2015, 6, 1))}


def test_saying_the_same_again_changes_nothing(at):
    by = make.user()
    case = make.case(make.incident(by), by)
    assert history.amend([case], classification="confirmed", by=by, at=at) == []
    assert history.past_of(case) == []


def test_two_changes_at_one_moment_turn_back_to_the_first(at):
    by = make.user()
    case = make.case(make.incident(by), by, number="A", classification="suspected")
    later = at + timedelta(hours=1)
    history.amend([case], classification="probable", by=by, at=later)
    history.amend([case], classification="confirmed", by=by, at=later)
    assert known(at) == {"A": ("suspected", None)}
    assert known(later) == {"A": ("confirmed", None)}
