"""Space-time permutation scan: where and since when are there more cases than time and place explain.

Kulldorff et al. (2005) PLoS Med 2:e59. Circles around every place, windows of the last days; the expected
cases of a circle and window are its share of all cases times the window's. Needs no population. The
statistic is SaTScan's; its p-value is the rank among permutations that keep the cases of every place and of
every day. Equal statistics: fewest places first; clusters that share a place with a stronger one are left out.
"""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from sizao.epi.detection import scan_loop as loop
from sizao.epi.detection.calendar import EPOCH, InputError
from sizao.epi.detection.grid import Floats
from sizao.epi.detection.scan_report import (
    EQUAL,
    CaseList,
    Found,
    Windows,
    describe,
    no_clusters,
    no_members,
)
from sizao.epi.detection.scan_zones import Zones, coordinates, neighbour_lists
from sizao.vocabulary.text import N_


class Scan(NamedTuple):
    """Clusters, strongest first; the places in each; the highest statistic of every replicate."""

    clusters: pl.DataFrame
    members: pl.DataFrame
    replicates: Floats


def scan(
    cases: pl.DataFrame,
    places: pl.DataFrame | None = None,
    *,
    until: date,
    max_days: int = 7,
    max_km: float | None = 5.0,
    max_share: float = 0.5,
    replicates: int = 999,
    seed: int,
    since: date | None = None,
    prospective: bool = True,
    early_stop: int | None = None,
    most: int = 10,
    threads: int = 1,
) -> Scan:
    """Clusters alive on `until` (or, with `prospective=False`, at any time) in the cases since `since`.

    In: `cases` with `place`, `date` and optional `n`; `places` with `place` and `lat`, `lon` (or `x_km`,
    `y_km`); without `places`, the coordinates stand in `cases` and every point is a place. Places at the
    same point are one. Circles reach `max_km` and hold at most `max_share` of all cases; windows have at most
    `max_days`. Out: `cluster, rank, centre, radius_km, first, last, cases, expected, ratio, llr, p,
    recurrence_days` and members `cluster, place, distance_km, cases`. `early_stop=50` ends the permutations
    once so many exceed the strongest cluster. Assumes that, without outbreaks, place and day of a case are
    independent. The same seed gives the same answer on any number of threads.
    """
    if max_days < 1 or not 0.0 < max_share <= 1.0 or replicates < 0:
        raise InputError(
            N_("The scan needs max_days of 1 or more, max_share above 0 up to 1, replicates of 0 or more.")
        )
    located, table = locate(cases, places)
    listed = list_cases(located, since, until)
    n_places = table["point"].n_unique()
    if not len(listed.places):
        return Scan(no_clusters(), no_members(table), np.empty(0))
    points = coordinates(table.unique("point", keep="first", maintain_order=True).sort("point"))
    totals = np.bincount(listed.places, minlength=n_places)
    zones = neighbour_lists(points, totals, max_km=max_km, max_share=max_share)
    windows = time_windows(listed, max_days, prospective)
    found = strongest(listed, zones, windows, n_places, most)
    highest = simulate(listed, zones, windows, n_places, replicates, seed, found, early_stop, threads)
    return Scan(*describe(found, listed, zones, windows, table, highest, until), highest)


