"""Which encoding a text file is in: UTF-8, UTF-16, GB18030 (Chinese Windows) or cp1252 (Western Windows)."""

import codecs
from dataclasses import dataclass

from sizao.exchange.contents import utf16_without_mark
from sizao.exchange.unreadable import UnreadableFile
from sizao.vocabulary.text import N_

DAMAGED = "\ufffd"
STEP = 1024 * 1024


@dataclass(frozen=True)
class Decoded:
    """The file's text as UTF-8 bytes without mark, and the name of the encoding it came in."""

    data: bytes
    encoding: str


def to_utf8(data: bytes) -> Decoded:
    """Decode by evidence. Damaged places become U+FFFD, so that only their rows are refused."""
    if data.startswith(codecs.BOM_UTF8):
        return Decoded(_mended(data[3:]), "utf-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _reencoded(data, "utf-16", errors="replace")
    if encoding := utf16_without_mark(data):
        return _reencoded(data, encoding, errors="replace")
    if _is_utf8(data):
        return Decoded(_without_nul(data), "utf-8")
    if _is_damaged_utf8(data):
        return Decoded(_mended(data), "utf-8")
    if _is_chinese(data):
        return _reencoded(data, "gb18030")
    try:
        return _reencoded(data, "cp1252")
    except UnicodeDecodeError:
        pass
    try:
        return _reencoded(data, "gb18030")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            N_("The encoding of this file is not known. Save it as “CSV UTF-8” and send it again.")
        ) from error


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), STEP):
            decoder.decode(data[start : start + STEP], final=start + STEP >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes: at most one in twenty of its non-ASCII characters."""
    text = data.decode("utf-8", errors="replace")
    damaged = text.count(DAMAGED)
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return foreign >= 20 * damaged


def _is_chinese(data: bytes) -> bool:
    """GB18030, when most of its non-ASCII characters are the common ones of GB 2312.

    Western text in cp1252 decodes as GB18030 too ("üb" becomes one rare character), so the share of
    common characters decides.
    """
    sample = data[: 4 * STEP]
    foreign = "".join(ch for ch in sample.decode("gb18030", errors="replace") if ord(ch) > 127)
    common = sum(1 for ch in foreign if ch != DAMAGED and _in_gb2312(ch))
    if not foreign or common < 0.7 * len(foreign):
        return False
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _reencoded(data: bytes, encoding: str, errors: str = "strict") -> Decoded:
    text = data.decode(encoding, errors=errors).removeprefix("\ufeff")
    return Decoded(_without_nul(text.encode("utf-8", errors="replace")), encoding)


def _mended(data: bytes) -> bytes:
    return _without_nul(data if _is_utf8(data) else data.decode("utf-8", errors="replace").encode())


def _without_nul(data: bytes) -> bytes:
    return data.replace(b"\0", DAMAGED.encode()) if b"\0" in data else data
