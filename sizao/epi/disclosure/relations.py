"""How the numbers of a table hang together: totals over areas and classes, running totals over days.

Every relation is one row of a sparse matrix: +1 for the total, -1 for each of its parts, and the row times the
counts is zero. Whoever reads the table can set up the same matrix; that is what makes a blank recoverable.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from sizao.epi.incidence import check_columns

Floats = npt.NDArray[np.floating[Any]]
Key = tuple[Any, ...]
#: Per dimension: the label of the row that adds up all others, or a map from each label to its total's label.
TotalRows = Mapping[str, str | Mapping[str, str]]


@dataclass(frozen=True)
class RunningTotal:
    """`running` on a day is `running` the day before plus `daily` on the day: cumulative and new cases.

    `along` is the dimension that holds the day, `within` the one whose labels `running` and `daily` are.
    Where a correction of earlier days breaks the sum, readers cannot build on it, and it is not used.
    """

    running: str = "cumulative"
    daily: str = "new"
    within: str = "measure"
    along: str = "date"


@dataclass(frozen=True)
class Relations:
    """Cells of a table by key and the sums they obey: `matrix @ counts == 0`."""

    keys: list[Key]
    matrix: sparse.csr_array
    is_running: npt.NDArray[np.bool_]

    def without_broken_running(self, counts: Floats) -> "Relations":
        """Leaves out running totals that do not hold; with unknown counts (nan) they are given the benefit."""
        line = np.abs(self.residuals(np.nan_to_num(counts))) > 1e-9
        unknown = (self.matrix != 0) @ np.isnan(counts).astype(float) > 0
        keep = ~(self.is_running & line & ~unknown)
        return Relations(self.keys, self.matrix[np.flatnonzero(keep)], self.is_running[keep])

    def residuals(self, counts: Floats) -> Floats:
        left: Floats = self.matrix @ counts
        return left

    def times_total(self) -> Floats:
        """In how many relations each cell is the total."""
        return np.asarray((self.matrix > 0).sum(axis=0), dtype=float).ravel()


def relations(
    table: pl.DataFrame, *, dims: Sequence[str], total_rows: TotalRows, running: Sequence[RunningTotal]
) -> Relations:
    """Every sum that holds between the rows of `table`, from its dimensions and their totals."""
    check_dims(table, dims, total_rows, running)
    keys = list(table.select(dims).iter_rows())
    row = {key: index for index, key in enumerate(keys)}
    if len(row) < len(keys):
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the cell {describe(dims, repeated)} occurs more than once")
    totals, chains = list(total_sums(row, dims, total_rows)), list(running_sums(row, dims, running))
    is_running = np.repeat([False, True], [len(totals), len(chains)])
    return Relations(keys, matrix_of([*totals, *chains], len(keys)), is_running)


def total_sums(row: dict[Key, int], dims: Sequence[str], total_rows: TotalRows) -> Iterator[tuple[int, list[int]]]:
    """For each total that is in the table: its row and the rows of its parts."""
    for place, dim in enumerate(dims):
        totals = total_rows.get(dim)
        if totals is None:
            continue
        parts: dict[int, list[int]] = defaultdict(list)
        for key, index in row.items():
            above = totals if isinstance(totals, str) else totals.get(key[place])
            if above is None or above == key[place]:
                continue
            total = row.get((*key[:place], above, *key[place + 1 :]))
            if total is not None:
                parts[total].append(index)
        yield from parts.items()


def running_sums(
    row: dict[Key, int], dims: Sequence[str], running: Sequence[RunningTotal]
) -> Iterator[tuple[int, list[int]]]:
    """For each running total whose day before is in the table too: its row, the day before and the day's own."""
    for rule in running:
        day_place, measure_place = dims.index(rule.along), dims.index(rule.within)
        for key, index in row.items():
            if key[measure_place] != rule.running:
                continue
            before = replaced(key, day_place, key[day_place] - timedelta(days=1))
            daily = replaced(key, measure_place, rule.daily)
            if before in row and daily in row:
                yield index, [row[before], row[daily]]


def replaced(key: Key, place: int, label: object) -> Key:
    return (*key[:place], label, *key[place + 1 :])


def matrix_of(sums: list[tuple[int, list[int]]], n_cells: int) -> sparse.csr_array:
    matrix = sparse.lil_array((len(sums), n_cells))
    for line, (total, parts) in enumerate(sums):
        matrix[line, total] = 1
        matrix[line, parts] = -1
    return matrix.tocsr()


def check_adds_up(relation: Relations, counts: Floats, dims: Sequence[str]) -> None:
    """Totals must equal the rows behind them; parts that have no row count as zero."""
    wrong = np.flatnonzero(np.abs(relation.residuals(counts)) > 1e-9)
    if len(wrong):
        line = relation.matrix[[int(wrong[0])], :].toarray().ravel()
        total = int(np.flatnonzero(line > 0)[0])
        found = int(-(line * counts)[line < 0].sum())
        raise ValueError(
            f"the total {describe(dims, relation.keys[total])} is {int(counts[total])} but its parts add up to "
            f"{found}; every part needs its row, an “other” row if need be"
        )


def check_dims(
    table: pl.DataFrame, dims: Sequence[str], total_rows: TotalRows, running: Sequence[RunningTotal]
) -> None:
    needed = {*total_rows, *(rule.along for rule in running), *(rule.within for rule in running)}
    if needed - set(dims):
        raise ValueError(f"not a dimension of the table: {', '.join(sorted(needed - set(dims)))}")
    check_columns(table, dims)
    empty = [dim for dim in dims if table[dim].null_count()]
    if empty:
        raise ValueError(f"the dimension {empty[0]} has rows without a label")
    for rule in running:
        if not isinstance(table[rule.along].dtype, pl.Date) and table.height:
            raise ValueError(f"the dimension {rule.along} must hold dates, found {table[rule.along].dtype}")


def describe(dims: Sequence[str], key: Key) -> str:
    said = (label.isoformat() if isinstance(label, date) else str(label) for label in key)
    return ", ".join(f"{dim} {label}" for dim, label in zip(dims, said, strict=True))
