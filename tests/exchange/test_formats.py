"""What every format must do, tried on a golden pair of each."""

import json
from pathlib import Path

import pytest

from sizao.exchange.format import Format
from sizao.exchange.formats import FORMATS, recognise
from sizao.exchange.mapping import Mapping
from sizao.exchange.parsing import schema_of
from sizao.exchange.refused import write_problems, write_refused
from sizao.exchange.tables import read_table
from sizao.exchange.tidy import CASE_COLUMNS
from sizao.vocabulary.columns import CONTACT, EXPOSURE, FOLLOW_UP, LAB_RESULT, PERSON
from tests.exchange.golden_files import as_data, expectation, files, format_of, parsed

each_file = pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
KINDS = {
    "cases": CASE_COLUMNS,
    "contacts": (*PERSON, *CONTACT),
    "exposures": EXPOSURE,
    "follow_ups": FOLLOW_UP,
    "lab_results": LAB_RESULT,
}


def test_every_format_has_a_golden_pair() -> None:
    assert {format_of(path) for path in files()} == set(FORMATS)


@pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS.keys())
def test_a_format_stands_in_the_reference(fmt: Format) -> None:
    reference = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
    assert f"`{fmt.id}`" in reference.read_text(encoding="utf-8")


@pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS.keys())
def test_a_format_is_described(fmt: Format) -> None:
    assert fmt.id in FORMATS
    assert str(fmt.label)
    assert set(fmt.kinds) <= set(KINDS)


@each_file
def test_golden(path: Path) -> None:
    assert as_data(parsed(path)) == json.loads(expectation(path).read_text(encoding="utf-8"))


@each_file
def test_the_file_is_recognised(path: Path) -> None:
    assert recognise(read_table(path))[0][0] == format_of(path)


@each_file
def test_every_row_becomes_a_record_or_a_problem(path: Path) -> None:
    table = read_table(path)
    result = parsed(path)
    recorded = {row for frame in result.records.values() for row in frame["row"].to_list()}
    refused = set(result.refused.to_list())
    assert recorded.isdisjoint(refused)
    assert len(recorded) + len(refused) == result.n_rows
    assert recorded | refused <= set(table.grid["row"].to_list())
    errors = {problem.row for problem in result.problems if problem.severity == "error"}
    assert errors == refused


@each_file
def test_records_have_the_columns_of_the_dictionary(path: Path) -> None:
    for kind, frame in parsed(path).records.items():
        assert kind in FORMATS[format_of(path)].kinds
        schema = schema_of(KINDS[kind])
        assert {name: schema[name] for name in frame.columns} == dict(frame.schema)


@each_file
def test_a_mapping_survives_being_saved(path: Path) -> None:
    fmt, table = FORMATS[format_of(path)], read_table(path)
    mapping = fmt.propose(table)
    saved = Mapping.from_json(mapping.to_json())
    assert saved == mapping
    assert as_data(fmt.parse(table, saved)) == as_data(parsed(path))


@each_file
def test_the_mapping_speaks_of_the_format_s_columns(path: Path) -> None:
    fmt = FORMATS[format_of(path)]
    assert fmt.propose(read_table(path)).targets() <= {column.name for column in fmt.columns}


@each_file
def test_refused_rows_can_be_sent_again(path: Path) -> None:
    """The list of refused rows is read with the saved mapping, and says the same of each row."""
    fmt, table = FORMATS[format_of(path)], read_table(path)
    result = parsed(path)
    mapping = fmt.propose(table)
    again = fmt.parse(read_table(b"".join(write_refused(fmt, table, result))), mapping)
    assert again.n_rows == len(result.refused)
    own = {"repeated_id"}  # a repeated number is no longer repeated when it stands alone
    kept = result.problems.frame.filter(~result.problems.frame["rule"].is_in(own))
    still = kept.filter(kept["row"].is_in(result.refused.implode()), kept["rule"] != "too_many_cells")["rule"].to_list()
    assert sorted(rule for rule in again.problems.frame.drop_nulls("row")["rule"].to_list()) == sorted(still)


@each_file
def test_problems_are_listed_in_both_languages(path: Path) -> None:
    problems = parsed(path).problems
    for language in ("en", "zh-hans"):
        listed = read_table(b"".join(write_problems(problems, language)))
        assert listed.n_rows == len(problems)
