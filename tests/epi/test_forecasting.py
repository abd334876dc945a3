"""Forecasts: limiting cases, counts against a slow reference, and the record on simulated outbreaks."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from sizao.epi.forecasting import forecast, forecast_record, mixed_count_quantiles, renewed, weekday_factors
from sizao.epi.reproduction import discretised_gamma

START = date(2024, 1, 1)
SI = (5.0, 2.0)


def day(number):
    return START + timedelta(days=int(number))


def curve(counts, **columns):
    return pl.DataFrame({"date": [day(i) for i in range(len(counts))], "n": counts, **columns})


def outbreak(rng, n_days, drift=0.03, spread=2.0, weekdays=(1,) * 7):
    """Negative binomial counts of a renewal process whose log R wanders around 0."""
    weight = discretised_gamma(*SI, 60)[0]
    counts, log_r = list(rng.poisson(20, 12)), 0.1
    while len(counts) < n_days:
        log_r += rng.normal(0, drift) - 0.01 * log_r
        pull = sum(weight[k] * counts[-k] for k in range(1, min(len(counts), 59) + 1))
        mean = max(pull * np.exp(log_r), 0.5) * weekdays[len(counts) % 7]
        size = mean / (spread - 1)
        counts.append(int(rng.negative_binomial(size, size / (size + mean))))
    return counts


def test_a_level_series_is_expected_to_stay_level():
    table = forecast(curve([50] * 60), si=SI, horizon=7)
    assert table["date"].to_list() == [day(60 + i) for i in range(7)]
    assert table["mean"].to_list() == pytest.approx([50] * 7, rel=0.05)
    assert (table["q025"] < 50).all() and (table["q975"] > 50).all()
    assert table["status"].unique().to_list() == ["ok"]


def test_growth_goes_on():
    counts = [round(5 * 1.1**i) for i in range(50)]
    table = forecast(curve(counts), si=SI, horizon=7)
    expected = [5 * 1.1 ** (50 + i) for i in range(7)]
    assert table["mean"].to_list() == pytest.approx(expected, rel=0.08)


def test_intervals_widen_with_the_days_ahead():
    table = forecast(curve(outbreak(np.random.default_rng(1), 80)), si=SI)
    width = (table["q975"] - table["q025"]) / table["mean"]
    assert width[13] > 1.3 * width[0]
    assert (table["q025"] <= table["q25"]).all() and (table["q25"] <= table["q50"]).all()


def test_quiet_weekends_stay_quiet():
    rhythm = [1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5]
    counts = [round(100 * rhythm[day(i).weekday()]) for i in range(63)]
    table = forecast(curve(counts), si=SI, horizon=7)
    factors = table["mean"] / table["mean"].mean()
    # eight weeks and one average day pull 0.5 to 0.56
    assert factors.to_list() == pytest.approx([rhythm[d.weekday()] for d in table["date"]], abs=0.07)


def test_weekday_factors_of_a_level_series_are_one():
    assert weekday_factors(np.full(56, 30.0), day(55)) == pytest.approx(np.ones(7))


def test_renewal_by_hand():
    """Two days ahead with R = 2, weights half and half on one and two days, after 4 and 8 cases."""
    found = renewed(np.array([4.0, 8.0]), np.array([0, 0.5, 0.5]), np.array([2.0]), 2)
    first = 2 * (0.5 * 8 + 0.5 * 4)
    assert found == pytest.approx([2 * (0.5 * first + 0.5 * 8)])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 300), st.floats(0.05, 1)), min_size=1, max_size=5), st.floats(1.05, 20))
def test_quantiles_of_mixed_counts_are_the_smallest_that_reach_them(parts, spread):
    means, likely = (np.array(values) for values in zip(*parts, strict=True))
    likely = likely / likely.sum()
    quantiles = (0.975, 0.025, 0.5)  # any order
    found = mixed_count_quantiles(means, likely, np.full(len(means), spread), quantiles)
    size = means / (spread - 1)
    for x, q in zip(found, quantiles, strict=True):
        reached = [(likely * nbinom.cdf(y, size, size / (size + means))).sum() for y in (x - 1, x)]
        assert reached[0] < q + 1e-9 and reached[1] >= q - 1e-9


def test_the_record_holds_what_the_intervals_promise_and_beats_repeating_last_week():
    rng = np.random.default_rng(3)
    rhythm = (1.2, 1.1, 1, 1, 1, 0.9, 0.8)
    frames = [curve(outbreak(rng, 130, weekdays=rhythm if i % 2 else (1,) * 7), place=[i] * 130) for i in range(12)]
    origins = [day(d) for d in (60, 75, 90, 105)]
    record = forecast_record(
        pl.concat(frames), si=SI, origins=origins, horizon=7, quantiles=(0.05, 0.25, 0.5, 0.75, 0.95)
    )
    assert set(record["level"]) == {0.5, 0.9} and record["n"].unique().to_list() == [48]
    for level, tolerance in ((0.5, 0.1), (0.9, 0.06)):
        assert record.filter(pl.col("level") == level)["covered"].mean() == pytest.approx(level, abs=tolerance)
    assert record.filter(pl.col("ahead") == 1)["error"][0] < 0.6 * record.filter(pl.col("ahead") == 1)["error_naive"][0]


def test_every_series_gets_its_days_and_its_status():
    frames = [
        curve([9] * 40, area=["long"] * 40),
        curve([3, 4, 5], area=["short"] * 3),
        curve([0] * 40, area=["none"] * 40),
    ]
    table = forecast(pl.concat(frames), si=SI, horizon=3)
    assert table.group_by("area").agg(pl.col("status").unique()).explode("status").sort("area").rows() == [
        ("long", "ok"),
        ("none", "no_cases"),
        ("short", "short_history"),
    ]
    assert table.filter(pl.col("area") == "none")["q975"].to_list() == [0, 0, 0]
    assert forecast(curve([]).cast({"date": pl.Date, "n": pl.Int64}), si=SI).height == 0


REFUSED = [
    (curve([1, 2, 3]).filter(pl.col("n") != 2), {}, "2024-01-02 is missing"),
    (pl.concat([curve([1, 2]), curve([3])]), {}, "a day occurs twice"),
    (curve([1, -2, 3]), {}, "counts from zero up"),
    (curve([1, 2, 3]), {"horizon": 60}, "horizon must be 1 to 28"),
]


@pytest.mark.parametrize(("frame", "options", "sentence"), REFUSED)
def test_curves_without_meaning_are_refused(frame, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        forecast(frame, si=SI, **options)
