"""What every detector of the table must do; a new line in the table is tried without a test being written."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sizao.epi import detection
from sizao.epi.detection import DETECTORS, InputError, Status, detect, why
from sizao.epi.detection.calendar import Calendar
from sizao.epi.detection.verdicts import COLUMNS

NAMES = sorted(DETECTORS)
LENGTH = {"day": 2000, "week": 330, "month": 90}
UNTIL = {"day": date(2024, 3, 15), "week": date(2024, 3, 11), "month": date(2024, 3, 1)}


def dates(freq: str, length: int | None = None) -> list[date]:
    calendar = Calendar(freq, True, weekday=(UNTIL["week"] - date(1970, 1, 1)).days % 7)  # type: ignore[arg-type]
    end = calendar.number(UNTIL[freq])
    return [calendar.first_day(end - back) for back in range((length or LENGTH[freq]) - 1, -1, -1)]  # type: ignore[misc]


def series(freq: str, name: str = "a", mean: float = 12.0, seed: int = 1, length: int | None = None) -> pl.DataFrame:
    days = dates(freq, length)
    counts = np.random.default_rng(seed).poisson(mean, len(days))
    return pl.DataFrame({"place": name, "date": days, "n": counts.astype(np.int64)})


def run(name: str, df: pl.DataFrame, freq: str, **changes: Any) -> pl.DataFrame:
    given_settings = {"by": "place", "freq": freq, "until": UNTIL[freq]} | changes
    return detect(name, df, **given_settings).verdicts


EACH = [(name, freq) for name in NAMES for freq in DETECTORS[name].freqs]


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_columns_rows_and_order(name: str, freq: str) -> None:
    df = pl.concat([series(freq, "b"), series(freq, "a", seed=2)])
    answer = run(name, df, freq, last=3)
    assert answer.columns[: 3 + len(COLUMNS)] == ["place", "date", "n", *COLUMNS]
    assert {column: answer.schema[column] for column in COLUMNS} == COLUMNS
    assert answer["place"].to_list() == ["b"] * 3 + ["a"] * 3
    assert answer["date"].to_list() == dates(freq)[-3:] * 2
    assert answer["alarm"].null_count() == 0
    assert set(answer["status"]) <= {status.value for status in Status}


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_an_outbreak_rings(name: str, freq: str) -> None:
    days = dates(freq)
    rise = {day: 60 + 30 * step for step, day in enumerate(days[-3:])}
    df = series(freq).with_columns(n=pl.col("date").replace_strict(rise, default=pl.col("n")).cast(pl.Int64))
    assert run(name, df, freq, last=3)["alarm"].any()


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_a_quiet_series_is_mostly_quiet(name: str, freq: str) -> None:
    limit = {"k_in_days": 1.0, "moving_percentile": 0.5, "outbreak_p": 1.0, "auto": 0.1}.get(name, 0.15)
    df = pl.concat([series(freq, str(seed), seed=seed) for seed in range(12)])
    assert run(name, df, freq, last=5)["alarm"].mean() <= limit


@pytest.mark.parametrize(("name", "freq"), EACH)
@pytest.mark.parametrize("length", [1, 2, 9, 40])
def test_short_histories_have_a_row_and_a_status(name: str, freq: str, length: int) -> None:
    answer = run(name, series(freq, length=length), freq, last=2)
    assert answer.height == min(2, length)
    assert answer.filter(pl.col("status") == "short_history")["alarm"].any() is False


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_a_missing_report_is_not_a_zero(name: str, freq: str) -> None:
    df = series(freq).with_columns(n=pl.when(pl.col("date") < UNTIL[freq]).then("n"))
    row = run(name, df, freq).row(0, named=True)
    assert (row["n"], row["status"], row["alarm"]) == (None, "missing", False)


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_dates_without_a_row_are_zeros_or_gaps_as_told(name: str, freq: str) -> None:
    df = series(freq).filter(pl.col("date") < dates(freq)[-2])
    zero = run(name, df, freq, last=2)
    gap = run(name, df, freq, last=2, absent="missing")
    assert zero["n"].to_list() == [0, 0]
    assert gap["status"].to_list() == ["missing", "missing"]


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_an_excluded_date_is_shown_and_does_not_ring(name: str, freq: str) -> None:
    df = series(freq).with_columns(n=pl.when(pl.col("date") == UNTIL[freq]).then(500).otherwise("n"))
    row = run(name, df, freq, exclude=[(UNTIL[freq], UNTIL[freq])]).row(0, named=True)
    assert (row["n"], row["status"], row["alarm"]) == (500, "excluded", False)


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_all_zeros_and_huge_counts_are_survived(name: str, freq: str) -> None:
    zeros = series(freq, "zeros").with_columns(n=pl.lit(0, dtype=pl.Int64))
    huge = series(freq, "huge", mean=1e6)
    answer = run(name, pl.concat([zeros, huge]), freq, last=2)
    assert answer.height == 4
    assert not answer.filter(pl.col("place") == "zeros")["alarm"].any()


@pytest.mark.parametrize(("name", "freq"), EACH)
def test_one_series_without_keys_and_two_keys(name: str, freq: str) -> None:
    alone = run(name, series(freq).drop("place"), freq, by=[])
    assert alone.columns[:2] == ["date", "n"]
    two = run(name, series(freq).with_columns(disease=pl.lit("flu")), freq, by=["place", "disease"])
    assert two.select(list(COLUMNS)).equals(alone.select(list(COLUMNS)))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_can_say_why(name: str) -> None:
    freq = DETECTORS[name].freqs[0]
    for row in run(name, series(freq), freq, last=4).iter_rows(named=True):
        sentence = str(why(row, DETECTORS[name].label))
        assert str(DETECTORS[name].label) in sentence and "{" not in sentence


@settings(max_examples=12, deadline=None)
@given(
    name=st.sampled_from([name for name in NAMES if "week" in DETECTORS[name].freqs]),
    counts=st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=1, max_size=300),
    last=st.integers(1, 5),
)
def test_any_counts_give_one_row_each_and_never_an_exception(name: str, counts: list[int | None], last: int) -> None:
    df = pl.DataFrame({"date": list(range(len(counts))), "n": counts}, schema={"date": pl.Int64, "n": pl.Int64})
    answer = detection.DETECTORS[name].function(df, by=[], freq="week", until=len(counts) - 1, last=last)
    assert answer.height == min(last, len(counts))
    assert answer["alarm"].null_count() == 0


def test_a_series_is_judged_alone() -> None:
    """Other series in the frame change nothing, whatever their length."""
    df = series("week")
    crowd = pl.concat([series("week", "z", length=60, seed=5), df, series("week", "y", mean=900, seed=6, length=400)])
    for name in NAMES:
        if "week" in DETECTORS[name].freqs:
            alone = run(name, df, "week", last=2)
            among = run(name, crowd, "week", last=2).filter(pl.col("place") == "a")
            assert_frame_equal(among, alone, rel_tol=1e-9)


def test_refusals_name_what_is_wrong() -> None:
    df = series("week")
    with pytest.raises(InputError, match="“n” is missing"):
        run("ears", df.drop("n"), "week")
    with pytest.raises(InputError, match="no detector “ear”"):
        run("ear", df, "week")
    with pytest.raises(InputError, match="cannot be negative"):
        run("ears", df.with_columns(n=pl.lit(-1)), "week")
    with pytest.raises(InputError, match="is not one of day, week, month"):
        detect("ears", df, by="place", freq="year", until=UNTIL["week"])
    with pytest.raises(InputError, match="another kind"):
        run("ears", df, "week", until=7)
    with pytest.raises(InputError, match="must be one of"):
        run("farrington", df, "week", method="magic")


def test_detection_carries_what_made_it() -> None:
    found = detect("ears", series("week"), asof=UNTIL["week"], by="place", freq="week", until=UNTIL["week"], kind="C2")
    assert (found.detector, found.parameters["kind"], found.asof) == ("ears", "C2", UNTIL["week"])


def test_day_after_until_is_not_read() -> None:
    df = series("day")
    early = UNTIL["day"] - timedelta(days=30)
    cut = df.filter(pl.col("date") <= early)
    for name in ("ears", "ewma_switch", "farrington"):
        assert run(name, df, "day", until=early).equals(run(name, cut, "day", until=early))
