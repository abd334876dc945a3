"""Which alarms are one signal: the same syndrome, near in space, near in time.

A signal is a star, not a chain: everything in it is near its strongest alarm. Chains of neighbours would join a
whole province on a bad day. Deterministic: the same alarms give the same signals in any order.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.spatial import Delaunay, QhullError
from scipy.special import ndtri

from sizao.epi.detection.grid import Floats

EARTH_KM = 6371.0
#: Normal score of an alarm whose detector gives a score but no chance: the limit's own, times the score.
LIMIT_Z, HIGHEST_Z = 2.58, 6.0
Near = Mapping[str, frozenset[str]]


class Ringing(NamedTuple):
    """One alarm as grouping sees it; `area` is a path whose beginning is the area above."""

    key: int
    area: str
    syndrome: str
    date: date
    strength: float


class Standing(NamedTuple):
    """An open signal that an alarm may join."""

    key: int
    area: str
    syndrome: str
    first: date
    last: date


def strengths(p_values: Sequence[float | None], scores: Sequence[float | None]) -> Floats:
    """Normal scores of alarms, from their chance or, without one, from their score (above 1 rings)."""
    p = np.array([np.nan if value is None else value for value in p_values], dtype=np.float64)
    score = np.array([1.0 if value is None else value for value in scores], dtype=np.float64)
    by_chance = -ndtri(np.clip(p, 1e-9, 0.5))
    return np.where(np.isnan(p), np.clip(LIMIT_Z * score, 0.0, HIGHEST_Z), np.minimum(by_chance, HIGHEST_Z))


def group_alarms(
    alarms: Iterable[Ringing], *, standing: Iterable[Standing] = (), near: Near, days: int, widest: int
) -> tuple[dict[int, int], list[list[int]]]:
    """(alarm → open signal it joins, new signals as lists of alarms, the strongest first).

    Two areas are near when they are the same, neighbours by `near`, or one lies in the other and the outer one's
    path has `widest` characters or more (a city and its county; never a province). An alarm joins an open signal no
    more than `days` from its last or before its first alarm: of several, that of its own area, then the newest.
    Whatever is left starts signals, the strongest alarm first, and each gathers what is near it within `days`.
    """
    open_ones = sorted(standing, key=lambda each: (each.last, -each.key), reverse=True)
    by_syndrome: dict[str, list[Standing]] = defaultdict(list)
    for each in open_ones:
        by_syndrome[each.syndrome].append(each)
    joined: dict[int, int] = {}
    rest = []
    for alarm in sorted(alarms, key=lambda each: (-each.strength, each.date, each.key)):
        host = host_of(alarm, by_syndrome[alarm.syndrome], near, days, widest)
        if host is None:
            rest.append(alarm)
        else:
            joined[alarm.key] = host
    return joined, list(stars(rest, near, days, widest))


def host_of(alarm: Ringing, signals: Sequence[Standing], near: Near, days: int, widest: int) -> int | None:
    """The open signal an alarm joins; `signals` of its syndrome, newest first."""
    fitting = [
        each
        for each in signals
        if (alarm.date - each.last).days <= days
        and (each.first - alarm.date).days <= days
        and is_near(each.area, alarm.area, near, widest)
    ]
    own = [each for each in fitting if each.area == alarm.area]
    return next((each.key for each in own + fitting), None)


def stars(alarms: Sequence[Ringing], near: Near, days: int, widest: int) -> Iterator[list[int]]:
    """New signals; `alarms` strongest first."""
    places: dict[str, dict[str, list[Ringing]]] = defaultdict(lambda: defaultdict(list))
    for alarm in alarms:
        places[alarm.syndrome][alarm.area].append(alarm)
    taken: set[int] = set()
    for seed in alarms:
        if seed.key in taken:
            continue
        around = areas_near(seed.area, places[seed.syndrome], near, widest)
        members = [
            each.key
            for area in around
            for each in places[seed.syndrome][area]
            if each.key not in taken and abs((each.date - seed.date).days) <= days
        ]
        taken.update(members)
        yield [seed.key, *(key for key in members if key != seed.key)]


def areas_near(area: str, known: Iterable[str], near: Near, widest: int) -> list[str]:
    return sorted(each for each in known if is_near(area, each, near, widest))


def is_near(one: str, other: str, near: Near, widest: int) -> bool:
    """The same, neighbours, or one inside the other with the outer one not too wide."""
    if one == other or other in near.get(one, ()):
        return True
    outer, inner = sorted((one, other), key=len)
    return widest <= len(outer) < len(inner) and inner.startswith(outer)


def neighbours(places: pl.DataFrame, *, max_km: float) -> dict[str, frozenset[str]]:
    """Neighbouring areas from their centres, where boundaries are not at hand: Delaunay's triangulation, edges up to
    `max_km`. In: `area, lon, lat` (degrees); areas without a centre have no neighbours."""
    placed = places.drop_nulls(["lon", "lat"]).unique("area", maintain_order=True)
    names = placed["area"].to_list()
    lon, lat = (np.radians(placed[name].to_numpy().astype(np.float64)) for name in ("lon", "lat"))
    found: dict[str, set[str]] = defaultdict(set)
    for a, b in edges(lon, lat):
        if distance_km(lon[a], lat[a], lon[b], lat[b]) <= max_km:
            found[names[a]].add(names[b])
            found[names[b]].add(names[a])
    return {name: frozenset(others) for name, others in found.items()}


def edges(lon: Floats, lat: Floats) -> set[tuple[int, int]]:
    """Pairs of points that share an edge of the triangulation; all pairs where there are too few for one."""
    n = len(lon)
    everything = {(a, b) for a in range(min(n, 4)) for b in range(a + 1, min(n, 4))}
    if n <= 4:
        return everything
    flat = np.column_stack([lon * np.cos(lat.mean()), lat])
    try:
        triangles = Delaunay(flat).simplices
    except QhullError:  # all on one line: each with the next
        order = np.lexsort((lat, lon))
        return {(int(a), int(b)) for a, b in itertools.pairwise(order)}
    return {
        (int(min(a, b)), int(max(a, b)))
        for corners in triangles
        for a, b in zip(corners, np.roll(corners, 1), strict=True)
    }


def distance_km(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Great-circle distance (haversine); radians in."""
    h = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return float(2 * EARTH_KM * np.arcsin(np.sqrt(h)))
