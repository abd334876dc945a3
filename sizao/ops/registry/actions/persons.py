"""Recording persons, one or a million, and changing what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.bulk import bulk_load_columns, reserve_ids
from sizao.ops.governance.models import Batch, User
from sizao.ops.registry import keys
from sizao.ops.registry.framing import person_columns, split_phones
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.lookup import PersonKeys, person_keys
from sizao.ops.registry.models import Household, Person
from sizao.vocabulary.codes import Sex


@dataclass(frozen=True)
class NewPerson:
    """Somebody not known yet."""

    identity: Identity = field(default_factory=Identity)
    sex: Sex = Sex.UNKNOWN
    year_birth: int | None = None
    area_path: str | None = None
    language: str = ""
    occupation: str = ""
    vulnerabilities: tuple[str, ...] = ()
    household: Household | None = None


#: Whoever may list contacts may write down who they are. To change a known person is `person.edit` alone.
ADDING = ("person.edit", "contact.edit")


@transaction.atomic
def record_persons(*, persons: Sequence[NewPerson], by: User, at: datetime, batch: Batch | None = None) -> list[Person]:
    """One row for each, in order. Look for them with `queries.candidates` first."""
    # Anywhere: a case's contacts may live in any area. The room of the case or contact asks where.
    if not any(access.may(by, permission, at=at) for permission in ADDING):
        access.check(by, "person.edit", at=at)
    rows = [_person(new, by, at, batch) for new in persons]
    Person.objects.bulk_create(rows, batch_size=500)
    audit.record_many(by=by, at=at, action="person.recorded", about=rows)
    return rows


@transaction.atomic
def load_persons(*, persons: pl.DataFrame, by: User, at: datetime, batch: Batch | None = None) -> list[int]:
    """Ids of new persons, in the order of the rows; the columns are those of the dictionary, `area` a path.

    For files: one audit entry for all, and the speed of the database's own bulk load. A case's contacts may live
    anywhere, so the right to import is asked, and the room of the case or contact asks where.
    """
    access.check(by, "import.commit", at=at)
    ids = reserve_ids(Person, persons.height)
    columns = person_columns(persons) | {
        "id": ids, "recorded_at": at, "recorded_by_id": by.pk, "current_since": at,
        "batch_id": batch.pk if batch else None,
    }  # fmt: skip
    bulk_load_columns(Person, columns, len(ids))
    audit.record(by=by, at=at, action="persons.loaded", batch=batch and batch.pk, n_created=len(ids))
    return ids


@transaction.atomic
def amend_persons(
    *, changes: Sequence[tuple[Person, dict[str, Any]]], reason: str = "", by: User, at: datetime,
    batch: Batch | None = None,
) -> list[Person]:  # fmt: skip
    """Give persons new values, `identity` (a whole Identity) among them; keys follow. Returns those that changed."""
    for path in {person.area_id for person, _ in changes} | {_area(new) for _, new in changes if _area(new)}:
        access.check(by, "person.edit", path or "", at=at)
    changed = history.amend_each([(row, stored(row, new)) for row, new in changes], by=by, at=at, batch=batch)
    audit.record_many(by=by, at=at, action="person.amended", about=changed, reason=reason)
    return changed


@transaction.atomic
def complete_persons(
    *, found: dict[int, dict[str, Any]], by: User, at: datetime, batch: Batch | None = None
) -> list[Person]:
    """Fill what is not known yet of persons (by id) from what a file says of them, by columns of the dictionary.

    What is known stays: a file does not overwrite it. Further telephone numbers are added.
    """
    access.check(by, "import.commit", at=at)
    rows = list(Person.objects.filter(pk__in=found))
    changes = [(row, stored(row, _news(row, found[row.pk]))) for row in rows]
    changed = history.amend_each(changes, by=by, at=at, batch=batch)
    audit.record_many(by=by, at=at, action="person.completed", about=changed, batch=batch and batch.pk)
    return changed


@transaction.atomic
def record_households(
    *, households: Sequence[Sequence[Person]], by: User, at: datetime, batch: Batch | None = None
) -> list[Household]:
    """Each sequence of persons lives together from now on; the household lies in the first one's area."""
    made = []
    for members in households:
        for path in {person.area_id for person in members}:
            access.check(by, "person.edit", path or "", at=at)
        household = Household(area_id=members[0].area_id, recorded_by=by, recorded_at=at, current_since=at, batch=batch)
        household.save()
        history.amend(list(members), household=household, by=by, at=at, batch=batch)
        made.append(household)
    audit.record_many(by=by, at=at, action="household.recorded", about=made)
    return made


def stored(row: Person, new: dict[str, Any]) -> dict[str, Any]:
    """Changes as columns: an identity that really differs is sealed anew and brings its keys."""
    columns = {name: value for name, value in new.items() if name != "identity"}
    identity = new.get("identity")
    if identity is not None and identity != row.identity:
        columns |= {"identity_sealed": identity.sealed(row.uuid), **identity_keys(identity)._asdict()}
        if birth := _birth(identity):
            columns.setdefault("year_birth", birth.year)
        row.__dict__.pop("identity", None)  # read anew from what is sealed now
    return columns


def identity_keys(identity: Identity) -> PersonKeys:
    return person_keys(
        identity.family_name, identity.given_name, identity.full_name, identity.date_birth,
        ";".join(identity.phones), identity.id_number,
    )  # fmt: skip


def _birth(identity: Identity) -> date | None:
    return identity.date_birth or keys.birth_in_id_number(keys.id_number_key(identity.id_number))


def _person(new: NewPerson, by: User, at: datetime, batch: Batch | None) -> Person:
    row = Person(
        sex=new.sex, year_birth=new.year_birth, area_id=new.area_path, language=new.language,
        occupation=new.occupation[:80], vulnerabilities=list(new.vulnerabilities), household=new.household,
        recorded_by=by, recorded_at=at, current_since=at, batch=batch,
    )  # fmt: skip
    if new.identity != Identity():
        for name, value in stored(row, {"identity": new.identity}).items():
            setattr(row, name, value)
    return row


def _area(new: dict[str, Any]) -> str | None:
    area = new.get("area")
    return area.path if area else new.get("area_id")


def _news(row: Person, said: dict[str, Any]) -> dict[str, Any]:
    """What a file says of a person that was not known."""
    old = row.identity
    parts = ("date_birth", "id_number", "email", "address", "nationality")
    values = {name: getattr(old, name) or said.get(name) or getattr(Identity, name, None) for name in parts}
    if not old.name:
        values |= {name: said.get(name) or "" for name in ("family_name", "given_name", "full_name")}
    known = set(keys.phone_keys(old.phones))
    fresh = [phone for phone in split_phones(said.get("phone")) if not known & set(keys.phone_keys((phone,)))]
    values["phones"] = (*old.phones, *fresh)
    changes: dict[str, Any] = {"identity": Identity(**{**_plain(old), **values})}
    if row.sex == Sex.UNKNOWN and said.get("sex"):
        changes["sex"] = said["sex"]
    for name in ("year_birth", "language", "occupation"):
        if not getattr(row, name) and said.get(name):
            changes[name] = said[name]
    return changes


def _plain(identity: Identity) -> dict[str, Any]:
    return {name: getattr(identity, name) for name in Identity.__dataclass_fields__}
