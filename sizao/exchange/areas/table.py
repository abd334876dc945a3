"""Reads an area table: a shipped one (Parquet), or one of any country written by hand (CSV, Excel).

A hand-made table has one row per area with its code and the code of the area above it; docs/how-to/load-areas.md
shows one. Every fault is listed with its row; a row with an error is left out with everything below it.
"""

from pathlib import Path

import polars as pl

from sizao.exchange.areas.cells import CELLS, HEADINGS
from sizao.exchange.areas.paths import assign_paths
from sizao.exchange.areas.shape import AREA_SCHEMA, level_of, parent_path
from sizao.exchange.areas.tree import COUNTRY, Row, check_tree
from sizao.exchange.problems import Problem
from sizao.exchange.rules import Severity
from sizao.exchange.tables import Table, read_table
from sizao.exchange.unreadable import UnreadableFile
from sizao.vocabulary.text import N_

KIND_OF_LEVEL = ("country", "province", "city", "county", "township", "community")
PARQUET = b"PAR1"


def read_area_table(
    source: Path | bytes, *, country: str | None = None, known: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, list[Problem]]:
    """An area table with the columns of AREA_SCHEMA, and what is wrong with the file.

    Rows without a parent must be a country (a two-letter code) or lie directly in `country`. `known` is a table
    already loaded. Raises UnreadableFile when the file is no table at all.
    """
    if _is_parquet(source):
        return _shipped(source), []
    table = read_table(source)
    rows, problems = _rows(table, country)
    loaded = {} if known is None else dict(known.select("code", "path").iter_rows())
    if country is not None:
        loaded.setdefault(country, country)
    sound, faults = check_tree(rows, loaded)
    paths, moved = assign_paths(sound, loaded)
    frame, unsettled = _frame([row for row in sound if row.code in paths], loaded | paths)
    return frame, sorted([*problems, *faults, *moved, *unsettled], key=lambda problem: problem.row or 0)


def _is_parquet(source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        return source.startswith(PARQUET)
    try:
        with source.open("rb") as file:
            return file.read(len(PARQUET)) == PARQUET
    except OSError as error:
        raise UnreadableFile(N_("The file could not be opened: {reason}", reason=error.strerror or "?")) from error


def _shipped(source: Path | bytes) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(source)
    except pl.exceptions.PolarsError as error:
        raise UnreadableFile(N_("The Parquet file is damaged. Send it again.")) from error
    if dict(frame.schema) != AREA_SCHEMA:
        raise UnreadableFile(N_("This Parquet file is not an area table: its columns are others."))
    return frame


def _rows(table: Table, country: str | None) -> tuple[list[Row], list[Problem]]:
    """The rows as read, with the problems of single cells."""
    places: dict[str, int] = {}
    for position, header in enumerate(table.headers):
        name = HEADINGS.get(header.strip().lower().replace(" ", "_"))
        if name is not None:
            places.setdefault(name, position)
    if "code" not in places or not {"name_en", "name_zh", "name_local"} & places.keys():
        raise UnreadableFile(
            N_("An area table needs a column “code”, a column “parent” and a column with names, such as “name_en”.")
        )
    rows, problems = [], list(table.problems)
    refused = set(table.problems.refused_rows())
    for number, *cells in table.body.iter_rows():
        if number in refused:
            continue
        values: dict[str, object] = {}
        for name, position in places.items():
            value, fault = CELLS[name](cells[position])
            if fault is not None:
                problems.append(Problem(number, table.headers[position], cells[position], fault, Severity.WARNING))
            values[name] = value
        code, parent = str(values.get("code") or ""), str(values.get("parent") or "")
        if not parent and not COUNTRY.fullmatch(code):
            parent = country or ""
        rows.append(Row(number, code, parent, values))
    return rows, problems


def _frame(rows: list[Row], path_of: dict[str, str]) -> tuple[pl.DataFrame, list[Problem]]:
    """The table itself. A missing name is filled from the others, so that no page shows a blank."""
    records, problems = [], []
    for row in rows:
        path = path_of[row.code]
        values = with_both_coordinates(row.values)
        names = [values.get("name_en"), values.get("name_local"), values.get("name_zh")]
        written = next(name for name in names if name)
        successor = values.get("successor")
        if successor is not None and str(successor) not in path_of:
            sentence = N_("The successor “{code}” is not in this table.", code=successor)
            problems.append(Problem(row.number, "successor", str(successor), sentence, Severity.WARNING))
        records.append(
            values
            | {
                "path": path,
                "parent": parent_path(path),
                "level": level_of(path),
                "kind": values.get("kind") or _usual_kind(level_of(path)),
                "name_en": values.get("name_en") or written,
                "name_zh": values.get("name_zh") or written,
                "aliases": values.get("aliases") or [],
                "successor": path_of.get(str(successor)) if successor is not None else None,
            }
        )
    return pl.DataFrame(records, schema=AREA_SCHEMA, orient="row").sort("path"), problems


def with_both_coordinates(values: dict[str, object]) -> dict[str, object]:
    """Half a point is none."""
    if values.get("lon") is None or values.get("lat") is None:
        return values | {"lon": None, "lat": None}
    return values


def _usual_kind(level: int) -> str:
    return KIND_OF_LEVEL[level] if level < len(KIND_OF_LEVEL) else "area"
