"""Rounding, the alternative to blanks: every number stays, none is exact."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.epi.incidence import check_columns


def round_counts(
    table: pl.DataFrame, *, base: int = 5, count: str = "count", rng: np.random.Generator | None = None
) -> pl.DataFrame:
    """Every count rounded to a multiple of `base`: to the nearest, or with `rng` up or down without bias.

    Each number is rounded by itself, totals too, so published totals no longer equal the sum of their parts; say so
    beside the table. Rounding needs no second blank, but where many small parts add up to a large total, the sums
    narrow the parts down: `audit_recovery(…, rounded_to=base)` finds those cells, and `suppress` is then the
    better choice. Rounding new counts with fresh dice every day lets readers average the dice away.

    >>> round_counts(pl.DataFrame({"count": [0, 2, 3, 7, 8]}))["count"].to_list()
    [0, 0, 5, 5, 10]
    """
    check_columns(table, [count])
    if base < 2:
        raise ValueError(f"base must be at least 2, found {base}")
    counts = whole_counts(table, count)
    remainder = counts % base
    up = 2 * remainder >= base if rng is None else rng.random(len(counts)) * base < remainder
    return table.with_columns(pl.Series(count, counts - remainder + base * up, dtype=pl.Int64))


def whole_counts(table: pl.DataFrame, count: str) -> npt.NDArray[np.integer[Any]]:
    """The counts, checked: none missing, none negative, none broken."""
    values = table[count]
    bad = values.filter(values.is_null() | (values < 0) | (values.cast(pl.Float64) % 1 != 0))
    if bad.len():
        raise ValueError(f"{count} must hold whole numbers from zero up, found {bad[0]}")
    return values.cast(pl.Int64).to_numpy()
