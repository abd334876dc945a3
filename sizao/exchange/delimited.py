"""Comma, semicolon, tab and bar separated text, as a grid of text cells with their row numbers.

Polars reads a million rows in a second, but expects strict quotation. Files with stray quotation marks
(`5" scar`) take the slow, forgiving reader of the standard library; one mark that never closes is refused,
because everything after it would be swallowed into a single cell.
"""

import csv
import io
import re
from collections import Counter

import polars as pl

from sizao.exchange.limits import Limits
from sizao.exchange.unreadable import UnreadableFile
from sizao.vocabulary.text import N_

SEPARATORS = (",", ";", "\t", "|")
SPARE = 16  # columns beyond the widest of the first lines, so that a row with too many cells shows
SAMPLE_LINES = 60


def read_grid(data: bytes, limits: Limits) -> tuple[pl.DataFrame, str]:
    """UTF-8 text as columns "row", "c0", "c1", … and the separator found."""
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    sample = _first_lines(data)
    separator = find_separator(sample)
    width = _width(sample, separator)
    if width > limits.max_columns:
        raise UnreadableFile(
            N_(
                "The file has {n} columns; at most {limit} can be read. Is the table turned on its side?",
                n=width,
                limit=limits.max_columns,
            )
        )
    grid = None if _has_stray_quotes(data, separator) else _read_strict(data, separator, width + SPARE)
    return (grid if grid is not None else _read_forgiving(data, separator, width + SPARE)), separator


def find_separator(sample: list[str]) -> str:
    """The separator that gives most lines the same number of cells, more than one."""
    hint = re.fullmatch(r'"?sep=(.)"?', sample[0].strip(), re.IGNORECASE) if sample else None
    if hint and hint[1] in SEPARATORS:
        return hint[1]

    def agreement(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _rows(sample, separator) if any(row))
        width, lines = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
        return (lines if width > 1 else 0, width)

    return max(SEPARATORS, key=agreement)


def _first_lines(data: bytes) -> list[str]:
    return data[: 4 * 1024 * 1024].decode("utf-8", errors="replace").split("\n")[:SAMPLE_LINES]


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader((line + "\n" for line in lines), delimiter=separator))
    except csv.Error:
        return [line.split(separator) for line in lines]


def _width(sample: list[str], separator: str) -> int:
    return max((len(row) for row in _rows(sample, separator)), default=1)


def _has_stray_quotes(data: bytes, separator: str) -> bool:
    """A quotation mark inside a cell that does not begin with one."""
    if b'"' not in data:
        return False
    if data.count(b'"') % 2:
        return True
    between = re.escape(separator).encode()
    return re.search(rb'[^"\r\n' + between + rb']"[^"\r\n' + between + rb"]", data) is not None


def _read_strict(data: bytes, separator: str, width: int) -> pl.DataFrame | None:
    try:
        grid = pl.read_csv(
            io.BytesIO(data),
            has_header=False,
            separator=separator,
            schema={f"c{i}": pl.String for i in range(width)},
            missing_columns="insert",
            extra_columns="ignore",
            infer_schema=False,
            row_index_name="row",
            row_index_offset=1,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    return grid.with_columns(pl.col("row").cast(pl.UInt32))


def _read_forgiving(data: bytes, separator: str, width: int) -> pl.DataFrame:
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=separator, strict=_is_odd(data))
    rows: list[tuple[str | None, ...]] = []
    try:
        for cells in reader:
            rows.append(_fitted(cells, width))
    except csv.Error:
        rows = _unquoted(data, separator, width, failed_after=len(rows))
    return pl.DataFrame(rows, schema={f"c{i}": pl.String for i in range(width)}, orient="row").with_row_index("row", 1)


def _is_odd(data: bytes) -> bool:
    return data.count(b'"') % 2 == 1


def _unquoted(data: bytes, separator: str, width: int, failed_after: int) -> list[tuple[str | None, ...]]:
    """Every line as it stands, quotation marks being ordinary characters.

    Only right when no line needs them: when all lines then have the same number of cells.
    """
    lines = data.decode("utf-8").splitlines()
    rows = [line.split(separator) for line in lines]
    if len({len(row) for row in rows if any(row)}) != 1:
        raise UnreadableFile(
            N_(
                'A quotation mark (") is opened near row {row} and never closed, so the rows after it cannot '
                "be told apart. Mend that row and send the file again.",
                row=failed_after + 1,
            )
        )
    return [_fitted(row, width) for row in rows]


def _fitted(cells: list[str], width: int) -> tuple[str | None, ...]:
    """Exactly `width` cells. More than fit are kept in the last one, where they show as too many."""
    if len(cells) > width:
        cells = [*cells[: width - 1], " ".join(cells[width - 1 :])]
    return (*(cell or None for cell in cells), *(None for _ in range(width - len(cells))))
