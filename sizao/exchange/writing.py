"""Writes lists: CSV as a stream of any length, Excel up to 20,000 rows. No cell can act as a formula."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import xlsxwriter

from sizao.exchange.guards import guard, guarded
from sizao.vocabulary.columns import Column
from sizao.vocabulary.text import N_, Message

EXCEL_ROWS = 20_000
EXCEL_CELL = 32_767  # characters
BOM = b"\xef\xbb\xbf"  # without it Excel on Windows takes UTF-8 for the local encoding


class TooLargeForExcel(Exception):
    """The list does not fit into the workbook; `message` says to take CSV."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def write_rows(
    columns: Sequence[Column], batches: Iterable[pl.DataFrame], *, language: str | None = None, bom: bool = True
) -> Iterator[bytes]:
    """A CSV file piece by piece, one piece per batch: UTF-8, ISO dates, guarded texts.

    Columns a batch lacks are empty, others it has are left out. Headers are the names of the dictionary, or
    with `language` their labels; either is understood when the file is read again.
    """
    yield (BOM if bom else b"") + header_line(headers(columns, language))
    for batch in batches:
        if not batch.is_empty():
            yield csv_rows(batch.select(_cell(column, batch) for column in columns))


def csv_rows(frame: pl.DataFrame) -> bytes:
    """The rows of a frame as CSV without a header. A lone empty cell is quoted, or its row would be no row."""
    return frame.write_csv(None, include_header=False, quote_style="necessary").encode()


def write_csv(columns: Sequence[Column], frame: pl.DataFrame, target: BinaryIO, *, language: str | None = None) -> None:
    for piece in write_rows(columns, [frame], language=language):
        target.write(piece)


def write_workbook(
    columns: Sequence[Column], frame: pl.DataFrame, target: BinaryIO | Path, *, language: str | None = None
) -> None:
    """One Excel sheet: dates are dates, identity numbers are texts, so nothing is lost when it is edited."""
    if frame.height > EXCEL_ROWS:
        raise TooLargeForExcel(
            N_(
                "The list has {n} rows; Excel files hold {limit} here. Take CSV instead.",
                n=frame.height,
                limit=EXCEL_ROWS,
            )
        )
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for position, header in enumerate(headers(columns, language)):
            sheet.write_string(0, position, guard(header))
        for position, column in enumerate(columns):
            if column.name in frame.columns:
                for row, value in enumerate(frame[column.name].to_list(), start=1):
                    _write_cell(sheet, row, position, value, day)
        sheet.freeze_panes(1, 0)


def headers(columns: Sequence[Column], language: str | None) -> list[str]:
    return [column.label.say(language) if language else column.name for column in columns]


def _write_cell(sheet: Any, row: int, position: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, dt.date):
        sheet.write_datetime(row, position, value, day)
    elif isinstance(value, bool | str):
        text = guard(str(value))
        if len(text) > EXCEL_CELL:
            raise TooLargeForExcel(
                N_("A text of {n} characters does not fit into an Excel cell. Take CSV instead.", n=len(text))
            )
        sheet.write_string(row, position, text)
    else:
        sheet.write_number(row, position, value)


def guarded_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """All texts of a frame with a guard where they need one."""
    return frame.with_columns(guarded(pl.col(pl.String)).name.keep())


def header_line(names: Sequence[str]) -> bytes:
    """The first line of a CSV file."""
    return csv_rows(pl.DataFrame([[guard(name)] for name in names], schema=[f"c{i}" for i in range(len(names))]))


def _cell(column: Column, batch: pl.DataFrame) -> pl.Expr:
    kind = batch.schema.get(column.name)
    if kind is None:
        return pl.lit(None, dtype=pl.String).alias(column.name)
    cell = pl.col(column.name)
    return guarded(cell).alias(column.name) if kind == pl.String else cell
