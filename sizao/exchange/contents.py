"""The bytes of a file as it arrived: unpacked if it was packed, never more than the limits allow.

Text is looked at piece by piece while it is read, so a file that is one endless line, or a small gzip
file that unpacks to terabytes, is refused after the first megabytes and never held in memory.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sizao.exchange.limits import Limits
from sizao.exchange.unreadable import UnreadableFile
from sizao.vocabulary.text import N_, Message

PIECE = 1024 * 1024


class Packing(StrEnum):
    """What a file is, told by its first bytes and never by its name."""

    TEXT = "text"
    ZIP = "zip"  # xlsx, xlsm, xlsb, ods
    OLE = "ole"  # xls, or a workbook under a password


@dataclass(frozen=True)
class Content:
    """What arrived: its packing and its bytes (text already out of gzip)."""

    packing: Packing
    data: bytes


#: First bytes of files people send by mistake, and what to tell them.
STRANGERS: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF", N_("This is a PDF document. Export the list as CSV or Excel from the system it came from.")),
    (b"\x89PNG", N_("This is a picture, not a list. Send the list itself as CSV or Excel.")),
    (b"\xff\xd8\xff", N_("This is a picture, not a list. Send the list itself as CSV or Excel.")),
    (b"PAR1", N_("This is a Parquet file. Export the list as CSV or Excel.")),
    (b"SQLite format 3", N_("This is a database file. Export the list as CSV or Excel.")),
    (b"Rar!", N_("This is a RAR archive. Unpack it and send the list inside.")),
    (b"7z\xbc\xaf", N_("This is a 7z archive. Unpack it and send the list inside.")),
    (b"{\\rtf", N_("This is a text document. Copy the table into Excel and save it as xlsx or CSV.")),
)
WEB_PAGE = N_("This is a web page with another name. Open it in Excel and save it as xlsx or CSV.")
JSON_FILE = N_("This is a JSON file. Export the list as CSV or Excel instead.")
EMPTY = N_("The file is empty.")
NOT_TEXT = N_("This is not a table: the file holds neither text nor an Excel workbook.")


def load(source: bytes | Path, limits: Limits) -> Content:
    """The content of `source` within `limits`; raises UnreadableFile otherwise."""
    pieces = _pieces(source)
    head = next(pieces, b"")
    if not head:
        raise UnreadableFile(EMPTY)
    if head.startswith(b"\x1f\x8b"):
        return _text(_unpacked(_chain(head, pieces)), limits)
    for start, message in STRANGERS:
        if head.startswith(start):
            raise UnreadableFile(message)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Content(Packing.ZIP, _workbook(_chain(head, pieces), limits))
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Content(Packing.OLE, _workbook(_chain(head, pieces), limits))
    return _text(_chain(head, pieces), limits)


def _pieces(source: bytes | Path) -> Iterator[bytes]:
    if isinstance(source, bytes):
        for start in range(0, len(source), PIECE):
            yield source[start : start + PIECE]
        return
    try:
        with source.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise UnreadableFile(N_("The file could not be opened: {reason}", reason=error.strerror or "?")) from error


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Gzip members one after another, in pieces of bounded size."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(wbits=31)
                yield unpacker.decompress(rest, PIECE)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
    except zlib.error as error:
        raise UnreadableFile(N_("The packed file (gz) is damaged. Send it again.")) from error
    if not unpacker.eof:
        raise UnreadableFile(N_("The packed file (gz) ends too early. Send it again."))


def _workbook(pieces: Iterator[bytes], limits: Limits) -> bytes:
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) > limits.max_workbook_bytes:
            raise UnreadableFile(_too_large(limits.max_workbook_bytes))
    return bytes(data)


def _text(pieces: Iterator[bytes], limits: Limits) -> Content:
    data, line = bytearray(), 0
    for piece in pieces:
        if not data and piece:
            _check_is_text(piece)
        data += piece
        if len(data) > limits.max_bytes:
            raise UnreadableFile(_too_large(limits.max_bytes))
        line = _check_lines(piece, line, limits.max_row_bytes)
    if not bytes(data[:64]).strip(b"\xef\xbb\xbf\xff\xfe \t\r\n") and not bytes(data).strip(
        b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
    ):
        raise UnreadableFile(EMPTY)
    return Content(Packing.TEXT, bytes(data))


def _check_is_text(piece: bytes) -> None:
    start = piece[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise UnreadableFile(WEB_PAGE)
    if start.startswith((b'{"', b'[{"', b"{\n", b"[\n", b"{\r", b"[\r")):
        raise UnreadableFile(JSON_FILE)
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(piece):
        return
    control = sum(piece.count(bytes([byte])) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    if control > max(3, len(piece) // 200):
        raise UnreadableFile(NOT_TEXT)


def utf16_without_mark(piece: bytes) -> str | None:
    """The encoding of UTF-16 text that lacks its mark: every other byte is zero, before or after the letter."""
    sample = piece[:4096]
    halves = len(sample) // 2
    if halves < 4:
        return None
    even, odd = sample[0::2].count(0) / halves, sample[1::2].count(0) / halves
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return "utf-16-le" if odd > 0.3 and even < 0.05 else None


def _check_lines(piece: bytes, carried: int, limit: int) -> int:
    """Refuse a line longer than `limit`; answers how much of an unfinished line is carried on."""
    end = b"\n" if b"\n" in piece else b"\r"
    first, last = piece.find(end), piece.rfind(end)
    if first < 0:
        longest, carried = carried + len(piece), carried + len(piece)
    else:
        longest = max(carried + first, len(piece) - last - 1)
        if len(piece) > limit:
            longest = max(longest, *map(len, piece[first + 1 : last + 1].split(end)))
        carried = len(piece) - last - 1
    if longest > limit:
        raise UnreadableFile(
            N_(
                "One line of this file is longer than {kib} kB. It is not a table, or its line breaks were lost.",
                kib=limit // 1024,
            )
        )
    return carried


def _too_large(limit: int) -> Message:
    return N_(
        "The file is larger than {mib} MB. Split it into several files and send them one by one.",
        mib=limit // (1024 * 1024),
    )
