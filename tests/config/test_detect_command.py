"""`sizao detect`: the answer of the function, from a file, with every option of the function."""

import inspect
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sizao.__main__ import main
from sizao.config.commands import detect
from sizao.epi.detection import DETECTORS, farrington, scan

UNTIL = date(2024, 1, 1)


@pytest.fixture
def weekly(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    days = [UNTIL - timedelta(weeks=back) for back in range(319, -1, -1)]
    frames = [pl.DataFrame({"date": days, "count": rng.poisson(9, 320), "series": name}) for name in "ab"]
    pl.concat(frames).write_csv(tmp_path / "weekly.csv")
    return tmp_path / "weekly.csv"


def test_the_file_gives_what_the_function_gives(weekly: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    asked = ["--method", "farrington", "--by", "series", "--freq", "week", "--last", "3", "--out", str(out)]
    settings = [
        "--alpha",
        "0.05",
        "--trend",
        "test",
        "--reweight",
        "none",
        "--min-cases",
        "none",
        "--years",
        "4",
        "--threshold-method",
        "muan",
    ]
    excluded = ["--exclude", "2021-01-01:2021-03-31"]
    assert main(["detect", str(weekly), *asked, *settings, *excluded]) == 0
    df = pl.read_csv(weekly, try_parse_dates=True).rename({"count": "n"})
    expected = farrington(
        df, by="series", freq="week", until=UNTIL, last=3, alpha=0.05, trend="test", reweight=None, min_cases=None,
        years=4, method="muan", exclude=[(date(2021, 1, 1), date(2021, 3, 31))],
    )  # fmt: skip
    answer = pl.read_csv(out, try_parse_dates=True)
    assert answer.columns == expected.columns
    assert answer["upper"].to_list() == pytest.approx(expected["upper"].to_list())
    assert answer["status"].to_list() == expected["status"].to_list()


def test_without_last_every_date_has_a_row(weekly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detect", str(weekly), "--method", "ears", "--by", "series", "--freq", "week"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 2 * 320


@pytest.mark.parametrize("method", DETECTORS)
def test_every_setting_of_every_detector_is_an_option(method: str) -> None:
    options = vars(detect.parser(method).parse_args(["x.csv", "--method", method]))
    settings = set(inspect.signature(DETECTORS[method].function).parameters) - {"df"}
    assert {detect.OPTION_NAMES.get(name, name) for name in settings} <= set(options)
    for name, setting in inspect.signature(DETECTORS[method].function).parameters.items():
        if setting.default is not inspect.Parameter.empty and name not in ("last", "exclude", "holidays"):
            assert options[detect.OPTION_NAMES.get(name, name)] == setting.default


def test_undated_numbers_are_periods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "undated.csv"
    pl.DataFrame({"t": range(1, 41), "n": [3, 4] * 20}).write_csv(path)
    assert main(["detect", str(path), "--method", "ears", "--kind", "C2", "--last", "1", "--until", "30"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.startswith("date,n,expected,upper")
    assert row.startswith("30,4,")


def test_a_scan_writes_clusters_and_members(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    days = [UNTIL - timedelta(days=int(lag)) for lag in rng.integers(0, 30, 120)]
    cases = pl.DataFrame({"place": [*rng.integers(0, 20, 120), *[3] * 8], "date": [*days, *[UNTIL] * 8]})
    places = pl.DataFrame({"place": range(20), "x_km": rng.uniform(0, 9, 20), "y_km": rng.uniform(0, 9, 20)})
    cases.write_csv(tmp_path / "cases.csv")
    places.write_csv(tmp_path / "places.csv")
    files = [str(tmp_path / "cases.csv"), "--places", str(tmp_path / "places.csv")]
    wanted = ["--out", str(tmp_path / "out.csv"), "--members", str(tmp_path / "members.csv")]
    given = ["--seed", "1", "--replicates", "99", "--max-km", "3", "--max-days", "5"]
    assert main(["detect", *files, "--method", "scan", *wanted, *given]) == 0
    expected = scan(cases, places, until=UNTIL, seed=1, replicates=99, max_km=3.0, max_days=5)
    assert pl.read_csv(tmp_path / "out.csv")["llr"].to_list() == pytest.approx(expected.clusters["llr"].to_list())
    assert 3 in pl.read_csv(tmp_path / "members.csv")["place"]


def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.csv"
    pl.DataFrame({"date": ["2024-01-01"], "colour": ["red"]}).write_csv(path)
    assert main(["detect", str(path), "--method", "ears"]) == 1
    assert "“n” is missing" in capsys.readouterr().err
    assert main(["detect", str(tmp_path / "none.csv"), "--method", "ears"]) == 1


def test_evaluate_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--detectors", "ears", "bayes", "--scenarios", "14", "--replicates", "8", "--sizes", "6"]
    files = ["--out", str(tmp_path / "table.csv"), "--picture", str(tmp_path / "lines.svg")]
    assert main(["detect", "evaluate", *small, "--equal-to", "ears", *files]) == 0
    said = capsys.readouterr().out
    assert "ears: false positives" in said and "bayes detects more than ears in" in said
    assert pl.read_csv(tmp_path / "table.csv").height == 2
    assert (tmp_path / "lines.svg").read_text(encoding="utf-8").count("<polyline") == 2
