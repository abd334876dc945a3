"""Totals equal the lists behind them, whatever the data; and a past day is told as it was known then."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sizao.ops.cases.models import Case
from sizao.ops.governance import history
from sizao.ops.registry.models import Area
from sizao.ops.reporting.measures import MEASURES
from sizao.ops.reporting.numbers import day_numbers, rows_behind
from sizao.vocabulary import codes
from tests import factories as make

DAY = date(2015, 6, 10)
CUTOFF = make.AT + timedelta(hours=6)  # midnight in Seoul at the end of the day
PLACES = [None, make.DAOLI, make.NANGANG, make.LONGSHA, make.ZHAOLIN, "CN0023"]

CASES = st.lists(
    st.fixed_dictionaries(
        {
            "classification": st.sampled_from([str(code) for code in codes.Classification]),
            "age": st.sampled_from([None, 0.0, 9.9, 10.0, 34.0, 79.9, 80.0, 104.0]),
            "date_report": st.sampled_from([DAY - timedelta(days=n) for n in (0, 1, 5)] + [DAY + timedelta(days=1)]),
            "outcome": st.sampled_from([str(code) for code in codes.Outcome]),
            "date_outcome": st.sampled_from([None, DAY, DAY - timedelta(days=2), DAY + timedelta(days=1)]),
            "found_in": st.sampled_from([str(code) for code in codes.FoundIn]),
            "area_id": st.sampled_from(PLACES),
            "recorded_at": st.sampled_from([make.AT, CUTOFF + timedelta(hours=1), make.AT - timedelta(days=2)]),
        }
    ),
    max_size=12,
)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from(["confirmed", "discarded", "suspected"]),
        st.sampled_from([make.AT + timedelta(hours=1), CUTOFF + timedelta(hours=2)]),
    ),
    max_size=6,
)
OUTCOMES = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from(["alive", "died", "recovered"]),
        st.sampled_from([None, *(DAY - timedelta(days=n) for n in range(4))]),
        st.sampled_from([make.AT - timedelta(days=1), make.AT + timedelta(hours=1), CUTOFF + timedelta(hours=2)]),
    ),
    max_size=8,
)
#: number in all → (number of the day, number of no known day)
IN_ALL = {
    "cases_cumulative": ("cases_new", None),
    "deaths_cumulative": ("deaths_new", "deaths_undated"),
    "recovered_cumulative": ("recovered_new", "recovered_undated"),
}


def counted_slowly(rows, day):
    """The definitions again, row by row in plain Python over what a person would have known at the cut-off."""
    cases = [row for row in rows if row["classification"] in codes.COUNTED]
    return {
        "cases_new": [row for row in cases if row["date_report"] == day],
        "cases_cumulative": [row for row in cases if row["date_report"] <= day],
        "deaths_new": [row for row in cases if row["outcome"] == "died" and row["date_outcome"] == day],
        "deaths_cumulative": [
            row
            for row in cases
            if row["outcome"] == "died" and (row["date_outcome"] is None or row["date_outcome"] <= day)
        ],
        "cases_suspected": [r for r in rows if r["classification"] == "suspected" and r["date_report"] <= day],
    }


class TestTotalsEqualTheirLists(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases=CASES, changes=CHANGES)
    def test_over_random_data(self, cases, changes):
        make.areas()
        by = make.user()
        incident = make.incident(by)
        incident.areas.set(Area.objects.filter(path="CN0023"))
        known = []
        for values in cases:
            row = make.case(incident, by, **values, current_since=values["recorded_at"])
            known.append((row, dict(values)))
        for place, classification, when in sorted(changes, key=lambda change: change[2]):
            if place < len(known) and known[place][0].recorded_at < when:
                history.amend([known[place][0]], classification=classification, by=by, at=when)
                if when <= CUTOFF:
                    known[place][1]["classification"] = classification

        numbers, _revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
        expected = counted_slowly([values for _row, values in known if values["recorded_at"] <= CUTOFF], DAY)
        for measure, rows in expected.items():
            assert numbers[measure]["total"] == len(rows), measure
        for measure in MEASURES:
            number = numbers[measure]
            behind = rows_behind(incident, day=DAY, cutoff_at=CUTOFF, measure=measure)
            assert behind.height == number["total"]
            for dimension, values in number["by"].items():
                assert sum(values.values()) == number["total"], (measure, dimension)
                for value, n in values.items():
                    told = {"measure": measure, "dimension": dimension, "value": value}
                    assert rows_behind(incident, day=DAY, cutoff_at=CUTOFF, **told).height == n


class TestTheChangeOfANumberInAllIsExplained(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases=CASES, changes=CHANGES, outcomes=OUTCOMES)
    def test_by_the_new_ones_and_the_revisions_and_each_opens_to_its_rows(self, cases, changes, outcomes):
        make.areas()
        by = make.user()
        incident = make.incident(by)
        rows = [make.case(incident, by, **values, current_since=values["recorded_at"]) for values in cases]
        later = [(n, {"classification": kind}, when) for n, kind, when in changes]
        later += [(n, {"outcome": kind, "date_outcome": day}, when) for n, kind, day, when in outcomes]
        for n, values, when in sorted(later, key=lambda change: change[2]):
            if n < len(rows) and rows[n].recorded_at < when:
                history.amend([rows[n]], **values, by=by, at=when)

        numbers, revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
        for in_all, (of_the_day, of_no_day) in IN_ALL.items():
            mine = [line for line in revisions if line["measure"] == in_all]
            assert all(line["was"] != line["is"] for line in mine)
            told = numbers[of_the_day]["total"] + sum(line["is"] - line["was"] for line in mine)
            assert numbers[in_all]["difference"] == told, in_all
            for line in mine:
                of_a_day = {"measure": in_all, "dimension": "day", "value": line["date"] or ""}
                assert rows_behind(incident, day=DAY, cutoff_at=CUTOFF, **of_a_day).height == line["is"]
                before = {"day": DAY - timedelta(days=1), "cutoff_at": CUTOFF - timedelta(days=1)}
                assert rows_behind(incident, **before, **of_a_day).height == line["was"]
            if of_no_day:
                undated = rows_behind(incident, day=DAY, cutoff_at=CUTOFF, measure=in_all, dimension="day")
                assert numbers[of_no_day]["total"] == undated.height


@pytest.fixture
def outbreak(db):
    make.areas()
    by = make.user()
    incident = make.incident(by)
    incident.areas.set(Area.objects.filter(path="CN0023"))
    return incident, by


def test_late_data_show_as_a_revision(outbreak):
    incident, by = outbreak
    make.case(incident, by, date_report=DAY - timedelta(days=1), recorded_at=make.AT - timedelta(days=1))
    make.case(incident, by, date_report=DAY - timedelta(days=1), recorded_at=make.AT)  # a day late
    _numbers, revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
    assert revisions == [{"measure": "cases_cumulative", "date": "2015-06-09", "was": 1, "is": 2}]


def test_a_death_that_is_learned_late_belongs_to_its_day_and_one_without_a_day_to_none(outbreak):
    incident, by = outbreak
    known = {"date_report": DAY - timedelta(days=5), "recorded_at": make.AT - timedelta(days=4)}
    dated, undated = (make.case(incident, by, **known) for _n in range(2))
    history.amend([dated], outcome="died", date_outcome=DAY - timedelta(days=2), by=by, at=make.AT)
    history.amend([undated], outcome="died", by=by, at=make.AT)
    numbers, revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
    assert [numbers[key]["total"] for key in ("deaths_new", "deaths_undated", "deaths_cumulative")] == [0, 1, 2]
    assert revisions == [
        {"measure": "deaths_cumulative", "date": "2015-06-08", "was": 0, "is": 1},
        {"measure": "deaths_cumulative", "date": None, "was": 0, "is": 1},
    ]


def test_a_day_is_held_against_the_cutoff_of_the_day_before_it_was_signed_with(outbreak):
    incident, by = outbreak
    early = CUTOFF - timedelta(days=1, hours=4)
    make.case(incident, by, date_report=DAY - timedelta(days=1), recorded_at=early + timedelta(hours=1))
    _numbers, usual = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
    _numbers, signed_early = day_numbers(incident, day=DAY, cutoff_at=CUTOFF, compared_at=early)
    assert usual == []
    assert signed_early == [{"measure": "cases_cumulative", "date": "2015-06-09", "was": 0, "is": 1}]


def test_a_past_day_does_not_know_what_came_later(outbreak):
    incident, by = outbreak
    case = make.case(incident, by, date_report=DAY, classification="suspected")
    then, _revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
    history.amend([case], classification="confirmed", by=by, at=CUTOFF + timedelta(minutes=1))
    make.case(incident, by, date_report=DAY, recorded_at=CUTOFF + timedelta(minutes=1))
    again, _revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
    assert again == then
    later, _revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF + timedelta(hours=1))
    assert (then["cases_new"]["total"], later["cases_new"]["total"]) == (0, 2)


def test_areas_are_grouped_one_level_below_the_incident(outbreak):
    incident, by = outbreak
    for place in (make.ZHAOLIN, make.NANGANG, make.LONGSHA):
        make.case(incident, by, date_report=DAY, area_id=place)
    numbers, _revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
    assert numbers["cases_new"]["by"]["area"] == {"CN00230001": 2, "CN00230002": 1}


def test_the_four_clarities_and_follow_ups_are_counted_as_known(outbreak):
    incident, by = outbreak
    contact = make.contact(incident, by, area_id=make.DAOLI, identified_at=make.AT)
    make.contact(incident, by, status="not_a_contact")
    visit = make.follow_up(contact, by, date_due=DAY)
    history.amend([visit], outcome="ok", done_at=make.AT, done_by=by, by=by, at=make.AT + timedelta(hours=1))
    numbers, _revisions = day_numbers(incident, day=DAY, cutoff_at=CUTOFF)
    names = ("contacts_listed", "contacts_identified", "contacts_located", "follow_ups_due", "follow_ups_seen")
    assert [numbers[name]["total"] for name in names] == [1, 1, 0, 1, 1]


def test_case_columns_read_by_reports_exist():
    from sizao.ops.reporting import frames

    assert set(frames.CASE_COLUMNS) <= {field.attname for field in Case._meta.concrete_fields}
