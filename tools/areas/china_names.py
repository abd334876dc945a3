"""English names and short names of Chinese areas, made when the tables are built.

Names are Hanyu Pinyin of the specific part and a translated generic part ("Nangang District"); places whose
name comes from another language take the form of names/china_english.csv at province and prefecture level.
"""

import csv
import re
from functools import cache
from pathlib import Path

from pypinyin import lazy_pinyin

NAMES = Path(__file__).parent / "names"
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff〇]+")
#: Readings that place names almost always take, whatever the dictionary prefers.
PLACE_READING = {"长": "chang", "都": "du", "朝": "chao", "堡": "bao", "埔": "pu", "鄚": "mao"}
AUTONOMOUS = {"自治区": "Autonomous Region", "自治州": "Autonomous Prefecture", "自治县": "Autonomous County"}
AUTONOMOUS |= {"自治旗": "Autonomous Banner", "民族乡": "Ethnic Township", "族镇": "Ethnic Town"}
BANNERS = {"左翼前旗": "Left Front Banner", "左翼中旗": "Left Middle Banner", "左翼后旗": "Left Rear Banner"}
BANNERS |= {"右翼前旗": "Right Front Banner", "右翼中旗": "Right Middle Banner", "右翼后旗": "Right Rear Banner"}
BANNERS |= {"左旗": "Left Banner", "右旗": "Right Banner", "前旗": "Front Banner", "中旗": "Middle Banner"}
BANNERS |= {"后旗": "Rear Banner", "联合旗": "United Banner"}
PREFECTURES = {"地区": "Prefecture", "盟": "League"}


def pairs(file: str) -> list[list[str]]:
    """The rows of a table in names/, without its heading."""
    with (NAMES / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


ENGLISH = {code: (stem, [a for a in aliases.split(";") if a]) for code, stem, aliases in pairs("china_english.csv")}
READINGS = {han: reading.split() for han, reading in pairs("china_pinyin.csv")}
SUFFIXES = sorted(pairs("china_suffixes.csv"), key=lambda row: -len(row[0]))
ETHNIC = sorted(pairs("china_ethnic.csv"), key=lambda row: -len(row[0]))


@cache
def pinyin(name: str) -> str:
    """ "石家庄" is "Shijiazhuang", "西安" is "Xi'an"; what is not Han is kept."""
    out, end = [], 0
    for run in HAN.finditer(name):
        out.append(name[end : run.start()].strip(" ()（）、"))
        out.append(joined(readings(run[0])).capitalize())
        end = run.end()
    out.append(name[end:].strip(" ()（）、"))
    return " ".join(part for part in out if part)


def readings(han: str) -> list[str]:
    syllables = lazy_pinyin(han, v_to_u=True, errors=lambda unknown: list(unknown))
    syllables = [PLACE_READING.get(char, syllable) for char, syllable in zip(han, syllables, strict=True)]
    for phrase, fixed in READINGS.items():
        start = han.find(phrase)
        if start >= 0:
            syllables[start : start + len(fixed)] = fixed
    return syllables


def joined(syllables: list[str]) -> str:
    first, *rest = syllables
    return first + "".join(f"'{s}" if s[0] in "aoeāōē" else s for s in rest)


def split_ethnic(name: str) -> tuple[str, list[str]]:
    """ "石柱土家族" is ("石柱", ["Tujia"]). The specific part may end up empty."""
    groups: list[str] = []
    while match := next((row for row in ETHNIC if name.endswith(row[0])), None):
        name = name.removesuffix(match[0])
        groups.insert(0, match[1])
    return name, groups


def joined_groups(groups: list[str]) -> str:
    return groups[0] if len(groups) == 1 else f"{', '.join(groups[:-1])} and {groups[-1]}"


def generic_part(name: str, level: int) -> tuple[str, str]:
    """The specific part of `name` and the English of its generic part ("" when it has none)."""
    for suffix, english in AUTONOMOUS.items():
        base = suffix.removeprefix("民").removesuffix("镇") if suffix in ("民族乡", "族镇") else suffix
        if suffix == "民族乡" and name.endswith("族乡"):
            stem, groups = split_ethnic(name.removesuffix("乡"))
        elif suffix == "族镇" and name.endswith("族镇"):
            stem, groups = split_ethnic(name.removesuffix("镇"))
        elif name.endswith(base) and suffix.startswith("自治"):
            stem, groups = split_ethnic(name.removesuffix(suffix))
        else:
            continue
        if groups:
            return stem, f"{joined_groups(groups)} {english}"
    table = PREFECTURES | {"市": ""} if level == 2 else {"省": "", "市": "", "自治区": ""} if level == 1 else {}
    for suffix, english in [*table.items(), *BANNERS.items(), *SUFFIXES]:
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix), english
    return name, ""


def english_name(code: str, name: str, level: int) -> str:
    stem, generic = generic_part(name, level)
    if code in ENGLISH:
        latin = ENGLISH[code][0]
        generic = "" if level == 1 or " of " in latin or " under " in latin else generic
    elif len(stem) == 1 and generic in ("County", "District", "City", "Town", "Township", "Banner"):
        latin = pinyin(name[: len(stem) + 1])  # by custom 易县 is "Yixian County", not "Yi County"
    else:
        latin = pinyin(stem)
    return f"{latin} {generic}".strip()


def short_names(code: str, name: str, level: int) -> list[str]:
    """What people write for it: 哈尔滨, 延边州, Harbin, Ha'erbin, Tibet."""
    if " of " in (known := ENGLISH.get(code, ("", []))[0]) or " under " in known or level > 3:
        return []
    names = list(ENGLISH[code][1]) if code in ENGLISH else []
    stem, generic = generic_part(name, level)
    if len(stem) > 1:
        names.append(stem)
        names.append(known or pinyin(stem))
    for ending, short in (("自治州", "州"), ("自治县", "县"), ("自治旗", "旗")):
        if name.endswith(ending) and stem:
            names.append(stem + short)
    own = {name, english_name(code, name, level)}
    return [alias for alias in dict.fromkeys(names) if alias not in own and len(alias) > 1]
