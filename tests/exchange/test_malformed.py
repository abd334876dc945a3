"""Whatever arrives, the answer is a sentence or a list of problems: never a traceback, never a full memory."""

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.exchange.formats import FORMATS, recognise
from sizao.exchange.limits import Limits
from sizao.exchange.tables import read_table
from sizao.exchange.unreadable import UnreadableFile
from tests.exchange.golden_files import files
from tests.exchange.test_tables import workbook

some = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
SMALL = Limits(
    max_bytes=256 * 1024,
    max_row_bytes=4 * 1024,
    max_columns=50,
    max_workbook_bytes=256 * 1024,
    max_unzipped_bytes=1024 * 1024,
    max_zip_ratio=100,
    zip_ratio_from=128 * 1024,
    max_cells=100_000,
)


def survive(data: bytes, limits: Limits = SMALL) -> str | None:
    """Read and parse in every format that may fit; the sentence if the file could not be read."""
    try:
        table = read_table(data, limits=limits)
    except UnreadableFile as error:
        assert error.message.say("en")
        return str(error.message)
    for format_id in {"sizao-cases", *(found for found, _ in recognise(table))}:
        parsed = FORMATS[format_id].parse(table)
        recorded = {row for frame in parsed.records.values() for row in frame["row"].to_list()}
        assert recorded.isdisjoint(parsed.refused.to_list())
        assert len(recorded) + len(parsed.refused) == parsed.n_rows
        assert all(problem.message.say("en") for problem in parsed.problems)
    return None


@some
@given(st.binary(max_size=600))
def test_any_bytes(data: bytes) -> None:
    survive(data)


@some
@given(st.text(max_size=400), st.sampled_from(["utf-8", "utf-16", "gb18030", "cp1252", "shift-jis", "latin-1"]))
def test_any_text_in_any_encoding(text: str, encoding: str) -> None:
    survive(text.encode(encoding, errors="replace"))


CELLS = st.one_of(
    st.sampled_from(
        [
            "31/02/2020", "2026-02-31", "44197", "44197.5", "1.0", "1.10101E+17", "=1+1", "'=1+1", "@SUM(A1)", "#REF!",
            "03/04/2020", "21-1-3", "2021年1月3日", "张三", '"', "", " ", "x" * 300, "\ufffd", "\u202e",
            "-", "NaN", "1e400",
        ]
    ),
    st.text(max_size=8),
)  # fmt: skip
HEADERS = st.sampled_from(
    ["case_id", "id", "name", "name", "sex", "age", "date_onset", "报告日期", "outcome", "from", "to", "exposure",
     "contact_id", "uuid", "person.firstName", "caseClassification", "symptoms.onsetDate", "labSampleID",
     "sampleDateTime",
     "testResult", "epidNumber", "sampleUuid1", "otherSamplesString", "contactProximity", "lastContactDate",
     "contactStatus", "followUpStatus", "Was a contact", "Date of becoming case", "wasContact", "Exposure duration",
     "Context of exposure", "source_uuid", "Exposure type", "Targeted", "statusId", "Status", "Sample taken",
     "Sample tested", "Result", "## x", "", "person.birthdateYYYY", "person.birthdateMM", "person.birthdateDD"]
)  # fmt: skip


