"""The end by rule and by distribution: limiting cases, a simulation of the same chain, and what is not known."""

from datetime import timedelta

import numpy as np
import pytest
from scipy import stats

from sizao.protocols import load
from sizao.protocols.end_of_outbreak import end_of_outbreak, none_caused, over_by_day, serial_interval
from sizao.protocols.missed import missed_share
from tests.protocols.frames import D, day

EBOLA = load("ebola")


def ask(at, identifier="ebola", **options):
    return end_of_outbreak(dates_onset=(D,), protocol=load(identifier), at=day(at), **options)


def test_ebola_ends_42_days_after_the_second_negative_and_stays_watched_for_90():
    answer = ask(62, date_second_negative=day(20))
    assert (answer.date_rule, answer.is_over_by_rule, answer.date_alert_until) == (day(62), True, day(152))
    assert not ask(61, date_second_negative=day(20)).is_over_by_rule


def test_before_the_second_negative_there_is_no_day_to_count_from():
    answer = ask(100)
    assert answer.date_rule is None and "not known yet" in str(answer.why_rule)
    assert ask(19, date_second_negative=day(20)).date_rule is None  # not known on that day


def test_measles_counts_from_the_last_onset():
    assert ask(0, "measles").date_rule == day(42)


def test_fewer_reported_cases_need_more_days():
    days = [ask(42, reporting=share).date_certain for share in (1.0, 0.8, 0.4, 0.2)]
    assert days == sorted(days) and days[0] < days[-1]
    odds = [ask(42, reporting=share).probability_over for share in (1.0, 0.8, 0.4, 0.2)]
    assert odds == sorted(odds, reverse=True)


def test_with_every_case_reported_it_is_the_closed_form():
    interval = serial_interval(EBOLA)
    cumulative = stats.gamma(a=2.188, scale=6.49).cdf(30)
    expected = none_caused(0, 1.5, 5.1) / none_caused(1 - cumulative, 1.5, 5.1)
    assert over_by_day(interval, 1.5, 5.1, 1.0)[30] == pytest.approx(expected, rel=1e-9)


def test_no_onward_transmission_means_over_at_once():
    assert ask(0, reproduction=1e-9, dispersion=1.0).probability_over == pytest.approx(1)


@pytest.mark.parametrize("reporting", [1.0, 0.4])
def test_a_simulation_of_the_same_chain_agrees(reporting):
    """100,000 chains of one case, mean 1.2, dispersion 0.5: kept when none is reported for 25 days."""
    interval, wait = serial_interval(EBOLA), 25
    rng = np.random.default_rng(7)
    drawn = stats.gamma(a=2.188, scale=6.49)
    chains, over = np.zeros(100_000), np.ones(100_000, dtype=bool)
    reported_early = np.zeros(100_000, dtype=bool)
    parents, times = np.arange(100_000), chains
    while parents.size:
        n = rng.poisson(1.2 * rng.gamma(0.5, 2.0, parents.size))
        parents, times = np.repeat(parents, n), np.repeat(times, n)
        times = times + np.maximum(1, np.ceil(drawn.rvs(times.size, random_state=rng)))
        seen = rng.random(times.size) < reporting
        over[parents[times > wait]] = False
        early = times <= wait
        reported_early[parents[early & seen]] = True
        parents, times = parents[early & ~seen], times[early & ~seen]
    simulated = over[~reported_early].mean()
    assert over_by_day(interval, 1.2, 0.5, reporting)[wait] == pytest.approx(simulated, abs=0.006)


def test_what_is_assumed_is_said():
    answer = ask(42, reporting=0.4)
    assert "1.5 cases per case (dispersion 5.1), 40% of cases reported" in str(answer.why_probability)
    assert ask(42, "diphtheria").probability_over is None
    assert "No serial interval" in str(ask(42, "diphtheria").why_probability)
    assert ask(42, "mpox").date_rule is None and "gives no rule" in str(ask(42, "mpox").why_rule)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="reporting"):
        ask(1, reporting=0)
    with pytest.raises(ValueError, match="dates_onset"):
        end_of_outbreak(dates_onset=(D + timedelta(days=9),), protocol=EBOLA, at=D)


def test_the_interval_of_what_is_missed_covers_as_a_bootstrap_does():
    """Refitting a lognormal to resampled durations gives the same interval of the tail."""
    item = load("measles").distribution["incubation"]
    missed = missed_share(item, 18)
    rng = np.random.default_rng(3)
    logs = rng.normal(item.parameters["meanlog"], item.parameters["sdlog"], (4000, item.n))
    tails = stats.norm.sf((np.log(18) - logs.mean(axis=1)) / logs.std(axis=1))
    low, high = np.quantile(tails, [0.025, 0.975])
    assert missed.low == pytest.approx(low, abs=0.006)
    assert missed.high == pytest.approx(high, abs=0.02)


def test_more_durations_make_a_narrower_interval():
    few, many = (load("ebola").distribution[key] for key in ("incubation_kikwit", "incubation_west_africa"))
    widths = [missed_share(item, 21).high - missed_share(item, 21).low for item in (few, many)]
    assert few.n < many.n and widths[0] > widths[1]
