"""Long frames of daily counts as a matrix of series × days, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.epi.incidence import check_columns

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

#: Columns of a curve that never name a series.
NOT_KEYS = ("date", "n", "n_imported", "n_days")


@dataclass(frozen=True)
class DailySeries:
    """Counts by series and day; day 0 is each series' own first day, days after its last are zero.

    `row_series, row_day` place the rows of the frame; `gap[s, t]` marks days without a count.
    """

    counts: Floats
    imported: Floats
    gap: npt.NDArray[np.bool_]
    lengths: Ints
    row_series: Ints
    row_day: Ints
    is_daily: npt.NDArray[np.bool_]


def keys_of(curve: pl.DataFrame, by: Sequence[str] | None) -> list[str]:
    """The columns that name a series: as told, otherwise every one that is not a day or a count."""
    check_columns(curve, ["date", "n", *(by or [])])
    return list(by) if by is not None else [name for name in curve.columns if name not in NOT_KEYS]


def daily_series(curve: pl.DataFrame, keys: Sequence[str]) -> DailySeries:
    """In: `date` (a day or a whole number), `n`, maybe `n_imported` (counted in `n`), and key columns."""
    rows = numbered(curve, keys)
    series, day = rows["series"].to_numpy(), rows["day"].to_numpy()
    lengths = np.bincount(series, minlength=0)
    n_series = len(lengths)
    last = np.zeros(n_series, dtype=np.int64)
    np.maximum.at(last, series, day)
    shape = (n_series, int(last.max(initial=-1)) + 1)
    counts, imported, gap = np.zeros(shape), np.zeros(shape), np.ones(shape, dtype=bool)
    n = rows["n"].cast(pl.Float64).to_numpy()
    counts[series, day], gap[series, day] = np.nan_to_num(n), np.isnan(n)
    gap[np.arange(shape[1]) > last[:, None]] = False
    if "n_imported" in curve.columns:
        imported[series, day] = rows["n_imported"].cast(pl.Float64).fill_null(0).to_numpy()
    # Weekly counts read as daily ones would give a number without meaning: most days of such a series are gaps.
    is_daily = lengths * 2 > last
    return DailySeries(counts, imported, gap, last + 1, series, day, is_daily)


def numbered(curve: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The rows with `series` (0, 1, …) and `day` since the first of the series; refuses what is no curve."""
    date = curve["date"]
    if date.null_count():
        raise ValueError(f"{date.null_count()} rows of the curve have no date")
    if not (date.dtype == pl.Date or date.dtype.is_integer()):
        raise ValueError(f"the column date must hold days or whole numbers, found {date.dtype}")
    negative = curve.filter(pl.col("n") < 0)
    if negative.height:
        raise ValueError(f"the column n must not be negative, found {negative['n'][0]} on {negative['date'][0]}")
    if curve.select(*keys, "date").is_duplicated().any():
        double = curve.filter(curve.select(*keys, "date").is_duplicated()).row(0, named=True)
        raise ValueError(f"{double['date']} occurs more than once in a series; name its columns with by=[…]")
    number = pl.struct(keys).rank("dense") - 1 if keys else pl.lit(0)
    number_of_day = pl.col("date").cast(pl.Int32 if date.dtype == pl.Date else pl.Int64).cast(pl.Int64)
    rows = curve.with_columns(series=number.cast(pl.Int64), day=number_of_day)
    return rows.with_columns(day=pl.col("day") - pl.col("day").min().over("series"))
