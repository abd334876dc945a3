"""The same exposure under each edition: class, window, last exposure and reason."""

import polars as pl
import pytest

from sizao.protocols import load
from sizao.protocols.classify import classify_contacts, why_class
from sizao.protocols.columns import WrongColumns
from tests.protocols.frames import day, rows_of

SCHEMA = {
    "source_id": pl.String,
    "exposed_id": pl.String,
    "date_exposure_last": pl.Date,
    "setting": pl.String,
    "closeness": pl.String,
    "distance_m": pl.Float64,
    "minutes": pl.Float64,
    "protected": pl.Boolean,
    "judged": pl.String,
}


def exposure(source="case", exposed="p", last=0, setting=None, closeness=None, **more):
    return {
        "source_id": source,
        "exposed_id": exposed,
        "date_exposure_last": day(last),
        "setting": setting,
        "closeness": closeness,
        **more,
    }


def cases(onset=0, sampled=None, isolated=None, **more):
    values = {
        "case_id": "case",
        "date_onset": None if onset is None else day(onset),
        "date_collected": None if sampled is None else day(sampled),
        "date_isolation": None if isolated is None else day(isolated),
        **more,
    }
    kinds = {"date_onset": pl.Date, "date_collected": pl.Date, "date_isolation": pl.Date}
    return pl.DataFrame([values], schema_overrides=kinds)


def classify(identifier, *exposures, case=None, managed=None):
    frame = pl.DataFrame(list(exposures), schema=SCHEMA)
    return classify_contacts(
        exposures=frame, cases=cases() if case is None else case, protocol=load(identifier), managed=managed
    )


def decision(identifier, row, case=None):
    return rows_of(classify(identifier, row, case=case).exposures, "contact_class", "rule")[0]


RIDE = {"setting": "transport", "closeness": "same_conveyance"}
NEARBY = {"setting": "workplace", "closeness": "same_place"}


@pytest.mark.parametrize(
    ("identifier", "row", "contact_class", "rule"),
    [
        ("cn-covid-8", exposure(setting="household"), "close", "close.household"),
        ("cn-covid-8", exposure(setting="healthcare"), "close", "close.care"),
        ("cn-covid-8", exposure(setting="workplace", closeness="same_room"), "close", "close.work_or_study"),
        ("cn-covid-8", exposure(**NEARBY), "general", "general.shared_place"),
        ("cn-covid-9", exposure(**NEARBY), "exposed_place", "exposed_place.shared_place"),
        ("cn-covid-9-plus10", exposure(**NEARBY), None, "no_kind"),
        ("cn-covid-8", exposure(setting="meal"), "close", "close.meal_or_entertainment"),
        ("cn-covid-8", exposure(setting="transport", closeness="face_to_face"), "close", "close.vehicle_near"),
        ("cn-covid-8", exposure(**RIDE), "general", "general.shared_place"),
        ("cn-covid-8", exposure(**RIDE, distance_m=0.9), "close", "close.vehicle_measured"),
        ("cn-covid-8", exposure(**RIDE, distance_m=1.1), "general", "general.shared_place"),
        ("cn-covid-8", exposure(setting="shop", closeness="indirect"), "close", "close.environment"),
        ("cn-covid-8", exposure(setting="household", protected=True), None, "no_kind"),
        ("cn-covid-8", exposure(setting="shop", judged="close"), "close", "judged"),
        ("cn-covid-8", exposure(), "unclassified", "facts_missing"),
        ("covid-who-2022", exposure(closeness="face_to_face", minutes=20), "close", "close.face_to_face"),
        ("covid-who-2022", exposure(closeness="face_to_face", minutes=10), None, "no_kind"),
        ("covid-who-2022", exposure(closeness="face_to_face"), "close", "close.face_to_face"),
        ("pertussis", exposure(closeness="same_room", minutes=59), None, "no_kind"),
        ("pertussis", exposure(closeness="same_room", minutes=60), "close", "close.confined_space"),
        ("mers", exposure(setting="hospital_room"), "close", "close.health_care"),
        ("mers", exposure(setting="shop", closeness="same_place"), None, "no_kind"),
        ("measles", exposure(setting="shop", closeness="same_place"), "close", "close.airspace"),
        ("ebola", exposure(setting="funeral"), "close", "close.funeral"),
        ("cholera", exposure(setting="household"), "close", "close.household"),
    ],
)  # fmt: skip
def test_kinds_of_exposure(identifier, row, contact_class, rule):
    assert decision(identifier, row) == (contact_class, rule)


