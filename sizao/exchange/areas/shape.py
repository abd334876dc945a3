"""What an area table looks like, and how the path of an area is made.

A path is two letters of the country and four characters for each level below it, so "inside" is "begins
with": CN (China), CN0023 (Heilongjiang), CN00230001 (Harbin), CN002300010003 (Nangang District).
"""

import re

import polars as pl

#: The columns of an area table, in order. `parent` and `successor` are paths.
AREA_SCHEMA: dict[str, pl.DataType] = {
    "path": pl.String(),
    "code": pl.String(),
    "parent": pl.String(),
    "level": pl.UInt8(),
    "kind": pl.String(),
    "name_zh": pl.String(),
    "name_en": pl.String(),
    "name_local": pl.String(),
    "aliases": pl.List(pl.String()),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "population": pl.Int64(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
    "successor": pl.String(),
}

COUNTRY_LENGTH = 2
SEGMENT_LENGTH = 4
DEEPEST_LEVEL = 9  # 2 + 9 × 4 = 38 characters, which fits a key of 40
NUMBERS = 36**SEGMENT_LENGTH
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def level_of(path: str) -> int:
    """0 for a country, 1 for its provinces, …"""
    return (len(path) - COUNTRY_LENGTH) // SEGMENT_LENGTH


def ancestors(path: str) -> list[str]:
    """The path itself and everything above it, deepest first."""
    return [path[:end] for end in range(len(path), 0, -SEGMENT_LENGTH)]


def parent_path(path: str) -> str | None:
    return path[:-SEGMENT_LENGTH] if len(path) > COUNTRY_LENGTH else None


def own_segment(code: str, parent_code: str) -> str | None:
    """The four characters of `code` under `parent_code`, or None when it does not extend it.

    230102 under 2301 is "0002", KR-11 under KR is "0011"; a first level may leave the country out: 23 is "0023".
    """
    is_country = re.fullmatch("[A-Z]{2}", parent_code) is not None
    if not code.startswith(parent_code) and not is_country:
        return None
    own = re.sub(r"[^0-9A-Za-z]", "", code.removeprefix(parent_code)).upper()
    return own.rjust(SEGMENT_LENGTH, "0") if own.isascii() and 0 < len(own) <= SEGMENT_LENGTH else None


def number_segment(number: int) -> str:
    """A running number in base 36: 1 is "0001", 36 is "0010"."""
    out = ""
    for _ in range(SEGMENT_LENGTH):
        number, rest = divmod(number, 36)
        out = DIGITS[rest] + out
    return out
