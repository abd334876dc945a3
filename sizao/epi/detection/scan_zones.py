"""Circles of a spatial scan: around every place, its neighbours from near to far."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sizao.epi.detection.calendar import InputError, Ints
from sizao.epi.detection.grid import Floats
from sizao.vocabulary.text import N_

#: Mean radius of the Earth, km (IUGG, R1).
EARTH_KM = 6371.0088
LATITUDE = ("lat", "latitude")
LONGITUDE = ("lon", "long", "longitude")


@dataclass(frozen=True)
class Zones:
    """Neighbour lists, one after another: `order[starts[i]:starts[i + 1]]` are the places around place i."""

    starts: Ints
    order: NDArray[np.int32]
    distance_km: Floats
    total: NDArray[np.int32]  # cases of the whole period in the circle that ends with this neighbour


def coordinates(places: pl.DataFrame) -> Floats:
    """Points in km in space: from latitude and longitude, or from `x_km`, `y_km`."""
    names = places.columns
    latitude = next((name for name in LATITUDE if name in names), None)
    longitude = next((name for name in LONGITUDE if name in names), None)
    if latitude and longitude:
        points = sphere(places[latitude].cast(pl.Float64).to_numpy(), places[longitude].cast(pl.Float64).to_numpy())
    elif "x_km" in names and "y_km" in names:
        x, y = (places[name].cast(pl.Float64).to_numpy() for name in ("x_km", "y_km"))
        points = np.stack([x, y, np.zeros(len(x))], axis=1)
    else:
        raise InputError(N_("Places need the columns “lat” and “lon”, or “x_km” and “y_km”."))
    lost = int((~np.isfinite(points).all(axis=1)).sum())
    if lost:
        raise InputError(N_("{count} places have no coordinates.", count=lost))
    return points


def sphere(latitude: Floats, longitude: Floats) -> Floats:
    """Points on the globe, km from its centre."""
    phi, theta = np.radians(latitude), np.radians(longitude)
    return EARTH_KM * np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)


def neighbour_lists(points: Floats, cases: Ints, *, max_km: float | None, max_share: float) -> Zones:
    """Circles around every point with a radius up to `max_km` that hold up to `max_share` of all cases."""
    flat = not points[:, 2].any()
    reach = np.inf if max_km is None else straight(max_km, flat)
    most = int(np.floor(max_share * cases.sum() + 1e-9))
    parts = [around(points, block, reach) for block in np.array_split(np.arange(len(points)), blocks(len(points)))]
    centre, order, distance = (np.concatenate(column) for column in zip(*parts, strict=True))
    starts = np.searchsorted(centre, np.arange(len(points) + 1))
    running = np.concatenate([[0], np.cumsum(cases[order])])
    total = running[1:] - running[starts[centre]]
    kept = total <= most
    starts = np.concatenate([[0], np.cumsum(np.bincount(centre[kept], minlength=len(points)))])
    return Zones(
        starts,
        order[kept].astype(np.int32),
        along_the_ground(distance[kept], flat),
        total[kept].astype(np.int32),
    )


def blocks(n: int) -> int:
    """Number of blocks of centres, so that a block's distances stay below a few million."""
    return max(1, n * n // 4_000_000)


def around(points: Floats, centres: Ints, reach: float) -> tuple[Ints, Ints, Floats]:
    """Centre, neighbour and straight distance, nearest first; the earlier place first at equal distance."""
    square = np.zeros((len(centres), len(points)))
    for axis in range(3):
        square += np.subtract.outer(points[centres, axis], points[:, axis]) ** 2
    if np.isinf(reach):
        order = np.argsort(square, axis=1, kind="stable")
        distance = np.sqrt(np.take_along_axis(square, order, axis=1))
        return np.repeat(centres, len(points)), order.ravel(), distance.ravel()
    row, column = np.nonzero(square <= reach * reach)
    near = square[row, column]
    sort = np.lexsort((column, near, row))
    return centres[row[sort]], column[sort], np.sqrt(near[sort])


def straight(km: float, flat: bool) -> float:
    """The straight line through the globe that belongs to a distance along the ground."""
    return km if flat else float(2.0 * EARTH_KM * np.sin(min(km / (2.0 * EARTH_KM), np.pi / 2)))


def along_the_ground(distance: Floats, flat: bool) -> Floats:
    """The distance along the ground that belongs to a straight one."""
    if flat:
        return distance
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.minimum(distance / (2.0 * EARTH_KM), 1.0)))
