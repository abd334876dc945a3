"""Two records of persons side by side, and the person that is made of what was chosen of each."""

from collections.abc import Mapping
from typing import Any

from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Person
from sizao.vocabulary.text import N_, Message

#: What is compared: label, name, and whether it is part of the sealed identity.
FACTS: tuple[tuple[Message, str, bool], ...] = (
    (N_("Full name"), "full_name", True),
    (N_("Family name"), "family_name", True),
    (N_("Given name"), "given_name", True),
    (N_("Sex"), "sex", False),
    (N_("Date of birth"), "date_birth", True),
    (N_("Year of birth"), "year_birth", False),
    (N_("Identity number"), "id_number", True),
    (N_("Telephone"), "phones", True),
    (N_("E-mail"), "email", True),
    (N_("Address"), "address", True),
    (N_("Nationality"), "nationality", True),
    (N_("Language"), "language", False),
    (N_("Occupation"), "occupation", False),
    (N_("Area"), "area", False),
)
OF_IDENTITY = frozenset(name for _label, name, sealed in FACTS if sealed)


def value_of(person: Person, name: str) -> Any:
    return getattr(person.identity if name in OF_IDENTITY else person, name)


def chosen(left: Person, right: Person, picks: Mapping[str, str]) -> dict[str, Any]:
    """What the one person shall say: `picks` names "left" or "right" for facts that differ; what only one side
    knows is taken from it, and all telephone numbers are kept, the chosen side's first."""
    facts = {name: _pick(left, right, name, picks.get(name)) for _label, name, _sealed in FACTS}
    first, second = (right, left) if picks.get("phones") == "right" else (left, right)
    facts["phones"] = tuple(dict.fromkeys((*first.identity.phones, *second.identity.phones)))
    identity = Identity(**{name: facts.pop(name) for name in OF_IDENTITY})
    facts["vulnerabilities"] = sorted({*left.vulnerabilities, *right.vulnerabilities})
    return {"identity": identity, **facts}


def _pick(left: Person, right: Person, name: str, pick: str | None) -> Any:
    ours, theirs = value_of(left, name), value_of(right, name)
    if pick:
        return theirs if pick == "right" else ours
    return theirs if ours in ("", None, "unknown") else ours
