"""The space-time scan gives SaTScan's published clusters, and those of a slow obvious scan."""

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from sizao.epi.detection.calendar import InputError
from sizao.epi.detection.scan import scan
from tests.epi.detection.oracle import SHARED

FOLDER = SHARED / "oracle" / "scan"
UNTIL = date(2001, 11, 24)


def new_york() -> tuple[pl.DataFrame, pl.DataFrame]:
    cases = pl.read_csv(FOLDER / "nyc_fever_cases.csv")
    places = pl.read_csv(FOLDER / "nyc_fever_zip_centroids.csv")
    return (
        cases.select(place="zip", n="cases", date=pl.col("date").str.to_date("%Y/%m/%d")),
        places.rename({"zip": "place"}),
    )


#: Statistic, centre, number of places, cases, p-value of the published SaTScan runs.
PUBLISHED = {
    "prospective": [
        (3.845418, 11418, 9, 4, 0.355),
        (3.164201, 11372, 1, 2, 0.709),
        (2.192250, 10464, 10, 5, 0.979),
    ],
    "retrospective": [
        (8.119521, 10454, 8, 5, 0.020),
        (5.113791, 11379, 3, 4, 0.734),
        (5.113791, 11418, 9, 4, 0.734),
        (4.725675, 11434, 1, 2, 0.914),
        (4.725675, 10304, 2, 2, 0.914),
        (4.696100, 10460, 3, 3, 0.915),
        (4.430018, 11050, 22, 3, 0.973),
        (3.719788, 11226, 8, 4, 0.999),
    ],
    "3 km, 7 days": [
        (3.845418, 11418, 9, 4, 0.242),
        (3.164201, 11372, 1, 2, None),
        (2.137259, 10472, 1, 2, None),
    ],
}
SETTINGS = {
    "prospective": {"max_days": 12, "max_km": None},
    "retrospective": {"max_days": 12, "max_km": None, "prospective": False},
    "3 km, 7 days": {"max_days": 7, "max_km": 3.0},
}


@pytest.mark.parametrize("run", PUBLISHED)
def test_equals_the_published_runs(run: str) -> None:
    cases, places = new_york()
    found = scan(cases, places, until=UNTIL, since=date(2001, 11, 1), replicates=199, seed=2, **SETTINGS[run])
    assert found.clusters.height >= len(PUBLISHED[run])
    sizes = found.members.group_by("cluster").len().sort("cluster")["len"]
    for row, size, (llr, centre, n_places, n, p) in zip(
        found.clusters.iter_rows(named=True), sizes, PUBLISHED[run], strict=False
    ):
        assert row["llr"] == pytest.approx(llr, abs=1e-6)
        assert (row["centre"], size, row["cases"]) == (centre, n_places, n)
        if p is not None:  # both are Monte Carlo: 199 draws here, 141 to 999 there
            assert row["p"] == pytest.approx(p, abs=0.15)


def test_same_places_as_published() -> None:
    cases, places = new_york()
    found = scan(cases, places, until=UNTIL, max_days=12, max_km=None, replicates=0, seed=1)
    first = found.members.filter(pl.col("cluster") == 1)["place"].to_list()
    assert first == [11418, 11415, 11419, 11435, 11416, 11421, 11451, 11375, 11417]
    assert found.clusters["radius_km"][0] == pytest.approx(2.90, abs=0.01)
    assert (found.clusters["first"][0], found.clusters["last"][0]) == (date(2001, 11, 22), UNTIL)


def simulated(seed: int, n_places: int = 12, n_cases: int = 60) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 10, (n_places, 2))
    days = [UNTIL - timedelta(days=int(lag)) for lag in rng.integers(0, 20, n_cases)]
    return (
        pl.DataFrame({"place": rng.integers(0, n_places, n_cases), "date": days}),
        pl.DataFrame({"place": range(n_places), "x_km": xy[:, 0], "y_km": xy[:, 1]}),
    )


