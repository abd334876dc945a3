"""Taking back what a delivery wrote.

Rows it made are removed if nobody has changed them since, nothing of others hangs on them and no other delivery says
them too; rows it changed say again what they said before, unless somebody changed the same since or another delivery
says it too. What has to stay is listed, each with its reason. Rows of every room are found through the batch they
carry. A row that stays because of another delivery goes when that one is undone as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import Batch, PastState, Recorded, User
from sizao.ops.incidents import lifecycle
from sizao.ops.incidents.models import Task
from sizao.ops.intake import store
from sizao.ops.intake.actions.confirming import files_of, left_alone_by_others, said_by_nobody_else, vouchers
from sizao.ops.intake.actions.putting_back import PART, Row, put_back
from sizao.ops.intake.actions.reading import add_problems
from sizao.ops.intake.actions.staying import CHANGED_SINCE, USED_SINCE, said, said_too
from sizao.ops.intake.lifecycle import DELIVERY_STEPS
from sizao.ops.intake.models import Delivery, DeliveryStatus
from sizao.ops.tracing.models import Contact, FollowUp
from sizao.vocabulary.codes import TaskStatus


@dataclass(frozen=True)
class Undone:
    """How many rows were removed and put back, and how many had to stay."""

    removed: int
    put_back: int
    stayed: int


@transaction.atomic
def undo_delivery(*, delivery: Delivery, reason: str = "", by: User, at: datetime) -> Undone:
    """Take a delivery back as far as that is possible; the file stays kept and can be read again."""
    access.check(by, "import.commit", at=at)
    delivery = Delivery.objects.select_for_update(no_key=True, of=("self",)).get(pk=delivery.pk)
    lifecycle.check(DELIVERY_STEPS, delivery.status, DeliveryStatus.UNDONE)
    batch = delivery.hands_on
    _check_reach(batch, by, at)
    n_put_back, kept_changes = put_back(batch, by, at)
    removed, stayed, vouched = _remove(batch, by, at)
    faults = [*said(kept_changes, CHANGED_SINCE), *said(stayed - vouched.keys(), USED_SINCE), *said_too(vouched)]
    add_problems(delivery, faults)
    delivery.status, delivery.touched_at = DeliveryStatus.UNDONE, at
    delivery.n_problems += len(faults)
    delivery.save(update_fields=["status", "touched_at", "n_problems"])
    store.drop_frames(delivery.pk)
    batch.undone_at, batch.undone_by = at, by
    batch.save(update_fields=["undone_at", "undone_by"])
    undone = Undone(removed, n_put_back, len(kept_changes) + len(stayed | vouched.keys()))
    audit.record(by=by, at=at, action="delivery.undone", about=delivery, reason=reason, **vars(undone))
    return undone


def recorded_models() -> Iterator[type[Recorded]]:
    for model in apps.get_models():
        if issubclass(model, Recorded) and model is not Delivery:
            yield model


def _check_reach(batch: Batch, by: User, at: datetime) -> None:
    """Taking back what somebody else imported needs the right to import where it was recorded."""
    if batch.made_by_id == by.pk:
        return
    for model in recorded_models():
        if any(field.name == "area" for field in model._meta.fields):
            rows = model._base_manager.filter(batch=batch).order_by()
            for path in rows.values_list("area_id", flat=True).distinct():
                access.check(by, "import.commit", path or "", at=at)


def _remove(batch: Batch, by: User, at: datetime) -> tuple[int, set[Row], dict[Row, str]]:
    """Remove the rows the batch made, but for those that were changed or are used, and those that another delivery
    says too (with its file's name): they lose only what nobody else says."""
    made: dict[type[models.Model], set[int]] = {}
    for model in recorded_models():
        ids = set(model._base_manager.filter(batch=batch).values_list("pk", flat=True))
        ids |= left_alone_by_others(model, batch)
        if ids:
            made[model] = ids
    if orphaned := _orphaned_days(made.get(Contact, set())):
        made.setdefault(FollowUp, set()).update(orphaned)
    vouched = {(model, pk): name for model, ids in made.items() for pk, name in _vouched(model, ids, batch).items()}
    held: set[Row] = {(model, pk) for model, ids in made.items() for pk in _changed(model, ids, batch)}
    for model, pk in held | vouched.keys():
        made[model].discard(pk)
    held |= _held_by_others(made)
    _keep_belongings(made, held | vouched.keys())
    _forget_facts(vouched, batch, by, at)
    n = 0
    with_derived = _with_derived_tasks(made)
    for model in _children_first(list(made)):
        n += _delete(model, sorted(with_derived[model] if model in with_derived else made[model]))
    return n, held, vouched


def _orphaned_days(contacts: set[int]) -> set[int]:
    """Days of follow-up that an undone delivery planned for contacts that stayed then and go now."""
    days = FollowUp.objects.filter(contact__pk__among=sorted(contacts), batch__undone_at__isnull=False)
    return set(days.values_list("pk", flat=True))


def _vouched(model: type[Recorded], ids: set[int], batch: Batch) -> dict[int, str]:
    """Rows that another delivery says too, with the name of the first such file."""
    others = {pk: min(batches) for pk, batches in vouchers(model, ids, but=batch).items()}
    files = files_of(sorted(set(others.values())))
    return {pk: files[other] for pk, other in others.items()}


def _forget_facts(vouched: Iterable[Row], batch: Batch, by: User, at: datetime) -> None:
    """Rows that stay because of another delivery say no more what only this one said."""
    ids: dict[type[models.Model], list[int]] = defaultdict(list)
    for model, pk in vouched:
        ids[model].append(pk)
    for model, pks in ids.items():
        said, changed = vouchers(model, pks, but=batch), _changed_columns(model, pks, batch)
        rows = model._base_manager.filter(pk__among=pks, batch=batch)
        changes = [
            (row, said_by_nobody_else(row, set().union(*said[row.pk].values()), changed.get(row.pk, set())))
            for row in rows
        ]
        history.amend_each(changes, by=by, at=at, batch=batch)


def _changed_columns(model: type[models.Model], ids: list[int], batch: Batch) -> dict[int, set[str]]:
    """The columns of rows that somebody else has changed."""
    found: dict[int, set[str]] = defaultdict(set)
    states = PastState.objects.filter(model=model._meta.label, row_id__among=ids).exclude(batch=batch)
    for row_id, values in states.values_list("row_id", "values"):
        found[row_id] |= values.keys()
    return found


def _keep_belongings(made: dict[type[models.Model], set[int]], kept: set[Row]) -> None:
    """Days of follow-up and tasks of what stays stay with it."""
    ids: dict[type[models.Model], set[int]] = defaultdict(set)
    for model, pk in kept:
        ids[model].add(pk)
    if FollowUp in made and ids[Contact]:
        days = FollowUp.objects.filter(contact__pk__among=sorted(ids[Contact])).values_list("pk", flat=True)
        made[FollowUp] -= set(days)
    for model, pks in list(ids.items()):
        tasks = Task.objects.filter(subject_kind=model._meta.model_name, subject_id__among=sorted(pks))
        made.get(Task, set()).difference_update(tasks.values_list("pk", flat=True))


def _changed(model: type[models.Model], ids: set[int], batch: Batch) -> set[int]:
    """Rows that say something else than when they were made, through others than this batch; a change that was
    taken back since, or that an undone batch made, is none."""
    states = PastState.objects.filter(model=model._meta.label).exclude(batch=batch).order_by("id")
    states = states.exclude(batch__undone_at__isnull=False)
    first: dict[int, dict[str, Any]] = {}
    for part in _parts(sorted(ids)):
        for row_id, values in states.filter(row_id__in=part).values_list("row_id", "values"):
            first[row_id] = {**values, **first.get(row_id, {})}
    rows = model._base_manager.in_bulk(list(first))
    return {pk for pk, values in first.items() if any(history.plain(rows[pk], n) != v for n, v in values.items())}


def _held_by_others(made: dict[type[models.Model], set[int]]) -> set[Row]:
    """Rows that rows of others point to; taken out of `made`, as are those that these point to in turn."""
    held: set[Row] = set()
    while True:
        more = {(model, pk) for model in made for pk in _pointed_at(model, made)}
        if not more:
            return held
        held |= more
        for model, pk in more:
            made[model].discard(pk)


def _pointed_at(model: type[models.Model], made: dict[type[models.Model], set[int]]) -> set[int]:
    ids, found = made[model], set()
    for relation in model._meta.related_objects:
        other, field = relation.related_model, relation.field
        if not issubclass(other, Recorded) and relation.on_delete is models.CASCADE:
            continue  # bookkeeping that goes with its row
        going = made.get(other, set())
        for part in _parts(sorted(ids)):
            pairs = other._base_manager.filter(**{f"{field.name}__in": part}).values_list("pk", field.attname)
            found |= {target for pk, target in pairs if pk not in going}
    return found | _with_worked_tasks(model, ids)


def _with_worked_tasks(model: type[models.Model], ids: set[int]) -> set[int]:
    """Rows about which somebody has already worked on a task."""
    found: set[int] = set()
    for part in _parts(sorted(ids)):
        tasks = dict(
            Task.objects.filter(subject_kind=model._meta.model_name, subject_id__in=part).values_list(
                "pk", "subject_id"
            )
        )
        worked_on = Task.objects.filter(pk__in=tasks).exclude(status=TaskStatus.OPEN, acknowledged_at=None)
        found |= {tasks[pk] for pk in worked_on.exclude(status=TaskStatus.CANCELLED).values_list("pk", flat=True)}
    return found


def _with_derived_tasks(made: dict[type[models.Model], set[int]]) -> dict[type[models.Model], set[int]]:
    """Tasks about removed rows go with them, whichever batch derived them; nobody has worked on them."""
    tasks = set(made.get(Task, set()))
    for model, ids in list(made.items()):
        for part in _parts(sorted(ids)):
            about = Task.objects.filter(subject_kind=model._meta.model_name, subject_id__in=part)
            tasks |= set(about.values_list("pk", flat=True))
    made.setdefault(Task, set())
    return {Task: tasks}


def _children_first(kinds: list[type[models.Model]]) -> list[type[models.Model]]:
    """Models in an order in which no row is removed before those that point to it."""
    points_to = {
        model: {f.related_model for f in model._meta.concrete_fields if f.is_relation and f.related_model != model}
        for model in kinds
    }
    ordered: list[type[models.Model]] = []
    while len(ordered) < len(kinds):
        left = [model for model in kinds if model not in ordered]
        free = [model for model in left if not any(model in points_to[other] for other in left if other != model)]
        ordered += free or left
    return ordered


def _delete(model: type[models.Model], ids: list[int]) -> int:
    for part in _parts(ids):
        for relation in model._meta.related_objects:
            if not issubclass(relation.related_model, Recorded) and relation.on_delete is models.CASCADE:
                relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": part}).delete()
        rows = model._base_manager.filter(pk__in=part)
        rows._raw_delete(rows.db)
    return len(ids)


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), PART):
        yield ids[start : start + PART]
