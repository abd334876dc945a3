"""Any list as it arrived, as a table of text cells that keep their original row numbers.

`read_table` reads CSV (comma, semicolon, tab, bar), Excel and OpenDocument, plain or gzip, in UTF-8, UTF-16,
GB18030 or cp1252. Nothing is interpreted yet: "003" stays "003". Row numbers are those a person sees in a
spreadsheet, the first row being 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from statistics import median

import polars as pl

from sizao.exchange import delimited, workbooks
from sizao.exchange.contents import Content, Packing, load
from sizao.exchange.encodings import DAMAGED, to_utf8
from sizao.exchange.guards import without_guard, without_guards
from sizao.exchange.limits import LIMITS, Limits
from sizao.exchange.problems import Problems
from sizao.exchange.unreadable import UnreadableFile
from sizao.vocabulary.text import N_

MANY_LINES = 20  # line breaks in one cell: a quotation mark without its partner, most likely
HEADER_SEARCH = 20  # rows in which the header is looked for


@dataclass(frozen=True)
class Source:
    """Where a table came from, for the page that shows it."""

    packing: str  # "text" or "workbook"
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    damaged: bool = False  # some characters could not be decoded


@dataclass(frozen=True)
class Table:
    """A grid ("row", "c0", "c1", …), all text, blank cells null, and which row is the header."""

    grid: pl.DataFrame
    header_row: int
    source: Source
    n_blank: int = 0
    skipped: frozenset[int] = field(default_factory=frozenset)  # rows that are no data, such as comments

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Column names as written, spaces tidied; the same name may occur more than once."""
        cells = self.grid.filter(pl.col("row") == self.header_row).drop("row").row(0)
        return tuple(" ".join(without_guard(cell or "").split()) for cell in cells)

    @cached_property
    def body(self) -> pl.DataFrame:
        """The rows below the header."""
        body = self.grid.filter(pl.col("row") > self.header_row)
        return body.filter(~pl.col("row").is_in(list(self.skipped))) if self.skipped else body

    @property
    def n_rows(self) -> int:
        return self.body.height

    def above(self) -> list[tuple[int, tuple[str, ...]]]:
        """Rows above the header with their numbers: titles, or the first header rows of some systems."""
        rows = self.grid.filter(pl.col("row") < self.header_row).rows()
        return [(row[0], tuple(cell or "" for cell in row[1:])) for row in rows]

    def column(self, position: int) -> pl.Series:
        return self.body.get_column(f"c{position}")

    def under(self, header_row: int, skipped: frozenset[int] = frozenset()) -> "Table":
        """The same grid read with another row as its header."""
        return replace(self, header_row=header_row, skipped=skipped)

    def plus(self, header: str, cells: pl.Series) -> "Table":
        """The table with one more column, made from others; `cells` are those of the body."""
        name = f"c{len(self.headers)}"
        head = pl.DataFrame({"row": [self.header_row], name: [header]}, schema={"row": pl.UInt32, name: pl.String})
        made = pl.DataFrame([self.body["row"].cast(pl.UInt32), cells.cast(pl.String).alias(name)])
        return replace(self, grid=self.grid.join(pl.concat([head, made]), on="row", how="left", maintain_order="left"))

    def only(self, positions: Sequence[int]) -> "Table":
        """The table with some of its columns, in that order."""
        picked = [pl.col(f"c{position}").alias(f"c{i}") for i, position in enumerate(positions)]
        return replace(self, grid=self.grid.select("row", *picked))

    @cached_property
    def problems(self) -> Problems:
        """Rows whose cells cannot be told apart or read."""
        return _too_many_cells(self) + _damaged_cells(self)


