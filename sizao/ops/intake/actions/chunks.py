"""What handing on means for each kind of record: persons first, then the room's own action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from sizao.ops.cases.actions import record_cases
from sizao.ops.cases.models import Case
from sizao.ops.governance.models import Batch, Recorded
from sizao.ops.intake import store
from sizao.ops.intake.actions.confirming import confirm
from sizao.ops.intake.actions.persons import settle_persons
from sizao.ops.intake.faults import ERROR, WARNING, Fault
from sizao.ops.intake.first_load import FirstLoad
from sizao.ops.intake.models import Delivery, SourceNumber
from sizao.ops.intake.numbers import external_numbers, with_our_numbers
from sizao.ops.intake.resolving import ByPreview, Resolved, resolve
from sizao.ops.registry.models import Person
from sizao.ops.tracing.actions import record_contacts, record_exposures, record_follow_ups
from sizao.ops.tracing.models import Contact, Exposure, FollowUp


@dataclass(frozen=True)
class Chunk:
    """Some records of one kind on their way, with the batch that says who decided and when."""

    delivery: Delivery
    kind: str
    frame: pl.DataFrame
    batch: Batch
    first_load: FirstLoad | None = None

    @property
    def act(self) -> dict:
        """Who acts, when, and in which batch: every row of a delivery says the same."""
        return {"by": self.batch.made_by, "at": self.batch.made_at, "batch": self.batch}


@dataclass(frozen=True)
class Handed:
    """What became of a chunk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: "Handed") -> "Handed":
        return Handed(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.faults + other.faults,
        )


def hand_cases(chunk: Chunk) -> Handed:
    frame, faults = _with_persons(chunk)
    if frame.is_empty():
        return Handed(faults=faults)
    done = record_cases(incident=chunk.delivery.incident, records=frame, **chunk.act)
    if done.created < len(set(done.ids.values())):
        _confirm(chunk, Case, done.ids, frame)
    _note_external(chunk, frame)
    return Handed(done.created, done.updated, done.unchanged, faults)


def hand_contacts(chunk: Chunk) -> Handed:
    frame, faults = _with_persons(chunk)
    if frame.is_empty():
        return Handed(faults=faults)
    records = with_our_numbers(frame, "contacts", chunk.delivery.incident)
    done = record_contacts(incident=chunk.delivery.incident, records=records, **chunk.act)
    _confirm(chunk, Contact, done.ids, records)
    _confirm(chunk, Exposure, done.exposures, records, kind="exposures")
    _note_external(chunk, frame)
    return Handed(done.created, done.updated, done.unchanged, faults + _faults(done))


def hand_exposures(chunk: Chunk) -> Handed:
    records = with_our_numbers(chunk.frame, "exposures", chunk.delivery.incident)
    done = record_exposures(incident=chunk.delivery.incident, records=records, **chunk.act)
    _confirm(chunk, Exposure, done.ids, records)
    _confirm(chunk, Contact, done.contacts, records, kind="")
    return Handed(done.created, done.updated, done.unchanged, _faults(done))


def hand_follow_ups(chunk: Chunk) -> Handed:
    records = with_our_numbers(chunk.frame, "follow_ups", chunk.delivery.incident)
    done = record_follow_ups(incident=chunk.delivery.incident, records=records, **chunk.act)
    _confirm(chunk, FollowUp, done.ids, records)
    return Handed(created=done.recorded, unchanged=done.unchanged, faults=_faults(done))


HANDERS: dict[str, Callable[[Chunk], Handed]] = {
    "cases": hand_cases,
    "contacts": hand_contacts,
    "exposures": hand_exposures,
    "follow_ups": hand_follow_ups,
}


def _with_persons(chunk: Chunk) -> tuple[pl.DataFrame, tuple[Fault, ...]]:
    """The chunk's rows with `person_id`; rows left out are gone, and those that cannot be somebody are faults."""
    resolved = _resolved(chunk)
    persons = settle_persons(frame=chunk.frame, resolved=resolved, **chunk.act)
    if any(person > 0 for person in resolved.person_of.values()):
        _confirm(chunk, Person, persons, chunk.frame, kind="")
    if chunk.first_load:
        chunk.first_load.remember(persons)
    else:
        _remember(chunk, persons)
    ids = pl.Series("person_id", [persons.get(row) for row in chunk.frame["row"].to_list()], dtype=pl.Int64)
    frame = chunk.frame.with_columns(ids).filter(pl.col("person_id").is_not_null())
    return frame, tuple(resolved.faults)


def _confirm(
    chunk: Chunk, model: type[Recorded], ids: Mapping[int, int], frame: pl.DataFrame, kind: str | None = None
) -> None:
    confirm(model, ids, frame=frame, kind=chunk.kind if kind is None else kind, batch=chunk.batch)


def _resolved(chunk: Chunk) -> Resolved:
    if chunk.first_load:
        return chunk.first_load.resolve(chunk.frame)
    options = chunk.delivery.options
    choices = {int(row): choice for row, choice in options.get("choices", {}).items()}
    by = _by_preview(chunk) if options.get("preview_holds") else None
    return resolve(incident=chunk.delivery.incident, kind=chunk.kind, frame=chunk.frame, choices=choices, by=by)


def _by_preview(chunk: Chunk) -> ByPreview:
    found = store.read_frame(chunk.delivery.pk, "found")
    mine = found.filter(pl.col("kind") == chunk.kind, pl.col("row").is_in(chunk.frame["row"].implode()))
    became = {int(row): person for row, person in chunk.delivery.options.get("became", {}).items()}
    return ByPreview(mine, became)


def _remember(chunk: Chunk, persons: dict[int, int]) -> None:
    """Who the rows became to which later rows are likened, kept with the count of what is done."""
    if not chunk.delivery.options.get("preview_holds"):
        return
    found = store.read_frame(chunk.delivery.pk, "found")
    awaited = {-other for other in found["other"] if other < 0} & persons.keys()
    became = {**chunk.delivery.options.get("became", {}), **{str(row): persons[row] for row in awaited}}
    chunk.delivery.options = {**chunk.delivery.options, "became": became}


def _note_external(chunk: Chunk, frame: pl.DataFrame) -> None:
    rows = [
        SourceNumber(
            incident=chunk.delivery.incident, external=external, number=number, recorded_by=chunk.batch.made_by,
            recorded_at=chunk.batch.made_at, current_since=chunk.batch.made_at, batch=chunk.batch,
        )
        for external, number in external_numbers(frame).iter_rows()
    ]  # fmt: skip
    SourceNumber.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    if rows:
        known = SourceNumber.objects.filter(
            incident=chunk.delivery.incident, external__among=[row.external for row in rows]
        )
        ids = dict(known.values_list("external", "pk"))
        by_row = {row: ids[name] for row, name in frame.select("row", "external_id").iter_rows() if name in ids}
        _confirm(chunk, SourceNumber, by_row, frame, kind="")


def _faults(done) -> tuple[Fault, ...]:
    """The room's own problems; a row that was recorded all the same is only warned of."""
    return tuple(
        Fault(each.row, each.column, each.found or "", WARNING if each.row in done.ids else ERROR, each.message)
        for each in done.problems
    )
