"""Several streams, several methods, many series."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from sizao.epi.detection import auto, combine, control, recent_sums
from sizao.epi.detection.calendar import InputError

DAY = date(2024, 1, 1)


def streams(**p_values: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "place": "a",
            "date": DAY,
            "stream": list(p_values),
            "p_value": pl.Series(list(p_values.values()), dtype=pl.Float64),
            "status": ["missing" if p is None else "ok" for p in p_values.values()],
        }
    )


def test_equal_streams_are_stouffers_sum() -> None:
    found = combine(streams(pharmacy=0.02, school=0.03, clinic=0.04), by="place").verdicts.row(0, named=True)
    z = norm.isf([0.02, 0.03, 0.04]).sum() / np.sqrt(3)
    assert found["p_value"] == pytest.approx(norm.sf(z))
    assert (found["n"], found["alarm"], found["status"]) == (3, True, "ok")


def test_none_rings_alone_but_together_they_do_and_say_who() -> None:
    found = combine(streams(pharmacy=0.02, school=0.6, clinic=0.001), by="place")
    assert found.parts["stream"].to_list() == ["pharmacy", "school", "clinic"]
    assert found.parts["share"].sum() == pytest.approx(1.0)
    assert found.parts["share"].arg_max() == 2
    assert found.parts["share"][1] < 0


def test_a_stream_with_a_bad_record_counts_for_less() -> None:
    verdicts = streams(pharmacy=0.001, clinic=0.4)
    record = pl.DataFrame({"stream": ["pharmacy", "clinic"], "alarms": [98, 8], "confirmed": [0, 8]})
    trusted = combine(verdicts, by="place").verdicts["score"][0]
    distrusted = combine(verdicts, by="place", record=record)
    assert distrusted.verdicts["score"][0] < 0.5 * trusted
    assert distrusted.parts["weight"].to_list() == pytest.approx([0.01, 0.9])


def test_a_missing_stream_is_left_out_and_none_at_all_is_missing() -> None:
    found = combine(streams(pharmacy=0.02, school=None), by="place")
    assert found.verdicts["n"][0] == 1
    assert found.verdicts["p_value"][0] == pytest.approx(0.02)
    nothing = combine(streams(school=None), by="place").verdicts.row(0, named=True)
    assert (nothing["status"], nothing["alarm"]) == ("missing", False)


def test_streams_that_move_together_are_not_counted_twice() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=300)
    days = [DAY - timedelta(days=back) for back in range(1, 301)]
    history = pl.concat(
        pl.DataFrame({"place": "a", "date": days, "stream": name, "p_value": norm.sf(z), "status": "ok"})
        for name in ("pharmacy", "twin")
    )
    verdicts = streams(pharmacy=0.01, twin=0.01)
    naive = combine(verdicts, by="place").verdicts["p_value"][0]
    aware = combine(verdicts, by="place", history=history).verdicts["p_value"][0]
    assert naive < 0.001 < 0.008 < aware < 0.0105


def many(n: int, p: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame({"series": range(n), "date": DAY, "n": 9, "p_value": p, "status": "ok"})


def test_false_alarms_stay_within_the_budget() -> None:
    rng = np.random.default_rng(3)
    false = [control(many(1000, rng.uniform(size=1000)), false_per_date=2.0)["alarm"].sum() for _ in range(60)]
    assert 1.4 < np.mean(false) < 2.6


def test_share_of_false_alarms_is_benjamini_and_hochberg() -> None:
    p = np.array([0.9, 0.001, 0.013, 0.5, 0.014, 0.04])
    found = control(many(6, p), share_false=0.05)
    assert found["alarm"].to_list() == [False, True, True, False, True, False]
    ordered = np.sort(p) * 6 / np.arange(1, 7)
    q = np.minimum.accumulate(ordered[::-1])[::-1]
    assert found["q_value"].to_list() == pytest.approx(q[np.argsort(np.argsort(p))])
    with pytest.raises(InputError):
        control(many(6, p))


def weekly(name: str, weeks: int) -> pl.DataFrame:
    days = [DAY - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    return pl.DataFrame({"series": name, "date": days, "n": np.random.default_rng(weeks).poisson(9, weeks)})


def test_auto_says_which_method_it_could_use() -> None:
    lengths = {"six years": 313, "four years": 215, "a year": 52, "new": 4}
    df = pl.concat(weekly(name, weeks) for name, weeks in lengths.items())
    found = auto(df, by="series", freq="week", until=DAY)
    assert found["series"].to_list() == list(lengths)
    assert found["method"].to_list() == ["farrington, 5 years", "farrington, 4 years", "ears C2", "k_in_days"]
    assert set(found["status"]) == {"ok"}


def test_auto_changes_method_as_history_grows() -> None:
    found = auto(weekly("a", 40), by="series", freq="week", until=DAY, last=None)
    assert found["method"][0] == "k_in_days"
    assert found["method"][-1] == "ears C2"
    assert found.height == 40


def test_two_weeks_together_ring_where_neither_does_alone() -> None:
    df = weekly("a", 313)
    df = df.with_columns(n=pl.when(pl.col("date") > DAY - timedelta(weeks=2)).then(17).otherwise("n"))
    alone, both = (
        recent_sums(df, by="series", freq="week", until=DAY, windows=w, shares=s)["alarm"][0]
        for w, s in (((1,), (1.0,)), ((1, 2), (0.1, 0.9)))
    )
    assert (alone, both) == (False, True)


def test_upper_of_recent_sums_is_the_count_above_which_it_rings() -> None:
    df = weekly("a", 313)
    upper = int(recent_sums(df, by="series", freq="week", until=DAY)["upper"][0])
    for n, rings in ((upper, False), (upper + 1, True)):
        now = df.with_columns(n=pl.when(pl.col("date") == DAY).then(n).otherwise("n"))
        assert recent_sums(now, by="series", freq="week", until=DAY)["alarm"][0] is rings
