"""Looks into a zipped workbook before it is opened: how large it would become, and where formulas failed.

The sizes a zip file states about itself may be lies, so every part is unpacked here piece by piece and
counted. Two cells far apart make a reader lay out the whole rectangle between them; that is counted too.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from sizao.exchange.limits import Limits
from sizao.exchange.unreadable import UnreadableFile
from sizao.vocabulary.text import N_

PIECE = 1024 * 1024
OVERLAP = 512  # a tag cut by the end of a piece is seen whole in the next
CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
FAILED = re.compile(rb"""\bt\s*=\s*["']e["']""")
SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
OPEN_ROW = re.compile(rb"<table:table-row\b([^<>]*[^/])?>(.*?)</table:table-row>", re.DOTALL)
OPEN_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^<>]*)>")
ROWS_REPEATED = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)["']""")
COLUMNS_REPEATED = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)["']""")

#: Cells of one sheet whose formula ended in an error: (row, column) counted from 0.
Failures = frozenset[tuple[int, int]]


def inspect(data: bytes, limits: Limits) -> dict[str, Failures]:
    """Refuse a workbook that would burst the limits; answer, by sheet name, where its formulas failed."""
    parts = _parts(data)
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise UnreadableFile(N_("This is a binary workbook (xlsb). Save it as xlsx or CSV and send it again."))
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise UnreadableFile(
            N_("This is a zip archive and no workbook. Unpack it and send the files inside one by one.")
        )
    _check_stated(parts, len(data), limits)
    failures: dict[str, Failures] = {}
    kept: dict[str, bytes] = {}
    left = limits.max_unzipped_bytes
    for part in parts:
        look = _Look(limits, part.filename)
        for piece in _unpacked(data, part):
            left -= len(piece)
            if left < 0:
                raise _bomb()
            look.at(piece)
        look.end()
        failures[part.filename] = frozenset(look.failures)
        kept[part.filename] = bytes(look.kept)
    return {name: failures[part] for name, part in _sheet_parts(kept).items() if failures.get(part)}


def column_number(letters: bytes) -> int:
    """ "A" is 1, "AA" is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _parts(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged() from error


def _check_stated(parts: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    stated = sum(part.file_size for part in parts)
    suspicious = stated > limits.zip_ratio_from and stated > limits.max_zip_ratio * packed
    if stated > limits.max_unzipped_bytes or suspicious or len(parts) > 10_000:
        raise _bomb()


def _bomb() -> UnreadableFile:
    return UnreadableFile(
        N_(
            "The workbook unpacks to far more than an honest list would. It was not opened. "
            "Save the list as CSV and send that."
        )
    )


def _damaged() -> UnreadableFile:
    return UnreadableFile(N_("The workbook is damaged: it ends too early. Send it again."))


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's true content, whatever its stated size."""
    start = part.header_offset
    local = data[start : start + 30]
    if len(local) < 30:
        raise _damaged()
    start += 30 + int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
    packed = data[start : start + part.compress_size]
    if part.compress_type != zipfile.ZIP_DEFLATED:
        yield from (packed[offset : offset + PIECE] for offset in range(0, len(packed), PIECE))
        return
    unpacker = zlib.decompressobj(-15)
    try:
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, PIECE)
            packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise _damaged() from error


def _sheet_parts(kept: dict[str, bytes]) -> dict[str, str]:
    """Which part of an xlsx holds the sheet of a name."""
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target").removeprefix("/xl/")
        for tag in RELATION.findall(kept.get("xl/_rels/workbook.xml.rels", b""))
    }
    return {
        html.unescape(_attribute(tag, b"name")): "xl/" + targets.get(_attribute(tag, rb"\w+:id"), "")
        for tag in SHEET.findall(kept.get("xl/workbook.xml", b""))
    }


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"(?:^|\s)" + name + rb"""\s*=\s*["']([^"']*)["']""", tag)
    return found[1].decode("utf-8", errors="replace") if found else ""


class _Look:
    """Goes through one part of the zip file, piece by piece."""

    def __init__(self, limits: Limits, name: str) -> None:
        self.limits, self.name = limits, name
        self.is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        self.is_kept = name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml")
        self.columns: set[bytes] = set()
        self.rows = 0
        self.failures: set[tuple[int, int]] = set()
        self.kept = bytearray()

    def at(self, piece: bytes) -> None:
        if self.is_kept:
            self.kept += piece
        if self.is_sheet:
            self._cells(bytes(self.kept) + piece)
            self.kept = bytearray(piece[-OVERLAP:])

    def end(self) -> None:
        if self.name == "content.xml" and _cells_laid_out(bytes(self.kept)) > self.limits.max_cells:
            raise _bomb()

    def _cells(self, text: bytes) -> None:
        references = REFERENCE.findall(text)
        self.columns.update(column for column, _ in references)
        self.rows = max((self.rows, *(int(row) for _, row in references)))
        if b't="e"' in text or b"t='e'" in text:
            for attributes in CELL.findall(text):
                if FAILED.search(attributes) and (found := REFERENCE.search(attributes)):
                    self.failures.add((int(found[2]) - 1, column_number(found[1]) - 1))
        width = max(map(column_number, self.columns), default=0)
        if width * self.rows > self.limits.max_cells or width > 4 * self.limits.max_columns:
            raise UnreadableFile(
                N_(
                    "The sheet has cells far outside its table (up to row {row}, column {column}). "
                    "Delete the empty rows and columns around the table, save, and send it again.",
                    row=self.rows,
                    column=max(self.columns, key=column_number).decode(),
                )
            )


def _cells_laid_out(text: bytes) -> int:
    """Cells of an OpenDocument sheet that hold something, "repeated 5000 times" counted 5000 times."""
    total = 0
    for attributes, cells in OPEN_ROW.findall(text):
        if b"value-type" not in cells:
            continue  # the empty rest of the sheet, which no reader lays out
        across = sum(_times(COLUMNS_REPEATED, cell) for cell in OPEN_CELL.findall(cells) if b"value-type" in cell)
        total += across * _times(ROWS_REPEATED, attributes)
    return total


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
