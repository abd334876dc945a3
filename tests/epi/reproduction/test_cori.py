"""R of Cori et al.: a slow obvious reference, limiting cases, real outbreaks, data that are not as they should be."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy.stats import gamma

from sizao.epi.reproduction import UncertainSI, cori, discretised_gamma
from sizao.epi.reproduction.mixture import mixture_quantiles

START = date(2024, 3, 1)


def curve(counts, **columns):
    days = [START + timedelta(days=i) for i in range(len(counts))]
    return pl.DataFrame({"date": days, "n": counts, **columns})


def slow_cori(counts, weight, window, prior, probabilities):
    """The formulas of the paper, word by word, one window at a time."""
    rows = []
    for end in range(len(counts)):
        first = end - window + 1
        mean_si = sum(k * w for k, w in enumerate(weight))
        if first < 1 or end + 1 <= mean_si:
            rows.append(None)
            continue
        pull = 0.0
        for t in range(first, end + 1):
            for k in range(1, t + 1):
                if k < len(weight):
                    pull += weight[k] * counts[t - k]
        shape = (prior[0] / prior[1]) ** 2 + sum(counts[first : end + 1])
        scale = 1 / (prior[0] / prior[1] ** 2 + pull)
        law = gamma(shape, scale=scale)
        rows.append([law.mean(), law.std(), *law.ppf(probabilities)])
    return rows


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=25),
    st.lists(st.floats(0.01, 1), min_size=1, max_size=9),
    st.integers(1, 9),
    st.sampled_from([(5.0, 5.0), (1.0, 1.0), (2.0, 0.5)]),
)
def test_it_is_what_the_paper_says(counts, raw, window, prior):
    weight = np.array([0, *raw]) / sum(raw)
    quantiles = (0.025, 0.5, 0.975)
    table = cori(curve(counts), si=weight, window=window, prior=prior, quantiles=quantiles)
    assert table.height == len(counts)
    expected = slow_cori(counts, weight, window, prior, quantiles)
    for row, right in zip(table.iter_rows(named=True), expected, strict=True):
        found = [row[name] for name in ("mean", "sd", "q025", "q50", "q975")]
        assert found == ([None] * 5 if right is None else pytest.approx(right, rel=1e-9))
        assert (row["status"] == "short_history") == (right is None)


def test_steady_doubling_each_generation_is_an_r_of_two():
    """All infections after exactly one day: R is the ratio of each day to the one before."""
    table = cori(curve([1000 * 2**i for i in range(10)]), si=[0, 1], window=3)
    assert table["mean"].to_list()[3:] == pytest.approx([2] * 7, rel=1e-3)


def test_the_discretised_serial_interval_is_a_distribution_with_its_mean_and_sd():
    weight = discretised_gamma(8.4, 3.8, 400)[0]
    days = np.arange(400)
    mean = (weight * days).sum()
    assert weight.sum() == pytest.approx(1)
    assert weight[0] == 0
    assert mean == pytest.approx(8.4, abs=1e-6)
    # two uniform day boundaries add a sixth of a day² to the variance
    assert (weight * (days - mean) ** 2).sum() == pytest.approx(3.8**2 + 1 / 6, rel=1e-3)


def test_many_series_at_once_equal_each_alone_in_any_order_of_rows():
    rng = np.random.default_rng(1)
    frames = [
        curve(rng.poisson(9, size), area=[name] * size, sex=[sex] * size)
        for name, size, sex in (("a", 30, "f"), ("a", 12, "m"), ("b", 21, "f"))
    ]
    together = pl.concat(frames).sample(fraction=1, shuffle=True, seed=3)
    table = cori(together, si=(4.0, 2.0))
    assert_frame_equal(table.select("area", "sex", "date", "n"), together.select("area", "sex", "date", "n"))
    apart = pl.concat([cori(frame, si=(4.0, 2.0)) for frame in frames])
    order = ["area", "sex", "date"]
    assert_frame_equal(table.sort(order), apart.sort(order))
    assert_frame_equal(cori(together, si=(4.0, 2.0), by=["area", "sex"]), table)


def test_imported_cases_infect_but_were_not_infected_here():
    counts, weight = [5, 3, 8, 2, 9, 6], [0, 0.5, 0.5]
    plain = cori(curve(counts), si=weight, window=2)
    some = cori(curve(counts, n_imported=[0, 0, 4, 0, 1, 0]), si=weight, window=2)
    assert some["n_window"].to_list()[2:] == [7, 6, 10, 14]
    assert plain["n_window"].to_list()[2:] == [11, 10, 11, 15]
    # same infectiousness, so the means differ as the gamma shapes do: prior shape 1 plus the cases infected here
    ratio = (1 + some["n_window"]) / (1 + plain["n_window"])
    assert (some["mean"] / plain["mean"]).to_list()[2:] == pytest.approx(ratio.to_list()[2:])


def test_whole_numbers_may_stand_for_days():
    days = curve(list(range(1, 12)))
    numbers = days.with_columns(date=pl.int_range(1, 12))
    assert cori(numbers, si=(3.0, 1.0))["mean"].equals(cori(days, si=(3.0, 1.0))["mean"])
    assert cori(numbers, si=(3.0, 1.0))["window_start"].to_list()[7:] == [2, 3, 4, 5]


STATUS = [
    ([4] * 30, (5.0, 2.0), {"short_history", "ok", "few_cases"}),
    ([1] + [0] * 29, [0, 1], {"short_history", "prior_only", "few_cases"}),
    ([9] * 20 + [None] + [9] * 29, [0, 0.5, 0.5], {"short_history", "ok", "gap"}),
]


@pytest.mark.parametrize(("counts", "si", "expected"), STATUS)
def test_every_row_has_a_status_and_numbers_only_where_it_says_so(counts, si, expected):
    table = cori(curve(counts), si=si)
    assert set(table["status"]) <= expected and table.height == len(counts)
    with_numbers = table["status"].is_in(["ok", "few_cases", "prior_only"])
    assert (table["mean"].is_not_null() == with_numbers).all()


def test_when_nobody_was_infectious_the_answer_is_the_prior_and_says_so():
    table = cori(curve([3] + [0] * 20), si=[0, 1], prior=(5, 5))
    last = table.row(-1, named=True)
    assert (last["status"], last["mean"], last["sd"]) == ("prior_only", 5, 5)


def test_a_missing_day_is_a_gap_not_a_zero():
    whole = curve([20] * 30)
    broken = whole.filter(pl.int_range(pl.len()) != 12)
    table = cori(broken, si=[0, 0.5, 0.5], window=4)
    status = dict(zip(broken["date"], table["status"], strict=True))
    gaps = [(day - START).days for day, said in status.items() if said == "gap"]
    # the window of four days and the two days of the serial interval before it
    assert gaps == [13, 14, 15, 16, 17]
    after = cori(whole, si=[0, 0.5, 0.5], window=4)
    assert table["mean"][-1] == after["mean"][-1]


def test_weekly_counts_are_not_taken_for_daily_ones():
    weekly = pl.DataFrame({"date": [START + timedelta(weeks=i) for i in range(20)], "n": [9] * 20})
    assert set(cori(weekly, si=(5.0, 2.0))["status"]) == {"not_daily"}


def test_short_and_empty_frames_answer():
    assert cori(curve([3]), si=(5.0, 2.0))["status"].to_list() == ["short_history"]
    empty = curve([]).cast({"date": pl.Date, "n": pl.Int64})
    assert cori(empty, si=(5.0, 2.0)).height == 0


REFUSED = [
    ({"si": (1.0, 2.0)}, "mean above 1 day"),
    ({"si": [0.5, 0.5]}, "weight for 0 days must be 0"),
    ({"si": [0, 0.7]}, "must add up to 1"),
    ({"si": [0, -0.5, 1.5]}, "none negative"),
    ({"si": (5.0, 2.0), "window": 0}, "window must be at least 1"),
    ({"si": (5.0, 2.0), "prior": (0, 1)}, "prior needs a mean and an sd above 0"),
    ({"si": (5.0, 2.0), "quantiles": (1.5,)}, "between 0 and 1, found 1.5"),
    ({"si": UncertainSI(5, 1, 0.5, 8, 2, 1, 1, 3)}, "1 < mean_min"),
]


@pytest.mark.parametrize(("options", "sentence"), REFUSED)
def test_settings_without_meaning_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        cori(curve([4] * 20), **options)


def test_curves_without_meaning_are_refused():
    with pytest.raises(ValueError, match="must not be negative, found -1"):
        cori(curve([3, -1, 4]), si=(5.0, 2.0))
    with pytest.raises(ValueError, match="occurs more than once"):
        cori(pl.concat([curve([1, 2]), curve([3])]), si=(5.0, 2.0))
    with pytest.raises(ValueError, match="have no date"):
        cori(curve([3, 4]).with_columns(date=pl.lit(None, dtype=pl.Date)), si=(5.0, 2.0))
    with pytest.raises(ValueError, match="no column n"):
        cori(pl.DataFrame({"date": [START]}), si=(5.0, 2.0))


def sampled(counts, si, n_draws=4000, seed=0):
    """The posterior of the last window by drawing serial intervals and then R (Thompson et al. 2019)."""
    rng = np.random.default_rng(seed)
    means = rng.normal(si.mean, si.mean_sd, 3 * n_draws)
    sds = rng.normal(si.sd, si.sd_sd, 3 * n_draws)
    means = means[(means > si.mean_min) & (means < si.mean_max)][:n_draws]
    sds = sds[(sds > si.sd_min) & (sds < si.sd_max)][:n_draws]
    rows = discretised_gamma(means, sds, len(counts))
    x, n_days = np.array(counts, dtype=float), len(counts)
    pull = sum(rows[:, k] * x[t - k] for t in range(n_days - 7, n_days) for k in range(1, t + 1))
    return rng.gamma(1 + x[-7:].sum(), 1 / (1 / 5 + pull), (50, n_draws)).ravel()


def test_an_uncertain_serial_interval_gives_the_same_as_sampling_it():
    counts = [2, 1, 3, 5, 4, 8, 9, 14, 12, 20, 26, 25, 38, 41, 60, 58, 75]
    si = UncertainSI(mean=5, mean_sd=0.8, mean_min=3, mean_max=7, sd=2, sd_sd=0.3, sd_min=1.2, sd_max=2.8)
    row = cori(curve(counts), si=si).row(-1, named=True)
    draws = sampled(counts, si)
    assert row["mean"] == pytest.approx(draws.mean(), rel=0.01)
    assert row["sd"] == pytest.approx(draws.std(), rel=0.03)
    for name, q in (("q025", 0.025), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q975", 0.975)):
        assert row[name] == pytest.approx(np.quantile(draws, q), rel=0.02)
    known = cori(curve(counts), si=(5.0, 2.0)).row(-1, named=True)
    assert row["q975"] - row["q025"] > 1.2 * (known["q975"] - known["q025"])


def test_a_certain_uncertainty_is_certainty():
    exact = UncertainSI(mean=5, mean_sd=0, mean_min=3, mean_max=7, sd=2, sd_sd=0, sd_min=1, sd_max=3)
    counts = [5, 6, 8, 4, 9, 12, 11, 15, 14, 17, 20, 22]
    table, known = cori(curve(counts), si=exact), cori(curve(counts), si=(5.0, 2.0))
    assert_frame_equal(table, known, rel_tol=1e-9)


def test_samples_of_the_serial_interval_are_equally_likely():
    a, b = [0, 1.0, 0], [0, 0, 1.0]
    counts = [5, 6, 8, 4, 9, 12, 11, 15, 14, 17]
    alone = [cori(curve(counts), si=si)["mean"][-1] for si in (a, b)]
    assert cori(curve(counts), si=np.array([a, b]))["mean"][-1] == pytest.approx(sum(alone) / 2)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 400), st.lists(st.tuples(st.floats(0.01, 5), st.floats(0.05, 1)), min_size=1, max_size=6))
def test_quantiles_of_a_mixture_are_where_its_distribution_reaches_them(shape, parts):
    scales = np.array([[scale] for scale, _ in parts])
    likely = np.array([[weight] for _, weight in parts])
    likely = likely / likely.sum()
    probabilities = np.array([0.025, 0.5, 0.975])
    found = mixture_quantiles(np.array([shape]), scales, likely, probabilities)[:, 0]
    reached = [(likely * gamma.cdf(x, shape, scale=scales)).sum() for x in found]
    assert reached == pytest.approx(probabilities.tolist(), abs=1e-7)