def locate(cases: pl.DataFrame, places: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cases with the number of their point; the table of places with theirs."""
    if places is None:
        axes = [
            name for name in cases.columns if name in ("lat", "lon", "long", "latitude", "longitude", "x_km", "y_km")
        ]
        places = cases.select(axes).unique(maintain_order=True).with_row_index("place")
        cases = cases.join(places, on=axes, how="left", maintain_order="left")
    for frame, names in ((cases, ("place", "date")), (places, ("place",))):
        for name in names:
            if name not in frame.columns:
                raise InputError(N_("Column “{column}” is missing.", column=name))
    points = coordinates(places)
    _, first, number = np.unique(points, axis=0, return_index=True, return_inverse=True)
    in_order = np.argsort(np.argsort(first))[number.ravel()]
    table = places.with_columns(pl.Series("point", in_order))
    joined = cases.join(table.select("place", "point"), on="place", how="left", maintain_order="left")
    unknown = joined.filter(pl.col("point").is_null())["place"].unique().sort()
    if len(unknown):
        raise InputError(N_("Cases name places that are not listed, such as {place}.", place=unknown[0]))
    return joined, table


def list_cases(located: pl.DataFrame, since: date | None, until: date) -> CaseList:
    """One entry per case of the period."""
    if located["date"].dtype != pl.Date:
        raise InputError(N_("Column “date” must hold dates; it holds {found}.", found=str(located["date"].dtype)))
    kept = located.filter(pl.col("date") <= until)
    if since is not None:
        kept = kept.filter(pl.col("date") >= since)
    n = kept["n"].fill_null(0).cast(pl.Int64).to_numpy() if "n" in kept.columns else np.ones(kept.height, dtype=int)
    newest = (until - EPOCH).days
    lags = newest - kept["date"].to_physical().cast(pl.Int64).to_numpy()
    return CaseList(np.repeat(kept["point"].cast(pl.Int64).to_numpy(), n), np.repeat(lags, n))


def time_windows(listed: CaseList, max_days: int, prospective: bool) -> Windows:
    """Windows up to `max_days` long: ending on the newest day, or (retrospective) on any day."""
    ends = [0] if prospective else list(range(int(listed.lags.max()) + 1))
    oldest = int(listed.lags.max())
    pairs = [
        (end, end + days - 1)
        for end in ends
        for days in range(1, max_days + 1)
        if prospective or end + days - 1 <= oldest
    ]
    first, last = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    by_lag = np.bincount(listed.lags, minlength=int(last.max()) + 1)
    before = np.concatenate([[0], np.cumsum(by_lag)])
    return Windows(first, last, (before[last + 1] - before[first]) / len(listed.lags))


def strongest(listed: CaseList, zones: Zones, windows: Windows, n_places: int, most: int) -> Found:
    """The strongest circles that share no place, at most `most`."""
    counts = np.zeros((n_places, len(windows.first)), dtype=np.int32)
    begins = np.zeros(n_places, dtype=np.int32)
    loop.spread_cases(listed.places, listed.lags, len(listed.lags), windows.first, windows.last, counts, begins)
    best = np.zeros(n_places)
    at, window = np.zeros(n_places, dtype=np.int64), np.zeros(n_places, dtype=np.int64)
    loop.best_by_centre(
        zones.starts, zones.order, zones.total, windows.shares, counts, begins, len(listed.places), best, at, window
    )
    size = at - zones.starts[:-1]
    ranked = np.lexsort((np.arange(n_places), size, -np.round(best, 9)))
    taken = np.zeros(n_places, dtype=bool)
    kept: list[int] = []
    for centre in ranked:
        members = zones.order[zones.starts[centre] : at[centre] + 1]
        if best[centre] <= 0.0 or len(kept) == most:
            break
        if not taken[members].any():
            taken[members] = True
            kept.append(int(centre))
    chosen = np.array(kept, dtype=np.int64)
    return Found(chosen, at[chosen], window[chosen], best[chosen], counts)


def simulate(
    listed: CaseList,
    zones: Zones,
    windows: Windows,
    n_places: int,
    replicates: int,
    seed: int,
    found: Found,
    early_stop: int | None,
    threads: int,
) -> Floats:
    """The highest statistic of every replicate; fewer than `replicates` after an early stop."""
    highest = np.zeros(replicates)
    inside = listed.lags[listed.lags <= windows.last.max()]
    largest = round(float(windows.shares.max()) * len(listed.places))
    observed = found.llr[0] if len(found.llr) else 0.0
    block = replicates if early_stop is None else max(threads, 100)
    for begin in range(0, replicates, max(block, 1)):
        end = min(begin + block, replicates)
        cuts = np.linspace(begin, end, threads + 1).astype(int)

        def permute(part: tuple[int, int]) -> None:
            loop.permute(
                listed.places,
                inside,
                windows.first,
                windows.last,
                zones.starts,
                zones.order,
                zones.total,
                windows.shares,
                n_places,
                seed,
                part[0],
                part[1],
                largest,
                highest,
            )

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(permute, itertools.pairwise(cuts.tolist())))
        over = np.flatnonzero(highest[:end] >= observed - EQUAL)
        if early_stop is not None and len(over) >= early_stop:
            return highest[: over[early_stop - 1] + 1]
    return highest
