"""Before somebody new is written: who in the register may be the same person."""

from dataclasses import dataclass
from datetime import datetime

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.likeness import Described
from sizao.ops.registry.lookup import person_keys
from sizao.ops.registry.matching import keys_of, shelf_of
from sizao.ops.registry.models import Person
from sizao.vocabulary.text import Message


@dataclass(frozen=True)
class Lookalike:
    """A known person, how alike (100 is as good as proven), and why."""

    person: Person
    score: int
    reason: Message


def lookalikes(
    *, identity: Identity, sex: str, year_birth: int | None, area_path: str | None, by: User, at: datetime
) -> list[Lookalike]:
    """Persons in the areas where the reader may search who may be the one described, likeliest first."""
    keys = person_keys(
        identity.family_name, identity.given_name, identity.full_name, identity.date_birth,
        ";".join(identity.phones), identity.id_number,
    )  # fmt: skip
    described = Described(0, *keys, sex=sex, year_birth=year_birth, area=area_path)
    candidates = shelf_of([described]).alike(described, keys_of(described))
    people = Person.objects.select_related("area").in_bulk([each.person_id for each in candidates])
    reach = access.reach(by, "person.search", at=at)
    return [
        Lookalike(people[each.person_id], each.likeness.score, each.likeness.reason)
        for each in candidates
        if each.person_id in people and reach.covers(people[each.person_id].area_id)
    ]
