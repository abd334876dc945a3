"""What a reader can work out: the range of every hidden count that agrees with everything published."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from sizao.epi.disclosure.relations import RunningTotal, TotalRows, relations
from sizao.epi.incidence import check_columns

Floats = npt.NDArray[np.floating[Any]]
Rows = npt.NDArray[np.integer[Any]]

ROUND_OFF = 1e-6


def audit_recovery(
    published: pl.DataFrame,
    *,
    dims: Sequence[str],
    total_rows: TotalRows | None = None,
    running: Sequence[RunningTotal] = (),
    width: float = 5,
    rounded_to: int | None = None,
    random_rounding: bool = False,
    whole_numbers: bool = False,
    count: str = "count",
) -> pl.DataFrame:
    """Attack a published table: the smallest and largest value that each hidden count can have.

    In: the table as published, hidden counts null; `dims`, `total_rows` and `running` as given to `suppress`.
    A linear program per cell and side finds the range over all tables without negative counts that agree with
    every published number and every sum. With `rounded_to` all numbers are attacked as rounded to that base.
    Out, a row for each hidden cell (with `rounded_to`: for each cell): the dimensions, `lower, upper` (infinite
    where nothing bounds it), `width` and `recoverable`: whether the range is narrower than `width`.

    The reader is taken to know the rule, the sums and that counts are not negative; not which blanks are small
    counts and which only protect others, so publish one sign for both. Whole counts can narrow a range further
    only where days, areas and classes are combined; `whole_numbers=True` asks that too, at a higher cost.

    >>> table = pl.DataFrame({"area": ["a", "b", "c", "all"], "count": [None, None, 9, 30]})
    >>> audit_recovery(table, dims=["area"], total_rows={"area": "all"}).select("lower", "upper").rows()
    [(0.0, 21.0), (0.0, 21.0)]
    """
    check_columns(published, [*dims, count])
    relation = relations(published, dims=dims, total_rows=total_rows or {}, running=running)
    shown = published[count].cast(pl.Float64).to_numpy()
    if rounded_to is None:
        relation = relation.without_broken_running(shown)
    low, high = known_bounds(shown, rounded_to, random_rounding)
    wanted = np.arange(len(shown)) if rounded_to else np.flatnonzero(np.isnan(shown))
    lower, upper = ranges(relation.matrix, low, high, wanted, whole_numbers)
    table = published.select(dims)[wanted]
    return table.with_columns(
        lower=pl.Series(lower, dtype=pl.Float64), upper=pl.Series(upper, dtype=pl.Float64)
    ).with_columns(
        width=pl.col("upper") - pl.col("lower"),
        recoverable=(pl.col("upper") - pl.col("lower")) < width - ROUND_OFF,
    )


def known_bounds(shown: Floats, rounded_to: int | None, random_rounding: bool) -> tuple[Floats, Floats]:
    """What each number says by itself: exactly it, a rounding interval, or (hidden) anything from zero up."""
    hidden = np.isnan(shown)
    if rounded_to is None:
        return np.where(hidden, 0.0, shown), np.where(hidden, np.inf, shown)
    below = (rounded_to - 1) if random_rounding else rounded_to // 2
    above = (rounded_to - 1) if random_rounding else (rounded_to - 1) // 2
    low = np.where(hidden, 0.0, np.maximum(shown - below, 0))
    return low, np.where(hidden, np.inf, shown + above)


def ranges(
    matrix: sparse.csr_array, low: Floats, high: Floats, wanted: Rows, whole_numbers: bool = False
) -> tuple[Floats, Floats]:
    """Smallest and largest value of the `wanted` cells over all `x` with `matrix @ x == 0`, `low <= x <= high`.

    Cells that hang together through sums are solved together; most blanks hang together with few others.
    """
    free = np.flatnonzero(high > low)
    among_free, target = reduced(matrix, low, high, free)
    ceiling = 4 * (low.sum() + np.where(np.isinf(high), 0, high).sum()) + 1000
    top = np.where(np.isinf(high), ceiling, high)
    place = {cell: index for index, cell in enumerate(free)}
    lower, upper = low[wanted].astype(float), np.where(np.isinf(high), np.inf, high)[wanted].astype(float)
    groups = group_of_each(among_free)
    asked = [groups[place[cell]] for cell in wanted if cell in place]
    for group in np.unique(np.array(asked, dtype=np.int64)):
        members = np.flatnonzero(groups == group)
        lines = np.flatnonzero((among_free[:, members] != 0).sum(axis=1))
        program = Program(
            among_free[lines][:, members], target[lines], low[free[members]], top[free[members]], whole_numbers
        )
        inside = np.isin(wanted, free[members])
        for index in np.flatnonzero(inside):
            column = int(np.flatnonzero(free[members] == wanted[index])[0])
            lower[index], largest = program.smallest(column), program.largest(column)
            upper[index] = np.inf if largest > ceiling / 2 else largest
    return lower, upper


def reduced(matrix: sparse.csr_array, low: Floats, high: Floats, free: Rows) -> tuple[sparse.csr_array, Floats]:
    """The sums with everything known moved to the right-hand side; refuses tables that contradict themselves."""
    known = np.where(high > low, 0.0, low)
    target: Floats = -(matrix @ known)
    among_free = matrix[:, free]
    closed = np.asarray((among_free != 0).sum(axis=1)).ravel() == 0
    if np.abs(target[closed]).max(initial=0) > ROUND_OFF:
        raise ValueError("the published numbers contradict each other: a total differs from its parts")
    return among_free, target


def group_of_each(matrix: sparse.csr_array) -> Rows:
    """A group number for each column; columns that share a relation, directly or through others, have the same."""
    together = (matrix != 0).astype(np.int8)
    _, groups = connected_components(together.T @ together, directed=False)
    return np.asarray(groups)


class Program:
    """One linear program asked many questions: which values can a cell have?"""

    def __init__(
        self, matrix: sparse.csr_array, target: Floats, low: Floats, high: Floats, whole_numbers: bool
    ) -> None:
        self.n = matrix.shape[1]
        self.constraints = [LinearConstraint(matrix.tocsc(), target, target)] if matrix.shape[0] else []
        self.bounds = Bounds(low, high)
        self.integrality = np.full(self.n, int(whole_numbers))

    def smallest(self, column: int) -> float:
        return self.solve(column, 1.0)

    def largest(self, column: int) -> float:
        return -self.solve(column, -1.0)

    def solve(self, column: int, sign: float) -> float:
        cost = np.zeros(self.n)
        cost[column] = sign
        found = milp(cost, integrality=self.integrality, bounds=self.bounds, constraints=self.constraints)
        if found.x is None:
            raise ValueError(f"the published numbers contradict each other: {found.message}")
        return float(found.fun)
