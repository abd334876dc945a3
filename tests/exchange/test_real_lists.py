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


@pytest.mark.parametrize(
    ("name", "format_id", "kind", "n", "refused"),
    [
        ("cases_clean.csv", "godata-cases", "cases", 53, [22, 28, 34]),  # three case numbers are given twice
        ("contacts_clean.csv", "godata-contacts", "contacts", 66, []),
        ("relationships_clean.csv", "godata-relationships", "exposures", 100, []),
        ("followups_clean.csv", "godata-follow-ups", "follow_ups", 437, []),
        ("lab_results_clean.csv", "godata-lab-results", "lab_results", 40, []),
    ],
)
def test_godata_sandbox(shared_data: Path, name: str, format_id: str, kind: str, n: int, refused: list[int]) -> None:
    found, parsed = read(shared_data / "godata_sandbox_schema" / name)
    assert (found, parsed.records[kind].height, parsed.refused.to_list()) == (format_id, n, refused)


def test_godata_sandbox_links_cases_to_contacts(shared_data: Path) -> None:
    folder = shared_data / "godata_sandbox_schema"
    contacts = read(folder / "contacts_clean.csv")[1].records["contacts"]
    cases = read(folder / "cases_clean.csv")[1].records["cases"]
    exposures = read(folder / "relationships_clean.csv")[1].records["exposures"]
    known = {*contacts["contact_id"], *contacts["external_id"], *cases["case_id"], *cases["external_id"]}
    assert len(set(exposures["exposed_id"]) - known) <= 3  # a few target events and persons of other files
    assert exposures["closeness_as_written"].drop_nulls().len() == 71
    assert exposures["language_as_written"].unique().to_list() == ["en"]


def test_events_and_teams_are_no_list_of_ours(shared_data: Path) -> None:
    for name in ("events_clean.csv", "teams_clean.csv"):
        assert recognise(read_table(shared_data / "godata_sandbox_schema" / name)) == []
