"""Where to draw each case of a transmission forest so that nothing lies on top of anything else."""

from collections import defaultdict
from datetime import date
from typing import Literal, NamedTuple

import polars as pl

from sizao.epi.chains.forest import Forest

Across = Literal["date", "generation"]


class Node(NamedTuple):
    """A case as the layout sees it."""

    case: str
    infector: str | None
    cluster: str
    day: date | None
    generation: int


def layered_layout(forest: Forest, *, across: Across = "date") -> pl.DataFrame:
    """Positions for a tree read from left to right: `case_id, infector_id, cluster_id, x, y, placed_by`.

    `x` is the day counted from the first day of the forest (`across="date"`) or the generation; `y` a row.
    A case keeps its own row; its first secondary case continues in the same row when it lies to the right of it,
    every other one opens the next free row, with its whole subtree below it. So no two cases of a cluster share
    a place, and lines drawn along the infector's column and then along the row do not cross when infectors fell
    ill first. Clusters follow each other downwards, the largest first; single cases share rows at the end.
    `placed_by` is the date used: `onset`, `report`, or `infector` for a case without any date.
    """
    days = place_across(forest.cases, across)
    children, firsts = family(forest.cases)
    rows: dict[str, int] = {}
    next_row = 0
    for first in firsts:
        next_row = place_cluster(first, children, days, rows, next_row)
    place_singles(forest.cases, children, days, rows, next_row)
    return forest.cases.select(
        "case_id",
        "infector_id",
        "cluster_id",
        pl.col("case_id").replace_strict(days, return_dtype=pl.Int64).alias("x"),
        pl.col("case_id").replace_strict(rows, return_dtype=pl.Int64).alias("y"),
        pl.col("date_basis").fill_null("infector").alias("placed_by"),
    )


def place_across(cases: pl.DataFrame, across: Across) -> dict[str, int]:
    """Column of each case. A case without a date stands under its infector, or at the first day."""
    if across not in ("date", "generation"):
        raise ValueError(f"across must be 'date' or 'generation', found {across!r}")
    if across == "generation":
        return dict(cases.select("case_id", "generation").iter_rows())
    first = cases["date"].min()
    place: dict[str, int] = {}
    rows = cases.sort("generation").select("case_id", "infector_id", pl.col("date") - pl.lit(first, dtype=pl.Date))
    for case, infector, since in rows.iter_rows():
        place[case] = since.days if since is not None else place.get(infector, 0)
    return place


def family(cases: pl.DataFrame) -> tuple[dict[str, list[str]], list[str]]:
    """Secondary cases of each case in order of date, and the first cases of clusters, largest cluster first."""
    children: dict[str, list[str]] = defaultdict(list)
    ordered = cases.sort("date", "case_id", nulls_last=True)
    linked = ordered.filter(pl.col("infector_id").is_not_null())
    for case, infector in linked.select("case_id", "infector_id").iter_rows():
        children[infector].append(case)
    several = ordered.filter((pl.col("generation") == 0) & (pl.col("cluster_size") > 1))
    several = several.sort("cluster_size", descending=True, maintain_order=True)
    return children, several["case_id"].to_list()


def place_cluster(
    first: str, children: dict[str, list[str]], days: dict[str, int], rows: dict[str, int], row: int
) -> int:
    """Gives the cluster of `first` its rows from `row` on; returns the first row below it.

    Walks depth first without recursion, for chains may be longer than Python's stack.
    """
    rows[first] = row
    bottom = row + 1
    waiting = [(first, child, index == 0) for index, child in reversed(list(enumerate(children[first])))]
    while waiting:
        parent, case, is_first = waiting.pop()
        if is_first and days[case] > days[parent]:
            rows[case] = rows[parent]
        else:
            rows[case] = bottom
            bottom += 1
        below = children.get(case, [])
        waiting += [(case, child, index == 0) for index, child in reversed(list(enumerate(below)))]
    return bottom


def place_singles(
    cases: pl.DataFrame,
    children: dict[str, list[str]],
    days: dict[str, int],
    rows: dict[str, int],
    row: int,
) -> None:
    """Cases alone in their cluster: stacked per column, from `row` downwards."""
    height: dict[int, int] = defaultdict(int)
    for case in cases.filter(pl.col("cluster_size") == 1)["case_id"]:
        rows[case] = row + height[days[case]]
        height[days[case]] += 1
