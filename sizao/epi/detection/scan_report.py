"""What a scan found, as frames: clusters and the places in each."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sizao.epi.detection.calendar import EPOCH, Ints
from sizao.epi.detection.grid import Floats
from sizao.epi.detection.scan_zones import Zones

#: Statistics closer than this are equal: permuted values repeat, and rounding must not rank them.
EQUAL = 1e-9


@dataclass(frozen=True)
class Windows:
    """Time windows as lags before the newest day (0), with their share of all cases."""

    first: Ints
    last: Ints
    shares: Floats


@dataclass(frozen=True)
class CaseList:
    """One entry per case: the number of its place and its lag before the newest day."""

    places: Ints
    lags: Ints


@dataclass(frozen=True)
class Found:
    """The strongest circle and window around some centres, strongest first."""

    centre: Ints
    at: Ints  # position of the outermost place in the neighbour lists
    window: Ints
    llr: Floats
    counts: NDArray[np.int32]  # cases of every place in every window


def describe(
    found: Found,
    listed: CaseList,
    zones: Zones,
    windows: Windows,
    table: pl.DataFrame,
    highest: Floats,
    until: date,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clusters and members as frames."""
    if not len(found.centre):
        return no_clusters(), no_members(table)
    names = table.unique("point", keep="first", maintain_order=True).sort("point")["place"]
    rank = (highest[None, :] >= found.llr[:, None] - EQUAL).sum(axis=1) + 1
    expected = zones.total[found.at] * windows.shares[found.window]
    circles = [zones.order[zones.starts[c] : at + 1] for c, at in zip(found.centre, found.at, strict=True)]
    cases = np.array([found.counts[circle, w].sum() for circle, w in zip(circles, found.window, strict=True)])
    number = np.arange(1, len(rank) + 1)
    newest = (until - EPOCH).days
    p = rank / (len(highest) + 1)
    clusters = pl.DataFrame(
        {
            "cluster": number,
            "rank": rank,
            "centre": names.gather(found.centre),
            "radius_km": zones.distance_km[found.at],
            "first": pl.Series((newest - windows.last[found.window]).astype(np.int32)).cast(pl.Date),
            "last": pl.Series((newest - windows.first[found.window]).astype(np.int32)).cast(pl.Date),
            "cases": cases,
            "expected": expected,
            "ratio": cases / expected,
            "llr": found.llr,
            "p": p,
            "recurrence_days": 1.0 / p,
        },
        schema_overrides=CLUSTER_TYPES,
    )
    points = pl.DataFrame(
        {
            "cluster": np.repeat(number, [len(circle) for circle in circles]),
            "point": np.concatenate(circles),
            "distance_km": np.concatenate(
                [zones.distance_km[zones.starts[c] : at + 1] for c, at in zip(found.centre, found.at, strict=True)]
            ),
            "cases": np.concatenate([found.counts[circle, w] for circle, w in zip(circles, found.window, strict=True)]),
        }
    )
    members = points.join(table.select("place", "point"), on="point", how="left", maintain_order="left")
    return clusters, members.select("cluster", "place", "distance_km", pl.col("cases").cast(pl.Int64))


CLUSTER_TYPES = {"cluster": pl.Int64, "rank": pl.Int64, "cases": pl.Int64}


def no_clusters() -> pl.DataFrame:
    types = {
        "cluster": pl.Int64, "rank": pl.Int64, "centre": pl.String, "radius_km": pl.Float64, "first": pl.Date,
        "last": pl.Date, "cases": pl.Int64, "expected": pl.Float64, "ratio": pl.Float64, "llr": pl.Float64,
        "p": pl.Float64, "recurrence_days": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(schema=types)


def no_members(table: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        schema={"cluster": pl.Int64, "place": table["place"].dtype, "distance_km": pl.Float64, "cases": pl.Int64}
    )