@pytest.mark.parametrize(
    ("identifier", "last", "is_inside"),
    [
        ("cn-covid-9", -2, True),
        ("cn-covid-9", -3, False),
        ("mers", 0, True),
        ("mers", -1, False),
        ("measles", -4, True),
        ("measles", -5, False),
        ("meningococcal", -7, True),
        ("meningococcal", -8, False),
    ],
)
def test_the_window_opens_with_the_look_back(identifier, last, is_inside):
    found = classify(identifier, exposure(setting="household", last=last)).exposures
    assert found["inside_window"].to_list() == [is_inside]
    assert found["contact_class"].to_list() == ["close" if is_inside else None]


def test_a_case_without_symptoms_counts_from_the_sampling_of_the_first_positive():
    silent = cases(onset=None, sampled=5)
    assert decision("cn-covid-9", exposure(setting="household", last=3), case=silent)[0] == "close"
    assert decision("cn-covid-9", exposure(setting="household", last=2), case=silent) == (None, "outside_window")


def test_without_onset_and_sampling_nobody_is_put_in_a_class():
    unknown = cases(onset=None)
    assert decision("cn-covid-9", exposure(setting="household"), case=unknown) == ("unclassified", "no_anchor")


@pytest.mark.parametrize(
    ("known", "last", "decided", "anchor"),
    [
        ({"sampled": 5, "asymptomatic": True}, 2, (None, "outside_window"), None),  # the edition's own anchor
        ({"sampled": 5, "asymptomatic": False}, 3, ("close", "close.household"), "sample_taken"),
        ({"sampled": 5, "asymptomatic": False}, 2, ("unclassified", "before_stand_in"), "sample_taken"),
        ({"date_diagnosis": day(5), "date_report": day(7)}, 3, ("close", "close.household"), "diagnosis"),
        ({"date_report": day(7)}, 5, ("close", "close.household"), "report"),
        ({"date_report": day(7)}, 4, ("unclassified", "before_stand_in"), "report"),
        ({"date_report": day(7), "isolated": 8}, 9, (None, "outside_window"), "report"),  # after is after
    ],
)
def test_another_day_stands_in_for_an_unknown_onset_and_an_earlier_exposure_proves_nothing(
    known, last, decided, anchor
):
    found = classify("cn-covid-9", exposure(setting="household", last=last), case=cases(onset=None, **known)).exposures
    assert rows_of(found, "contact_class", "rule", "anchor") == [(*decided, anchor)]
    why = why_class(found.row(0, named=True), load("cn-covid-9")).say("en")
    assert ("The onset of case is not known" in why) == (anchor is not None)


def test_exposures_after_isolation_do_not_count():
    isolated = cases(isolated=2)
    assert decision("cn-covid-9", exposure(setting="household", last=2), case=isolated)[0] == "close"
    late = {**exposure(setting="household", last=5), "date_exposure_first": day(3)}
    frame = pl.DataFrame([late], schema={**SCHEMA, "date_exposure_first": pl.Date})
    found = classify_contacts(exposures=frame, cases=isolated, protocol=load("cn-covid-9"))
    assert found.exposures["rule"].to_list() == ["outside_window"]


def test_the_last_exposure_is_the_last_inside_the_window():
    long = {**exposure(setting="household", last=9), "date_exposure_first": day(-9)}
    frame = pl.DataFrame([long], schema={**SCHEMA, "date_exposure_first": pl.Date})
    found = classify_contacts(exposures=frame, cases=cases(isolated=4), protocol=load("cn-covid-9")).contacts
    assert rows_of(found, "date_exposure_first", "date_exposure_last") == [(day(-2), day(4))]


