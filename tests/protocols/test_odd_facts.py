"""Facts as they really come: no dates, several positives, another time zone, leap days, retests."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.protocols import available, load
from sizao.protocols.conditions import CaseFacts, TestResult
from sizao.protocols.discharge import discharge
from sizao.protocols.quarantine import quarantine
from sizao.protocols.why_quarantine import why_order
from sizao.protocols.zone_clock import ZoneFacts, zone_clock
from tests.protocols.frames import contacts, day

EIGHTH = load("cn-covid-8")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def with_resets(*resets, protocol=EIGHTH, at=40):
    rows = contacts(("a", "close", 0, 0)).with_columns(
        dates_reset=pl.Series([[None if n is None else day(n) for n in resets]], dtype=pl.List(pl.Date))
    )
    return quarantine(contacts=rows, protocol=protocol, at=day(at)).orders.row(0, named=True)


@pytest.mark.parametrize(
    ("resets", "counted_from"),
    [
        ([], 0),
        ([None], 0),
        ([6], 6),
        ([6, 20], 20),
        ([20, 30], 30),  # the second lies after the first end, but in the period as the first reset made it
        ([22], 0),  # over before it: 21 days
        ([20, 42], 20),
        ([-3], 0),  # before the exposure
    ],
)
def test_several_positives_near_the_room(resets, counted_from):
    order = with_resets(*resets)
    assert (order["date_counted_from"], order["date_end"]) == (day(counted_from), day(counted_from + 21))


def test_a_reset_counts_only_where_the_edition_says_so():
    assert with_resets(3, protocol=load("cn-covid-9-plus20"))["is_reset"] is False


@pytest.mark.parametrize("identifier", [name for name in available() if load(name).quarantine])
def test_without_a_day_to_count_from_nobody_is_bound(identifier):
    """An order without an end must never run."""
    protocol = load(identifier)
    rows = pl.DataFrame(
        [(key, key, None) for key in protocol.quarantine],
        schema={"contact_id": pl.String, "contact_class": pl.String, "date_exposure_last": pl.Date},
        orient="row",
    )
    found = quarantine(contacts=rows, protocol=protocol, at=day(0))
    assert set(found.orders["status"]) <= {"undated", "not_required"}
    assert found.phases.is_empty() and found.tests.is_empty()
    assert found.orders["days_left"].to_list() == [0] * rows.height
    for row in found.orders.iter_rows(named=True):
        assert "not known" in str(why_order(row, protocol)) or row["status"] == "not_required"


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([name for name in available() if load(name).quarantine]),
    st.one_of(st.none(), st.dates(date(2019, 12, 1), date(2024, 3, 1))),
    st.one_of(st.none(), st.dates(date(2019, 12, 1), date(2024, 3, 1))),
    st.lists(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2024, 3, 1))), max_size=3),
    st.dates(date(2019, 12, 1), date(2024, 3, 1)),
)
def test_whatever_is_known_a_running_order_has_an_end_and_an_end_has_a_rule(identifier, exposed, found, resets, at):
    protocol = load(identifier)
    rows = pl.DataFrame(
        [(key, key, exposed, found, resets) for key in protocol.quarantine],
        schema={
            "contact_id": pl.String, "contact_class": pl.String, "date_exposure_last": pl.Date, "date_found": pl.Date,
            "dates_reset": pl.List(pl.Date),
        },
        orient="row",
    )  # fmt: skip
    for order in quarantine(contacts=rows, protocol=protocol, at=at).orders.iter_rows(named=True):
        if order["status"] in ("planned", "running", "ended"):
            assert order["date_end"] > order["date_found"] and order["rule"]
        if order["status"] == "running":
            assert order["date_start"] <= at <= order["date_end"]
            limit = sum(int(p.days.value) for p in protocol.quarantine[order["contact_class"]].phases) + 30
            assert order["days_left"] <= limit


def test_over_a_leap_day_and_a_year():
    rows = pl.DataFrame(
        {
            "contact_id": ["leap", "year"],
            "contact_class": ["close", "close"],
            "date_exposure_last": [date(2024, 2, 27), date(2022, 12, 30)],
            "date_found": [date(2024, 2, 29), date(2023, 1, 1)],
        }
    )
    found = quarantine(contacts=rows, protocol=load("cn-covid-9"), at=date(2024, 2, 29)).orders
    assert found.sort("contact_id")["date_end"].to_list() == [date(2024, 3, 8), date(2023, 1, 9)]


def judged(moments, at, timezone):
    results = tuple(TestResult(moment, "pcr", True, 36.0) for moment in moments)
    case = CaseFacts("A", {}, results, improved_on=date(2022, 7, 1))
    (found,) = discharge(
        cases=[case], kind="confirmed", protocol=load("cn-covid-9"), at=at, timezone=timezone
    )  # fmt: skip
    return found


LATE = datetime(2022, 7, 3, 23, 30, tzinfo=UTC)  # the morning of the 4th in Shanghai


def test_the_day_of_a_sample_is_the_local_day():
    moments = [LATE - timedelta(hours=24), LATE]
    assert not judged(moments, date(2022, 7, 3), "Asia/Shanghai").may_leave  # the 4th has not begun there
    assert judged(moments, date(2022, 7, 4), "Asia/Shanghai").date_earliest == date(2022, 7, 4)
    assert judged(moments, date(2022, 7, 3), "UTC").may_leave


@pytest.mark.parametrize(("hours", "may"), [(23, False), (24, True), (25, True)])
def test_two_samples_a_day_apart_to_the_hour(hours, may):
    moments = [LATE.astimezone(SHANGHAI) - timedelta(hours=hours), LATE]
    assert judged(moments, date(2022, 7, 9), "Asia/Shanghai").may_leave is may


def zone(at, **facts):
    return zone_clock(zones=[ZoneFacts("z", "high", day(0), **facts)], protocol=load("cn-covid-9"), at=day(at))[0]


def test_a_positive_after_the_negative_round_undoes_it():
    assert zone(7, full_negative=(day(7),)).may_step_down
    assert not zone(8, full_negative=(day(7),), date_last_new=day(8)).may_step_down
    assert not zone(15, full_negative=(day(7),), date_last_new=day(8)).may_step_down  # needs a round of its own
    assert zone(15, full_negative=(day(7), day(15)), date_last_new=day(8)).may_step_down


def test_a_late_contact_holds_a_lockdown_area():
    facts = {"full_negative": (day(13), day(14), day(20)), "is_last_contact_negative": True}
    told = ZoneFacts("z", "lockdown", day(0), date_last_contact_exposure=day(5), **facts)
    at_14, at_20 = (zone_clock(zones=[told], protocol=EIGHTH, at=day(n))[0] for n in (14, 20))
    assert not at_14.may_step_down and at_14.date_earliest == day(20)
    assert at_20.may_step_down