def read_table(source: bytes | Path, *, sheet: str | None = None, limits: Limits = LIMITS) -> Table:
    """Read a file; raises UnreadableFile, and nothing else, when it cannot be read.

    `sheet` names the sheet of a workbook; the first one with something in it otherwise.
    """
    content = load(source, limits)
    grid, came = (
        _from_text(content, limits) if content.packing is Packing.TEXT else _from_workbook(content, sheet, limits)
    )
    return _table(_tidied(grid), came)


def _from_text(content: Content, limits: Limits) -> tuple[pl.DataFrame, Source]:
    decoded = to_utf8(content.data)
    grid, separator = delimited.read_grid(decoded.data, limits)
    return grid, Source("text", decoded.encoding, separator, damaged=DAMAGED.encode() in decoded.data)


def _from_workbook(content: Content, sheet: str | None, limits: Limits) -> tuple[pl.DataFrame, Source]:
    grid, name, names = workbooks.read_sheet(content.data, sheet, limits, zipped=content.packing is Packing.ZIP)
    return grid, Source("workbook", sheet=name, sheets=names)


def _tidied(grid: pl.DataFrame) -> pl.DataFrame:
    """Blank cells null, guards off, empty columns at the right gone."""
    cells = grid.drop("row")
    blank = [c for c in cells.columns if (cells[c].str.strip_chars() == "").any()]
    grid = grid.with_columns(
        pl.when(pl.col(c).str.strip_chars() == "").then(None).otherwise(pl.col(c)).alias(c) for c in blank
    )
    filled = [c for c in cells.columns if grid[c].null_count() < grid.height]
    width = 1 + max((int(c[1:]) for c in filled), default=0)
    return without_guards(grid.select(pl.col("row").cast(pl.UInt32), *(f"c{i}" for i in range(width))))


def _table(grid: pl.DataFrame, came: Source) -> Table:
    cells = pl.exclude("row")
    blank = grid.select(pl.all_horizontal(cells.is_null()).alias("blank"))["blank"]
    filled = grid.filter(~blank)
    if filled.is_empty():
        raise UnreadableFile(N_("The file is empty."))
    header_row = find_header(filled.head(HEADER_SEARCH))
    n_blank = int((blank & (grid["row"] > header_row)).sum())
    return Table(filled, header_row, came, n_blank)


def find_header(rows: pl.DataFrame) -> int:
    """The row number of the first row more than half as full as a usual one: titles above it are not."""
    fullness = [(row[0], sum(cell is not None for cell in row[1:])) for row in rows.rows()]
    usual = median(n for _, n in fullness)
    return next(int(number) for number, n in fullness if 2 * n > usual)


def _too_many_cells(table: Table) -> Problems:
    """Cells beyond the last column name, unless most rows have one there: then it is a column without name."""
    width = max((i + 1 for i, header in enumerate(table.headers) if header), default=0)
    beyond = [c for c in table.body.columns[1 + width :] if table.body[c].count() <= table.n_rows / 2]
    if not beyond:
        return Problems.none()
    wide = table.body.filter(~pl.all_horizontal(pl.col(beyond).is_null()))
    found = wide.select("row", found=pl.concat_str(pl.col(beyond), separator=" ", ignore_nulls=True))
    return Problems.of("too_many_cells", found, detail=str(width))


def _damaged_cells(table: Table) -> Problems:
    problems = Problems.none()
    for position in range(len(table.headers)):
        cells = table.column(position)
        if table.source.damaged:
            problems += _where(table, position, cells.str.contains(DAMAGED, literal=True), "damaged_characters")
        if (cells.str.len_bytes().max() or 0) > MANY_LINES:  # type: ignore[operator]  # an integer column's
            many = cells.str.count_matches("\n", literal=True) > MANY_LINES
            problems += _where(table, position, many, "many_lines")
    return problems


def _where(table: Table, position: int, bad: pl.Series, rule: str) -> Problems:
    if not bad.any():
        return Problems.none()
    found = table.body.filter(bad.fill_null(False)).select("row", found=f"c{position}")
    return Problems.of(rule, found, column=table.headers[position])
