"""Finds the area a free text speaks of: 哈尔滨市南岗区, "Nangang, Harbin", "St. Mary Hospital, Gyeonggi", 230103.

How it decides: every name in the text is looked up, the longest first. An area is supported by the names of
itself and of the areas above it; the best supported one wins. An official name weighs more than a short one, and
a name that stands alone between commas more than one inside a longer phrase, so "Seoul Clinic, Asan,
Chungcheongnam" lies in Chungcheongnam. Where support is equal, Chinese and Korean texts are read large to small
(the first name counts) and Latin ones small to large (the last counts). What is still undecided is not guessed:
all candidates are returned, with the area that contains them when the text names one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from sizao.exchange.areas.mentions import OFFICIAL, SHORT, Mention, NameIndex
from sizao.exchange.areas.shape import SEGMENT_LENGTH, ancestors, level_of

GROUP = "group"  # 市辖区: a heading of the statistics, never meant when written alone
CODE_LENGTHS = (9, 6, 4, 2)  # of China's codes, which people fill up with zeros: 230100, 230100000000


@dataclass(frozen=True)
class Match:
    """`path` is the deepest area the text certainly means; `candidates` are those it may mean, if several."""

    path: str | None = None
    candidates: tuple[str, ...] = ()


NOTHING = Match()


@dataclass(frozen=True)
class AreaNames:
    """The names of one or more area tables, indexed once."""

    index: NameIndex
    codes: dict[str, str]
    paths: frozenset[str] = field(repr=False)

    def find(self, text: str | None, *, within: str = "") -> Match:
        """The area `text` means. `within` is a path: only areas inside it are answers."""
        cleaned = (text or "").strip()
        if path := self.by_code(cleaned):
            return Match(path) if path.startswith(within) else NOTHING
        mentions = self.index.mentions(cleaned)
        return decide(mentions, within) if mentions else NOTHING

    def find_all(self, texts: Iterable[str | None], *, within: str = "") -> list[Match]:
        """One answer per text; equal texts are looked up once."""
        known: dict[str | None, Match] = {}
        answers = []
        for text in texts:
            if text not in known:
                known[text] = self.find(text, within=within)
            answers.append(known[text])
        return answers

    def by_code(self, text: str) -> str | None:
        """An official code or a path; China's codes with or without the zeros at the end."""
        code = text.removesuffix(".0").upper()
        if code in self.paths:
            return code
        if found := self.codes.get(code):
            return found
        if code.isascii() and code.isdigit() and len(code) >= 6:
            shorter = (code[:length] for length in CODE_LENGTHS if not code[length:].strip("0"))
            return next((self.codes[start] for start in shorter if start in self.codes), None)
        return None


def resolve_names(frame: pl.DataFrame) -> AreaNames:
    """Index the names of an area table (or several, concatenated). A former area answers with its successor."""
    index = NameIndex()
    codes: dict[str, str] = {}
    columns = ("path", "code", "kind", "successor", "name_zh", "name_en", "name_local", "aliases")
    for path, code, kind, successor, zh, en, local, aliases in frame.select(columns).iter_rows():
        today = successor or path
        codes[code.upper()] = today
        if kind == GROUP:
            continue
        official = {name for name in (zh, en, local) if name}
        for name in official:
            index.add(name, today, OFFICIAL)
        for name in set(aliases or ()) - official:
            index.add(name, today, SHORT)
            if any(char.isdigit() for char in name):
                codes.setdefault(name.upper(), today)
    return AreaNames(index, codes, frozenset(frame["path"]))


def decide(mentions: list[Mention], within: str) -> Match:
    """Weigh all areas named; see the head of this file."""
    named: dict[str, list[int]] = {}
    for number, mention in enumerate(mentions):
        for path in mention.weights:
            named.setdefault(path, []).append(number)
    best: tuple[int, int] = (0, 0)
    winners: list[str] = []
    for path in named:
        if path.startswith(within):
            score = support(path, named, mentions)
            if not winners or score > best:
                best, winners = score, [path]
            elif score == best:
                winners.append(path)
    return chosen(winners, named, within) if winners else NOTHING


def support(path: str, named: dict[str, list[int]], mentions: list[Mention]) -> tuple[int, int]:
    """The weight of the names that support an area, and how early (as a negative number) the first of them stands.

    Each area on the way up takes the strongest name that no deeper one has taken. Called for every candidate of
    every text, so it is written for speed.
    """
    weight, place, used = 0, 1 << 30, 0
    for end in range(len(path), 0, -SEGMENT_LENGTH):
        area = path[:end]
        taken, most = -1, 0
        for number in named.get(area, ()):
            strength = mentions[number].weights[area]
            if strength > most and not used >> number & 1:
                taken, most = number, strength
        if taken >= 0:
            used |= 1 << taken
            weight += most
            place = min(place, mentions[taken].place)
    return weight, -place


def chosen(winners: list[str], named: dict[str, list[int]], within: str) -> Match:
    """The area among equals that contains the others, or the only province; otherwise all are candidates."""
    everyone = set(winners)
    highest = sorted(path for path in winners if not everyone.intersection(ancestors(path)[1:]))
    provinces = [path for path in highest if level_of(path) <= 1]
    if len(highest) == 1 or len(provinces) == 1:  # 海南 alone is the province, not the prefecture
        return Match((provinces or highest)[0])
    shared = (path for path in ancestors(highest[0]) if all(other.startswith(path) for other in highest))
    above = next((path for path in shared if path in named and path.startswith(within)), None)
    return Match(above, tuple(highest))
