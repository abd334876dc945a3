"""Real lists are understood as they are, with only sensible questions."""

from pathlib import Path

import polars as pl
import pytest

from sizao.exchange.formats import FORMATS, recognise
from sizao.exchange.parsing import Parsed
from sizao.exchange.tables import read_table


def read(path: Path) -> tuple[str, Parsed]:
    table = read_table(path)
    format_id = recognise(table)[0][0]
    return format_id, FORMATS[format_id].parse(table)


def questions(parsed: Parsed) -> list[str]:
    return [str(problem.message) for problem in parsed.problems]


def test_mers_line_list(shared_data: Path) -> None:
    format_id, parsed = read(shared_data / "outbreaks_a/mers_korea_2015_linelist.csv")
    cases = parsed.records["cases"]
    assert format_id == "sizao-cases"
    assert (cases.height, len(parsed.refused)) == (162, 0)
    assert cases["outcome"].value_counts().sort("outcome").rows() == [("alive", 143), ("died", 19)]
    assert cases["origin"].value_counts().sort("origin").rows() == [("imported", 1), ("local", 161)]
    assert cases["date_onset"].null_count() == 27
    assert cases["sex"].value_counts().sort("sex").rows() == [("female", 63), ("male", 99)]
    assert questions(parsed) == [
        "place_infect: “Middle East” is read as “Imported”. Please confirm.",
        "place_infect: “Outside Middle East” is read as “Acquired locally”. Please confirm.",
    ]


def test_mers_pairs(shared_data: Path) -> None:
    format_id, parsed = read(shared_data / "outbreaks_a/mers_korea_2015_contacts.csv")
    assert format_id == "sizao-exposures"
    assert sorted(parsed.records["exposures"]["setting"].value_counts().rows()) == [
        ("emergency_room", 33),
        ("health_worker", 8),
        ("hospital_room", 44),
        ("hospital_visit", 12),
        ("household", 1),
    ]
    assert questions(parsed) == ["exposure: “Family member” is read as “Household”. Please confirm."]


@pytest.mark.parametrize(
    ("name", "format_id", "kind", "n"),
    [
        ("ebola_sim_clean_linelist.csv.gz", "sizao-cases", "cases", 5829),
        ("ebola_sim_clean_contacts.csv.gz", "sizao-exposures", "exposures", 3800),
        ("fluH7N9_china_2013.csv", "sizao-cases", "cases", 136),
    ],
)
def test_other_outbreaks(shared_data: Path, name: str, format_id: str, kind: str, n: int) -> None:
    found, parsed = read(shared_data / "outbreaks_a" / name)
    assert (found, parsed.records[kind].height, len(parsed.problems)) == (format_id, n, 0)


def test_ebola_settings_and_ids_that_look_like_numbers(shared_data: Path) -> None:
    _, parsed = read(shared_data / "outbreaks_a/ebola_sim_clean_contacts.csv.gz")
    exposures = parsed.records["exposures"]
    assert exposures["setting"].value_counts().sort("setting").rows() == [("funeral", 572), ("other", 3228)]
    assert "5e8902" in exposures["source_id"]


def test_a_saved_confirmation_asks_nothing_again(shared_data: Path) -> None:
    table = read_table(shared_data / "outbreaks_a/mers_korea_2015_linelist.csv")
    fmt = FORMATS["sizao-cases"]
    parsed = fmt.parse(table, fmt.propose(table).confirm())
    assert len(parsed.problems) == 0
    assert isinstance(parsed.records["cases"], pl.DataFrame)
