"""EARS gives the thresholds and alarms of the reference, week by week."""

import polars as pl
import pytest

from sizao.epi.detection.ears import ears
from tests.epi.detection import oracle

VARIANTS = {
    "ears_C1": {"kind": "C1"},
    "ears_C2": {"kind": "C2"},
    "ears_C3": {"kind": "C3"},
    "ears_C1_b14_s05": {"kind": "C1", "baseline": 14, "min_sigma": 0.5},
    "ears_C3_b28_s1": {"kind": "C3", "baseline": 28, "min_sigma": 1.0},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_equals_the_reference(variant: str) -> None:
    rows = 0
    for name, df in oracle.inputs().items():
        answer = ears(df, by="series", freq=oracle.freq(name), until=oracle.until(name), last=None, **VARIANTS[variant])
        table = oracle.compare(variant, name, answer)
        rows += table.height
        assert (table["upper"].is_null() == table["upperbound"].is_null()).all()
        assert (table["alarm_ours"] == (table["alarm"].fill_null(0.0) == 1.0)).all()
        assert oracle.worst_difference(table, "upper", "upperbound") < 1e-9
    assert rows == oracle.read(variant).height


def daily(counts: list[int | None]) -> pl.DataFrame:
    return pl.DataFrame({"date": list(range(len(counts))), "n": counts})


def test_published_c3_rings_on_todays_count_and_the_reference_does_not() -> None:
    """Where the reference errs: a jump today cannot ring its C3."""
    df = daily([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 50])
    settings = {"by": [], "freq": "day", "until": 11}
    assert not ears(df, kind="C3", **settings)["alarm"][0]
    assert ears(df, kind="C3_today", **settings)["alarm"][0]


def test_known_outbreak_stays_out_of_the_baseline() -> None:
    df = daily([3, 4, 3, 40, 3, 4, 3, 12]).with_columns(n_known=pl.Series([0, 0, 0, 37, 0, 0, 0, 0]))
    settings = {"by": [], "freq": "day", "until": 7}
    assert ears(df, **settings)["alarm"][0]
    assert not ears(df.drop("n_known"), **settings)["alarm"][0]


def test_missing_reports_are_not_zeros() -> None:
    df = daily([5, None, 5, None, 6, 5, 6, 5])
    row = ears(df, by=[], freq="day", until=7).row(0, named=True)
    assert row["expected"] == pytest.approx(27 / 5)
    assert row["status"] == "ok"
