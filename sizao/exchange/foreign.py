"""What readers of other systems' files share: words by column, columns by candidates, cells put together."""

import tomllib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import polars as pl

from sizao.exchange.dates import DateOrder, decide_order, is_ambiguous
from sizao.exchange.mapping import Field, Mapping, numbered
from sizao.exchange.tables import Table
from sizao.exchange.words import plain
from sizao.vocabulary.codes import Code
from sizao.vocabulary.columns import Column, Kind

NO_COUNTERPART = "none"


@lru_cache
def words_from(file: Path, columns: tuple[Column, ...]) -> Map[str, Map[str, Code | None]]:
    """A system's words by our column: {"outcome": {"deceased": Outcome.DIED}}; None has no counterpart here."""
    by_name = {column.name: column.code_list for column in columns}
    lists = tomllib.loads(file.read_text(encoding="utf-8"))
    prefixes: dict[str, str] = lists.pop("prefixes", {})
    words: dict[str, dict[str, Code | None]] = {}
    for name, by_code in lists.items():
        code_list = by_name[name]
        assert code_list is not None, f"{file.name}: {name} is no column with codes"
        members: dict[str, Code | None] = {NO_COUNTERPART: None, **{code.value: code for code in code_list}}
        words[name] = {
            plain(prefix + word): members[code]
            for code, written in by_code.items()
            for word in written
            for prefix in ("", prefixes.get(name, ""))
        }
    return words


def by_candidates(
    table: Table, candidates: Map[str, Sequence[str]], format_id: str, key: Callable[[str], str] = str
) -> Mapping:
    """For each target the first candidate column that has anything in it (or that is there at all).

    Names are compared as `key` makes them.
    """
    keys = numbered(table.headers)
    by_name: dict[str, int] = {}
    for position, header in enumerate(table.headers):
        by_name.setdefault(key(header), position)
    chosen: dict[int, str] = {}
    for target, names in candidates.items():
        present = [by_name[key(name)] for name in names if key(name) in by_name]
        free = [position for position in present if position not in chosen]
        filled = [position for position in free if table.column(position).null_count() < table.n_rows]
        for position in (filled or free)[:1]:
            chosen[position] = target
    fields = (
        Field(*each, target=chosen.get(position), likeness=float(position in chosen))
        for position, each in enumerate(keys)
    )
    return Mapping(tuple(fields), format_id)


def with_order_of_file(table: Table, mapping: Mapping, columns: Sequence[Column]) -> Mapping:
    """Date columns that do not show their order are read in the order all others of the file show."""
    dates = {column.name for column in columns if column.kind is Kind.DATE}
    shown: dict[int, DateOrder] = {}
    unclear: set[int] = set()
    for position, field in enumerate(mapping):
        if field.target in dates:
            values = table.column(position).drop_nulls().unique().to_list()
            order, _ = decide_order(values)
            if order is not None:
                shown[position] = order
            elif any(map(is_ambiguous, values)):
                unclear.add(position)
    if len(set(shown.values())) != 1:
        return mapping
    order = next(iter(shown.values()))
    fields = (replace(each, date_order=order) if i in unclear else each for i, each in enumerate(mapping))
    return replace(mapping, fields=tuple(fields))


def cells_of(table: Table, header: str) -> pl.Series | None:
    """The cells under the first column of that name, or None."""
    return table.column(table.headers.index(header)) if header in table.headers else None


def joined(table: Table, headers: Sequence[str], separator: str) -> pl.Series | None:
    """The non-empty cells of several columns side by side as one text; None when none of the columns is there."""
    parts = [cells for header in headers if (cells := cells_of(table, header)) is not None]
    if not parts:
        return None
    frame = pl.DataFrame([part.alias(f"p{i}") for i, part in enumerate(parts)])
    text = frame.select(pl.concat_str(pl.all(), separator=separator, ignore_nulls=True)).to_series()
    return text.replace("", None)
