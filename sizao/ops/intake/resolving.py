"""Which person each row of a file is: somebody known, an earlier row's new person, or somebody new.

In this order: the number is known in the incident (the same file again, or its correction); somebody chose; the
register holds a record that is certainly the same; otherwise the person is new, and whoever is merely like them
is written down to be decided by a person. Two rows of one chunk may be one new person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from sizao.ops.cases.queries import persons_by_number
from sizao.ops.incidents.models import Incident
from sizao.ops.intake.faults import ERROR, Fault
from sizao.ops.registry.likeness import CERTAIN, Described, Likeness, compare, likeness
from sizao.ops.registry.matching import Candidate, Shelf, kept_under, keys_of, shelf_of
from sizao.ops.registry.models import Person
from sizao.ops.tracing.queries import contacts_by
from sizao.vocabulary.text import N_, Message

NEW, LEFT_OUT = "new", "left out"
Choice = str | int  # NEW, LEFT_OUT, or the id of a person
DESCRIBING = Described._fields[1:]


@dataclass(frozen=True)
class Found:
    """A row that may be somebody: a person's id, or minus an earlier row's number."""

    row: int
    other: int
    likeness: Likeness


@dataclass
class Resolved:
    """`person_of` gives a person's id, or minus the number of the row whose new person it is (its own, if new)."""

    person_of: dict[int, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    n_known: int = 0  # rows whose number is known: they bring recorded people up to date


class ByRegister:
    """Asks the register for the likes of rows, and remembers the rows themselves: they may be one person too."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.person_of: dict[int, int] = {}

    def prepare(self, records: Sequence[Described]) -> None:
        shelf_of(records, self.shelf)

    def alike(self, record: Described) -> list[Candidate]:
        return self.shelf.alike(record, keys_of(record))

    def add(self, record: Described) -> None:
        self.shelf.add(record, kept_under(record))


class ByPreview:
    """Answers with what the preview found, as long as the register is still the one it was compared with."""

    def __init__(self, found: pl.DataFrame, person_of: dict[int, int]) -> None:
        self.person_of = person_of
        self.found: dict[int, list[Candidate]] = {}
        for row, other, score, reason in found.select("row", "other", "score", "reason").iter_rows():
            self.found.setdefault(row, []).append(Candidate(other, Likeness(score, Message(reason))))

    def prepare(self, records: Sequence[Described]) -> None:
        """Nothing is asked again."""

    def alike(self, record: Described) -> list[Candidate]:
        return [
            Candidate(self.person_of[-other] if other < 0 and self.person_of[-other] > 0 else other, like)
            for other, like in self.found.get(-record.id, [])
            if other > 0 or -other in self.person_of
        ]

    def add(self, record: Described) -> None:
        """The preview compared the rows with each other."""


def resolve(
    *,
    incident: Incident,
    kind: str,
    frame: pl.DataFrame,
    choices: Mapping[int, Choice],
    by: ByRegister | ByPreview | None = None,
) -> Resolved:
    """Resolve the rows of a frame of cases or contacts, as `preparing` made it."""
    records = described(frame)
    known = known_numbers(incident, kind, frame)
    by = by or ByRegister()
    by.prepare([record for record in records if -record.id not in known and -record.id not in choices])
    result = Resolved()
    _take_known(result, kind, frame, records, known)
    for record in records:
        row = -record.id
        if row in known:
            continue
        choice = choices.get(row)
        if choice == LEFT_OUT:
            result.left_out.add(row)
            continue
        if isinstance(choice, int):
            result.person_of[row] = choice
            continue
        alike = [] if choice == NEW else by.alike(record)
        result.found += [Found(row, each.person_id, each.likeness) for each in alike]
        result.person_of[row] = by.person_of[row] = _same(alike, by.person_of) or -row
        by.add(record)
    return result


def described(frame: pl.DataFrame) -> list[Described]:
    """The rows as they are compared; a row's id is minus its number, so that it is nobody's."""
    columns = [frame[name].to_list() for name in ("row", *DESCRIBING)]
    return [Described(-row, *values) for row, *values in zip(*columns, strict=True)]


def known_numbers(incident: Incident, kind: str, frame: pl.DataFrame) -> dict[int, int]:
    """The person of each row whose number is a case's or contact's of this incident already."""
    numbers = frame["number"].drop_nulls().unique().to_list()
    if kind == "cases":
        persons = persons_by_number(incident=incident, numbers=numbers)
    else:
        rows = contacts_by(incident=incident, field="number", values=numbers)
        persons = {number: contact.person_id for number, contact in rows.items()}
    pairs = zip(frame["row"].to_list(), frame["number"].to_list(), strict=True)
    return {row: persons[number] for row, number in pairs if number in persons}


def _same(alike: Sequence, became: Mapping[int, int]) -> int | None:
    """The person a row certainly is; an earlier row answers with whom it became."""
    if not alike or alike[0].likeness.score < CERTAIN:
        return None
    best = alike[0].person_id
    return best if best > 0 else became[-best]


def _take_known(
    result: Resolved, kind: str, frame: pl.DataFrame, records: Sequence[Described], known: Mapping[int, int]
) -> None:
    """Rows under a known number are that person, unless they speak of somebody else altogether."""
    ids = sorted(set(known.values()))
    persons: dict[int, Described] = {}
    for start in range(0, len(ids), 5_000):
        rows = Person.objects.filter(pk__in=ids[start : start + 5_000]).values_list(*Described._fields)
        persons.update((row[0], Described(*row)) for row in rows)
    numbers = dict(zip(frame["row"].to_list(), frame["number"].to_list(), strict=True)) if known else {}
    for record in records:
        row = -record.id
        if row not in known:
            continue
        if is_somebody_else(record, persons[known[row]]):
            result.left_out.add(row)
            result.faults.append(_taken(row, kind, numbers[row]))
        else:
            result.person_of[row] = known[row]
            result.n_known += 1


def is_somebody_else(record: Described, person: Described) -> bool:
    """Neither name, sound, number, telephone nor birth date is shared; of somebody unnamed, sex and age both differ.

    Lists without names are common: there one corrected age or sex is a correction, both at once are another person.
    """
    if likeness(record, person):
        return False
    evidence = compare(record, person)
    shared = evidence.same_name or evidence.same_sound or evidence.same_phone or evidence.same_birth
    if evidence.unnamed:
        return not shared and not evidence.same_id and evidence.other_sex and evidence.far_year
    return not shared and not evidence.shares_part


def _taken(row: int, kind: str, number: str) -> Fault:
    column = "case_id" if kind == "cases" else "contact_id"
    sentence = N_(
        "The number {number} belongs to another person in this incident. Give this row another number, or correct "
        "name, sex and age.",
        number=number,
    )
    return Fault(row, column, number, ERROR, sentence)
