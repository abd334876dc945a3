"""Making one person of two, and taking it back.

Every row that points to the absorbed person moves to the kept one, whatever its room: the rows are found through
the models' own foreign keys, and each move is written down. A row that cannot move, because the kept person has
its like already (both were contacts in one incident), stays where it is and is set aside by the rule of
SET_ASIDE, so that nobody is followed up or counted twice. Taking the merge back puts every row back.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import Recorded, User
from sizao.ops.registry.actions.persons import stored
from sizao.ops.registry.models import Decision, Lookalike, Merge, Person
from sizao.vocabulary.codes import ContactStatus
from sizao.vocabulary.text import N_, Message

#: What a row that cannot move becomes; "at" is the time of the merge.
SET_ASIDE: dict[str, dict[str, Any]] = {
    "tracing.Contact": {"status": ContactStatus.NOT_A_CONTACT},
    "tracing.Exposure": {"withdrawn_at": "at"},
}
OWN = (Person, Merge, Lookalike)  # these say who is who and do not move


class MergeRefused(Exception):
    """These two cannot be merged, or the merge not be undone, now; `message` says why."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


@transaction.atomic
def merge_persons(
    *, kept: Person, absorbed: Person, values: Mapping[str, Any], reason: str = "", by: User, at: datetime
) -> Merge:
    """Make `absorbed` a former record of `kept`. `values` are what the kept person shall say from now on
    (`identity` and columns), as chosen side by side."""
    kept, absorbed = _locked(kept, absorbed)
    for person in (kept, absorbed):
        access.check(by, "person.merge", person.area_id or "", at=at)
        if person.merged_into_id:
            raise MergeRefused(
                N_("{person} was merged before. Open the person they belong to now.", person=person.pseudonym)
            )
    if kept.pk == absorbed.pk:
        raise MergeRefused(N_("These are not two persons but one record."))
    columns = stored(kept, dict(values))
    changing = {name: value for name, value in columns.items() if getattr(kept, name) != value}
    before = {name: history.plain(kept, name) for name in changing}
    history.amend([kept], by=by, at=at, **changing)
    replaced = {name: [old, history.plain(kept, name)] for name, old in before.items()}
    moved, set_aside = _move_all(absorbed, kept, by, at)
    history.amend([absorbed], merged_into=kept, by=by, at=at)
    merge = Merge.objects.create(
        kept=kept, absorbed=absorbed, made_at=at, made_by=by, reason=reason, moved=moved, set_aside=set_aside,
        kept_before=replaced,
    )  # fmt: skip
    _decide(kept, absorbed, Decision.ONE, by, at)
    audit.record(by=by, at=at, action="person.merged", about=kept, reason=reason, absorbed=absorbed.pk, merge=merge.pk)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, reason: str = "", by: User, at: datetime) -> Merge:
    """Take a merge back. Rows that somebody moved on since, and values changed since, stay as they are now."""
    kept, absorbed = _locked(merge.kept, merge.absorbed)
    for person in (kept, absorbed):
        access.check(by, "person.merge", person.area_id or "", at=at)
    if merge.undone_at:
        raise MergeRefused(N_("This merge is undone already."))
    if kept.merged_into_id:
        raise MergeRefused(N_("The kept record was merged again later. Undo that merge first."))
    history.amend([absorbed], merged_into=None, by=by, at=at)
    for label, field, ids in reversed(merge.moved):
        model = apps.get_model(label)
        rows = list(model._base_manager.filter(pk__in=ids, **{field: kept}))
        _write(model, rows, {field: absorbed}, by, at)
    for label, pk, changes in merge.set_aside:
        _put_back(apps.get_model(label), pk, changes, by, at)
    _put_back(Person, kept.pk, merge.kept_before, by, at)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    _decide(kept, absorbed, Decision.OPEN, by, at)
    audit.record(by=by, at=at, action="person.unmerged", about=kept, reason=reason, merge=merge.pk)
    return merge


