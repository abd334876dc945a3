"""The questions answered over mapped copies; work proportional to what the persons asked about touched."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.visits.engines.fast import exact
from sizao.visits.engines.fast.copies import compiled, copies
from sizao.visits.engines.fast.presence import company, measured, presence
from sizao.visits.engines.fast.stays import Stays, air_until, clip, gather, join
from sizao.visits.engines.fast.sweep import DIRECT, DOUBT, FIRST, INDIRECT, LAST, N, sweep
from sizao.visits.faults import VisitsError
from sizao.visits.shapes import CASE_DAY, CONTACT, DAY_S, FOOTFALL, PRESENT, SECONDARY, STAY
from sizao.visits.store.mapped import Int64, Mapped
from sizao.visits.store.store import Store
from sizao.visits.windows import disjoint
from sizao.vocabulary.text import N_

#: A question that would answer with more rows is refused: it is too wide to act on, and would fill the memory.
MOST_ROWS = 200_000_000


class FastEngine:
    """Answers as the reference does, from copies mapped into memory."""

    def contacts(self, store: Store, cases: pl.DataFrame, env_s: int, most: int = MOST_ROWS) -> pl.DataFrame:
        windows = disjoint(cases)
        if windows.is_empty():
            return pl.DataFrame(schema=CONTACT)
        since, until = span(windows)
        several = copies(store, since, until + env_s)
        walk = compiled(several) if several else []
        shed = clip(gather(walk, windows["person"].unique().sort().to_numpy()), windows)
        if not len(shed.person):
            return pl.DataFrame(schema=CONTACT)
        till = air_until(*shed, env_s)
        who, sums = swept(walk, bounds_of(several), shed, till, most)
        doubtful = sums[:, DOUBT] == 1
        told = sums[:, [N, DIRECT, INDIRECT, FIRST, LAST]]
        if doubtful.any():
            told[doubtful] = exact.sums(walk, who[doubtful], shed, till)
        return framed([who[:, 0], who[:, 1], *told.T], CONTACT, keys=2)

    def secondary(self, store: Store, contacts: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
        windows = disjoint(contacts)
        if windows.is_empty():
            return pl.DataFrame(schema=SECONDARY)
        several = copies(store, *span(windows))
        walk = compiled(several) if several else []
        present = clip(gather(walk, windows["person"].unique().sort().to_numpy()), windows)
        if not len(present.person):
            return pl.DataFrame(schema=SECONDARY)
        air = tuple(presence(present))
        left_out = hidden["person"].cast(pl.Int32).unique().sort().to_numpy()
        stays = joined([rows_at(copy, *company(tuple(copy), air, left_out)) for copy in several])
        seconds, first, last = measured(tuple(stays), air).T
        told = pl.DataFrame({"person": stays.person, "s": seconds, "first": first, "last": last})
        answer = told.group_by("person").agg(pl.len(), pl.col("s").sum(), pl.col("first").min(), pl.col("last").max())
        return framed(answer.get_columns(), SECONDARY)

    def place(self, store: Store, place: int, room: int, since: int, until: int) -> pl.DataFrame:
        stays = joined([at_place(copy, place, room, since, until) for copy in copies(store, since, until)])
        start, end = np.maximum(stays.start, since), np.minimum(stays.end, until)
        told = pl.DataFrame({"person": stays.person, "start": start, "end": end, "s": end - start})
        answer = told.group_by("person").agg(pl.len(), pl.col("s").sum(), pl.col("start").min(), pl.col("end").max())
        return framed(answer.get_columns(), PRESENT)

    def where(self, store: Store, persons: list[int], since: int, until: int) -> pl.DataFrame:
        several = copies(store)
        stays = gather(compiled(several) if several else [], np.unique(np.array(persons, np.int32)))
        chosen = (stays.start < until) & (stays.end > since)
        return framed([column[chosen] for column in stays], STAY)

    def case_days(self, store: Store, windows: pl.DataFrame) -> pl.DataFrame:
        asked = disjoint(windows)
        if asked.is_empty():
            return pl.DataFrame(schema=CASE_DAY)
        found = [began(copy, asked) for copy in copies(store, *span(asked))]
        return pl.concat([pl.DataFrame(schema=CASE_DAY), *found]).unique().sort(pl.all())

    def footfall(self, store: Store, since_day: int, until_day: int) -> tuple[pl.DataFrame, int]:
        inside = [one for one in store.segments() if since_day <= one.day < until_day]
        copies(store)
        seen: npt.NDArray[Any] = np.empty(0, np.int32)
        counted = [pl.DataFrame(schema=FOOTFALL)]
        for day in sorted({one.day for one in inside}):
            files = [store.folder / part.file for one in inside if one.day == day for part in one.parts]
            rows = pl.scan_parquet(files).group_by("place").agg(pl.col("person").n_unique().alias("visitors"))
            counted.append(rows.with_columns(day=day).select(FOOTFALL.names()).cast(FOOTFALL).collect())
            persons = pl.scan_parquet(files).select(pl.col("person").unique()).collect()["person"].to_numpy()
            seen = np.union1d(seen, persons)
        return pl.concat(counted).sort(pl.all()), len(seen)


def span(windows: pl.DataFrame) -> tuple[int, int]:
    since, until = windows["infectious_from"].min(), windows["infectious_to"].max()
    assert isinstance(since, int) and isinstance(until, int)
    return since, until


def bounds_of(several: list[Mapped]) -> Int64:
    return np.array([[copy.start.min(), copy.end.max()] for copy in several], np.int64).reshape(-1, 2)


def swept(walk: Any, bounds: Int64, shed: Stays, till: Int64, most: int) -> tuple[npt.NDArray[np.int32], Int64]:
    """The sweep in as many threads as there are cores, cases dealt by their number of stays."""
    heads = exact.case_bounds(shed.person)
    threads = min(os.cpu_count() or 1, len(heads) - 1)
    cuts = np.searchsorted(heads, np.linspace(0, heads[-1], 4 * threads + 1)[1:-1])
    edges = np.unique(np.concatenate([[0], cuts, [len(heads) - 1]]))

    def ask(pair: tuple[int, int]) -> Any:
        low, high = pair
        return sweep(walk, bounds, heads[low : high + 1], *shed, till, most)

    with ThreadPoolExecutor(threads) as pool:
        told = list(pool.map(ask, pairwise(edges.tolist())))
    if any(count < 0 for *_, count in told) or sum(count for *_, count in told) > most:
        raise VisitsError(
            N_("This question has more than {most} answers. Ask for fewer cases or a shorter window.", most=most)
        )
    return np.concatenate([who for who, _, _ in told]), np.concatenate([sums for _, sums, _ in told])


def rows_at(copy: Mapped, rows: Int64, groups: Int64) -> Stays:
    return Stays(
        copy.person[rows],
        copy.place[groups],
        copy.room[groups],
        copy.start[rows].astype(np.int64),
        copy.end[rows].astype(np.int64),
    )


def joined(parts: list[Stays]) -> Stays:
    """Stays of several copies as one list, overlapping ones of a person at one place and room joined."""
    none = Stays(*(np.empty(0, kind) for kind in (np.int32, np.int32, np.int32, np.int64, np.int64)))
    person, place, room, start, end = (np.concatenate(column) for column in zip(*[none, *parts], strict=True))
    order = np.lexsort((end, start, room, place, person))
    person, place, room, start, end = (column[order] for column in (person, place, room, start, end))
    keep = join(person, place, room, start, end)
    return Stays(person[keep], place[keep], room[keep], start[keep], end[keep])


def at_place(copy: Mapped, place: int, room: int, since: int, until: int) -> Stays:
    """The rows of one copy at a place (and room, when known) that touch `[since, until)`."""
    low, high = (int(np.searchsorted(copy.place, place, side=side)) for side in ("left", "right"))
    groups = [group for group in range(low, high) if not room or copy.room[group] in (0, room)]
    rows = [np.arange(copy.first[group], copy.first[group + 1]) for group in groups]
    chosen = np.concatenate(rows) if rows else np.empty(0, np.int64)
    at = np.repeat(np.array(groups, np.int64), [len(part) for part in rows])
    start, end = copy.start[chosen], copy.end[chosen]
    kept = (start < until) & (end > since) & (end > start)
    return rows_at(copy, chosen[kept], at[kept])


def began(copy: Mapped, windows: pl.DataFrame) -> pl.DataFrame:
    """Case, place and day of the visits in one copy that began inside the windows."""
    stays = gather(compiled([copy]), windows["person"].unique().sort().to_numpy())
    rows = pl.DataFrame({"person": stays.person, "place": stays.place, "start": stays.start})
    inside = rows.join(windows, on="person").filter(
        pl.col("start").is_between(pl.col("infectious_from"), pl.col("infectious_to"), closed="left")
    )
    return inside.select(case="person", place="place", day=pl.col("start") // DAY_S).cast(CASE_DAY).unique()


def framed(columns: Any, schema: pl.Schema, keys: int | None = None) -> pl.DataFrame:
    """The columns as a frame, sorted by the first `keys` (enough where they are different in every row)."""
    frame = pl.DataFrame(dict(zip(schema.names(), columns, strict=True)))
    return frame.cast(schema).sort(schema.names()[:keys])


ENGINE = FastEngine()
