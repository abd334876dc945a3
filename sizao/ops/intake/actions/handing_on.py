"""Handing records on to their rooms, chunk by chunk.

Each chunk is one transaction that also moves the delivery's own count, so a process killed at any moment, even
inside a chunk, has either handed a chunk on and counted it, or neither: whoever continues starts where the count
stands. Two workers on one delivery take turns, because each chunk first locks the delivery's row.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

import polars as pl
from django.db import DataError, IntegrityError, transaction

from sizao.ops.cases.models import Case
from sizao.ops.governance import access, audit
from sizao.ops.governance.bulk import REBUILD_FROM, indexes_built_after, room_for_many
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents import lifecycle
from sizao.ops.intake import store
from sizao.ops.intake.actions.chunks import HANDERS, Chunk, Handed
from sizao.ops.intake.actions.reading import add_problems
from sizao.ops.intake.faults import ERROR, Fault
from sizao.ops.intake.first_load import FirstLoad
from sizao.ops.intake.lifecycle import DELIVERY_STEPS
from sizao.ops.intake.models import Delivery, DeliveryStatus, Problem
from sizao.ops.intake.understanding import ORDER
from sizao.ops.registry.models import Person
from sizao.ops.registry.queries import register_state
from sizao.ops.tracing.actions import recognise_cases
from sizao.vocabulary.text import N_

CHUNK = 10_000  # a second or two; larger ones would keep other writers of SQLite waiting
FIRST_LOAD_CHUNK = 50_000


@transaction.atomic
def begin_commit(*, delivery: Delivery, by: User, at: datetime) -> Delivery:
    """Decide that what was read is to be handed on. The work itself is `commit_to_the_end`."""
    access.check(by, "import.commit", at=at)
    delivery = _locked(delivery.pk)
    lifecycle.check(DELIVERY_STEPS, delivery.status, DeliveryStatus.COMMITTING)
    if not delivery.n_records:
        raise lifecycle.NotNow(N_("There is nothing to hand on. Mend the problems first."))
    delivery.hands_on = Batch.objects.create(kind="import", made_at=at, made_by=by)
    delivery.status, delivery.touched_at = DeliveryStatus.COMMITTING, at
    same_register = delivery.options.get("compared_with") == register_state()
    delivery.options = {**delivery.options, "preview_holds": same_register}
    delivery.save(update_fields=["hands_on", "status", "touched_at", "options"])
    audit.record(by=by, at=at, action="delivery.committed", about=delivery, n_records=delivery.n_records)
    return delivery


def commit_to_the_end(
    *, delivery: Delivery, by: User, at: datetime, progress: Callable[[Delivery], None] | None = None
) -> Delivery:
    """Hand on everything that is left, chunk by chunk, each in a transaction of its own, for the user and the time of
    the decision. `by` only asks for the work."""
    access.check(by, "import.commit", at=at)
    delivery.refresh_from_db()
    if delivery.status == DeliveryStatus.COMMITTING and is_first_load(delivery):
        first_load = FirstLoad(store.read_frame(delivery.pk, "cases"))
        delivery.options = {**delivery.options, "compare_afterwards": True}
        delivery.save(update_fields=["options"])
        with room_for_many(), indexes_built_after(Person, Case, n=delivery.n_records):
            _all_chunks(delivery, by, at, progress, first_load)
    else:
        with room_for_many() if delivery.n_records > CHUNK else nullcontext():
            _all_chunks(delivery, by, at, progress)
    delivery.refresh_from_db()
    if delivery.status == DeliveryStatus.COMMITTED:
        store.drop_frames(delivery.pk)
    return delivery


def is_first_load(delivery: Delivery) -> bool:
    """Whether it fills an empty register: then there is nobody to compare with, and indexes are built once at the
    end. All of it is one transaction, so that nobody ever meets a register without its indexes."""
    return delivery.n_handed_on == 0 and delivery.counts.get("cases", 0) >= REBUILD_FROM and not Person.objects.exists()


def _all_chunks(
    delivery: Delivery, by: User, at: datetime, progress: Callable[[Delivery], None] | None,
    first_load: FirstLoad | None = None,
) -> None:  # fmt: skip
    while True:
        delivery = commit_chunk(delivery=delivery, by=by, at=at, first_load=first_load)
        if progress:
            progress(delivery)
        if delivery.status != DeliveryStatus.COMMITTING:
            return


@transaction.atomic
def commit_chunk(*, delivery: Delivery, by: User, at: datetime, first_load: FirstLoad | None = None) -> Delivery:
    """Hand on the next chunk and count it, or find that all is done."""
    access.check(by, "import.commit", at=at)
    delivery = _locked(delivery.pk)
    if delivery.status != DeliveryStatus.COMMITTING:
        return delivery
    batch = delivery.hands_on
    kind, start = _position(delivery)
    if kind:
        frame = store.read_frame(delivery.pk, kind, start=start, n=FIRST_LOAD_CHUNK if first_load else CHUNK)
        _count(delivery, frame.height, _hand_on(Chunk(delivery, kind, frame, batch, first_load)))
    if not _position(delivery)[0]:
        recognise_cases(incident=delivery.incident, by=batch.made_by, at=batch.made_at, batch=batch)
        delivery.status = DeliveryStatus.COMMITTED
    delivery.touched_at = at
    delivery.save()
    return delivery


def _locked(pk: int) -> Delivery:
    rows = Delivery.objects.select_for_update(no_key=True, of=("self",)).select_related("incident", "hands_on")
    return rows.get(pk=pk)


def _position(delivery: Delivery) -> tuple[str, int]:
    """The kind the next record is of and how many of that kind are done; ("", 0) at the end."""
    done = delivery.n_handed_on
    for kind in ORDER:
        n = delivery.counts.get(kind, 0)
        if done < n:
            return kind, done
        done -= n
    return "", 0


def _not_said_yet(delivery: Delivery, faults: Sequence[Fault]) -> list[Fault]:
    """Problems that the preview has not named already."""
    if not faults:
        return []
    kept = Problem.objects.filter(delivery=delivery, row__in={fault.row for fault in faults})
    said = {(row, column, message["msgid"]) for row, column, message in kept.values_list("row", "column", "message")}
    return [fault for fault in faults if (fault.row, fault.column, fault.message.msgid) not in said]


def _count(delivery: Delivery, n: int, handed: Handed) -> None:
    faults = _not_said_yet(delivery, handed.faults)
    add_problems(delivery, faults)
    delivery.n_handed_on += n
    delivery.n_created += handed.created
    delivery.n_updated += handed.updated
    delivery.n_unchanged += handed.unchanged
    delivery.n_problems += len(faults)


def _hand_on(chunk: Chunk) -> Handed:
    """Give the rows to their room. If it refuses, halves are tried, until the rows it means stand alone: they
    become problems and the others go on."""
    options = chunk.delivery.options
    try:
        with transaction.atomic():
            return HANDERS[chunk.kind](chunk)
    except (access.NotAllowed, IntegrityError, DataError, ValueError) as error:
        frame = chunk.frame
        chunk.delivery.options = options
        if chunk.first_load:
            chunk.first_load.forget(frame["row"].to_list())
        if frame.height == 1:
            return Handed(faults=(_refusal(frame, error),))
        half = frame.height // 2
        return _hand_on(replace(chunk, frame=frame.head(half))) + _hand_on(replace(chunk, frame=frame.slice(half)))


def _refusal(frame: pl.DataFrame, error: Exception) -> Fault:
    row = frame["row"][0]
    if isinstance(error, access.NotAllowed):
        return Fault(row, "", "", ERROR, error.message)
    return Fault(row, "", "", ERROR, N_("This row could not be recorded: {reason}", reason=str(error)[:120]))