def pointing_at_persons() -> Iterator[tuple[type[models.Model], str]]:
    """(model, field) of every foreign key to a person outside the registry's own bookkeeping."""
    for relation in Person._meta.related_objects:
        if relation.related_model not in OWN:
            yield relation.related_model, relation.field.name


def _locked(*persons: Person) -> list[Person]:
    found = Person.objects.select_for_update(no_key=True, of=("self",)).in_bulk([person.pk for person in persons])
    return [found[person.pk] for person in persons]


def _move_all(absorbed: Person, kept: Person, by: User, at: datetime) -> tuple[list, list]:
    """What moved, as [label, field, ids], and what was set aside, as [label, id, {field: [old, new]}]."""
    moved, set_aside = [], []
    for model, field in pointing_at_persons():
        rows = list(model._base_manager.filter(**{field: absorbed}).order_by("pk"))
        staying = [row for row in rows if _has_its_like(row, field, kept)]
        going = [row for row in rows if row not in staying]
        for row in staying:
            set_aside += _set_aside(row, by, at)
        _write(model, going, {field: kept}, by, at)
        if going:
            moved.append([model._meta.label, field, [row.pk for row in going]])
    return moved, set_aside


def _has_its_like(row: models.Model, field: str, kept: Person) -> bool:
    """Whether a uniqueness rule forbids that this row points to `kept`."""
    for rule in row._meta.constraints:
        if not isinstance(rule, models.UniqueConstraint) or field not in rule.fields:
            continue
        same = {name: getattr(row, row._meta.get_field(name).attname) for name in rule.fields if name != field}
        if any(value is None for value in same.values()):
            continue
        others = type(row)._base_manager.filter(**same, **{field: kept})
        if rule.condition is not None:
            own = type(row)._base_manager.filter(rule.condition, pk=row.pk)
            others = others.filter(rule.condition) if own.exists() else others.none()
        if others.exists():
            return True
    return False


def _set_aside(row: models.Model, by: User, at: datetime) -> list[list]:
    rule = SET_ASIDE.get(row._meta.label, {})
    new = {name: at if value == "at" else value for name, value in rule.items()}
    old = {name: history.plain(row, name) for name in new}
    _write(type(row), [row], new, by, at)
    return [[row._meta.label, row.pk, {name: [old[name], history.plain(row, name)] for name in new}]]


def _put_back(model: type[models.Model], pk: int, changes: dict[str, list], by: User, at: datetime) -> None:
    """The old values of one row, {field: [old, new]} as JSON holds them, where the new ones still stand."""
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        return
    standing = {name: old for name, (old, new) in changes.items() if history.plain(row, name) == new}
    if "identity_sealed" in changes.keys() - standing.keys():  # keys belong to the identity they were made of
        standing = {name: old for name, old in standing.items() if not name.startswith("key_")}
    values = {name: from_plain(model._meta.get_field(name), old) for name, old in standing.items()}
    _write(model, [row], values, by, at)


def from_plain(field: models.Field, value: Any) -> Any:
    """A field's value from what JSON held of it."""
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value or "")
    return value if field.is_relation else field.to_python(value)


def _write(
    model: type[models.Model], rows: Sequence[models.Model], values: dict[str, Any], by: User, at: datetime
) -> None:
    if not rows or not values:
        return
    if issubclass(model, Recorded):
        history.amend(list(rows), by=by, at=at, **values)
    else:
        model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**values)


def _decide(kept: Person, absorbed: Person, decision: Decision, by: User, at: datetime) -> None:
    older, newer = sorted((kept, absorbed), key=lambda person: person.pk)
    decided = {"decision": decision, "decided_at": at, "decided_by": by}
    if decision is Decision.OPEN:
        decided |= {"decided_at": None, "decided_by": None}
    Lookalike.objects.filter(older=older, newer=newer).update(**decided)
