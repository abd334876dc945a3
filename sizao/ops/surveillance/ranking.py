"""Which signals to look at first, and why, in words. Pure: facts in, rank and sentences out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sizao.epi.detection.signals import strengths
from sizao.ops.surveillance.kinds import Rank
from sizao.vocabulary.text import N_, Message

#: Strength from which a signal is looked at first, and soon.
FIRST, SOON = 6.0, 3.5
#: Detectors of rare or severe diseases: the rule itself says that every case counts.
EVERY_CASE = {"k_in_days"}


class Rung(NamedTuple):
    """An alarm as ranking sees it; `source` is "" where several streams rang together."""

    area: str
    source: str
    stream: int | None
    date: date
    detector: str
    p_value: float | None
    score: float | None
    why: Message


@dataclass(frozen=True)
class Ranked:
    """Where a signal stands: `strength` orders the list."""

    rank: Rank
    strength: float
    reasons: list[Message]


def rank_signal(alarms: Sequence[Rung], records: Mapping[str, tuple[int, int]]) -> Ranked:
    """Each source gives its strongest alarm, weighed by the share of its verified alarms that were outbreaks (counted
    as if two more had been seen, one of them an outbreak); sources add up. `records`: source → (verified, outbreaks).
    """
    z = strengths([each.p_value for each in alarms], [each.score for each in alarms])
    best: dict[str, float] = defaultdict(float)
    for each, value in zip(alarms, z, strict=True):
        best[each.source] = max(best[each.source], float(value))
    strength = sum(value * weight_of(source, records) for source, value in best.items())
    every_case = any(each.detector in EVERY_CASE for each in alarms)
    rank = Rank.HIGH if strength >= FIRST or every_case else Rank.MEDIUM if strength >= SOON else Rank.LOW
    strongest = alarms[max(range(len(alarms)), key=lambda index: (z[index], -index))]
    return Ranked(rank, round(strength, 3), reasons_of(alarms, strongest, best, records, every_case))


def weight_of(source: str, records: Mapping[str, tuple[int, int]]) -> float:
    """Twice the expected share of outbreaks: 1 without a record."""
    verified, outbreaks = records.get(source, (0, 0))
    return 2.0 * (outbreaks + 1.0) / (verified + 2.0)


def reasons_of(
    alarms: Sequence[Rung],
    strongest: Rung,
    best: Mapping[str, float],
    records: Mapping[str, tuple[int, int]],
    every_case: bool,
) -> list[Message]:
    """The sentences, the weightiest first."""
    said = []
    streams = {each.stream for each in alarms if each.stream is not None}
    sources = [source for source in best if source]
    if len(sources) > 1:
        said.append(N_("{k} kinds of sources ring, {n} streams in all.", k=len(sources), n=len(streams)))
    elif len(streams) > 1:
        said.append(N_("{n} streams of one kind of source ring.", n=len(streams)))
    if "" in best:
        said.append(N_("The streams of the area ring together, more than each alone."))
    if every_case:
        said.append(N_("A rule for rare or severe diseases: every case counts."))
    areas, days = {each.area for each in alarms}, {each.date for each in alarms}
    if len(areas) > 1:
        said.append(N_("{n} neighbouring areas ring.", n=len(areas)))
    if len(days) > 1:
        said.append(N_("It has rung for {n} periods.", n=len(days)))
    said.append(N_("Strongest: {why}", why=strongest.why))
    for source in sources:
        verified, outbreaks = records.get(source, (0, 0))
        if verified >= 5:
            share = round(100 * outbreaks / verified)
            said.append(N_("Of {n} verified alarms of its source {share} % were outbreaks.", n=verified, share=share))
            break
    return said
