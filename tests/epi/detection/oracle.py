"""The reference answers of R `surveillance`, read where they lie beside the repository."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

SHARED = Path(__file__).parents[3].parent / "shared"
FOLDER = SHARED / "oracle" / "detect"
ORACLE = {"dataset": pl.String, "series": pl.String, "date": pl.String}


@cache
def read(variant: str) -> pl.DataFrame:
    """One file; numbers as floats, empty cells as nulls."""
    frame = pl.read_csv(FOLDER / f"{variant}.csv", infer_schema=False)
    return frame.with_columns(pl.exclude(*ORACLE).cast(pl.Float64, strict=False))


@cache
def inputs() -> dict[str, pl.DataFrame]:
    """Each data set as a long frame: `series, date, n, t`; whole numbers as dates where undated."""
    frame = read("inputs").with_columns(pl.col("t").cast(pl.Int64), n=pl.col("count").cast(pl.Int64))
    sets = {}
    for (name,), part in frame.group_by("dataset", maintain_order=True):
        dated = params(str(name))["dated"] == 1
        day = pl.col("date").str.to_date() if dated else pl.col("t")
        sets[str(name)] = part.select("series", "n", "t", date=day)
    return sets


def params(dataset: str) -> dict[str, float]:
    frame = pl.read_csv(FOLDER / "params.csv")
    return frame.filter(pl.col("dataset") == dataset).row(0, named=True)


def freq(dataset: str) -> str:
    return "month" if params(dataset)["freq"] == 12 else "week"


def until(dataset: str) -> date | int:
    return inputs()[dataset]["date"].max()  # type: ignore[return-value]


def compare(variant: str, dataset: str, answer: pl.DataFrame) -> pl.DataFrame:
    """Reference rows of a data set beside ours (suffix `_ours`)."""
    ours = answer.join(inputs()[dataset].select("series", "date", "t"), on=["series", "date"])
    theirs = read(variant).filter(pl.col("dataset") == dataset).with_columns(pl.col("t").cast(pl.Int64))
    return theirs.drop("date").join(ours, on=["series", "t"], how="left", suffix="_ours", maintain_order="left")


def worst_difference(table: pl.DataFrame, ours: str, theirs: str) -> float:
    """The largest difference, relative where the reference is above 1."""
    difference = (table[ours] - table[theirs]).abs() / table[theirs].abs().clip(1.0, None)
    return float(difference.max() or 0.0)
