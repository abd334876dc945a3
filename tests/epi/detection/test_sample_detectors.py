"""Detectors that compare with samples of the same season, and rules for rare diseases."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from sizao.epi.detection.bayes import bayes
from sizao.epi.detection.historical_limits import historical_limits
from sizao.epi.detection.k_in_days import k_in_days
from sizao.epi.detection.moving_percentile import moving_percentile
from sizao.epi.detection.outbreak_p import outbreak_p
from sizao.epi.detection.rki import rki
from tests.epi.detection import oracle

VARIANTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "bayes_b0_w6": (bayes, {}),
    "bayes_b1_w6": (bayes, {"years": 1}),
    "bayes_b2_w4": (bayes, {"years": 2, "half_window": 4, "newest": 0}),
    "rki_b2_w4": (rki, {}),
    "outbreakP": (outbreak_p, {}),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_equals_the_reference(variant: str) -> None:
    detector, settings = VARIANTS[variant]
    rows = 0
    for name in oracle.read(variant)["dataset"].unique():
        df = oracle.inputs()[name]
        answer = detector(df, by="series", freq=oracle.freq(name), until=oracle.until(name), last=None, **settings)
        table = oracle.compare(variant, name, answer)
        rows += table.height
        assert (table["alarm_ours"] == (table["alarm"].fill_null(0.0) == 1.0)).all()
        assert (table["upper"].is_null() == table["upperbound"].is_null()).all()
        finite = table.filter(pl.col("upperbound").is_finite())
        assert oracle.worst_difference(finite, "upper", "upperbound") < 1e-9
    assert rows == oracle.read(variant).height


def test_outbreak_p_exactly_sees_what_the_reference_multiplies_away() -> None:
    """Where the reference errs: a big epidemic of big counts ends at 0 or at no number."""
    n = [900] * 200 + [900 + 100 * week for week in range(1, 20)]
    df = pl.DataFrame({"date": list(range(len(n))), "n": n})
    settings = {"by": [], "freq": "week", "until": len(n) - 1}
    reference, exact = (outbreak_p(df, exact=exact, **settings).row(0, named=True) for exact in (False, True))
    assert (reference["alarm"], reference["status"]) == (False, "unstable")
    assert (exact["alarm"], exact["status"]) == (True, "ok")


def yearly(weeks: int = 52 * 6 + 1) -> pl.DataFrame:
    """Week w of every year has w cases, so the sample of a season is known by heart."""
    return pl.DataFrame({"date": list(range(weeks)), "n": [week % 52 for week in range(weeks)]})


def test_moving_percentile_is_the_percentile_of_25_values() -> None:
    df = yearly(52 * 6 + 31)
    row = moving_percentile(df, by=[], freq="week", until=52 * 6 + 30).row(0, named=True)
    sample = [28, 29, 30, 31, 32] * 5
    assert (row["expected"], row["upper"]) == (30.0, np.percentile(sample, 80))
    assert row["p_value"] == pytest.approx(15 / 25)
    assert not row["alarm"]


def test_historical_limits_by_hand() -> None:
    """Four weeks of 30, 31, 32, 33 cases against spans four weeks earlier, the same, and later."""
    df = yearly(52 * 6 + 34)
    row = historical_limits(df, by=[], freq="week", until=52 * 6 + 33).row(0, named=True)
    spans = [sum(range(a, a + 4)) for a in (26, 30, 34)] * 5
    older = 30 + 31 + 32
    assert row["expected"] == pytest.approx(np.mean(spans) - older)
    assert row["upper"] == pytest.approx(np.mean(spans) + 2 * np.std(spans, ddof=1) - older)
    assert not row["alarm"]
    jumped = df.with_columns(n=pl.when(pl.col("date") == 52 * 6 + 33).then(70).otherwise("n"))
    assert historical_limits(jumped, by=[], freq="week", until=52 * 6 + 33)["alarm"][0]


@pytest.mark.parametrize(
    ("counts", "k", "periods", "rings"),
    [
        ([0, 0, 0, 1], 1, 1, True),
        ([1, 0, 1, 1], 3, 4, True),
        ([1, 0, 1, 1], 3, 3, False),
        ([2, 1, 0, 0], 3, 4, False),  # nothing new today
        ([0, 0, 3, None], 3, 4, False),
    ],
)
def test_k_in_days(counts: list[int | None], k: int, periods: int, rings: bool) -> None:
    df = pl.DataFrame({"date": list(range(4)), "n": counts})
    row = k_in_days(df, by=[], freq="day", until=3, k=k, periods=periods).row(0, named=True)
    assert row["alarm"] is rings
    assert row["status"] == ("missing" if counts[-1] is None else "ok")


def test_known_cases_do_not_ring_the_rare_rule_twice() -> None:
    df = pl.DataFrame({"date": [0, 1, 2], "n": [2, 1, 1], "n_known": [2, 1, 0]})
    assert not k_in_days(df, by=[], freq="day", until=2, k=3)["alarm"][0]