def slow_highest(cases: pl.DataFrame, places: pl.DataFrame, max_days: int, max_km: float) -> float:
    """Every circle and every window, written out."""
    all_cases, best = cases.height, 0.0
    for centre in places.iter_rows(named=True):
        away = ((places["x_km"] - centre["x_km"]) ** 2 + (places["y_km"] - centre["y_km"]) ** 2).sqrt()
        for radius in away.filter(away <= max_km):
            inside = cases.filter(pl.col("place").is_in(places.filter(away <= radius)["place"].to_list()))
            if inside.height > all_cases / 2:
                continue
            for days in range(1, max_days + 1):
                recent = pl.col("date") > UNTIL - timedelta(days=days)
                c, mu = inside.filter(recent).height, inside.height * cases.filter(recent).height / all_cases
                if c >= 2 and c > mu:
                    rest = (all_cases - c) * math.log((all_cases - c) / (all_cases - mu))
                    best = max(best, c * math.log(c / mu) + rest)
    return best


@pytest.mark.parametrize("seed", range(4))
def test_equals_a_slow_scan(seed: int) -> None:
    cases, places = simulated(seed)
    found = scan(cases, places, until=UNTIL, max_days=5, max_km=4.0, replicates=0, seed=1)
    assert found.clusters["llr"][0] == pytest.approx(slow_highest(cases, places, 5, 4.0), abs=1e-9)


def test_same_seed_same_answer_on_any_number_of_threads() -> None:
    cases, places = simulated(9)
    one, two = (scan(cases, places, until=UNTIL, replicates=60, seed=4, threads=threads) for threads in (1, 2))
    assert one.clusters.equals(two.clusters)
    assert (one.replicates == two.replicates).all()
    other = scan(cases, places, until=UNTIL, replicates=60, seed=5)
    assert not (one.replicates == other.replicates).all()


def test_p_values_are_uniform_without_an_outbreak() -> None:
    p = [scan(*simulated(seed), until=UNTIL, replicates=99, seed=seed).clusters["p"][0] for seed in range(60)]
    assert 0.4 < np.mean(p) < 0.65
    assert np.mean(np.array(p) <= 0.1) < 0.25


def test_an_injected_cluster_is_found_with_a_long_recurrence() -> None:
    cases, places = simulated(3, n_places=40, n_cases=200)
    extra = pl.DataFrame({"place": [5] * 9, "date": [UNTIL] * 9})
    found = scan(pl.concat([cases, extra]), places, until=UNTIL, replicates=199, seed=1)
    top = found.clusters.row(0, named=True)
    assert 5 in found.members.filter(pl.col("cluster") == 1)["place"]
    assert top["recurrence_days"] == 200.0
    assert top["last"] == UNTIL


def test_early_stop_ends_when_the_answer_is_clear() -> None:
    found = scan(*simulated(2), until=UNTIL, replicates=5000, seed=1, early_stop=50)
    assert len(found.replicates) < 5000
    assert found.clusters["p"][0] == pytest.approx(51 / (len(found.replicates) + 1))


def test_points_need_no_list_of_places_and_equal_points_are_one() -> None:
    cases, places = simulated(1)
    points = cases.join(places, on="place").drop("place")
    by_place, by_point = (scan(c, p, until=UNTIL, replicates=0, seed=1) for c, p in ((cases, places), (points, None)))
    assert by_point.clusters["llr"].to_list() == pytest.approx(by_place.clusters["llr"].to_list())
    twins = pl.concat([places, places.with_columns(pl.col("place") + 100)])
    assert scan(cases, twins, until=UNTIL, replicates=0, seed=1).clusters["llr"].to_list() == pytest.approx(
        by_place.clusters["llr"].to_list()
    )


def test_no_cases_no_clusters_and_unknown_places_are_named() -> None:
    cases, places = simulated(1)
    assert scan(cases.clear(), places, until=UNTIL, seed=1).clusters.is_empty()
    with pytest.raises(InputError, match="such as 77"):
        scan(cases.with_columns(place=pl.lit(77)), places, until=UNTIL, seed=1)
