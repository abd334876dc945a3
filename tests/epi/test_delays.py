"""Delays: exact formulas against numerical integrals, bias of ignoring truncation, coverage, a real outbreak."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats
from scipy.integrate import quad

from sizao.epi.delays import FAMILIES, Law, fit_delay, fit_families
from tests.epi.shared_data import mers

START = date(2024, 1, 1)
LAWS = [
    (Law("gamma", 2.5, 2.0), stats.gamma(2.5, scale=2.0)),
    (Law("lognormal", 0.6, 5.0), stats.lognorm(0.6, scale=5.0)),
    (Law("weibull", 1.7, 6.0), stats.weibull_min(1.7, scale=6.0)),
]


def day(number):
    return START + timedelta(days=int(number))


def events(primary, secondary, width=1):
    """Both events in whole days; the first known only to a window of `width` days that begins on its day."""
    first = np.floor(primary)
    return pl.DataFrame(
        {
            "primary_first": [day(x) for x in first],
            "primary_last": [day(x + width - 1) for x in first],
            "secondary_first": [day(x) for x in np.floor(secondary)],
        }
    )


@pytest.mark.parametrize(("law", "known"), LAWS)
def test_the_formulas(law, known):
    x = np.array([-1.0, 0.0, 0.3, 2.0, 7.5, 40.0])
    assert law.cdf(x) == pytest.approx(known.cdf(x))
    assert [law.ppf(q) for q in (0.05, 0.5, 0.99)] == pytest.approx(known.ppf([0.05, 0.5, 0.99]))
    assert law.estimates()[:2] == pytest.approx([known.mean(), known.std()])
    areas = [quad(known.cdf, 0, max(end, 0))[0] for end in x]
    assert law.area(x) == pytest.approx(areas, abs=1e-7)


@pytest.mark.parametrize(("law", "known"), LAWS)
def test_the_fit_finds_the_law_behind_many_events(law, known):
    rng = np.random.default_rng(3)
    primary = rng.uniform(0, 100, 4000)
    fit = fit_delay(events(primary, primary + known.rvs(4000, random_state=rng)), family=law.family)
    assert fit.status == "ok" and fit.n == 4000
    assert fit.law.moment(1) == pytest.approx(known.mean(), rel=0.03)
    assert fit.law.estimates()[1] == pytest.approx(known.std(), rel=0.06)
    best = fit_families(events(primary, primary + known.rvs(4000, random_state=rng)))
    assert best["family"][0] == law.family and best["aic"].is_sorted()


def test_calendar_days_need_no_correction_by_hand():
    """A delay of always half a day: whole-day differences are 0 or 1 with equal chance, as the law must say."""
    fit = fit_delay(
        pl.DataFrame({"primary_first": [day(0)] * 40, "secondary_first": [day(0), day(1)] * 20}), family="gamma"
    )
    assert fit.law.moment(1) == pytest.approx(0.5, abs=0.1)
    assert fit.daily_weights(2) == pytest.approx([0.5, 0.5], abs=0.02)


def test_daily_weights_are_shares_of_whole_day_differences():
    law, known = LAWS[0]
    rng = np.random.default_rng(5)
    primary = rng.uniform(0, 1, 200_000)
    difference = np.floor(primary + known.rvs(200_000, random_state=rng))
    fit = fit_delay(events(primary[:500], primary[:500] + known.rvs(500, random_state=rng)), family="gamma")
    shares = np.bincount(difference.astype(int), minlength=60)[:60] / 200_000
    assert replace(fit, law=law).daily_weights(60) == pytest.approx(shares, abs=0.004)


def growing_outbreak(rng, known, n=6000, rate=0.15, today=40):
    """Events seen until `today` while cases double every 4.6 days."""
    primary = today + np.log(rng.uniform(size=n)) / rate
    primary = primary[primary > 0]
    secondary = primary + known.rvs(len(primary), random_state=rng)
    seen = secondary < today
    return primary[seen], secondary[seen]


def test_recent_cases_bias_the_naive_mean_and_not_the_fit():
    law, known = LAWS[1]
    primary, secondary = growing_outbreak(np.random.default_rng(7), known)
    naive = (secondary - primary).mean()
    fit = fit_delay(events(primary, secondary), family=law.family, until=day(39))
    assert naive < 0.75 * known.mean()
    assert fit.law.moment(1) == pytest.approx(known.mean(), rel=0.08)
    ignoring = fit_delay(events(primary, secondary), family=law.family)
    assert ignoring.law.moment(1) < 0.8 * known.mean()


def test_wide_exposure_windows_are_used_as_they_are():
    law, known = LAWS[0]
    rng = np.random.default_rng(9)
    begin = np.floor(rng.uniform(0, 50, 1500))
    secondary = begin + rng.uniform(0, 6, 1500) + known.rvs(1500, random_state=rng)
    table = events(begin, secondary, width=6)
    fit = fit_delay(table, family=law.family)
    assert fit.law.moment(1) == pytest.approx(known.mean(), rel=0.06)


def test_intervals_cover_about_as_often_as_they_say():
    law, known = LAWS[0]
    rng = np.random.default_rng(11)
    inside = []
    for _ in range(80):
        primary = rng.uniform(0, 30, 60)
        fit = fit_delay(events(primary, primary + known.rvs(60, random_state=rng)), family=law.family)
        rows = {row["estimate"]: row for row in fit.table.iter_rows(named=True)}
        truth = {"mean": known.mean(), "q95": known.ppf(0.95)}
        inside += [rows[name]["lower"] <= value <= rows[name]["upper"] for name, value in truth.items()]
    assert 0.88 <= np.mean(inside) <= 0.99


def test_the_incubation_period_of_mers_in_korea():
    """Published for South Korea 2015: mean 6.9 days (6.3 to 7.5), Virlogeux et al. 2016 Sci Rep 6:35839."""
    cases, _ = mers()
    known = cases.filter(pl.col("date_onset").is_not_null() & (pl.col("origin") == "local"))
    table = known.select(
        primary_first="date_exposure_first", primary_last="date_exposure_last", secondary_first="date_onset"
    ).drop_nulls()
    table = table.filter(pl.col("primary_first") <= pl.col("secondary_first"))
    for family in FAMILIES:
        fit = fit_delay(table, family=family)
        assert fit.status == "ok" and fit.n > 100
        assert 6.0 < fit.law.moment(1) < 7.8


def test_few_events_are_marked():
    fit = fit_delay(events(np.array([0, 1, 2, 3.0]), np.array([4, 6, 5, 9.0])), family="gamma")
    assert fit.status == "few_events"
    assert fit.table.filter(pl.col("lower") > pl.col("value")).height == 0


def test_when_truncation_leaves_the_long_end_unknown_it_says_so():
    """Delays as if uniform up to the last day: any longer law fits better and better."""
    table = pl.DataFrame({"primary_first": [day(0)] * 12, "secondary_first": [day(k) for k in range(12)]})
    assert fit_delay(table, family="weibull", until=day(11)).status == "not_converged"


REFUSED = [
    ({"secondary_first": [day(5), None]}, {}, "row 2: an event has no day"),
    ({"secondary_last": [day(9), day(1)]}, {}, "row 2: the second event's window ends before"),
    ({"primary_first": [day(0), day(9)]}, {}, "row 2: the second event is over before the first"),
    ({}, {"until": day(4)}, "row 1: the second event lies after the last day of observation"),
    ({}, {"family": "normal"}, "family must be one of gamma, lognormal, weibull"),
]


@pytest.mark.parametrize(("columns", "options", "sentence"), REFUSED)
def test_rows_that_contradict_themselves_are_named(columns, options, sentence):
    table = pl.DataFrame({"primary_first": [day(0), day(1)], "secondary_first": [day(5), day(4)], **columns})
    with pytest.raises(ValueError, match=sentence):
        fit_delay(table, **{"family": "gamma", **options})


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="no events"):
        fit_delay(events(np.array([]), np.array([])), family="gamma")
