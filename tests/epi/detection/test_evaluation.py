"""The simulated scenarios have the moments of their design; the measures do what they say."""

from datetime import date, timedelta
from functools import partial

import numpy as np
import polars as pl
import pytest

from sizao.epi.detection import ears, farrington, recent_sums
from sizao.epi.detection.evaluation.measures import (
    SETTINGS,
    by_scenario,
    detection,
    evaluate,
    on_labelled,
    wins,
)
from sizao.epi.detection.evaluation.picture import picture
from sizao.epi.detection.evaluation.replay import daily_noise, delayed_reports, known_on, replay
from sizao.epi.detection.evaluation.scenarios import (
    EVALUATED,
    SCENARIOS,
    mean_counts,
    outbreak_weeks,
    parts,
    simulate,
)


def test_numbers_of_the_scenarios() -> None:
    assert len(SCENARIOS) == 42
    p, trend, harmonics = parts(14)
    assert (p.theta, trend, harmonics) == (1.5, False, 1)
    assert parts(42)[1:] == (True, 2)
    assert mean_counts(37)[0] == pytest.approx(np.exp(5.0))


@pytest.mark.parametrize("scenario", [4, 14, 24, 30])
def test_mean_and_dispersion(scenario: int) -> None:
    found = simulate(scenario, replicates=3000, past_size=0, size=0, rng=np.random.default_rng(1))
    week = 300
    mean, phi = found.mean[week], found.phi
    assert found.counts[:, week].mean() == pytest.approx(mean, rel=0.06)
    assert found.counts[:, week].var() == pytest.approx(phi * mean, rel=0.12)


def test_outbreaks_lie_where_they_should() -> None:
    found = simulate(20, replicates=400, past_size=0, size=6, rng=np.random.default_rng(2))
    weeks = outbreak_weeks(found.outbreak)
    assert weeks.min() >= EVALUATED[0] and weeks.max() < EVALUATED[1]
    sizes = found.outbreak.sum(1)
    assert sizes.min() >= 1
    assert sizes.mean() == pytest.approx(6 * np.sqrt(found.phi * found.mean[575:].mean()), rel=0.1)
    assert np.median(weeks[:, 1] - weeks[:, 0]) in (2, 3)


def test_measures_by_hand() -> None:
    alarms = np.zeros((4, 10), dtype=bool)
    alarms[0, 3] = alarms[1, 5] = alarms[2, 9] = True
    weeks = np.array([[3, 5], [3, 5], [3, 5], [0, 0]])
    found = detection(alarms, weeks)
    assert found["pod"] == 0.5
    assert found["pod_week_1"] == 0.25
    assert found["delay_weeks"] == 1.0
    assert found["delay_or_missed"] == (0 + 2 + 4 + 2) / 4


def test_evaluation_at_equal_false_alarms() -> None:
    detectors = {
        "farrington": partial(farrington, min_cases=None, **SETTINGS),
        "recent_sums": partial(recent_sums, min_cases=None, **SETTINGS),
        "ears": partial(ears, **SETTINGS),
    }
    table = evaluate(detectors, scenarios=[16], replicates=60, sizes=[4.0, 8.0], seed=7, equal_to="farrington")
    assert table.height == 3 * 2
    means = by_scenario(table)
    assert means["fpr"].max() - means["fpr"].min() < 0.002
    assert means["fpr"].max() < 0.02
    pod = dict(table.group_by("detector").agg(pl.col("pod").mean()).iter_rows())
    assert pod["recent_sums"] > pod["farrington"] > pod["ears"]
    assert wins(table, "recent_sums", "farrington") == (1, 1)
    same = evaluate({"ears": detectors["ears"]}, scenarios=[16], replicates=20, sizes=[4.0], seed=7)
    again = evaluate({"ears": detectors["ears"]}, scenarios=[16], replicates=20, sizes=[4.0], seed=7)
    assert same.equals(again)


