"""Chinese names by their sound: toneless pinyin of characters, and pinyin recognised in Latin letters."""

import re
from functools import cache, lru_cache

#: Readings as family names that differ from the everyday ones.
FAMILY_READINGS = {
    "曾": "zeng", "单": "shan", "單": "shan", "解": "xie", "查": "zha", "仇": "qiu", "朴": "piao", "翟": "zhai",
    "盖": "ge", "区": "ou", "任": "ren", "员": "yun", "尹": "yin", "折": "she", "繁": "po", "缪": "miao",
    "覃": "qin", "乐": "yue", "召": "shao", "重": "chong", "黑": "he", "秘": "bi", "逄": "pang", "冼": "xian",
    "宁": "ning", "华": "hua", "燕": "yan", "应": "ying", "葛": "ge", "纪": "ji", "卜": "bu", "晁": "chao",
    "尉迟": "yu chi", "尉遲": "yu chi", "万俟": "mo qi", "澹台": "tan tai", "长孙": "zhang sun", "長孫": "zhang sun",
}  # fmt: skip

ALL_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]+").fullmatch
READ_APART = frozenset(name[0] for name in FAMILY_READINGS)  # first characters of those names


def is_han_letter(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U000323af"


def reading(han: str, *, is_family: bool) -> list[str]:
    """The syllables of a name's characters, one by one; a family name has its own readings."""
    if not is_family:
        return [_character(character) for character in han]
    for cut in (2, 1):
        if special := FAMILY_READINGS.get(han[:cut]):
            return [*special.split(), *map(_character, han[cut:])]
    return [_character(character) for character in han]


def merged_readings(han: str, *, is_family: bool) -> list[str]:
    """The same with the confusable sounds merged; quick for the many names that have no reading of their own."""
    if is_family and han[0] in READ_APART:
        return [merged(syllable) for syllable in reading(han, is_family=True)]
    return [_merged_character(character) for character in han]


def merged(syllable: str) -> str:
    """A syllable with the sounds merged that dialects and typists confuse."""
    for initial in ("zh", "ch", "sh"):
        if syllable.startswith(initial):
            syllable = initial[0] + syllable[2:]
    if syllable.startswith("n"):
        syllable = "l" + syllable[1:]
    return syllable.removesuffix("g").replace("v", "u")


@lru_cache(maxsize=50_000)
def syllables(word: str) -> tuple[str, ...]:
    """A Latin word as pinyin syllables, longest first ("xiaoming" is xiao, ming); empty when it is none."""
    word = word.replace("lyu", "lv").replace("nyu", "nv").replace("ü", "v")
    if not word:
        return ()
    for length in range(min(6, len(word)), 0, -1):
        if word[:length] not in _syllables():
            continue
        if length == len(word):
            return (word,)
        if rest := syllables(word[length:]):
            return (word[:length], *rest)
    return ()


@cache
def _character(character: str) -> str:
    from pypinyin import lazy_pinyin  # its dictionary takes a third of a second to read

    return lazy_pinyin(character)[0]


@cache
def _merged_character(character: str) -> str:
    return merged(_character(character))


@cache
def _syllables() -> frozenset[str]:
    """Every toneless syllable of the common characters."""
    from pypinyin import Style, pinyin

    common = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
    spoken = {one for many in pinyin(common, style=Style.NORMAL, heteronym=True) for one in many}
    return frozenset(s for s in spoken if s.isascii() and len(s) <= 6 and any(c in "aeiouv" for c in s) and len(s) > 1)
