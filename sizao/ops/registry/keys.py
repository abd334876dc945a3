"""What two records of one person have in common, as normalised texts: name, sound, telephone, identity number.

Pure: no database and no secrets here; `lookup.py` turns the texts into blind keys. Equal texts mean "worth
comparing", never "the same person": that is scored from several keys together.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

import jellyfish

from sizao.ops.registry.pinyin import ALL_HAN, is_han_letter, merged, merged_readings, syllables
from sizao.vocabulary.text import N_, Message

PARTS = 200_000  # name parts remembered; a city has some 50,000 different ones
COMPOUND_FAMILY_NAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒"
        "鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门"
        "西门第五歐陽司馬諸葛尉遲東方長孫鍾離",
    )
)
NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")
BETWEEN_PHONES = re.compile(r"[;,/|、，；]|\s或\s?|\bor\b")
FOUR_DIGITS = re.compile(r"(?:.*?\d){4}").match
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
ID_CHECKS = "10X98765432"


@lru_cache(maxsize=PARTS)
def words(text: str) -> tuple[str, ...]:
    """The words of a name without case, accents, punctuation and asides; Chinese characters stay together."""
    if ALL_HAN(text):
        return (text,)
    plain = unicodedata.normalize("NFKD", ASIDE.sub(" ", text).casefold())
    plain = unicodedata.normalize("NFC", "".join(c for c in plain if not "\u0300" <= c <= "\u036f"))
    letters = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain)
    han = "".join(c for c in letters if is_han_letter(c))
    return (han,) if han else tuple(letters.translate(NOT_DECOMPOSED).split())


def split_name(family: str, given: str, full: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words of the family and the given name. A Latin full name does not tell which is which: its first word is
    taken for the family name and the rest for the given one, and searches look in both."""
    if family or given:
        return words(family), words(given)
    all_words = words(full)
    if len(all_words) == 1 and is_han_letter(all_words[0][0]):
        han = all_words[0]
        cut = 2 if han[:2] in COMPOUND_FAMILY_NAMES and len(han) > 2 else 1
        return (han[:cut],), (han[cut:],) if han[cut:] else ()
    return all_words[:1], all_words[1:]


@lru_cache(maxsize=PARTS)
def name_key(all_words: tuple[str, ...]) -> str:
    """The whole name whatever the order of its words: 张 三 is 张三, "KIM, Min-su" is "Min-Su Kim"."""
    if any(is_han_letter(word[0]) for word in all_words):
        return "".join(all_words)
    return " ".join(sorted(all_words))


@lru_cache(maxsize=PARTS)
def sound_key(all_words: tuple[str, ...]) -> str:
    """How the name sounds: pinyin without tones for Chinese, in characters or in Latin letters, with the sounds
    merged that dialects and typists confuse (z/zh, c/ch, s/sh, n/ng, l/n); Metaphone for other Latin names."""
    if spoken := _spoken(all_words):
        return "p " + " ".join(sorted(spoken))
    return "m " + "".join(jellyfish.metaphone(word).replace(" ", "") or word for word in sorted(all_words))


def _spoken(all_words: tuple[str, ...]) -> list[str]:
    """The merged syllables of a Chinese name; empty when it is not one."""
    if len(all_words) == 1 and is_han_letter(all_words[0][0]):
        return merged_readings(all_words[0], is_family=True)
    spoken: list[str] = []
    for position, word in enumerate(all_words):
        if is_han_letter(word[0]):
            spoken += merged_readings(word, is_family=position == 0)
        elif found := syllables(word):
            spoken += map(merged, found)
        else:
            return []
    han = any(is_han_letter(word[0]) for word in all_words)
    return spoken if han or 2 <= len(spoken) <= 4 else []


@lru_cache(maxsize=PARTS)
def part_key(part: tuple[str, ...]) -> str:
    """A family or given name on its own, for searches by it."""
    return "".join(part)


def phone_keys(phones: tuple[str, ...] | str) -> tuple[str, ...]:
    """Up to two telephone numbers as their last ten digits, which drops country codes and leading zeros.

    Numbers that are no numbers (000000, 1111111) are not kept.
    """
    if isinstance(phones, str) and phones.isdecimal() and phones.isascii():
        listed: tuple[str, ...] | list[str] = (phones,)
    else:
        listed = BETWEEN_PHONES.split(phones) if isinstance(phones, str) else phones
    found = []
    for phone in listed:
        digits = phone if phone.isdecimal() and phone.isascii() else _digits(phone)
        digits = digits[-10:]
        if len(digits) >= 7 and len(set(digits)) > 1 and digits not in found:
            found.append(digits)
    return tuple(found[:2])


def _digits(phone: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", phone) if c.isdecimal())


def id_number_key(text: str) -> str:
    """An identity number as capital letters and digits; empty when it cannot be one."""
    plain = text.upper()
    if not (plain.isascii() and plain.isalnum()):
        plain = "".join(c for c in unicodedata.normalize("NFKC", plain) if c.isascii() and c.isalnum())
    return plain if 5 <= len(plain) <= 30 and len(set(plain)) > 1 and FOUR_DIGITS(plain) else ""


def is_chinese_id_number(plain: str) -> bool:
    """Whether a normalised number is an 18-character Chinese one whose last character fits (GB 11643)."""
    if len(plain) != 18 or not plain[:17].isdigit():
        return False
    return ID_CHECKS[sum(w * int(d) for w, d in zip(ID_WEIGHTS, plain[:17], strict=True)) % 11] == plain[17]


def check_id_number(text: str) -> Message | None:
    """A warning when an 18-character Chinese identity number contradicts itself; it is kept all the same."""
    plain = id_number_key(text)
    if len(plain) != 18 or not plain[:17].isdigit() or is_chinese_id_number(plain):
        return None
    return N_("The last character of this identity number does not fit the others: one of them is mistyped.")


def birth_in_id_number(plain: str) -> date | None:
    """The birth date a valid Chinese identity number states."""
    if not is_chinese_id_number(plain):
        return None
    try:
        return date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return None
