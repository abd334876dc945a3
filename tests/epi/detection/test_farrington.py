"""Farrington Flexible gives the thresholds, alarms and dispersions of the reference, week by week."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from sizao.epi.detection.calendar import InputError
from sizao.epi.detection.farrington import farrington
from tests.epi.detection import oracle

#: Differences of each reference run from the defaults; `guard=None` means the window (the rule of 1996).
VARIANTS: dict[str, dict[str, Any]] = {
    "ff_nb_995": {"alpha": 0.005},
    "ff_muan_995": {"alpha": 0.005, "method": "muan"},
    "ff_nb_test95": {"alpha": 0.05, "trend": "test"},
    "ff_delta23_test95": {"alpha": 0.05, "trend": "test", "method": "delta"},
    "ff_classic99": {
        "alpha": 0.01, "trend": "test", "method": "delta", "periods": 1, "reweight": 1.0, "guard": None,
    },
    "ff_plain95": {"alpha": 0.05, "trend": "none", "reweight": None},
}  # fmt: skip


def run(dataset: str, changes: dict[str, Any]) -> pl.DataFrame:
    p = oracle.params(dataset)
    settings = {
        "years": int(p["b"]),
        "half_window": int(p["w"]),
        "periods": int(p["noPeriods"]),
        "guard": int(p["pastWeeksNotIncluded"]),
        "last": int(p["n_time"] - p["ff_first_t"] + 1),
    } | changes
    settings["guard"] = int(p["w"]) if settings["guard"] is None else settings["guard"]
    return farrington(
        oracle.inputs()[dataset], by="series", freq=oracle.freq(dataset), until=oracle.until(dataset), **settings
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_equals_the_reference(variant: str) -> None:
    rows = 0
    for name in oracle.read(variant)["dataset"].unique():
        table = oracle.compare(variant, name, run(name, VARIANTS[variant]))
        rows += table.height
        assert (table["alarm_ours"] == (table["alarm"].fill_null(0.0) == 1.0)).all()
        assert (table["upper"].is_null() == table["upperbound"].is_null()).all()
        assert (table["expected_ours"].is_null() == table["expected"].is_null()).all()
        table = table.filter(pl.col("upper").is_not_null() & (pl.col("mu0") < 1e6) | (pl.col("mu0") == np.inf))
        assert oracle.worst_difference(table, "upper", "upperbound") < 1e-9
        assert oracle.worst_difference(table, "expected_ours", "expected") < 1e-9
        assert oracle.worst_difference(table, "phi_ours", "phi") < 1e-9
        assert oracle.worst_difference(table, "p_value", "pvalue") < 1e-9
        assert oracle.worst_difference(table, "score_ours", "score") < 1e-9
        assert (table["trend"] == (table["trend_used"] == 1.0)).all()
    assert rows == oracle.read(variant).height


UNTIL = date(2024, 1, 1)
WEEKS = [UNTIL - timedelta(weeks=back) for back in range(319, -1, -1)]


def weekly(seed: int = 1, mean: float = 10.0, **columns: Any) -> pl.DataFrame:
    counts = np.random.default_rng(seed).poisson(mean, len(WEEKS))
    return pl.DataFrame({"date": WEEKS, "n": counts, "series": "a"} | columns)


def last_row(df: pl.DataFrame, **settings: Any) -> dict[str, Any]:
    return farrington(df, by="series", freq="week", until=UNTIL, **settings).row(0, named=True)


def set_count(df: pl.DataFrame, days: list[date], n: int | None) -> pl.DataFrame:
    return df.with_columns(n=pl.when(pl.col("date").is_in(days)).then(n).otherwise("n"))


def test_an_outbreak_rings_and_is_few_cases_below_five() -> None:
    assert last_row(set_count(weekly(), [UNTIL], 40))["alarm"]
    quiet = set_count(weekly(mean=0.05), WEEKS[-4:], 1)
    assert last_row(set_count(quiet, [UNTIL], 1))["status"] == "few_cases"


def test_each_condition_has_a_status_and_a_row() -> None:
    assert last_row(weekly().tail(100))["status"] == "short_history"
    assert last_row(set_count(weekly(), [UNTIL], None))["status"] == "missing"
    assert last_row(weekly(), exclude=[(UNTIL, UNTIL)])["status"] == "excluded"
    empty = set_count(weekly(), WEEKS[:-1], 0)
    row = last_row(set_count(empty, [UNTIL], 9))
    assert (row["status"], row["expected"], row["upper"], row["alarm"]) == ("not_converged", 0.0, None, False)


def test_a_pandemic_can_be_excluded() -> None:
    """Two years of ten times the cases raise the threshold unless they are left out."""
    years = (date(2020, 1, 1), date(2021, 12, 31))
    flooded = weekly().with_columns(n=pl.when(pl.col("date").is_between(*years)).then(pl.col("n") * 10).otherwise("n"))
    assert last_row(flooded)["upper"] > 40
    assert last_row(flooded, exclude=[years])["upper"] < 25


def test_missing_weeks_are_as_if_the_fit_had_never_seen_them() -> None:
    gap = set_count(weekly(), WEEKS[100:110], None)
    same = set_count(gap, WEEKS[100:110], 9_999).with_columns(n_known=pl.lit(0))
    with_gap = last_row(gap)
    assert with_gap["upper"] == last_row(same, exclude=[(WEEKS[100], WEEKS[109])])["upper"]
    assert with_gap["status"] == "ok"


def test_a_missing_oldest_week_does_not_move_the_trend() -> None:
    """Where the reference errs: it would extrapolate to a week too early. On an exact trend we stay on it."""
    grown = weekly().with_columns(n=pl.Series([round(100_000 * 0.99**week) for week in range(len(WEEKS))]))
    oldest = UNTIL - timedelta(weeks=52 * 5 + 4)
    missing = set_count(grown, [oldest, oldest + timedelta(weeks=1)], None)
    whole, gap = (last_row(df, reweight=None)["expected"] for df in (grown, missing))
    assert gap == pytest.approx(whole, rel=1e-3)


def test_population_is_a_rate() -> None:
    """Twice the population twice the cases: no alarm when the denominator is used."""
    recent = pl.col("date") > date(2023, 8, 1)
    df = weekly(mean=50).with_columns(
        n=pl.when(recent).then(pl.col("n") * 2).otherwise("n"),
        population=pl.when(recent).then(2_000_000).otherwise(1_000_000),
    )
    assert last_row(df)["alarm"]
    row = last_row(df, use_population=True)
    assert not row["alarm"]
    assert row["expected"] == pytest.approx(100, rel=0.15)


def test_alpha_per_series() -> None:
    df = pl.concat([weekly(level=0.005), weekly(level=0.05).with_columns(series=pl.lit("b"))])
    strict, loose = farrington(df, by="series", freq="week", until=UNTIL, alpha="level")["upper"]
    assert strict > loose


def test_threads_change_nothing() -> None:
    df = pl.concat([weekly(seed).with_columns(series=pl.lit(str(seed))) for seed in range(7)])
    one, two = (farrington(df, by="series", freq="week", until=UNTIL, last=9, threads=t) for t in (1, 2))
    assert one.equals(two)


def test_refuses_mixed_weekdays_and_double_rows() -> None:
    with pytest.raises(InputError, match="weekday"):
        last_row(pl.concat([weekly(), weekly().with_columns(pl.col("date") + pl.duration(days=1))]))
    with pytest.raises(InputError, match="2 rows for"):
        last_row(pl.concat([weekly(), weekly()]))
