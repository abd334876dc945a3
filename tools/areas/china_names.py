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
PLACE_READING = {"长": "chang", "都": "du", "朝": "chao", "堡": "bao", "埔": "pu"}
AUTONOMOUS = {
    "自治区": "Autonomous Region",
    "自治州": "Autonomous Prefecture",
    "自治县": "Autonomous County",
    "自治旗": "Autonomous Banner",
    "乡": "Ethnic Township",
    "镇": "Ethnic Town",
}
WINGS = {"左": "Left", "右": "Right", "前": "Front", "中": "Middle", "后": "Rear", "联合": "United"}
BANNER = re.compile(r"(.+?)翼?(左|右)?翼?(前|中|后|联合)?旗$")
OWN_GENERIC = {1: {"省": "", "市": "", "特别行政区": ""}, 2: {"市": "", "地区": "Prefecture", "盟": "League"}}


def rows(file: str) -> list[list[str]]:
    """A table of names/, without its heading."""
    with (NAMES / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def longest_first(file: str) -> list[list[str]]:
    return sorted(rows(file), key=lambda row: -len(row[0]))


ENGLISH = {code: stem for code, stem, _ in rows("china_english.csv")}
OTHER_NAMES = {code: [name for name in names.split(";") if name] for code, _, names in rows("china_english.csv")}
READINGS = {han: reading.split() for han, reading in rows("china_pinyin.csv")}
SUFFIXES = longest_first("china_suffixes.csv")
ETHNIC = longest_first("china_ethnic.csv")


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
    return first + "".join(f"'{syllable}" if syllable[0] in "aoe" else syllable for syllable in rest)


def split_ethnic(name: str) -> tuple[str, list[str]]:
    """ "石柱土家族" is ("石柱", ["Tujia"]). The specific part may end up empty."""
    groups: list[str] = []
    while match := next((row for row in ETHNIC if name.endswith(row[0])), None):
        name = name.removesuffix(match[0])
        groups.insert(0, match[1])
    return name, groups


def autonomous(name: str) -> tuple[str, str] | None:
    """ "景宁畲族自治县" is ("景宁", "She Autonomous County"); None where no people is named."""
    for suffix, english in AUTONOMOUS.items():
        if name.endswith(suffix):
            stem, groups = split_ethnic(name.removesuffix(suffix))
            if groups:
                several = ", ".join(groups[:-1]) + " and " + groups[-1] if len(groups) > 1 else groups[0]
                return stem, f"{several} {english}"
    return None


def generic_part(name: str, level: int) -> tuple[str, str]:
    """The specific part of `name` and the English of its generic part ("" when it has none)."""
    if found := autonomous(name):
        return found
    if (banner := BANNER.match(name)) and (banner[2] or banner[3]):
        wings = " ".join(WINGS[wing] for wing in banner.groups()[1:] if wing)
        return banner[1], f"{wings} Banner"
    for suffix, english in [*OWN_GENERIC.get(level, {}).items(), *SUFFIXES]:
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix), english
    return name, ""


def is_zone(code: str) -> bool:
    """Development zones and the like have 7 as the fifth digit of a county code."""
    return len(code) == 6 and code[4] == "7"


def english_name(code: str, name: str, level: int, above: dict[str, str]) -> str:
    """`above` gives the English of the stems of provinces and cities, which zones begin with."""
    stem, generic = generic_part(name, level)
    if code in ENGLISH:
        generic = "" if level == 1 or " of " in ENGLISH[code] or " under " in ENGLISH[code] else generic
        return f"{ENGLISH[code]} {generic}".strip()
    if level == 1:
        return pinyin(stem)
    if is_zone(code):
        return f"{spaced(stem, above)} {generic}".strip()
    if len(stem) == 1 and generic:
        stem = name[:2]  # by custom 易县 is "Yixian County", not "Yi County"
    return f"{pinyin(stem) if stem else ''} {generic}".strip()


def spaced(stem: str, above: dict[str, str]) -> str:
    """ "河北邢台" is "Hebei Xingtai"."""
    words = []
    while known := next((han for han in above if stem.startswith(han)), None):
        words.append(above[known])
        stem = stem.removeprefix(known).removeprefix("市")
    return " ".join([*words, pinyin(stem)] if stem else words)


def short_names(code: str, name: str, level: int) -> list[str]:
    """What people write for it: 哈尔滨, 延边州, Harbin, Ha'erbin, Tibet."""
    latin = ENGLISH.get(code, "")
    if level > 3 or is_zone(code) or " of " in latin or " under " in latin:
        return []
    names = list(OTHER_NAMES.get(code, []))
    stem, generic = generic_part(name, level)
    if len(stem) > 1 and not generic.endswith(" Banner"):
        names += [stem, latin or pinyin(stem)]
    if autonomous(name) and level > 1:
        names.append((stem or re.sub("族?自治.$", "", name)) + name[-1])
    own = {name, english_name(code, name, level, {})}
    return [alias for alias in dict.fromkeys(names) if alias not in own]
