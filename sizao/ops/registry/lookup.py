"""Blind look-up keys of persons: what `keys.py` makes of their names and numbers, hashed with the installation's key.

The same keys are computed when a person is written, when a record is compared, and when somebody searches.
"""

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple

from sizao.ops.governance.keyring import keyring
from sizao.ops.registry import keys


class PersonKeys(NamedTuple):
    """The key columns of a person; None where nothing is known."""

    key_name: int | None = None
    key_sound: int | None = None
    key_family: int | None = None
    key_given: int | None = None
    key_birth: int | None = None
    key_phone: int | None = None
    key_phone_other: int | None = None
    key_id_number: int | None = None


NOTHING = PersonKeys()


def person_keys(
    family: str = "", given: str = "", full: str = "", birth: date | None = None, phones: str = "", id_number: str = ""
) -> PersonKeys:
    """The keys of one person from plain values; several telephone numbers stand in one text."""
    number = keys.id_number_key(id_number) if id_number else ""
    if number and not birth:
        birth = keys.birth_in_id_number(number)
    called = keys.phone_keys(phones) if phones else ()
    return PersonKeys(
        *name_keys(family or "", given or "", full or ""),
        birth_blind(birth) if birth else None,
        phone_blind(called[0]) if called else None,
        phone_blind(called[1]) if len(called) > 1 else None,
        id_blind(number) if number else None,
    )


@lru_cache(maxsize=keys.PARTS)
def name_keys(family: str, given: str, full: str) -> tuple[int | None, int | None, int | None, int | None]:
    """Name, sound, family and given key. A full name wins over its parts where both are given and disagree."""
    first, second = keys.split_name(family, given, full)
    whole = keys.words(full) if full else first + second
    if not whole:
        return (None, None, None, None)
    return (
        blinded("name")(keys.name_key(whole)),
        blinded("sound")(keys.sound_key(whole)),
        part_blind(keys.part_key(first)) if first else None,
        part_blind(keys.part_key(second)) if second else None,
    )


@cache
def blinded(kind: str) -> Callable[[str], int]:
    """`governance.sealed.blind` for many values of one kind: the key block is hashed once."""
    start = blake2b(f"{kind}\0".encode(), digest_size=8, key=keyring().index)

    def hashed(text: str) -> int:
        state = start.copy()
        state.update(text.encode())
        return int.from_bytes(state.digest(), "big") >> 1

    return hashed


@lru_cache(maxsize=keys.PARTS)
def part_blind(part: str) -> int:
    return blinded("part")(part)


def phone_blind(digits: str) -> int:
    return blinded("phone")(digits)


def id_blind(number: str) -> int:
    return blinded("id_number")(number)


@lru_cache(maxsize=keys.PARTS)
def birth_blind(birth: date) -> int:
    return blinded("birth")(birth.isoformat())