def test_measles_counts_from_the_rash_and_from_onset_where_the_rash_is_not_dated():
    with_rash = cases(onset=-4, date_rash=day(0))
    assert decision("measles", exposure(setting="household", last=-4), case=with_rash)[0] == "close"
    assert decision("measles", exposure(setting="household", last=-5), case=with_rash)[0] is None
    assert decision("measles", exposure(setting="household", last=5), case=with_rash)[0] is None
    assert decision("measles", exposure(setting="household", last=-8), case=cases(onset=-4))[0] == "close"


RINGS = (
    exposure(exposed="first", setting="household", last=1),
    exposure(source="first", exposed="before", setting="household", last=-2),
    exposure(source="first", exposed="second", setting="meal", last=2),
    exposure(source="first", exposed="after", setting="meal", last=6),
    exposure(source="nobody", exposed="lost", setting="meal", last=2),
)


def test_the_second_ring_runs_from_the_first_contact_with_the_case_until_management():
    managed = pl.DataFrame({"contact_id": ["first"], "date_managed": [day(4)]})
    found = classify("cn-covid-9", *RINGS, managed=managed).exposures
    assert dict(rows_of(found, "exposed_id", "rule")) == {
        "first": "close.household",
        "before": "outside_window",
        "second": "contact_of_contact.shared_life",
        "after": "outside_window",
        "lost": "source_unknown",
    }


def test_the_twenty_measures_drop_the_second_ring():
    found = classify("cn-covid-9-plus20", *RINGS)
    assert rows_of(found.contacts, "contact_id", "contact_class") == [("first", "close")]
    assert found.exposures.height == len(RINGS)  # nothing arrives and is lost


def test_a_person_in_two_classes_is_treated_by_the_stronger():
    rows = (
        exposure(setting="shop", closeness="same_place", last=3),
        exposure(setting="household", last=1),
    )
    found = classify("cn-covid-8", *rows).contacts
    assert rows_of(found, "contact_class", "date_exposure_last", "strongest", "n_exposures") == [
        ("close", day(1), True, 1),
        ("general", day(3), False, 1),
    ]


def test_every_decision_says_why_in_both_languages():
    for identifier in ("cn-covid-8", "cn-covid-9-plus20"):
        protocol = load(identifier)
        for row in classify(identifier, *RINGS, exposure(exposed="x")).exposures.iter_rows(named=True):
            why = why_class(row, protocol)
            assert protocol.name.msgid in why.say("en")
            assert protocol.name.zh in why.say("zh-hans")


def test_a_frame_without_a_needed_column_is_refused_by_name():
    frame = pl.DataFrame({"source_id": ["a"], "exposed_id": ["b"]})
    with pytest.raises(WrongColumns, match="exposures needs the column date_exposure_last"):
        classify_contacts(exposures=frame, cases=cases(), protocol=load("mers"))
    wrong = frame.with_columns(date_exposure_last=pl.lit("2022-07-01"))
    with pytest.raises(WrongColumns, match="holds String, not Date"):
        classify_contacts(exposures=wrong, cases=cases(), protocol=load("mers"))


def test_judged_by_a_slow_loop_the_answers_are_the_same():
    """Every combination of setting, closeness and day, against a plain reading of the rule."""
    from bench.protocols import class_of
    from sizao.vocabulary.codes import Closeness, Setting

    rows = [
        exposure(exposed=f"{s}/{c}/{n}", setting=str(s), closeness=str(c), last=n)
        for s in Setting
        for c in Closeness
        for n in (-3, -2, 0)
    ]
    for identifier in ("cn-covid-8", "cn-covid-9"):
        found = dict(rows_of(classify(identifier, *rows).exposures, "exposed_id", "contact_class"))
        for row in rows:
            slow = class_of(row, {"case": day(0)}, load(identifier))
            unknown = row["setting"] == row["closeness"] == "unknown" and row["date_exposure_last"] >= day(-2)
            assert found[row["exposed_id"]] == ("unclassified" if unknown else slow), row
