"""What the pictures are drawn from: curve, chains, map, breaks, as the reader may see them."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sizao.epi.chains import unlinked
from sizao.ops.governance.access import Reach
from sizao.ops.governance.roles import Role
from sizao.ops.tracing.pictures import queries, regions
from sizao.ops.tracing.pictures.areas import map_numbers
from sizao.ops.tracing.pictures.chains import chains_of, drawn, edges, filtered, offspring, serial_interval
from sizao.ops.tracing.pictures.choices import ChainForm, CurveForm, CurvePart, Measure, Window
from sizao.ops.tracing.pictures.curve import MOST_DAYS, MOST_PARTS, REST, draw_curve
from sizao.ops.tracing.pictures.regions import Region, class_breaks
from tests import factories as make

TODAY = date(2015, 6, 10)
CURVE_ROW = {"day": pl.Date, "part": pl.String, "n": pl.Int64}


def counts(*rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CURVE_ROW, orient="row")


def curve(frame: pl.DataFrame, **more):
    return draw_curve(frame, **({"part": CurvePart.CLASSIFICATION, "every": "1d", "today": TODAY} | more))


# ---------- curve ----------


def test_every_case_is_in_a_bar_or_said_in_words():
    frame = counts(
        (date(2015, 6, 1), "confirmed", 3), (date(2015, 6, 3), "probable", 2), (None, "confirmed", 4),
        (date(2016, 6, 3), "confirmed", 1), (date(1915, 6, 3), "confirmed", 1),
    )  # fmt: skip
    picture = curve(frame)
    assert (picture.drawn, picture.undated, picture.later, picture.outside, picture.total) == (5, 4, 1, 1, 11)
    assert len(picture.periods) <= MOST_DAYS + 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.dates(date(2014, 1, 1), date(2016, 1, 1))),
            st.sampled_from(["confirmed", "probable", "suspected"]),
            st.integers(1, 9),
        ),
        max_size=25,
    ),
    st.sampled_from(["1d", "1w"]),
)
def test_drawn_and_said_add_up_to_all_cases(rows, every):
    picture = curve(counts(*rows), every=every)
    assert picture.drawn + picture.undated + picture.later + picture.outside == sum(n for _, _, n in rows)
    days = [picture.first_day(i) for i in range(len(picture.periods))]
    ends = [picture.last_day(i) for i in range(len(picture.periods))]
    assert all(start <= end for start, end in zip(days, ends, strict=True))
    assert all(end + timedelta(days=1) == start for end, start in zip(ends[:-1], days[1:], strict=True))


def test_days_without_a_case_are_zeros():
    picture = curve(counts((date(2015, 6, 1), "confirmed", 1), (date(2015, 6, 4), "confirmed", 2)))
    assert picture.parts[0].counts[:4] == [1, 0, 0, 2]


def test_a_curve_ends_three_weeks_after_the_last_case():
    assert curve(counts((date(2015, 1, 1), "confirmed", 1))).until == date(2015, 1, 22)


def test_the_surest_class_is_at_the_bottom_and_the_unknown_on_top():
    frame = counts((TODAY, "suspected", 9), (TODAY, "probable", 1), (TODAY, "confirmed", 1))
    assert [part.key for part in curve(frame).parts] == ["confirmed", "probable", "suspected"]
    settings_frame = counts((TODAY, "unknown", 9), (TODAY, "school", 1), (TODAY, "household", 2))
    assert [p.key for p in curve(settings_frame, part=CurvePart.SETTING).parts] == ["household", "school", "unknown"]


def test_many_parts_become_a_rest():
    frame = counts(*((TODAY, f"CN{n:04}", n) for n in range(1, 31)))
    picture = curve(frame, part=CurvePart.AREA)
    assert len(picture.parts) == MOST_PARTS
    assert picture.parts[-1].key == REST
    assert picture.drawn == sum(range(1, 31))


# ---------- chains ----------


@pytest.fixture
def family(db):
    """A infects B, B infects C; D stands alone; B and D live in Longsha, the others in Daoli."""
    make.areas()
    by = make.user(Role.INVESTIGATOR)
    incident = make.incident(by)
    where = {"A": make.DAOLI, "B": make.LONGSHA, "C": make.DAOLI, "D": make.LONGSHA}
    cases = {
        name: make.case(incident, by, number=name, area_id=area, date_onset=date(2015, 5, 20 + 3 * place))
        for place, (name, area) in enumerate(where.items())
    }
    make.exposure(cases["A"], cases["B"].person, by, setting="school")
    make.exposure(cases["B"], cases["C"].person, by, setting="household")
    return incident, cases, by


def chains_for(user, incident):
    rows = queries.chain_rows(by=user, incident=incident, at=make.AT)
    return chains_of(*rows, protocol=incident.protocol)


def test_generations_settings_and_clusters(family):
    incident, _, by = family
    rows = {row["case_id"]: row for row in chains_for(by, incident).cases.iter_rows(named=True)}
    assert {name: row["generation"] for name, row in rows.items()} == {"A": 0, "B": 1, "C": 2, "D": 0}
    assert rows["C"]["infection_setting"] == "household"
    assert rows["A"]["infection_setting"] == "unknown"
    assert rows["D"]["cluster_size"] == 1


def test_an_exposure_that_was_withdrawn_links_nothing(family):
    incident, cases, by = family
    make.exposure(cases["C"], cases["D"].person, by, withdrawn_at=make.AT)
    rows = chains_for(by, incident).cases
    assert rows.filter(case_id="D")["infector_id"].to_list() == [None]


def test_a_source_that_was_a_contact_first_is_the_case_it_became(family):
    incident, cases, by = family
    contact = make.contact(incident, by, person=cases["A"].person, status="became_case", became_case=cases["A"])
    make.exposure(cases["A"], cases["D"].person, by, source_case=None, source_contact=contact)
    assert chains_for(by, incident).cases.filter(case_id="D")["infector_id"].to_list() == ["A"]


def test_a_discarded_case_is_in_no_chain(family):
    incident, _, by = family
    make.case(incident, by, number="E", area_id=make.DAOLI, classification="discarded")
    assert "E" not in chains_for(by, incident).cases["case_id"]


def test_cases_elsewhere_keep_their_place_but_not_their_facts(family):
    incident, _, _ = family
    chains = chains_for(make.user(Role.INVESTIGATOR, make.DAOLI), incident)
    hidden = chains.cases.filter(~pl.col("visible"))
    assert hidden["case_id"].to_list() == ["B"]  # D touches nobody in Daoli
    assert hidden.select("id", "area", "classification", "infection_setting", "n_contacts").row(0) == (None,) * 5
    assert chains.n_outside == 1
    assert chains.cases.filter(case_id="C")["generation"].to_list() == [2]
    assert unlinked(chains.seen, on=TODAY)["case_id"].to_list() == ["A"]  # C's source is known, elsewhere
    assert chains.seen.candidates.height == 0


def test_filters_narrow_what_is_drawn(family):
    incident, _, by = family
    chains = chains_for(by, incident)

    def numbers(**asked):
        return sorted(filtered(chains, **asked)["case_id"])

    assert numbers() == ["A", "B", "C", "D"]
    assert numbers(generation_from=1) == ["B", "C"]
    assert numbers(generation_until=0) == ["A", "D"]
    assert sorted(numbers(setting="household")) == ["B", "C"]  # who infected C is drawn, so that the link is
    assert numbers(since=date(2015, 5, 23), until=date(2015, 5, 26)) == ["B", "C"]
    assert numbers(cluster="C") == ["A", "B", "C"]
    assert numbers(cluster="nobody") == []


def test_places_are_unique_and_infectors_are_found_among_the_drawn(family):
    incident, _, by = family
    chains = chains_for(by, incident)
    shown = drawn(chains, filtered(chains, generation_from=1))
    assert shown.select("date", "y").is_unique().all()
    of = dict(shown.select("case_id", "infector").iter_rows())
    place = dict(shown.select("case_id", "place").iter_rows())
    assert of == {"B": None, "C": place["B"]}
    assert sorted(shown["y"].unique()) == list(range(shown["y"].n_unique()))
    assert edges(chains, shown).select("source_id", "exposed_id").rows() == [("B", "C")]


def test_recent_cases_do_not_pull_r_down(family):
    incident, _, by = family
    fit, last, n_recent = offspring(chains_for(by, incident), on=date(2015, 6, 12))
    interval = serial_interval("mers")
    assert last < date(2015, 6, 12) - timedelta(days=interval.mean)
    assert fit.n_cases + n_recent == 4
    assert n_recent > 0


def test_an_unknown_protocol_gives_no_interval():
    assert serial_interval("no-such-protocol") is None


def test_zero_is_an_answer_of_a_form():
    assert ChainForm({"generation_until": "0"}).chosen["generation_until"] == 0
    assert ChainForm({"generation_until": "x"}).chosen["generation_until"] is None
    assert CurveForm({"date": "nonsense"}).chosen["date"] == "onset"


# ---------- map ----------

REGIONS = [Region("CN00230001", "Harbin", 1_000_000), Region("CN00230002", "Qiqihar", None)]
AREA_ROW = {"area": pl.String, "date_report": pl.Date, "n": pl.Int64}


def on_map(*rows, reach=("",), window="all", measure="count"):
    frame = pl.DataFrame(rows, schema=AREA_ROW, orient="row")
    return map_numbers(
        frame, REGIONS, level=2, within=["CN0023"], window=Window(window), measure=Measure(measure), today=TODAY,
        reach=Reach(reach),
    )  # fmt: skip


ROWS = [
    (make.DAOLI, TODAY, 2), (make.NANGANG, TODAY - timedelta(days=10), 3), (make.LONGSHA, date(2015, 5, 1), 4),
    ("CN0023", TODAY, 5), (None, TODAY, 6), ("CN0022", TODAY, 7),
]  # fmt: skip


def test_every_case_is_on_the_map_or_said_in_words():
    found = on_map(*ROWS)
    assert {row.region.name: (row.n, row.n_7, row.n_14) for row in found.rows} == {
        "Harbin": (5, 2, 5),
        "Qiqihar": (4, 0, 0),
    }
    assert (found.total, found.drawn, found.wider, found.nowhere, found.elsewhere) == (27, 9, 5, 6, 7)
    assert sum(row.n for row in found.rows) == found.drawn


def test_a_window_counts_whole_days_ending_today():
    last = TODAY - timedelta(days=6)
    found = on_map((make.DAOLI, last, 1), (make.DAOLI, last - timedelta(days=1), 1), window="7")
    assert found.rows[0].value == found.rows[0].n_7 == 1


def test_a_rate_needs_a_population():
    values = {row.region.name: row.value for row in on_map(*ROWS, measure="rate").rows}
    assert values == {"Harbin": 0.5, "Qiqihar": None}


def test_a_rate_of_one_case_among_many_people_is_not_zero():
    many = [Region("CN00230001", "Harbin", 500_000_000)]
    frame = pl.DataFrame([(make.DAOLI, TODAY, 1)], schema=AREA_ROW, orient="row")
    asked = {"window": Window.ALL, "measure": Measure.RATE, "today": TODAY, "reach": Reach(("",))}
    found = map_numbers(frame, many, level=2, within=["CN0023"], **asked)
    assert found.rows[0].value == pytest.approx(0.0002)
    assert found.breaks == [0.0002]


def test_areas_outside_the_readers_are_not_zero():
    values = {row.region.name: row.value for row in on_map((make.DAOLI, TODAY, 2), reach=(make.DAOLI,)).rows}
    assert values == {"Harbin": 2, "Qiqihar": None}


def test_breaks_by_hand():
    assert class_breaks([]) == class_breaks([0]) == []
    assert class_breaks([0, 1]) == [1]
    assert class_breaks([1, 3, 40]) == [1, 2, 5, 10, 20]
    assert class_breaks([0.2, 0.4]) == [0.2]


@settings(max_examples=100, deadline=None)
@example([9999.999999999998])
@given(st.lists(st.one_of(st.integers(1, 10**6), st.floats(0.01, 10**4)), min_size=1, max_size=40))
def test_breaks_hold_every_value(values):
    breaks = class_breaks(values)
    assert 1 <= len(breaks) <= 5
    assert breaks == sorted(set(breaks))
    assert breaks[0] <= min(values)
    assert breaks[-1] <= max(values)


def test_levels_start_below_the_incidents_area(db):
    areas = make.areas()
    incident = make.incident(make.user(Role.DUTY_OFFICER))
    incident.areas.add(areas["CN0023"], areas[make.DAOLI])
    within = regions.roots(incident)
    assert within == ["CN0023"]
    assert regions.levels(within) == [2, 3, 4]
    assert [each.path for each in regions.regions(within, 2, "en")] == ["CN00230001", "CN00230002"]
    assert regions.levels(["CN0022"]) == [1]
