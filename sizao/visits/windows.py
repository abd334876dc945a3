"""Infectious windows made disjoint for each person."""

import polars as pl

from sizao.visits.shapes import CASE


def disjoint(windows: pl.DataFrame) -> pl.DataFrame:
    """One row for each stretch of each person: overlapping and touching windows joined, empty ones left out.

    `windows` has the columns of `shapes.CASE`; the answer too, sorted by person and start.
    """
    rows = (
        windows.select(CASE.names())
        .cast(CASE)
        .filter(pl.col("infectious_from") < pl.col("infectious_to"))
        .sort("person", "infectious_from", "infectious_to")
    )
    furthest = pl.col("infectious_to").cum_max().shift(1).over("person")
    fresh = (pl.col("infectious_from") > furthest).fill_null(True)
    return (
        rows.with_columns(island=fresh.cast(pl.Int32).cum_sum())
        .group_by("person", "island", maintain_order=True)
        .agg(pl.col("infectious_from").min(), pl.col("infectious_to").max())
        .drop("island")
    )
