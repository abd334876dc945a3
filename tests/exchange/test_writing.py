"""Lists that leave: the same when they return, and no formula in them."""

import io
import zipfile

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sizao.exchange.format import Format
from sizao.exchange.formats import FORMATS
from sizao.exchange.guards import guard, guarded, without_guard
from sizao.exchange.tables import read_table
from sizao.exchange.tidy import CASE_COLUMNS
from sizao.exchange.writing import TooLargeForExcel, write_rows, write_workbook
from sizao.vocabulary.columns import Column, Kind
from sizao.vocabulary.text import N_
from tests.exchange.record_strategies import CHARACTERS, frames

WRITABLE = [fmt for fmt in FORMATS.values() if fmt.write is not None]
REQUIRED = {
    "sizao-cases": ("case_id",),
    "sizao-contacts": ("contact_id",),
    "sizao-exposures": ("source_id", "exposed_id"),
    "sizao-follow-ups": ("contact_id", "date_due"),
    "sizao-lab-results": ("case_id",),
}
few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
each_writable = pytest.mark.parametrize("fmt", WRITABLE, ids=[fmt.id for fmt in WRITABLE])


def without_own_source(fmt: Format, frame: pl.DataFrame) -> pl.DataFrame:
    """Nobody infects themselves: the reader refuses it."""
    own = next((name for name in ("exposed_id", "contact_id", "case_id") if name in frame.columns), None)
    if own is None or "source_id" not in frame.columns or fmt.id in ("sizao-follow-ups", "sizao-lab-results"):
        return frame
    return frame.filter((pl.col("source_id") != pl.col(own)).fill_null(True))


def read_back(fmt: Format, data: bytes) -> pl.DataFrame:
    parsed = fmt.parse(read_table(data))
    assert [str(p.message) for p in parsed.problems if p.severity == "error"] == []
    return parsed.records[fmt.kinds[0]].drop("row")


def expected(fmt: Format, frame: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """What is derived when a list is read is no part of what was written."""
    if fmt.id == "sizao-lab-results":
        frame = frame.with_columns(pl.col("result_code").fill_null(read["result_code"]))
    return frame.select(read.columns)


@each_writable
@few
@given(data=st.data())
def test_csv_written_and_read_is_the_same_list(fmt: Format, data: st.DataObject) -> None:
    frame = without_own_source(fmt, data.draw(frames(fmt.columns, REQUIRED[fmt.id])))
    if frame.is_empty():
        return
    target = io.BytesIO()
    assert fmt.write is not None
    fmt.write(frame, target)
    read = read_back(fmt, target.getvalue())
    assert_frame_equal(read, expected(fmt, frame, read))


@each_writable
@settings(few, max_examples=5)
@given(data=st.data())
def test_excel_written_and_read_is_the_same_list(fmt: Format, data: st.DataObject) -> None:
    frame = without_own_source(fmt, data.draw(frames(fmt.columns, REQUIRED[fmt.id])))
    if frame.is_empty():
        return
    target = io.BytesIO()
    write_workbook(fmt.columns, frame, target)
    read = read_back(fmt, target.getvalue())
    assert_frame_equal(read, expected(fmt, frame, read))


@few
@given(st.text(st.sampled_from("='+-@\ta\r\n＝"), max_size=6))
def test_a_guard_comes_off_as_it_went_on(text: str) -> None:
    assert without_guard(guard(text)) == text
    assert pl.select(guarded(pl.lit(text))).item() == guard(text)
    assert not guard(text).startswith(tuple("=+-@\t\r\n＝"))


@few
@given(st.lists(st.text(CHARACTERS, max_size=8), min_size=1, max_size=5))
def test_no_cell_of_a_list_is_a_formula(notes: list[str]) -> None:
    column = Column("note", Kind.TEXT, N_("Note"))
    data = b"".join(write_rows([column], [pl.DataFrame({"note": notes})], bom=False)).decode()
    cells = data.replace('"', "").split("\n")
    whole = [line for line in cells if line.startswith(tuple("=+@"))]
    inner = {part for note in notes for part in note.replace('"', "").split("\n")[1:]}
    assert set(whole) <= inner  # a later line inside a quoted cell is not the start of a cell


def test_many_batches_are_one_list() -> None:
    column = Column("case_id", Kind.TEXT, N_("Case number"))
    batches = [pl.DataFrame({"case_id": [f"C{i}"]}) for i in range(3)]
    pieces = list(write_rows([column], batches))
    assert len(pieces) == 4  # one more for the header
    assert b"".join(pieces) == b"\xef\xbb\xbfcase_id\nC0\nC1\nC2\n"


def test_an_empty_list_has_its_header() -> None:
    assert b"".join(write_rows(CASE_COLUMNS[:2], [])) == b"\xef\xbb\xbffamily_name,given_name\n"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_lists_with_labels_are_understood_too(language: str) -> None:
    frame = pl.DataFrame({"case_id": ["C1"], "sex": ["male"], "classification": ["confirmed"], "age": [41.0]})
    columns = [column for column in CASE_COLUMNS if column.name in frame.columns]
    table = read_table(b"".join(write_rows(columns, [frame], language=language)))
    fmt = FORMATS["sizao-cases"]
    assert fmt.propose(table).targets() == set(frame.columns)
    assert fmt.parse(table).records["cases"].select(frame.columns).rows() == frame.rows()


def test_excel_files_have_a_limit_and_say_so() -> None:
    column = Column("note", Kind.TEXT, N_("Note"))
    with pytest.raises(TooLargeForExcel, match="CSV"):
        write_workbook([column], pl.DataFrame({"note": ["x"] * 20_001}), io.BytesIO())
    with pytest.raises(TooLargeForExcel, match="CSV"):
        write_workbook([column], pl.DataFrame({"note": ["x" * 40_000]}), io.BytesIO())


def test_excel_files_hold_no_formula() -> None:
    target = io.BytesIO()
    column = Column("note", Kind.TEXT, N_("Note"))
    write_workbook([column], pl.DataFrame({"note": ["=1+1", "http://x.org", "@x"]}), target)
    sheet = zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
