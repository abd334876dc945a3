"""The ESSENCE switch agrees with a slow day-by-day writing-out of its published formulas."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sizao.epi.detection.calendar import InputError
from sizao.epi.detection.ewma_switch import ewma_switch
from sizao.epi.detection.holidays import LUNAR_NEW_YEAR, spring_festival

START = date(2023, 1, 2)


def daily(counts: np.ndarray) -> pl.DataFrame:
    days = [START + timedelta(days=day) for day in range(len(counts))]
    return pl.DataFrame({"date": days, "n": counts})


def run(counts: np.ndarray, **settings: object) -> pl.DataFrame:
    until = START + timedelta(days=len(counts) - 1)
    return ewma_switch(daily(counts), by=[], freq="day", until=until, last=None, **settings)


def slow_ewma(y: np.ndarray, weight: float) -> tuple[np.ndarray, np.ndarray]:
    """t statistics and p-values by the formulas, one day after the other."""
    z, t, p = float(y[0]), np.full(len(y), np.nan), np.full(len(y), np.nan)
    for i in range(1, len(y)):
        z = weight * y[i] + (1 - weight) * z
        base = y[max(0, i - 2 - 28) : max(i - 2, 0)]
        n = len(base)
        if n < 11:
            continue
        alert, warn = (np.round(stats.t.ppf(q, n - 1), 5) for q in (0.99, 0.975))
        r = 1 - weight
        share = weight / (2 - weight) + 1 / n - 2 * r**3 * (1 - r**n) / n
        constant = (0.1289 - (0.2414 - 0.1826 * r**4) * np.log(0.5)) * weight / warn
        sigma = max(weight / warn * (1 + 0.5 * r**2), np.std(base, ddof=1) * np.sqrt(share) + constant)
        t[i] = (z - base.mean()) / sigma
        p[i] = stats.t.sf(t[i], n - 1)
        if abs(t[i]) > alert:
            z = base.mean() + np.sign(t[i]) * alert * sigma
    return t, p


def test_sparse_counts_use_the_weighted_means() -> None:
    y = np.random.default_rng(1).poisson(2.0, 90)
    y[70:73] = 9
    answer = run(y)
    p = np.fmin(slow_ewma(y, 0.4)[1], slow_ewma(y, 0.9)[1])
    ewma = ~answer["trend"].fill_null(True)
    assert ewma.sum() > 60
    np.testing.assert_allclose(answer.filter(ewma)["p_value"], p[ewma.to_numpy()], rtol=1e-9)
    assert answer["alarm"][71]
    assert (answer["alarm"] == (answer["p_value"] < 0.01).fill_null(False)).all()
    assert (answer["alarm"] == (answer["n"] > answer["upper"]).fill_null(False)).mean() > 0.97


def test_a_weekly_pattern_uses_the_regression() -> None:
    """Against least squares with the same terms, solved by scipy-free normal equations."""
    rng = np.random.default_rng(2)
    weekday = (np.arange(120) + START.weekday()) % 7
    y = rng.poisson(np.where(weekday < 5, 60, 15) + 0.1 * np.arange(120))
    answer = run(y)
    day = 100
    base = np.arange(day - 2 - 28, day - 2)
    x = np.stack([np.ones(28), base - day, *((weekday[base] == d) * 1.0 for d in range(6))], axis=1)
    beta, *_ = np.linalg.lstsq(x, y[base].astype(float), rcond=None)
    ahead = np.array([1.0, 0.0, *((weekday[day] == d) * 1.0 for d in range(6))])
    sigma = np.sqrt(((y[base] - x @ beta) ** 2).sum() / 20 * 35 * 24 / (28 * 21))
    row = answer.row(day, named=True)
    assert row["trend"]
    assert row["expected"] == pytest.approx(ahead @ beta)
    assert row["p_value"] == pytest.approx(stats.t.sf((y[day] - ahead @ beta) / sigma, 20))
    assert row["upper"] == pytest.approx(ahead @ beta + stats.t.ppf(0.99, 20) * sigma)


def test_a_holiday_counts_as_a_sunday() -> None:
    """Clinics reopen: the Monday of a holiday looks low, the Monday after it must not ring."""
    weekday = (np.arange(60) + START.weekday()) % 7
    y = np.random.default_rng(3).poisson(np.where(weekday == 6, 5, 60))
    holiday = [START + timedelta(days=day) for day in range(42, 49)]
    y[42:49] = 5
    plain, told = run(y), run(y, holidays=holiday)
    assert plain["expected"][56] < 45 < told["expected"][56]


def test_missing_days_and_short_history() -> None:
    y = np.random.default_rng(4).poisson(20.0, 60).astype(object)
    y[40:44] = None
    answer = run(np.array(y, dtype=object).tolist())
    assert answer["status"][:13].to_list() == ["short_history"] * 13
    assert answer["status"][40] == "missing"
    assert answer["status"][59] == "ok"


def test_only_daily() -> None:
    with pytest.raises(InputError, match="daily"):
        ewma_switch(daily(np.ones(9)), by=[], freq="week", until=START)


def test_spring_festival_runs_from_the_eve_to_the_seventh_day() -> None:
    days = spring_festival([2024, 1900])
    assert (days[0], days[-1], len(days)) == (date(2024, 2, 9), date(2024, 2, 16), 8)
    for year, (month, day) in LUNAR_NEW_YEAR.items():
        assert date(year, 1, 21) <= date(year, month, day) <= date(year, 2, 20)
