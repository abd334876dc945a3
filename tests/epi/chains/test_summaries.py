"""Generations, clusters, serial intervals, unlinked cases, offspring distribution."""

from datetime import date, timedelta
from math import inf, isinf

import numpy as np
import polars as pl
import pytest
from scipy.stats import nbinom

from sizao.epi.chains import (
    cluster_sizes,
    clusters,
    fit_offspring,
    generations,
    offspring_distribution,
    serial_intervals,
    transmission_forest,
    unlinked,
)
from tests.epi.shared_data import mers

START = date(2024, 3, 1)


def small_forest():
    """a infects b and c, b infects d; e was infected abroad; f is alone and has only a report date."""
    days = {"a": 0, "b": 4, "c": 5, "d": 9, "e": 2, "f": None}
    cases = pl.DataFrame(
        {
            "case_id": list(days),
            "date_onset": [None if day is None else START + timedelta(days=day) for day in days.values()],
            "date_report": [START + timedelta(days=10)] * 6,
            "origin": ["local", "local", "local", None, "imported", "unknown"],
        }
    )
    links = pl.DataFrame({"source_id": ["a", "a", "b"], "exposed_id": ["b", "c", "d"]})
    return transmission_forest(cases, links)


def test_generations():
    table = generations(small_forest())
    assert table.select("generation", "n_cases", "n_secondary").rows() == [(0, 3, 2), (1, 2, 1), (2, 1, 0)]
    assert table["mean_secondary"].to_list() == pytest.approx([2 / 3, 1 / 2, 0])


def test_clusters_and_their_sizes():
    table = clusters(small_forest())
    assert table.select("cluster_id", "n_cases", "n_generations", "n_imported").rows() == [
        ("a", 4, 3, 0),
        ("e", 1, 1, 1),
        ("f", 1, 1, 0),
    ]
    assert cluster_sizes(small_forest()).rows() == [(1, 2, 2), (4, 1, 4)]


def test_serial_intervals_use_onsets_only():
    table = serial_intervals(small_forest())
    assert table.select("source_id", "exposed_id", "days").rows() == [("a", "b", 4), ("a", "c", 5), ("b", "d", 5)]


def test_cases_without_a_source_with_their_age():
    table = unlinked(small_forest(), on=START + timedelta(days=12))
    assert table.select("case_id", "age_days").rows() == [("a", 2), ("f", 2)]


def test_every_case_is_in_every_table():
    forest = transmission_forest(*mers())
    assert generations(forest)["n_cases"].sum() == 162
    assert clusters(forest)["n_cases"].sum() == 162
    assert cluster_sizes(forest)["n_cases"].sum() == 162
    assert offspring_distribution(forest.cases)["n_cases"].sum() == 162
    assert unlinked(forest, on=date(2015, 7, 1)).height == (~forest.cases["linked"]).sum()


def offspring(counts):
    return pl.DataFrame({"n_secondary": counts})


def test_the_distribution_shows_its_empty_classes():
    assert offspring_distribution(offspring([0, 0, 3])).rows() == [(0, 2), (1, 0), (2, 0), (3, 1)]


def test_an_even_spread_has_infinite_k_and_nearly_the_poisson_interval():
    counts = np.repeat([0, 1, 2, 3], [37, 37, 18, 8])  # mean 0.97, variance below it
    fit = fit_offspring(offspring(counts))
    assert isinf(fit.k) and fit.k_upper == inf and 1 < fit.k_lower < inf
    assert fit.share_80 == 0.8
    assert fit.r == pytest.approx(0.97)
    assert (fit.r_lower, fit.r_upper) == pytest.approx((0.97 - 0.18, 0.97 + 0.21), abs=0.04)


def test_the_likelihood_is_the_negative_binomial_and_the_fit_its_maximum():
    rng = np.random.default_rng(1)
    counts = rng.negative_binomial(0.2, 0.2 / (0.2 + 1.5), 600)
    fit = fit_offspring(offspring(counts))

    def loglik(r, k):
        return nbinom.logpmf(counts, k, k / (k + r)).sum()

    best = loglik(fit.r, fit.k)
    assert all(best >= loglik(fit.r * a, fit.k * b) for a in (0.97, 1, 1.03) for b in (0.95, 1, 1.05))
    # at the ends of an interval the profile lies 1.92 below the maximum (chi-squared, 1 df, 95 %)
    assert best - loglik(fit.r, fit.k_lower) == pytest.approx(1.9207, abs=1e-3)
    assert best - loglik(fit.r, fit.k_upper) == pytest.approx(1.9207, abs=1e-3)
    assert fit.r_lower < 1.5 < fit.r_upper and fit.k_lower < 0.2 < fit.k_upper


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(2)
    fits = [fit_offspring(offspring(rng.negative_binomial(0.3, 0.3 / (0.3 + 0.9), 150))) for _ in range(120)]
    assert np.mean([fit.r_lower <= 0.9 <= fit.r_upper for fit in fits]) >= 0.88
    assert np.mean([fit.k_lower <= 0.3 <= fit.k_upper for fit in fits]) >= 0.88


def test_few_spreaders_cause_most():
    """Lloyd-Smith et al. 2005: k = 0.16 (SARS, Singapore); fewer than a fifth of cases cause four in five."""
    fit = fit_offspring(offspring([0] * 90 + [1] * 5 + [10] * 3 + [30] * 2))
    assert fit.share_80 < 0.1 and fit.k < 0.1


def test_mers_was_spread_by_few():
    fit = fit_offspring(transmission_forest(*mers()).cases)
    assert fit.n_cases == 162 and fit.n_secondary == 95 and fit.r == pytest.approx(95 / 162)
    assert fit.k_upper < 0.1 and fit.share_80 < 0.05


def test_small_samples_answer_with_a_status():
    assert fit_offspring(offspring([0, 0, 0])).status == "no_secondary"
    assert fit_offspring(offspring([0, 2, 0])).status == "few_cases"
    with pytest.raises(ValueError, match="no cases"):
        fit_offspring(offspring([]).cast(pl.Int64))
