"""What each day of a contact's follow-up says: found, missed, still to come, or past before anybody knew."""

from datetime import date

import pytest

from sizao.ops.governance.roles import Role
from sizao.ops.tracing import rounds
from sizao.ops.tracing.models import FollowUp
from sizao.ops.tracing.strip import strip_of
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2015, 6, 10)


def june(day: int) -> date:
    return date(2015, 6, day)


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


@pytest.fixture
def contact(by):
    """Last exposed on 5 June, listed on the 8th, followed up until the 12th."""
    return make.contact(
        make.incident(by), by, area_id=make.DAOLI, date_listed=june(8), date_last_exposure=june(5),
        date_follow_up_from=june(8), date_follow_up_until=june(12),
    )  # fmt: skip


def test_each_day_says_what_is_true_of_it(contact, by):
    outcomes = {8: "ok", 9: "not_tried", 10: "not_tried", 11: "not_tried", 12: "not_tried", 13: "not_tried"}
    for day, outcome in outcomes.items():
        done = {"done_at": make.AT, "done_by": by} if outcome == "ok" else {}
        make.follow_up(contact, by, day=day, date_due=june(day), outcome=outcome, **done)
    found = {cell.day.day: str(cell.state) for cell in strip_of(contact, FollowUp.objects.all(), today=TODAY)}
    assert found == {
        6: "before_listing", 7: "before_listing", 8: "ok", 9: "missed", 10: "due", 11: "not_due", 12: "not_due",
    }  # fmt: skip
    contact.status = "completed"
    ended = [str(cell.state) for cell in strip_of(contact, FollowUp.objects.all(), today=TODAY)]
    assert ended == ["before_listing"] * 2 + ["ok"] + ["not_asked"] * 4


def test_a_day_before_listing_that_was_used_after_all_says_what_was_found(contact, by):
    make.follow_up(contact, by, date_due=june(6), outcome="ill", done_at=make.AT, done_by=by)
    found = [str(cell.state) for cell in strip_of(contact, FollowUp.objects.all(), today=TODAY)]
    assert found == ["ill", "before_listing"]


def test_nobody_is_blamed_for_days_before_listing_or_after_the_end(contact, by):
    for day in (7, 9, 13):
        make.follow_up(contact, by, date_due=june(day))
    assert [row.date_due for row in rounds.missed(FollowUp.objects.all(), june(20))] == [june(9)]
    assert not rounds.of_day(FollowUp.objects.all(), june(13)).exists()
