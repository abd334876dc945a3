"""Where the names of areas stand in a text: longest names first, Chinese and Korean by character, Latin by word."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

#: Han and Hangul are written without spaces between a name and what follows it.
UNSPACED = re.compile(r"[\u3005-\u3007\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff·]+")
SEGMENT = re.compile(r"[^,;/|()\[\]\n\t，；、（）]+")
WORD = re.compile(r"\w+")
ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f]")
#: 南京路 and 中山大道 are roads, not places in Nanjing or Zhongshan.
ROADS = ("路", "街", "大道", "巷", "弄", "胡同", "大桥", "道")
OFFICIAL, SHORT = 2, 1  # weight of an official name and of an alias
COUNTY = len("CN002300010002")
ALONE = 4  # added to the weight of a Latin name that has its part of the address to itself


class Mention(NamedTuple):
    """One name in the text: the areas it may mean with their weights, and its place in reading order."""

    weights: dict[str, int]
    place: int


@dataclass
class NameIndex:
    """Names and the areas that bear them. Built once, then only read."""

    unspaced: dict[str, dict[str, int]] = field(default_factory=dict)
    spaced: dict[str, dict[str, int]] = field(default_factory=dict)
    lengths: dict[str, list[int]] = field(default_factory=dict)  # by first two characters or first word, longest first

    def add(self, name: str, path: str, weight: int) -> None:
        plain = normal_name(name)
        if not plain:
            return
        if UNSPACED.match(plain):
            plain = plain.replace(" ", "")
            names, first, length = self.unspaced, plain[:2], len(plain)
        else:
            words = plain.split()
            names, first, length = self.spaced, words[0], len(words)
        if len(plain) < 2:
            return
        weights = names.setdefault(plain, {})
        weights[path] = max(weight, weights.get(path, 0))
        lengths = self.lengths.setdefault(first, [])
        if length not in lengths:
            lengths.append(length)
            lengths.sort(reverse=True)

    def mentions(self, text: str) -> list[Mention]:
        """All names in `text`, in no particular order."""
        plain = normal_text(text)
        found, n_unspaced = [], 0
        for run in UNSPACED.finditer(plain):
            found += self._in_run(run[0], run.start())
            n_unspaced += len(run[0])
        if n_unspaced < len(plain):
            found += self._in_words(UNSPACED.sub(" ", plain))
        return found

    def _in_run(self, run: str, offset: int) -> list[Mention]:
        found, at = [], 0
        while at < len(run):
            length = self._longest(run, at)
            if length:
                found.append(Mention(self.unspaced[run[at : at + length]], offset + at))
            at += length or 1
        return found

    def _longest(self, run: str, at: int) -> int:
        """The length of the name at this place, 0 if there is none.

        The longest one, unless a shorter one makes room for a county that reaches further: 南阳镇平县 is
        Zhenping in Nanyang and not a town Nanyang.
        """
        fitting = [length for length in self.lengths.get(run[at : at + 2], ()) if self._is_name(run, at, length)]
        for shorter in fitting[1:]:
            if shorter + self._county(run, at + shorter) > fitting[0]:
                return shorter
        return fitting[0] if fitting else 0

    def _county(self, run: str, at: int) -> int:
        """The length of the longest official name of a county or more at this place, 0 if there is none."""
        for length in self.lengths.get(run[at : at + 2], ()):
            weights = self.unspaced.get(run[at : at + length], {}) if at + length <= len(run) else {}
            if any(weight == OFFICIAL and len(path) <= COUNTY for path, weight in weights.items()):
                return length
        return 0

    def _is_name(self, run: str, at: int, length: int) -> bool:
        end = at + length
        weights = self.unspaced.get(run[at:end])
        if not weights or end > len(run):
            return False
        is_road = run.startswith(ROADS, end) and not run.startswith("街道", end)
        return not is_road or OFFICIAL in weights.values()

    def _in_words(self, text: str) -> list[Mention]:
        found = []
        for segment in SEGMENT.finditer(text):
            words = WORD.findall(segment[0])
            at = 0
            while at < len(words):
                mention, length = self._at_word(words, at, -segment.start() - at)
                if mention:
                    found.append(mention)
                at += length
        return found

    def _at_word(self, words: list[str], at: int, place: int) -> tuple[Mention | None, int]:
        """The longest name that begins with this word, and how many words it takes."""
        for length in self.lengths.get(words[at], ()):
            weights = self.spaced.get(" ".join(words[at : at + length]))
            if weights and at + length <= len(words):
                if length == len(words):
                    weights = {path: weight + ALONE for path, weight in weights.items()}
                return Mention(weights, place), length
        return None, 1


def normal_text(text: str) -> str:
    """Compatibility forms folded, lower case, accents and apostrophes off, hyphens as spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if ACCENTED.search(text):
            text = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
            text = unicodedata.normalize("NFC", text)
    text = text.lower().replace("&", " and ")
    return re.sub(r"['’ʼ`.]", "", text).replace("-", " ").replace("–", " ")


def normal_name(name: str) -> str:
    return " ".join(WORD.findall(normal_text(name)))