@some
@given(
    headers=st.lists(HEADERS, min_size=1, max_size=12),
    rows=st.lists(st.lists(CELLS, max_size=14), max_size=6),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_ragged_rows_repeated_headers_and_odd_cells(headers: list[str], rows: list[list[str]], separator: str) -> None:
    lines = [separator.join(cells) for cells in (headers, *rows)]
    survive("\n".join(lines).encode("utf-8", errors="replace"))


@some
@given(data=st.data(), path=st.sampled_from(files()))
def test_real_files_with_bytes_changed_or_missing(data: st.DataObject, path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    survive(bytes(content[: data.draw(st.integers(0, len(content)))]))


EXCEL = workbook([["case_id", "name", "date_onset"], ["1", "A", "2021-01-03"], [2, "B", ("=1/0", "#DIV/0!")]])


@some
@given(part=st.sampled_from(zipfile.ZipFile(io.BytesIO(EXCEL)).namelist()), data=st.data())
def test_workbooks_with_damaged_parts(part: str, data: st.DataObject) -> None:
    """Each part stays a valid member of the zip file, so that the damage reaches the reader of the sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(EXCEL)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as damaged:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                at = data.draw(st.integers(0, len(content)))
                content = (
                    content[:at] + data.draw(st.binary(max_size=12)) + content[at + data.draw(st.integers(0, 9)) :]
                )
            damaged.writestr(name, content)
    survive(target.getvalue())


def empty_workbook() -> bytes:
    return workbook([])


def lone_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("list.csv", "case_id\n1\n")
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: b"", "empty"),
        (lambda: b" \n\n\r\n", "empty"),
        (lambda: b"\xef\xbb\xbf", "empty"),
        (lambda: b",,,\n,,\n", "empty"),
        (empty_workbook, "empty"),
        (lambda: bytes(range(256)) * 20, "neither text"),
        (lambda: b"%PDF-1.7 ...", "PDF"),
        (lambda: b"\x89PNG\r\n\x1a\n", "picture"),
        (lambda: b"<html><table></table></html>", "web page"),
        (lambda: b'[{"id": 1}]', "JSON"),
        (lambda: b"PAR1" + bytes(50), "Parquet"),
        (lone_zip, "zip archive"),
        (lambda: EXCEL[: len(EXCEL) // 2], "damaged"),
        (lambda: b"PK\x03\x04" + bytes(100), "damaged"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "damaged"),
        (lambda: gzip.compress(b"id\n1\n" * 1000)[:-8], "too early"),
        (lambda: b"\x1f\x8b\x08\x00 nonsense", "damaged"),
        (lambda: b"id,name\n" + b"1," + b"x" * 5000 + b"\n", "longer than 4 kB"),
        (lambda: b"id,name\n" * 40_000, "larger than"),
        (lambda: b",".join(b"c%d" % i for i in range(60)), "60 columns"),
        (lambda: b"name\n" + b"\x81\x8d\x8f\x90\x9d\xff\xfe" * 40, "encoding"),
        (lambda: workbook([[*"abc"] * 30]), "90 columns"),
    ],
)
def test_what_is_said(make: Callable[[], bytes], sentence: str) -> None:
    said = survive(make())
    assert said is not None
    assert sentence in said


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="could not be opened"):
        read_table(tmp_path / "nowhere.csv")


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(EXCEL)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            packed.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def test_a_zip_bomb_that_states_its_size() -> None:
    bomb = repacked(lambda name, content: content + b" " * 3_000_000 * name.endswith("sheet1.xml"))
    assert len(bomb) < 20_000
    assert "far more than an honest list" in (survive(bomb) or "")


def test_a_zip_bomb_that_lies_about_its_size() -> None:
    bomb = bytearray(repacked(lambda name, content: content + b" " * 3_000_000 * name.endswith("sheet1.xml")))
    size = (3_000_000 + len(zipfile.ZipFile(io.BytesIO(EXCEL)).read("xl/worksheets/sheet1.xml"))).to_bytes(4, "little")
    assert size in bomb
    lying = bytes(bomb).replace(size, (900).to_bytes(4, "little"))
    assert "far more than an honest list" in (survive(lying) or "")


def test_two_cells_far_apart() -> None:
    """The reader of the sheet would lay out every cell between A1 and XFD1048576."""
    far = repacked(lambda name, content: content.replace(b'r="B2"', b'r="XFD1048576"'))
    assert "far outside its table" in (survive(far) or "")


def ods(rows: str) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{names}office:1.0" xmlns:table="{names}table:1.0" '
            f'xmlns:text="{names}text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def ods_cell(text: str, attributes: str = "") -> str:
    return f'<table:table-cell {attributes} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_open_document_sheets_and_their_bombs() -> None:
    rows = "".join(
        f"<table:table-row>{ods_cell(a)}{ods_cell(b)}</table:table-row>" for a, b in (("id", "name"), ("1", "A"))
    )
    nothing = '<table:table-cell table:number-columns-repeated="16384"/>'
    rest = f'<table:table-row table:number-rows-repeated="1048000">{nothing}</table:table-row>'
    assert read_table(ods(rows + rest)).body.rows() == [(2, "1", "A")]
    wide = ods_cell("x", 'table:number-columns-repeated="1000"')
    bomb = f'<table:table-row table:number-rows-repeated="1000000">{wide}</table:table-row>'
    assert "far more than an honest list" in (survive(ods(rows + bomb)) or "")


def endless(member: bytes, times: int) -> bytes:
    """A gzip file of many equal members: gigabytes in a few kilobytes."""
    return gzip.compress(member, compresslevel=9) * times


@pytest.mark.parametrize("member", [b"x" * 2**24, b"1,A\n" * 2**22], ids=["one line", "many lines"])
def test_a_gigabyte_is_refused_with_flat_memory(member: bytes, tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(endless(member, 64))  # 1 GiB unpacked
    tracemalloc.start()
    with pytest.raises(UnreadableFile):
        read_table(path, limits=Limits(max_bytes=8 * 2**20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * 2**20


def test_one_line_of_a_gigabyte_on_disk_is_refused_with_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.write(b"case_id,name\n" + b"x" * 2**21)
        file.truncate(2**30)  # the rest is a hole in the file, read as zeros
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="longer than"):
        read_table(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20
