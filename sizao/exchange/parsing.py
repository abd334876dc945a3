"""A table and a mapping make records and problems. Every row of the file is in one of the two.

Records are frames with the columns of the dictionary, typed, all of them present, and "row": the row number in
the file. What several kinds of record say of one row (a contact and its exposure) share that number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sizao.exchange.mapping import Mapping, numbered
from sizao.exchange.problems import Problems
from sizao.exchange.reading import PLAIN, TYPES, Cells, Dialect, Options, read_cells
from sizao.exchange.tables import Table
from sizao.vocabulary.columns import Column

Check = Callable[[pl.DataFrame], Problems]


@dataclass(frozen=True)
class Parsed:
    """What a file says: records by kind ("cases", "contacts", "exposures", "follow_ups", "lab_results"),
    the problems, how many rows it has, and the numbers of the rows that became no record."""

    records: dict[str, pl.DataFrame]
    problems: Problems
    n_rows: int
    refused: pl.Series

    @property
    def n_records(self) -> int:
        return self.n_rows - len(self.refused)


def schema_of(columns: Sequence[Column]) -> dict[str, Any]:
    """Names and types of the records of these columns."""
    return {"row": pl.UInt32, **{column.name: TYPES[column.kind] for column in columns}}


def read_records(
    table: Table, mapping: Mapping, columns: Sequence[Column], options: Options, dialect: Dialect = PLAIN
) -> tuple[pl.DataFrame, Problems]:
    """All rows with every column read; a row with an error is still among them."""
    rows = table.body["row"].cast(pl.UInt32)
    positions = mapping.positions(table.headers)
    series: list[pl.Series] = [rows]
    problems = Problems.none()
    for column in columns:
        read: pl.Series | None = None
        for position, field in positions.get(column.name, []):
            cells = Cells(
                column, field, rows, table.column(position), options, dialect, table.source.packing == "workbook"
            )
            values, found = read_cells(cells)
            problems += found
            if read is not None:
                problems += _disagreements(rows, column, read, values)
            read = values if read is None else read.fill_null(values)
        empty = pl.Series(column.name, [None] * 0, dtype=TYPES[column.kind]).extend_constant(None, len(rows))
        series.append(read.cast(TYPES[column.kind]) if read is not None else empty)
    return pl.DataFrame(series), problems


def _disagreements(rows: pl.Series, column: Column, first: pl.Series, second: pl.Series) -> Problems:
    both = pl.DataFrame({"row": rows, "found": second.cast(pl.String), "detail": first.cast(pl.String)})
    return Problems.of("columns_disagree", both.filter(pl.col("found") != pl.col("detail")), column=str(column.label))


def finish(table: Table, records: dict[str, pl.DataFrame], problems: Problems) -> Parsed:
    """Keep rows with an error out of the records; rows that became nothing at all are a problem too."""
    problems = table.problems + problems
    refused = problems.refused_rows()
    kept = {kind: frame.filter(~pl.col("row").is_in(refused.implode())) for kind, frame in records.items()}
    told = pl.concat([refused, *(frame["row"] for frame in kept.values())]).unique()
    forgotten = table.body.filter(~pl.col("row").is_in(told.implode())).select("row")
    if forgotten.height:
        problems += Problems.of("nothing_known", forgotten)
        refused = problems.refused_rows()
    return Parsed(kept, problems.in_order(), table.n_rows, refused)


def repeated_headers(table: Table, mapping: Mapping) -> Problems:
    """Column names that occur more than once, where one of them is read."""
    read = {each.header for each in mapping if each.target}
    problems = Problems.none()
    for header, occurrence in numbered(table.headers):
        if occurrence == 2 and header in read:
            problems += Problems.about("header_repeated", column=header)
    return problems


def require(frame: pl.DataFrame, column: Column, header: str | None = None) -> Problems:
    """Rows in which a column stands empty."""
    return Problems.of(
        "required_missing", frame.filter(pl.col(column.name).is_null()), column=header or str(column.label)
    )


def require_identity(frame: pl.DataFrame, names: Sequence[str]) -> Problems:
    """Rows that say of nobody that it is them: all of these columns are empty."""
    return Problems.of("identity_missing", frame.filter(pl.all_horizontal(pl.col(list(names)).is_null())))


def refuse_repeated(frame: pl.DataFrame, column: Column, header: str | None = None) -> Problems:
    """The second and later rows with the same identifier; the first is a record."""
    known = frame.filter(pl.col(column.name).is_not_null())
    again = known.filter(~pl.col(column.name).is_first_distinct()).select("row", found=column.name)
    first = known.filter(pl.col(column.name).is_first_distinct()).select(
        detail=pl.col("row").cast(pl.String), found=column.name
    )
    return Problems.of("repeated_id", again.join(first, on="found", how="left"), column=header or str(column.label))
