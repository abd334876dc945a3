"""Problems and refused rows as files: to be sent back to who sent the file, mended, and sent in again."""

from collections.abc import Iterator

import polars as pl

from sizao.exchange.refused import LIST, PROBLEMS, SEVERITIES
from sizao.exchange.tables import Table, read_table
from sizao.exchange.writing import BOM, csv_rows, guarded_cells, header_line
from sizao.ops.intake import store
from sizao.ops.intake.faults import ERROR, spoken
from sizao.ops.intake.models import Delivery, Problem

AT_ONCE = 5_000


def problem_list(delivery: Delivery, language: str) -> Iterator[bytes]:
    """Every problem: row, column, what was found, how grave, what to do."""
    yield BOM + header_line([title.say(language) for title in LIST])
    for problems in _problems(delivery):
        cells = [
            (
                str(each.row or ""), each.column, each.found, SEVERITIES[each.severity].say(language),
                spoken(each.message).say(language),
            )
            for each in problems
        ]  # fmt: skip
        yield csv_rows(guarded_cells(pl.DataFrame(cells, schema=[f"c{i}" for i in range(5)], orient="row")))


def refused_rows(delivery: Delivery, language: str) -> Iterator[bytes]:
    """The rows that were not handed on, with the file's own columns and a last one that says what to mend. The
    file can be sent in again as it is, once mended."""
    table = read_table(store.path_of(delivery.sha256), sheet=delivery.options.get("sheet") or None)
    yield BOM + header_line([*table.headers, PROBLEMS.say(language)])
    said = _sentences(delivery, language)
    if said.height:
        yield from _rows(table, said)


def _rows(table: Table, said: pl.DataFrame) -> Iterator[bytes]:
    body = table.body.with_columns(pl.col("row").cast(pl.Int64))
    rows = body.join(said, on="row", how="inner", maintain_order="left").drop("row")
    for start in range(0, rows.height, AT_ONCE):
        yield csv_rows(guarded_cells(rows.slice(start, AT_ONCE)))


def _sentences(delivery: Delivery, language: str) -> pl.DataFrame:
    """Row numbers with an error, and all that is wrong with each."""
    said: dict[int, list[str]] = {}
    for problems in _problems(delivery, severity=ERROR):
        for each in problems:
            if each.row:
                said.setdefault(each.row, []).append(spoken(each.message).say(language))
    lines = [(row, " / ".join(dict.fromkeys(sentences))) for row, sentences in said.items()]
    return pl.DataFrame(lines, schema={"row": pl.Int64, "problems": pl.String}, orient="row")


def _problems(delivery: Delivery, **conditions) -> Iterator[list[Problem]]:
    last = 0
    rows = Problem.objects.filter(delivery=delivery, **conditions).order_by("pk")
    while found := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = found[-1].pk
        yield found
