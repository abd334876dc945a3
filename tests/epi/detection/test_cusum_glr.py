"""CUSUM and likelihood-ratio CUSUM give the sums, statistics and alarms of the reference."""

from typing import Any

import polars as pl
import pytest

from sizao.epi.detection.cusum import cusum
from sizao.epi.detection.glr import glr
from tests.epi.detection import oracle

CUSUM: dict[str, dict[str, Any]] = {
    "cusum_standard": {"transform": "standard"},
    "cusum_rossi": {},
    "cusum_anscombe": {"transform": "anscombe"},
    "cusum_rossi_glm": {"season": True},
}
GLR: dict[str, dict[str, Any]] = {
    "glr_poisson": {"report": "value"},
    "glr_poisson_cases": {},
    "glr_negbin": {"alpha": "estimate", "report": "value"},
    "lrcusum_poisson": {"shift": 1.2, "report": "value"},
    "lrcusum_negbin": {"alpha": "estimate", "shift": 1.2, "report": "value"},
}


def compared(variant: str, detector: Any, settings: dict[str, Any]) -> pl.DataFrame:
    tables = []
    for name in oracle.read(variant)["dataset"].unique():
        p = oracle.params(name)
        answer = detector(
            oracle.inputs()[name],
            by="series",
            freq=oracle.freq(name),
            until=oracle.until(name),
            last=int(p["n_time"] - p["half_t"]),
            **settings,
        )
        tables.append(oracle.compare(variant, name, answer).drop("date"))
    return pl.concat(tables)


@pytest.mark.parametrize("variant", CUSUM)
def test_cusum_equals_the_reference(variant: str) -> None:
    table = compared(variant, cusum, CUSUM[variant])
    assert table.height == oracle.read(variant).height
    assert (table["alarm_ours"] == (table["alarm"].fill_null(0.0) == 1.0)).all()
    assert oracle.worst_difference(table, "upper", "upperbound") < 1e-6
    # a mean of 0 has no scale: the reference prints 0 and no alarm, we say so in the status
    assert set(table.filter(pl.col("upper").is_null())["status"]) <= {"not_converged"}


@pytest.mark.parametrize("variant", GLR)
def test_glr_equals_the_reference(variant: str) -> None:
    table = compared(variant, glr, GLR[variant])
    assert table.height == oracle.read(variant).height
    assert (table["alarm_ours"] == (table["alarm"] == 1.0)).all()
    assert table["upper"].null_count() == 0
    assert oracle.worst_difference(table, "upper", "upperbound") < 1e-8


def test_exact_search_finds_what_newtons_steps_lose() -> None:
    """Where the reference errs: far above a mean far below one it sees nothing."""
    history = [int(day % 200 == 0) for day in range(5000)]
    df = pl.DataFrame({"date": list(range(5001)), "n": [*history, 3]})
    settings = {"by": [], "freq": "day", "until": 5000, "start": 5000, "trend": False, "harmonics": 0}
    lost, found = (glr(df, alpha=0.6, exact=exact, **settings).row(0, named=True) for exact in (False, True))
    assert found["expected"] == pytest.approx(0.005)
    assert (lost["score"], lost["alarm"]) == (0.0, False)
    assert found["score"] > 1.0 and found["alarm"]


def test_short_and_silent_series_have_a_status() -> None:
    df = pl.DataFrame({"date": list(range(40)), "n": [0] * 40})
    assert glr(df, by=[], freq="week", until=39)["status"][0] == "few_cases"
    assert glr(df.head(3), by=[], freq="week", until=2)["status"][0] in ("short_history", "few_cases")
    assert cusum(df, by=[], freq="week", until=39)["status"][0] == "not_converged"
    assert cusum(df.head(1), by=[], freq="week", until=0)["status"][0] in ("short_history", "not_converged")
