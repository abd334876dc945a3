"""Other tables a reader could believe in: linear programs that move blank cells and keep every sum."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = npt.NDArray[np.floating[Any]]
Rows = npt.NDArray[np.integer[Any]]

#: Keeps cells that are free to move from moving without need.
LEAST_COST = 1e-3


@dataclass(frozen=True)
class Part:
    """Cells of a table that hang together (`cells`, their numbers in the whole), their sums and true counts."""

    cells: Rows
    matrix: sparse.csr_array
    counts: Floats

    def places(self, cells: Rows) -> Rows:
        """Where these cells of the whole stand in the part."""
        return np.searchsorted(self.cells, cells)

    def in_whole(self, counts: Floats, tables: Floats) -> Floats:
        """Tables of the part written into copies of the whole table."""
        whole: Floats = np.tile(counts, (len(tables), 1))
        whole[:, self.cells] = tables
        return whole


def cheapest_pair(part: Part, place: int, width: float, cost: Floats) -> Floats | None:
    """Two tables that obey all sums, `width` apart at `place`, at the least cost of moving the other cells.

    Unknowns are the steps up and down of each cell in each of the two. None: no two such tables exist.
    """
    n = len(part.cells)
    step = sparse.hstack([part.matrix, -part.matrix])
    sums = sparse.block_diag([step, step], format="csc")
    apart = sparse.csc_array(([1.0, -1.0, -1.0, 1.0], ([0] * 4, [place + n * k for k in range(4)])), shape=(1, 4 * n))
    most = np.tile(np.concatenate([np.full(n, np.inf), part.counts]), 2)
    found = milp(
        np.tile(cost + LEAST_COST, 4),
        bounds=Bounds(np.zeros(4 * n), most),
        constraints=[LinearConstraint(sums, 0, 0), LinearConstraint(apart, width, np.inf)],
    )
    if found.x is None:
        return None
    up_1, down_1, up_2, down_2 = found.x.reshape(4, n)
    pair: Floats = part.counts + np.array([up_1 - down_1, up_2 - down_2])
    return pair


def widest_pair(part: Part, places: Rows, widths: Floats, turn: int) -> Floats:
    """Two tables that obey all sums, as far apart as can be at all `places` together.

    Each place counts up to its width. The parts of a sum cannot all rise, so which of them rise and which fall is
    set by a fixed irregular pattern that differs from turn to turn (multiples of the golden ratio).
    """
    n, m = len(part.cells), len(places)
    signs = np.where((np.arange(m) * 0.6180339887 + turn * 0.3) % 1 < 0.5, -1.0, 1.0)
    pick = sparse.csr_array((signs, (np.arange(m), places)), shape=(m, n))
    sums = sparse.block_diag([part.matrix, part.matrix], format="csr")
    sums = sparse.hstack([sums, sparse.csr_array((sums.shape[0], m))], format="csc")
    apart = sparse.hstack([pick, -pick, -sparse.eye_array(m)], format="csc")
    target = np.tile(part.matrix @ part.counts, 2)
    low = np.concatenate([np.zeros(2 * n), np.full(m, -np.inf)])
    high = np.concatenate([np.full(2 * n, np.inf), widths])
    found = milp(
        np.concatenate([np.zeros(2 * n), -np.ones(m)]),
        bounds=Bounds(low, high),
        constraints=[LinearConstraint(sums, target, target), LinearConstraint(apart, 0, np.inf)],
    )
    pair: Floats = found.x[: 2 * n].reshape(2, n)
    return pair
