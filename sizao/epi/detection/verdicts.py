"""The frame every detector hands back: one row for each series and date asked, in the same columns."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.grid import NO_KEY, Flags, Floats, Grid
from sizao.epi.detection.status import EXCLUDED, MISSING, NAMES, OK

Codes = NDArray[np.int8]
#: What a detector adds to the keys, `date` and `n`, with types.
COLUMNS: dict[str, type[pl.DataType]] = {
    "expected": pl.Float64,  # mean count without an outbreak
    "upper": pl.Float64,  # the threshold; a higher count (or statistic) rings
    "p_value": pl.Float64,  # chance of a count at least as high without an outbreak
    "score": pl.Float64,  # above 1 rings; comparable between series
    "phi": pl.Float64,  # variance divided by mean
    "trend": pl.Boolean,  # the baseline has a time trend
    "alarm": pl.Boolean,
    "status": pl.String,
}


def verdict_frame(
    grid: Grid,
    asked: Ints,
    *,
    status: Codes,
    alarm: Flags,
    expected: Floats | None = None,
    upper: Floats | None = None,
    p_value: Floats | None = None,
    score: Floats | None = None,
    phi: Floats | None = None,
    trend: Floats | None = None,
) -> pl.DataFrame:
    """Lay results (series by asked period) out as a long frame."""
    tested = grid.counts[:, asked]
    status = np.where(np.isnan(tested), MISSING, status)
    status = np.where(grid.excluded[asked][None, :], EXCLUDED, status)
    silent = (status == MISSING) | (status == EXCLUDED)
    numbers = {"expected": expected, "upper": upper, "p_value": p_value, "score": score, "phi": phi}
    columns = [long_column(name, values, tested.size) for name, values in numbers.items()]
    columns.append(long_column("trend", trend, tested.size).cast(pl.Boolean))
    columns.append(pl.Series("alarm", (alarm & ~silent).ravel()))
    columns.append(pl.Series("status", NAMES).gather(status.ravel()))
    return pl.concat([key_columns(grid, asked), pl.DataFrame(columns)], how="horizontal")


def key_columns(grid: Grid, asked: Ints) -> pl.DataFrame:
    """Keys, `date` and `n` of every series and asked period."""
    series = np.repeat(np.arange(grid.n_series), len(asked))
    dates = grid.calendar.column(grid.start + asked)
    n = grid.counts[:, asked].ravel()
    whole = bool(np.all((n == np.floor(n)) | np.isnan(n)))
    counts = pl.Series("n", n).fill_nan(None)
    return pl.DataFrame(
        [
            *(column for column in grid.keys[series].get_columns() if column.name != NO_KEY),
            dates.gather(np.tile(np.arange(len(asked)), grid.n_series)),
            counts.cast(pl.Int64) if whole else counts,
        ]
    )


def long_column(name: str, values: Floats | None, size: int) -> pl.Series:
    if values is None:
        return no_values(name, size)
    return pl.Series(name, values.ravel()).fill_nan(None)


def no_values(name: str, size: int) -> pl.Series:
    return pl.repeat(None, size, dtype=COLUMNS[name], eager=True).alias(name)


def all_ok(grid: Grid, asked: Ints) -> Codes:
    return np.full((grid.n_series, len(asked)), OK, dtype=np.int8)
