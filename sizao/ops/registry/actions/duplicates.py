"""Finding records that may be one person, and deciding that they are not."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.models import User
from sizao.ops.registry.likeness import Described, Likeness
from sizao.ops.registry.matching import keys_of, shelf_of
from sizao.ops.registry.models import Decision, Lookalike, Person

Pair = tuple[int, int, Likeness]  # two persons, and why


@transaction.atomic
def look_for_duplicates(*, persons: Sequence[int], by: User, at: datetime) -> list[Lookalike]:
    """Compare these persons (ids) with the register; what is alike enters the list to be decided, each pair once."""
    access.check(by, "person.search", at=at)
    described = [
        Described(*row)
        for row in Person.objects.filter(pk__in=persons, merged_into=None).values_list(*Described._fields)
    ]
    shelf = shelf_of(described)
    pairs = [
        (person.id, found.person_id, found.likeness)
        for person in described
        for found in shelf.alike(person, keys_of(person))
    ]
    return note_pairs(pairs=pairs, by=by, at=at)


@transaction.atomic
def note_pairs(*, pairs: Iterable[Pair], by: User, at: datetime) -> list[Lookalike]:
    """Put pairs on the list to be decided; pairs that are on it, or were decided, stay as they are.

    A pair belongs to the smallest area that holds both, so that whoever decides may see both.
    """
    wanted = {tuple(sorted((a, b))): like for a, b, like in pairs if a != b}
    areas = _areas({person for pair in wanted for person in pair})
    known = set()
    newer = [pair[1] for pair in wanted]
    for start in range(0, len(newer), 5_000):
        rows = Lookalike.objects.filter(newer__in=newer[start : start + 5_000])
        known.update(rows.values_list("older_id", "newer_id"))
    rows = [
        Lookalike(
            older_id=older, newer_id=new, score=like.score, area_id=shared_area(areas[older], areas[new]), found_at=at,
            reason={"msgid": like.reason.msgid, "params": like.reason.params},
        )
        for (older, new), like in wanted.items()
        if (older, new) not in known
    ]  # fmt: skip
    Lookalike.objects.bulk_create(rows, batch_size=1000)
    if rows:
        audit.record(by=by, at=at, action="lookalikes.noted", n=len(rows))
    return rows


def shared_area(one: str | None, other: str | None) -> str | None:
    """The smallest area that holds both; None when there is none."""
    ends = range(len(one or ""), 0, -access.SEGMENT)
    return next((one[:end] for end in ends if (other or "").startswith(one[:end])), None)


def _areas(persons: set[int]) -> dict[int, str | None]:
    ids, found = sorted(persons), {}
    for start in range(0, len(ids), 5_000):
        found.update(Person.objects.filter(pk__in=ids[start : start + 5_000]).values_list("pk", "area_id"))
    return found


@transaction.atomic
def call_different(*, lookalikes: Sequence[Lookalike], reason: str = "", by: User, at: datetime) -> list[Lookalike]:
    """Decide that two records are two people; they are not proposed again."""
    for pair in lookalikes:
        access.check(by, "person.merge", pair.area_id or "", at=at)
        pair.decision, pair.decided_at, pair.decided_by = Decision.TWO, at, by
    Lookalike.objects.bulk_update(lookalikes, ["decision", "decided_at", "decided_by"], batch_size=500)
    audit.record_many(by=by, at=at, action="person.told_apart", about=lookalikes, reason=reason)
    return list(lookalikes)
