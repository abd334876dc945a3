"""Which counts are left blank: the small ones, and those that would give them away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.epi.disclosure.alternatives import Part, cheapest_pair, widest_pair
from sizao.epi.disclosure.attack import ROUND_OFF, group_of_each, ranges
from sizao.epi.disclosure.relations import Relations, RunningTotal, TotalRows, check_adds_up, relations
from sizao.epi.disclosure.rounding import whole_counts
from sizao.epi.incidence import check_columns
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_

ROW = "row in the table as it came"
Floats = npt.NDArray[np.floating[Any]]
Flags = npt.NDArray[np.bool_]


class Reason(Code):
    """Why a count is blank, for those who sign the table. Readers get one sign for all: a reason is information."""

    SMALL = "small", N_("Small count")
    PROTECTS = "protects", N_("Protects a small count")
    WITHHELD_BEFORE = "withheld_before", N_("Left blank in an earlier publication")
    EXPOSED = "exposed", N_("Narrowed down by numbers already published")
    ALREADY_PUBLIC = "already_public", N_("Small, but published earlier")


def suppress(
    table: pl.DataFrame,
    *,
    dims: Sequence[str],
    total_rows: TotalRows | None = None,
    threshold: int = 5,
    running: Sequence[RunningTotal] = (),
    count: str = "count",
    published_before: str | None = None,
    hide_zeros: bool = False,
) -> pl.DataFrame:
    """A table as it may be published: small counts blank, and with them whatever would give them away.

    In: one row per combination of `dims` with its `count`, total rows included. `total_rows` names, per
    dimension, the label of the total (`{"class": "all"}`) or, for a hierarchy, each label's total
    (`{"area": {"county 1": "city", "city": "province"}}`). `running` says which measures accumulate from day to
    day. `published_before` names a column that is true where this very number is public already, false where it
    was left blank, null where it is new: put yesterday's rows in, and differences between days are covered too.

    Blank are counts from 1 to `threshold` - 1 (with `hide_zeros` also 0), then further cells, chosen by linear
    programming at the least loss, until every blank could be at least `threshold` different steps away: the range
    that agrees with everything published is at least `threshold` wide (`audit_recovery` checks just that).
    Numbers that are public already can make that impossible (a public total of 3 leaves no wider range than 3):
    such a cell is made as uncertain as can be and its reason is `exposed`.
    Out: the table with `count` null where blank and `reason` (`Reason`; null where published).

    Assumed of the reader: knows all sums, knows counts are not negative, does not know which blanks are small.
    Method: Fischetti and Salazar (2003, Management Science 49:1507), the linear-programming heuristic.

    >>> table = pl.DataFrame({"area": ["a", "b", "c", "all"], "count": [2, 40, 7, 49]})
    >>> suppress(table, dims=["area"], total_rows={"area": "all"})["count"].to_list()
    [None, 40, None, 49]
    """
    check_columns(table, [*dims, count, *([published_before] if published_before else [])])
    if threshold < 2:
        raise ValueError(f"threshold must be at least 2, found {threshold}")
    ordered = table.with_row_index(ROW).sort(dims)  # the order of the rows must not decide what is hidden
    counts = whole_counts(ordered, count).astype(float)
    relation = relations(ordered, dims=dims, total_rows=total_rows or {}, running=running)
    relation = relation.without_broken_running(counts)
    check_adds_up(relation, counts, dims)
    public, withheld = history(ordered, published_before)
    small = (counts < threshold) & ((counts > 0) | hide_zeros)
    search = Search(relation, counts, float(threshold), public)
    search.hide(np.flatnonzero(small & ~public | withheld))
    search.protect_all()
    search.publish_what_is_not_needed(keep=small | withheld)
    published = ordered.with_columns(
        pl.when(pl.Series(search.hidden)).then(None).otherwise(pl.col(count)).alias(count),
        pl.Series("reason", reason_of_each(search, small, withheld, public), dtype=pl.String),
    )
    return published.sort(ROW).drop(ROW)


def history(table: pl.DataFrame, column: str | None) -> tuple[Flags, Flags]:
    """Which numbers are public already, and which were left blank."""
    if column is None:
        return np.zeros(table.height, dtype=bool), np.zeros(table.height, dtype=bool)
    before = table[column].cast(pl.Boolean)
    return before.fill_null(False).to_numpy(), (~before).fill_null(False).to_numpy()


def reason_of_each(search: "Search", small: Flags, withheld: Flags, public: Flags) -> list[str | None]:
    reasons = np.full(len(small), None, dtype=object)
    reasons[search.hidden] = Reason.PROTECTS.value
    reasons[withheld] = Reason.WITHHELD_BEFORE.value
    reasons[search.hidden & small] = Reason.SMALL.value
    reasons[search.hidden & (search.needed < search.width)] = Reason.EXPOSED.value
    reasons[public & small] = Reason.ALREADY_PUBLIC.value
    return list(reasons)


@dataclass
class Search:
    """The cells hidden so far, and other tables a reader could believe in (`witnesses`), which prove the ranges.

    A witness differs from the truth only in hidden cells. What it shows stays true when more cells are hidden,
    so a cell needs a linear program only while no witness has yet moved it far enough.
    """

    relation: Relations
    counts: Floats
    width: float
    public: Flags
    hidden: Flags = field(init=False)
    needed: Floats = field(init=False)
    witnesses: Floats = field(init=False)
    lowest: Floats = field(init=False)
    highest: Floats = field(init=False)
    cost: Floats = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.counts)
        self.hidden, self.needed = np.zeros(n, dtype=bool), np.full(n, self.width)
        self.keep_witnesses(self.counts[None, :])
        # Hiding a large number or a total loses more; a zero is what readers look for.
        loss = np.where(self.counts == 0, 2.0, 1 + np.log1p(self.counts))
        self.cost = loss * (1 + 4 * self.relation.times_total())

    def hide(self, cells: npt.NDArray[np.integer[Any]]) -> None:
        self.hidden[cells] = True

    def keep_witnesses(self, tables: Floats) -> None:
        self.witnesses, self.lowest, self.highest = tables, tables.min(axis=0), tables.max(axis=0)

    def add_witnesses(self, tables: Floats) -> None:
        self.witnesses = np.vstack([self.witnesses, tables])
        self.lowest = np.minimum(self.lowest, tables.min(axis=0))
        self.highest = np.maximum(self.highest, tables.max(axis=0))

    def open_cells(self) -> npt.NDArray[np.integer[Any]]:
        """Hidden cells whose range is not yet shown to be wide enough, the narrowest first."""
        seen = self.highest - self.lowest
        unsafe = np.flatnonzero(self.hidden & (seen < self.needed - ROUND_OFF))
        return unsafe[np.argsort(seen[unsafe], kind="stable")]

    def protect_all(self) -> None:
        self.prove_many()
        while len(unsafe := self.open_cells()):
            self.protect(int(unsafe[0]))

    def prove_many(self) -> None:
        """Witnesses that move as many hidden cells as they can at once, while that gets anywhere."""
        while len(unsafe := self.open_cells()) > 1:
            part = part_of(self.relation, self.counts, np.flatnonzero(self.hidden))
            cells = np.sort(unsafe)
            pair = widest_pair(part, part.places(cells), self.needed[cells], len(self.witnesses))
            self.add_witnesses(part.in_whole(self.counts, pair))
            if len(self.open_cells()) > 0.95 * len(unsafe):
                return

    def protect(self, cell: int) -> None:
        """Hides what is cheapest so that `cell` may take values `width` apart, or as far as public numbers allow."""
        cost = np.where(self.hidden, 0.0, self.cost)
        pair = self.two_tables(cell, cost, ~self.public)
        if pair is None:
            self.needed[cell] = self.widest(cell)
            pair = self.two_tables(cell, cost, ~self.public)
        if pair is None:
            raise ArithmeticError(f"no linear program protects the cell {self.relation.keys[cell]}")
        self.add_witnesses(pair)
        self.hidden |= (np.abs(pair - self.counts) > ROUND_OFF).any(axis=0)

    def publish_what_is_not_needed(self, keep: Flags) -> None:
        """Takes back, dearest first, every additional blank without which all others stay wide enough."""
        extra = np.flatnonzero(self.hidden & ~keep)
        for cell in extra[np.argsort(-self.cost[extra], kind="stable")]:
            before = self.witnesses
            self.hidden[cell] = False
            self.keep_witnesses(before[np.abs(before[:, cell] - self.counts[cell]) < ROUND_OFF])
            if not self.proves_all():
                self.hidden[cell] = True
                self.keep_witnesses(before)

    def proves_all(self) -> bool:
        """Whether every hidden cell can be moved far enough by hidden cells alone."""
        while len(unsafe := self.open_cells()):
            pair = self.two_tables(int(unsafe[0]), np.zeros_like(self.cost), self.hidden)
            if pair is None:
                return False
            self.add_witnesses(pair)
            self.prove_many()
        return True

    def part_around(self, cell: int, movable: Flags) -> Part:
        """The movable cells that hang together with `cell`, with their sums."""
        cells = np.flatnonzero(movable)
        groups = group_of_each(self.relation.matrix[:, cells])
        return part_of(self.relation, self.counts, cells[groups == groups[np.searchsorted(cells, cell)]])

    def two_tables(self, cell: int, cost: Floats, movable: Flags) -> Floats | None:
        """Two tables that differ from the truth only in movable cells, and by what is needed in `cell`."""
        part = self.part_around(cell, movable)
        place = int(part.places(np.array([cell]))[0])
        pair = cheapest_pair(part, place, float(self.needed[cell]), cost[part.cells])
        return None if pair is None else part.in_whole(self.counts, pair)

    def widest(self, cell: int) -> float:
        """How wide the range of `cell` becomes when everything that is not public is hidden, in whole steps."""
        low, high = np.where(self.public, self.counts, 0.0), np.where(self.public, self.counts, np.inf)
        lower, upper = ranges(self.relation.matrix, low, high, np.array([cell]))
        return float(np.floor(min(upper[0] - lower[0], self.width) + ROUND_OFF))


def part_of(relation: Relations, counts: Floats, cells: npt.NDArray[np.integer[Any]]) -> Part:
    """These cells with the sums that bind them; everything else is taken as known."""
    matrix = relation.matrix[:, cells]
    lines = np.flatnonzero((matrix != 0).sum(axis=1))
    return Part(cells, matrix[lines], counts[cells])
