"""China's area table: the statistics bureau's divisions to the township, with names, people and centroids."""

from itertools import pairwise
from pathlib import Path

import polars as pl

from sizao.exchange.areas.shape import AREA_SCHEMA, SEGMENT_LENGTH, parent_path
from tools.areas.census import CENSUS_DAY, counted, populations
from tools.areas.china_names import english_name, generic_part, is_zone, pinyin, rows, short_names

CODE_LENGTHS = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
KINDS = {1: "province", 2: "city", 3: "county", 4: "township", 5: "community"}
FILES = {1: "provinces.csv", 2: "cities.csv", 3: "counties.csv", 4: "townships.parquet"}
#: Hong Kong, Macao and Taiwan are not in the bureau's list; codes and names of GB/T 2260.
SPECIAL = [("71", "台湾省"), ("81", "香港特别行政区"), ("82", "澳门特别行政区")]
GROUPS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def china_path(code: str) -> str:
    """ "230102" is CN002300010002: each level's own digits, filled up to four."""
    ends = [0, *CODE_LENGTHS.values()]
    own = [code[start:end] for start, end in pairwise(ends) if start < len(code)]
    return "CN" + "".join(digits.rjust(SEGMENT_LENGTH, "0") for digits in own)


def divisions(folder: Path) -> list[tuple[str, str, int]]:
    """Code, name and level of every division, provinces first."""
    found = [(code, name, 1) for code, name in SPECIAL]
    for level, file in FILES.items():
        path = folder / file
        frame = pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path)
        found += [(code, name, level) for code, name in frame.select("code", "name").iter_rows()]
    return sorted(found, key=lambda item: (item[2], item[0]))


def kind_of(code: str, name: str, level: int) -> str:
    if level == 2 and name in GROUPS:
        return "group"
    return "zone" if is_zone(code) else KINDS[level]


def china_table(*, divisions_folder: Path, census: Path, centroids: dict[str, tuple[float, float]]) -> pl.DataFrame:
    """The whole table. `centroids` are by path."""
    listed = divisions(divisions_folder)
    counts = counted(census)
    people = populations(counts, {code: name for code, name, level in listed if level == 3})
    above = english_stems(listed)
    records = [country(people)]
    records += [area(code, name, level, above) | {"population": people.get(code)} for code, name, level in listed]
    residents = {code: n for code, _, n in counts}
    records += [former(code, name, to, residents[code]) for code, name, to, _ in rows("china_former.csv")]
    for record in records:
        record["lon"], record["lat"] = centroids.get(str(record["path"]), (None, None))
    return pl.DataFrame(records, schema=AREA_SCHEMA).sort("path")


def country(people: dict[str, int]) -> dict[str, object]:
    return {
        "path": "CN",
        "code": "CN",
        "level": 0,
        "kind": "country",
        "name_zh": "中国",
        "name_en": "China",
        "aliases": ["中华人民共和国", "People's Republic of China", "PRC", "Mainland China"],
        "population": sum(n for code, n in people.items() if len(code) == CODE_LENGTHS[1]),
    }


def area(code: str, name: str, level: int, above: dict[str, str]) -> dict[str, object]:
    path = china_path(code)
    return {
        "path": path,
        "code": code,
        "parent": parent_path(path),
        "level": level,
        "kind": kind_of(code, name, level),
        "name_zh": name,
        "name_en": english_name(code, name, level, above),
        "aliases": short_names(code, name, level),
    }


def former(code: str, name: str, successor: str, people: int) -> dict[str, object]:
    """A county that is in the census, the last source we hold that lists it, and not in the list of 2023."""
    ended = {"valid_to": CENSUS_DAY, "successor": china_path(successor), "population": people}
    return area(code, name, 3, {}) | ended


def english_stems(listed: list[tuple[str, str, int]]) -> dict[str, str]:
    """河北 is Hebei, 邢台 is Xingtai, 拉萨 is Lhasa: what the names of zones begin with."""
    stems = {}
    for code, name, level in listed:
        if level in (1, 2) and name not in GROUPS:
            stem, generic = generic_part(name, level)
            english = english_name(code, name, level, {}).removesuffix(f" {generic}") if generic else ""
            stems[stem] = english or english_name(code, name, level, {}) or pinyin(stem)
    return dict(sorted(stems.items(), key=lambda item: -len(item[0])))
