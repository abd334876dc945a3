"""Residents of China's provinces, cities and counties in the census of 1 November 2020."""

from datetime import date
from pathlib import Path

import polars as pl

from tools.areas.china_names import is_zone, rows

CENSUS_DAY = date(2020, 11, 1)
#: The file has 184,424 for Jalainur, 100,000 too many: with 84,424 the sums are the published ones of Hulunbuir
#: (2,242,875) and Inner Mongolia (24,049,155), and its urban share is 84,424 / 184,424 = 0.4578.
CORRECTIONS = {"150703": 84_424}
#: Hangzhou's districts of 2021 that are parts of former ones: nobody counted them in 2020.
REDRAWN = {"330102", "330110", "330113", "330114"}
OTHER_CODES = {"620200": "620201"}  # Jiayuguan has no counties; the census writes the city's code

Counts = dict[str, int]


def counted(file: Path) -> list[tuple[str, str, int]]:
    """Code, name and residents of every county-level unit (Kinmen has no count)."""
    frame = pl.read_csv(file, infer_schema=False).drop_nulls("population")
    counts = frame.with_columns(pl.col("population").cast(pl.Float64).cast(pl.Int64))
    return [
        (code, name, CORRECTIONS.get(code, n))
        for code, name, n in counts.select("code", "name", "population").iter_rows()
    ]


def populations(census: list[tuple[str, str, int]], counties: dict[str, str]) -> Counts:
    """Residents by code: provinces and cities by summing, and the `counties` (code: name) that are still the same."""
    people: Counts = {}
    target = current_code(census, counties)
    for code, _, residents in census:
        for area in (code[:2], code[:4], target.get(code)):
            if area is not None:
                people[area] = people.get(area, 0) + residents
    return people


def current_code(census: list[tuple[str, str, int]], counties: dict[str, str]) -> dict[str, str]:
    """Today's county of each census unit. Zones were renumbered, so they go by name first."""
    successors = {code: successor for code, _, successor, _ in rows("china_former.csv")} | OTHER_CODES
    zone_named = {(code[:4], name): code for code, name in counties.items() if is_zone(code)}
    found = {}
    for code, name, _ in census:
        found[code] = zone_named.get((code[:4], name), code) if is_zone(code) else successors.get(code, code)
    by_name = {new for old, new in found.items() if new != old}
    return {
        old: new
        for old, new in found.items()
        if new in counties and new not in REDRAWN and not (new == old and is_zone(new) and new in by_name)
    }
