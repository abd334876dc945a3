"""How likely two records are one person, and the sentence that says why. Pure: it compares keys, never names.

One shared common name proves nothing, so no rule proposes two people for a name, or a part of one, alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sizao.vocabulary.codes import Sex
from sizao.vocabulary.text import N_, Message

COUNTY = 14  # characters of a county's path
CERTAIN = 90  # from here on an import takes them for one person unless somebody says otherwise


class Described(NamedTuple):
    """What is compared of a person or of a row of a file. `id` is the person's, or the row's as the caller counts."""

    id: int
    key_name: int | None = None
    key_sound: int | None = None
    key_family: int | None = None
    key_given: int | None = None
    key_birth: int | None = None
    key_phone: int | None = None
    key_phone_other: int | None = None
    key_id_number: int | None = None
    sex: str | None = None
    year_birth: int | None = None
    area: str | None = None


class Likeness(NamedTuple):
    """Why two may be one: 100 is as good as proven."""

    score: int
    reason: Message


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two records share and where they contradict each other; unknown is neither."""

    same_id: bool
    other_id: bool
    same_name: bool
    same_sound: bool
    shares_part: bool
    unnamed: bool
    same_birth: bool
    near_year: bool
    far_year: bool
    year_unknown: bool
    same_phone: bool
    other_sex: bool
    same_area: bool
    area_unknown: bool


@dataclass(frozen=True)
class Rule:
    score: int
    reason: Message
    holds: Callable[[Evidence], bool]


#: The first rule that holds is the answer.
RULES = (
    Rule(100, N_("Same identity number"), lambda e: e.same_id and (e.same_name or e.same_sound or e.unnamed)),
    Rule(85, N_("Same identity number, but another name"), lambda e: e.same_id),
    Rule(
        50,
        N_("Same name, birth date and telephone, but another identity number"),
        lambda e: e.other_id and e.same_name and e.same_birth and e.same_phone,
    ),
    Rule(0, N_("Different identity numbers"), lambda e: e.other_id),
    Rule(
        99,
        N_("Same name, birth date and telephone"),
        lambda e: e.same_name and e.same_birth and e.same_phone and not e.other_sex,
    ),
    Rule(
        95,
        N_("Same name and birth date"),
        lambda e: e.same_name and e.same_birth and not e.other_sex and (e.same_area or e.area_unknown),
    ),
    Rule(
        93,
        N_("Same name and telephone"),
        lambda e: e.same_name and e.same_phone and not e.far_year and not e.other_sex,
    ),
    Rule(
        88,
        N_("Same name and birth date, in another county"),
        lambda e: e.same_name and e.same_birth and not e.other_sex,
    ),
    Rule(
        85,
        N_("Same telephone, and the names sound alike"),
        lambda e: e.same_phone and e.same_sound and not e.far_year and not e.other_sex,
    ),
    Rule(75, N_("Same telephone and birth date"), lambda e: e.same_phone and e.same_birth and not e.other_sex),
    Rule(
        70,
        N_("Same birth date, and the names sound alike"),
        lambda e: e.same_birth and e.same_sound and not e.other_sex,
    ),
    Rule(
        65,
        N_("Same name, about the same age, same county"),
        lambda e: e.same_name and e.near_year and e.same_area and not e.other_sex,
    ),
    Rule(
        60,
        N_("Same name and telephone, but another age or sex"),
        lambda e: e.same_name and e.same_phone,
    ),
    Rule(
        55,
        N_("Same telephone, a part of the name and about the same age"),
        lambda e: e.same_phone and e.shares_part and e.near_year and not e.other_sex,
    ),
    Rule(
        45,
        N_("Same name in the same county; one age is not known"),
        lambda e: e.same_name and e.year_unknown and e.same_area and not e.other_sex,
    ),
)


def likeness(a: Described, b: Described) -> Likeness | None:
    """The strongest reason to take two records for one person; None when there is none."""
    if cannot_be(a, b):
        return None
    evidence = compare(a, b)
    for rule in RULES:
        if rule.holds(evidence):
            return Likeness(rule.score, rule.reason) if rule.score else None
    return None


def cannot_be(a: Described, b: Described) -> bool:
    """Whether no rule can hold, told from few facts: quick, for the many who share a common name and an age."""
    phones = (b.key_phone, b.key_phone_other)
    if (a.key_phone is not None and a.key_phone in phones) or (
        a.key_phone_other is not None and a.key_phone_other in phones
    ):
        return False
    if a.key_id_number is not None and b.key_id_number is not None:
        return a.key_id_number != b.key_id_number
    return a.key_birth is not None and b.key_birth is not None and a.key_birth != b.key_birth


def compare(a: Described, b: Described) -> Evidence:
    both_births = a.key_birth is not None and b.key_birth is not None
    both_years = a.year_birth is not None and b.year_birth is not None
    same_birth = both_births and a.key_birth == b.key_birth
    near = both_years and abs(a.year_birth - b.year_birth) <= 1
    both_ids = a.key_id_number is not None and b.key_id_number is not None
    return Evidence(
        same_id=both_ids and a.key_id_number == b.key_id_number,
        other_id=both_ids and a.key_id_number != b.key_id_number,
        same_name=a.key_name is not None and a.key_name == b.key_name,
        same_sound=a.key_sound is not None and a.key_sound == b.key_sound,
        shares_part=bool(_parts(a) & _parts(b)),
        unnamed=a.key_name is None or b.key_name is None,
        same_birth=same_birth,
        near_year=near and not (both_births and not same_birth),
        far_year=(both_births and not same_birth) or (both_years and not near),
        year_unknown=not both_years,
        same_phone=bool(_phones(a) & _phones(b)),
        other_sex=_sex(a) is not None and _sex(b) is not None and _sex(a) != _sex(b),
        same_area=bool(a.area) and bool(b.area) and a.area[:COUNTY] == b.area[:COUNTY],
        area_unknown=not a.area or not b.area,
    )


def _parts(described: Described) -> set[int]:
    return {key for key in (described.key_family, described.key_given) if key is not None}


def _phones(described: Described) -> set[int]:
    return {key for key in (described.key_phone, described.key_phone_other) if key is not None}


def _sex(described: Described) -> str | None:
    return described.sex if described.sex and described.sex != Sex.UNKNOWN else None
