"""The smallest parts of a protocol: a sentence in two languages, a figure with its source and grade."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sizao.protocols.choices import ONE, Grade, Unit
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class Text(Message):
    """A sentence that lives in a protocol file in English and Chinese, not in the catalogue."""

    zh: str = ""

    def say(self, language: str) -> str:
        return self.zh if self.zh and language.startswith("zh") else self.msgid

    def __str__(self) -> str:
        return self.msgid

    def __hash__(self) -> int:
        return hash((self.msgid, self.zh))


@dataclass(frozen=True)
class Spec:
    """What the reader asks of one field: units that fit, limits, and the words its keys may be.

    Stands in the annotation: `days: Annotated[Quantity, Spec((Unit.DAY,), low=1)]`.
    """

    units: tuple[Unit, ...] = ()
    low: float | None = None
    high: float | None = None
    keys: type[Any] | None = None


@dataclass(frozen=True)
class Sourced:
    """What every stated thing carries: tags of its sources (none for grade m), grade, remark."""

    grade: Grade
    source: str = ""
    note: Text | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self.source.split())

    @property
    def is_sourced(self) -> bool:
        return self.grade is not Grade.UNSOURCED


@dataclass(frozen=True, kw_only=True)
class Quantity(Sourced):
    """One number with unit, source and grade."""

    value: float
    unit: Unit

    @property
    def number(self) -> int | float:
        """The value, whole where it is whole."""
        return int(self.value) if float(self.value).is_integer() else self.value

    @property
    def amount(self) -> Message:
        """`14 days`, `1 day`."""
        unit = ONE.get(self.unit, self.unit.label) if self.value == 1 else self.unit.label
        return N_("{n} {unit}", n=self.number, unit=unit)

    @property
    def hours(self) -> float:
        return {Unit.DAY: 24.0, Unit.HOUR: 1.0, Unit.MINUTE: 1 / 60}[self.unit] * self.value


@dataclass(frozen=True, kw_only=True)
class Days(Sourced):
    """Days of a phase or of a zone, counted from 1."""

    value: tuple[int, ...]
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Statement(Sourced):
    """A rule that is words, not a number."""

    en: str
    zh: str = ""

    @property
    def text(self) -> Text:
        return Text(self.en, {}, self.zh)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a figure was read."""

    where: str
    title: Text | None = None
    dated: date | None = None
