"""Finds, for many records at once, the persons each may be. Work grows with the records, not with the register.

The register is asked by key, some thousand keys a question; who shares a key is then compared in memory. A
key that too many share (an institution's telephone) says nothing and is left aside.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from sizao.ops.registry.likeness import COUNTY, Described, Likeness, likeness
from sizao.ops.registry.models import Person

RECORDS_AT_ONCE = 5_000
PLACES = 30_000  # SQLite takes 32,766 values in a statement
TOO_MANY = 60  # holders of one key; 张伟 of one year of birth in a province are fewer
SHOWN = 5  # candidates kept for a record

Key = tuple[Any, ...]


class Candidate(NamedTuple):
    """A person a record may be."""

    person_id: int
    likeness: Likeness


class Shelf:
    """Described persons by every key under which they can be found."""

    def __init__(self) -> None:
        self.holders: dict[Key, list[Described]] = {}

    def add(self, person: Described, keys: Iterable[Key]) -> None:
        for key in keys:
            if key in self.holders:
                self.holders[key].append(person)
            else:
                self.holders[key] = [person]

    def alike(self, record: Described, keys: Iterable[Key]) -> list[Candidate]:
        """The persons most like `record`, likeliest first."""
        met: dict[int, Described] = {}
        for key in keys:
            holders = self.holders.get(key)
            if holders and len(holders) <= TOO_MANY:
                for person in holders:
                    met[person.id] = person
        if not met:
            return []
        met.pop(record.id, None)
        found = [Candidate(pk, like) for pk, person in met.items() if (like := likeness(record, person))]
        return sorted(found, key=lambda each: (-each.likeness.score, each.person_id))[:SHOWN]


def keys_of(record: Described) -> Iterator[Key]:
    """The keys under which a record is looked for; somebody of an unsure age by the years before and after."""
    if record.key_id_number is not None:
        yield "id", record.key_id_number
    for phone in (record.key_phone, record.key_phone_other):
        if phone is not None:
            yield "phone", phone
    if record.key_name is not None:
        if record.key_birth is not None and record.year_birth is not None:
            yield "born", record.key_name, record.year_birth, record.key_birth
        if record.year_birth is not None:
            for year in (record.year_birth - 1, record.year_birth, record.year_birth + 1):
                yield "name", record.key_name, year
        if record.area:
            yield "name in county", record.key_name, record.area[:COUNTY]
    if record.key_sound is not None and record.key_birth is not None and record.year_birth is not None:
        yield "sound", record.key_sound, record.year_birth, record.key_birth


def kept_under(person: Described) -> Iterator[Key]:
    """The keys under which a person is put on a shelf: of the years only their own."""
    for key in keys_of(person):
        if key[0] != "name" or key[2] == person.year_birth:
            yield key


def shelf_of(records: Sequence[Described], shelf: Shelf | None = None) -> Shelf:
    """Everybody of the register who shares a key with one of the records, added to a shelf."""
    shelf = shelf if shelf is not None else Shelf()
    for start in range(0, len(records), RECORDS_AT_ONCE):
        _fill(shelf, records[start : start + RECORDS_AT_ONCE])
    return shelf


def _fill(shelf: Shelf, records: Sequence[Described]) -> None:
    asked: dict[str, set[Key]] = defaultdict(set)
    for record in records:
        for kind, *key in keys_of(record):
            asked[_narrower(kind, record)].add(tuple(key))
    for question in QUESTIONS:
        for key, person in _answers(question.holds, sorted(asked.get(question.asked, ()))):
            shelf.add(person, ((question.kind or question.asked, *key),))


def _narrower(kind: str, record: Described) -> str:
    """The question to ask for a key. Whose birth date is known is found by it; by name and year only people without
    one are left to find. Who has an age is found by it; in the county only people without one are left."""
    if kind == "name" and record.key_birth is not None:
        return "name, no birth date"
    if kind == "name in county" and record.year_birth is not None:
        return "name in county, no age"
    return kind


class Question(NamedTuple):
    """One look-up: the keys it takes, what must hold between a person `p` and the asked `w.a`, `w.b`, `w.c`, and
    under which kind of key the answers are kept."""

    asked: str
    holds: str
    kind: str = ""


QUESTIONS = (
    Question("id", "p.key_id_number = w.a"),
    Question("phone", "p.key_phone = w.a"),
    Question("phone", "p.key_phone_other = w.a"),
    Question("born", "p.key_name = w.a AND p.year_birth = w.b AND p.key_birth = w.c"),
    Question("name", "p.key_name = w.a AND p.year_birth = w.b"),
    Question("name, no birth date", "p.key_name = w.a AND p.year_birth = w.b AND p.key_birth IS NULL", "name"),
    Question("name in county", "p.key_name = w.a AND p.l3 = w.b"),
    Question("name in county, no age", "p.key_name = w.a AND p.year_birth IS NULL AND p.l3 = w.b", "name in county"),
    Question("sound", "p.key_sound = w.a AND p.year_birth = w.b AND p.key_birth = w.c"),
)


def _answers(condition: str, asked: Sequence[Key]) -> Iterator[tuple[Key, Described]]:
    """Each person who holds an asked key, with that key."""
    if not asked:
        return
    width = len(asked[0])
    names = "abc"[:width]
    row = f"({', '.join(['%s'] * width)})"
    columns = ", ".join(f"p.{Person._meta.get_field(name).column}" for name in Described._fields)
    for start in range(0, len(asked), PLACES // width):
        part = asked[start : start + PLACES // width]
        statement = (
            f"WITH w({', '.join(names)}) AS (VALUES {', '.join([row] * len(part))}) "
            f"SELECT {', '.join(f'w.{name}' for name in names)}, {columns} FROM w "
            f"JOIN {Person._meta.db_table} p ON {condition} WHERE p.merged_into_id IS NULL"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for key in part for value in key])
            for found in cursor.fetchall():
                yield found[:width], Described(*found[width:])