def test_the_picture_has_a_line_for_every_detector() -> None:
    table = pl.DataFrame(
        {"detector": ["a", "a", "<b>", "<b>"], "size": [1.0, 2.0] * 2, "pod": [0.1, 0.5, 0.2, 0.7], "fpr": [0.01] * 4}
    )
    svg = picture(table, across="Size", up="Found")
    assert svg.count("<polyline") == 2
    assert "&lt;b&gt; (1.00%)" in svg and "<b>" not in svg


def test_labelled_series() -> None:
    days = list(range(10))
    verdicts = pl.DataFrame({"series": "a", "date": days, "alarm": [day in (0, 4, 5, 9) for day in days]})
    labels = pl.DataFrame({"series": "a", "date": days, "outbreak": [day in (3, 4, 5, 7, 8) for day in days]})
    row = on_labelled(verdicts, labels, by=["series"]).row(0, named=True)
    assert (row["outbreaks"], row["found"], row["delay"]) == (2, 1, 1.0)
    assert row["fpr"] == pytest.approx(2 / 5)


def test_replay_sees_only_what_was_known() -> None:
    """Fifty cases of day 20 are reported on day 22: nothing can ring before."""
    quiet = pl.DataFrame(
        {"series": "a", "date": range(25), "reported": range(25), "n": [3 + day % 2 for day in range(25)]}
    )
    late = pl.DataFrame({"series": ["a"], "date": [20], "reported": [22], "n": [50]})
    reports = pl.concat([quiet, late])
    assert known_on(reports, 21, by=["series"])["n"].max() == 4

    def detect(df: pl.DataFrame, day: object) -> pl.DataFrame:
        return ears(df, by="series", freq="day", until=day, last=5)  # type: ignore[arg-type]

    played = replay(reports, range(19, 25), by=["series"], detect=detect)
    rang = played.filter("alarm").select("asof", "date").rows()
    assert (22, 20) in rang
    assert min(asof for asof, _ in rang) == 22


def test_reporting_delay_keeps_every_case() -> None:
    rng = np.random.default_rng(1)
    counts = rng.poisson(5, (3, 40))
    reports = delayed_reports(counts, np.array([0.2, 0.5, 0.3]), rng)
    assert reports["n"].sum() == counts.sum()
    lag = reports["reported"] - reports["date"]
    assert (lag.min(), lag.max()) == (0, 2)
    assert (reports["n"] * lag).sum() / counts.sum() == pytest.approx(1.1, abs=0.1)


def test_daily_noise_has_its_week_and_holidays() -> None:
    week = np.array([1.0, 1, 1, 1, 1, 0.5, 0.2])
    counts = daily_noise(
        np.full(70, 40.0), 2.0, 500, np.random.default_rng(1), weekday_factor=week, holidays=[30], holiday_factor=0.1
    )
    means = counts.mean(0)
    assert means[6::7].mean() == pytest.approx(8, rel=0.1)
    assert means[30] == pytest.approx(4, rel=0.2)


def test_farrington_false_alarms_on_the_scenarios() -> None:
    """Measured with the reference: 0.78 % over the 42 scenarios without past outbreaks (alpha 0.005)."""
    table = evaluate(
        {"farrington": partial(farrington, min_cases=None, **SETTINGS)},
        scenarios=range(1, 43, 3),
        replicates=20,
        sizes=[10.0],
        seed=3,
        past_size=0.0,
    )
    assert 0.005 < table["fpr"].mean() < 0.012
    assert table["pod"].mean() > 0.75


def test_labels_of_the_reference_data() -> None:
    """Real series with labelled outbreaks: a date column joins, whatever its kind."""
    days = [date(2024, 1, 1) + timedelta(days=7 * week) for week in range(3)]
    verdicts = pl.DataFrame({"series": "a", "date": days, "alarm": [False, True, False]})
    labels = pl.DataFrame({"series": "a", "date": days, "outbreak": [False] * 3})
    row = on_labelled(verdicts, labels, by=["series"]).row(0, named=True)
    assert (row["outbreaks"], row["fpr"]) == (0, pytest.approx(1 / 3))
