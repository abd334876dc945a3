"""Excel and OpenDocument workbooks as a grid of text cells with their row numbers.

Values only: a formula gives its last result, never its text. Whole numbers lose the ".0" Excel stores;
a number of more than fifteen digits is written in powers of ten ("1.10101199001011E+17"), because Excel has
already lost its last digits and whoever reads it must see that.
"""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import polars as pl
import python_calamine
from python_calamine import SheetVisibleEnum

from sizao.exchange.limits import Limits
from sizao.exchange.unreadable import UnreadableFile
from sizao.exchange.zips import Failures, inspect
from sizao.vocabulary.text import N_

EXACT = 1e15  # Excel keeps fifteen digits
FORMULA_ERROR = "#ERROR!"


def read_sheet(
    data: bytes, sheet: str | None, limits: Limits, *, zipped: bool
) -> tuple[pl.DataFrame, str, tuple[str, ...]]:
    """The grid of one sheet ("row", "c0", …), its name, and the names of all sheets with something in them."""
    failures = inspect(data, limits) if zipped else {}
    workbook = _opened(data)
    names = _sheet_names(workbook)
    if sheet is not None and sheet not in names:
        raise UnreadableFile(
            N_("There is no sheet “{sheet}”. The sheets are: {names}.", sheet=sheet, names=", ".join(names))
        )
    filled = [name for name in names if _is_filled(workbook, name)]
    if not filled or (sheet is not None and sheet not in filled):
        raise UnreadableFile(N_("The workbook is empty."))
    chosen = sheet or filled[0]
    grid = _grid(_rows(workbook, chosen), failures.get(chosen, frozenset()), limits)
    return grid, chosen, tuple(filled)


def _opened(data: bytes) -> Any:
    try:
        return _guarded(lambda: python_calamine.load_workbook(io.BytesIO(data)))
    except python_calamine.PasswordError as error:
        raise UnreadableFile(
            N_("The workbook is protected by a password. Save it without one and send it again.")
        ) from error


def _rows(workbook: Any, name: str) -> list[list[Any]]:
    return list(_guarded(lambda: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)))


def _sheet_names(workbook: Any) -> list[str]:
    """All sheets in their order, the hidden ones last."""
    sheets = workbook.sheets_metadata
    return [sheet.name for sheet in sorted(sheets, key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)]


def _is_filled(workbook: Any, name: str) -> bool:
    try:
        return bool(_guarded(lambda: workbook.get_sheet_by_name(name).height))
    except python_calamine.WorksheetNotFound:
        return False  # a sheet of its own for a chart


def _guarded(call: Callable[[], Any]) -> Any:
    """Run a call into the Excel reader; whatever it makes of a damaged file is one sentence to the user.

    Its panics arrive as an exception that only descends from BaseException and has no public name.
    """
    try:
        return call()
    except (python_calamine.PasswordError, python_calamine.WorksheetNotFound):
        raise
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError, MemoryError) as error:
        raise _damaged() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged() from error


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        N_("The workbook is damaged or of a kind that cannot be read. Save it as xlsx or CSV and send it again.")
    )


def _grid(rows: list[list[Any]], failures: Failures, limits: Limits) -> pl.DataFrame:
    width = max(map(len, rows), default=0)
    if width > limits.max_columns:
        raise UnreadableFile(
            N_(
                "The file has {n} columns; at most {limit} can be read. Is the table turned on its side?",
                n=width,
                limit=limits.max_columns,
            )
        )
    cells: dict[str, list[str | None]] = {
        f"c{position}": [_text(row[position]) if position < len(row) else None for row in rows]
        for position in range(width)
    }
    for row, position in failures:
        if row < len(rows) and position < width and cells[f"c{position}"][row] is None:
            cells[f"c{position}"][row] = FORMULA_ERROR
    return pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)).with_row_index("row", 1)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return None if value is None else str(value)


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)
