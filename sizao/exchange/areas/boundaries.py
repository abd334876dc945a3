"""Reads boundaries: GeoJSON with one feature per area, plain or gzip, in degrees (WGS 84)."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from sizao.exchange.unreadable import UnreadableFile
from sizao.vocabulary.text import N_

BOUNDARY_SCHEMA: dict[str, pl.DataType] = {
    "path": pl.String(),
    "code": pl.String(),
    "geojson": pl.String(),
    "west": pl.Float64(),
    "south": pl.Float64(),
    "east": pl.Float64(),
    "north": pl.Float64(),
}
GEOMETRIES = {"Polygon", "MultiPolygon", "LineString", "MultiLineString"}
LARGEST = 512 * 1024 * 1024  # bytes after unpacking


def read_boundaries(source: Path | bytes) -> pl.DataFrame:
    """The geometry of each area as GeoJSON text, with its bounding box in degrees.

    A feature says whose boundary it is by the property `path` or `code` (or by its `id`). A file with a feature
    that cannot be used is refused whole, by UnreadableFile: half a map misleads.
    """
    document = _parsed(_unpacked(source))
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise UnreadableFile(N_("This is not GeoJSON with a list of features."))
    rows = [_boundary(number, feature) for number, feature in enumerate(features, start=1)]
    return pl.DataFrame(rows, schema=BOUNDARY_SCHEMA, orient="row")


def _unpacked(source: Path | bytes) -> bytes:
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
        if not data.startswith(b"\x1f\x8b"):
            return data
        unpacker = zlib.decompressobj(wbits=31)
        text = unpacker.decompress(data, LARGEST)
    except OSError as error:
        raise UnreadableFile(N_("The file could not be opened: {reason}", reason=error.strerror or "?")) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFile(N_("The packed file (gz) is damaged. Send it again.")) from error
    if unpacker.unconsumed_tail:
        raise UnreadableFile(N_("The boundaries unpack to more than {mib} MB.", mib=LARGEST // 2**20))
    if not unpacker.eof:
        raise UnreadableFile(N_("The packed file (gz) ends too early. Send it again."))
    return text


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(N_("This is not GeoJSON with a list of features.")) from error


def _boundary(number: int, feature: Any) -> tuple[object, ...]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    named: dict[str, Any] = properties if isinstance(properties, dict) else {}
    path = named.get("path")
    code = named.get("code", feature.get("id") if isinstance(feature, dict) else None)
    if path is None and code is None:
        raise UnreadableFile(
            N_("Feature {number} does not say whose boundary it is. Give it a property “code”.", number=number)
        )
    name = str(path if path is not None else code)
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in GEOMETRIES:
        raise UnreadableFile(
            N_("The boundary of “{name}” is neither a polygon nor a line (feature {number}).", name=name, number=number)
        )
    box = _box(name, geometry.get("coordinates"))
    text = json.dumps({"type": geometry["type"], "coordinates": geometry["coordinates"]}, separators=(",", ":"))
    return (None if path is None else str(path), None if code is None else str(code), text, *box)


def _box(name: str, coordinates: Any) -> tuple[float, float, float, float]:
    points = list(_points(coordinates))
    if not points or not all(abs(x) <= 180 and abs(y) <= 90 for x, y in points):
        raise UnreadableFile(
            N_(
                "The boundary of “{name}” has coordinates that are not degrees of longitude and latitude (WGS 84). "
                "Convert the map to WGS 84 and send it again.",
                name=name,
            )
        )
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """All points of a nested list; anything that is no number counts as out of range."""
    if not isinstance(coordinates, list):
        yield float("inf"), float("inf")
    elif len(coordinates) >= 2 and all(isinstance(part, int | float) for part in coordinates):
        yield float(coordinates[0]), float(coordinates[1])
    else:
        for part in coordinates:
            yield from _points(part)
