"""Reading a delivery, and what people say about how it is to be read. Reading again replaces what was read."""

import json
from collections.abc import Mapping as Map
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from sizao.exchange.mapping import Mapping
from sizao.exchange.unreadable import UnreadableFile
from sizao.ops.governance import access, audit
from sizao.ops.governance.bulk import bulk_load
from sizao.ops.governance.models import User
from sizao.ops.incidents import lifecycle
from sizao.ops.intake import store
from sizao.ops.intake.faults import Fault, stored
from sizao.ops.intake.lifecycle import DELIVERY_STEPS
from sizao.ops.intake.models import Delivery, DeliveryStatus, Problem, SavedMapping
from sizao.ops.intake.resolving import Choice
from sizao.ops.intake.understanding import Understood, Wish, understand
from sizao.ops.registry.likeness import CERTAIN
from sizao.ops.registry.models import Person
from sizao.ops.registry.queries import register_state
from sizao.vocabulary.text import N_, Message


def wish_of(delivery: Delivery) -> Wish:
    """What has been said about a delivery so far, with the mappings remembered of its source."""
    said = delivery.options
    saved = SavedMapping.objects.filter(source=delivery.source) if delivery.source else ()
    return Wish(
        format_id=said.get("format", ""),
        mapping=mapping_from(delivery.mapping) if delivery.mapping and said.get("mapping_is_told") else None,
        saved={each.format: mapping_from(each.mapping) for each in saved},
        sheet=said.get("sheet") or None,
        date_order=said.get("date_order", ""),
        area=said.get("area", ""),
        classification=said.get("classification", ""),
        choices={int(row): choice for row, choice in said.get("choices", {}).items()},
    )


def mapping_from(kept: dict[str, Any]) -> Mapping:
    return Mapping.from_json(json.dumps(kept))


def read_delivery(*, delivery: Delivery, by: User, at: datetime) -> Delivery:
    """Understand the file and keep the result for the preview. Nothing of it is handed on.

    Reading may take minutes and holds no transaction; what was understood is then written in one chunk.
    """
    access.check(by, "import.commit", at=at)
    lifecycle.check(DELIVERY_STEPS, delivery.status, DeliveryStatus.READ)
    wish, register = wish_of(delivery), register_state()
    try:
        understood = understand(store.path_of(delivery.sha256), incident=delivery.incident, wish=wish, by=by, at=at)
    except UnreadableFile as error:
        return _unreadable(delivery, error.message, by, at)
    frames = {**understood.records, "sample": understood.sample, "found": understood.found}
    store.write_frames(delivery.pk, frames)
    return _read(delivery, understood, register, by, at)


@transaction.atomic
def choose(
    *, delivery: Delivery, mapping: Mapping | None = None, options: Map[str, Any] | None = None,
    choices: Map[int, Choice] | None = None, by: User, at: datetime,
) -> Delivery:  # fmt: skip
    """Say how a delivery is to be read: mapping, `options` (format, sheet, date_order, area, classification), or
    what single rows are. A mapping is remembered for the next file of the same source. The caller reads again."""
    access.check(by, "import.commit", at=at)
    lifecycle.check(DELIVERY_STEPS, delivery.status, DeliveryStatus.READ)
    if options:
        delivery.options = {**delivery.options, **options}
    if mapping is not None:
        delivery.mapping = json.loads(mapping.to_json())
        delivery.options = {**delivery.options, "mapping_is_told": True, "format": mapping.format_id}
        _remember(delivery, mapping, by, at)
    elif options and "format" in options:
        delivery.options = {**delivery.options, "mapping_is_told": False}
    if choices:
        _check_choices(delivery, choices, by, at)
        told = {**delivery.options.get("choices", {}), **{str(row): choice for row, choice in choices.items()}}
        delivery.options = {**delivery.options, "choices": told}
    delivery.save(update_fields=["options", "mapping"])
    audit.record(by=by, at=at, action="delivery.explained", about=delivery, n_choices=len(choices or {}))
    return delivery


def _check_choices(delivery: Delivery, choices: Map[int, Choice], by: User, at: datetime) -> None:
    """A row becomes a known person's only where that person may be looked up by the user, or is certainly the same:
    else whoever guesses a record's id would read in it who it is."""
    mine = access.reach(by, "person.search", at=at)
    persons = Person.objects.in_bulk([choice for choice in choices.values() if isinstance(choice, int)])
    certain = set()
    if any(not mine.covers(person.area_id) for person in persons.values()):
        found = store.read_frame(delivery.pk, "found")
        certain = set(found.filter(pl.col("score") >= CERTAIN).select("row", "other").iter_rows())
    for row, choice in choices.items():
        person = persons.get(choice) if isinstance(choice, int) else None
        if person and (row, person.pk) not in certain:
            access.check(by, "person.search", person.area_id or "", at=at)


BROKEN = N_("Our own program failed on this file. The file is kept; tell your administrator its number.")


@transaction.atomic
def note_breakdown(*, delivery: Delivery, by: User, at: datetime) -> Delivery:
    """Our own program failed on the file: say so, rather than let people wait."""
    access.check(by, "import.commit", at=at)
    delivery.refresh_from_db()
    return _unreadable(delivery, BROKEN, by, at)


@transaction.atomic
def dismiss_delivery(*, delivery: Delivery, reason: str = "", by: User, at: datetime) -> Delivery:
    """Put a delivery aside unread or unused. The file stays kept."""
    access.check(by, "import.commit", at=at)
    lifecycle.check(DELIVERY_STEPS, delivery.status, DeliveryStatus.DISMISSED)
    delivery.status = DeliveryStatus.DISMISSED
    delivery.save(update_fields=["status"])
    store.drop_frames(delivery.pk)
    audit.record(by=by, at=at, action="delivery.dismissed", about=delivery, reason=reason)
    return delivery


def _remember(delivery: Delivery, mapping: Mapping, by: User, at: datetime) -> None:
    if delivery.source:
        SavedMapping.objects.update_or_create(
            source=delivery.source, format=mapping.format_id,
            defaults={"mapping": delivery.mapping, "recorded_by": by, "recorded_at": at, "current_since": at},
        )  # fmt: skip


@transaction.atomic
def _read(delivery: Delivery, understood: Understood, register: str, by: User, at: datetime) -> Delivery:
    _keep_problems(delivery, understood.faults)
    counts = {kind: frame.height for kind, frame in understood.records.items()}
    _settle(
        delivery, at, status=DeliveryStatus.READ, message={}, format=understood.format_id,
        mapping=json.loads(understood.mapping.to_json()), n_rows=understood.n_rows, counts=counts,
        n_records=sum(counts.values()), n_problems=len(understood.faults),
        options={
            **delivery.options, "sheets": list(understood.sheets), "sheet": understood.sheet,
            "compared_with": register if understood.compared else "", "became": {}, "n_known": understood.n_known,
        },
    )  # fmt: skip
    audit.record(by=by, at=at, action="delivery.read", about=delivery, format=understood.format_id, **counts)
    return delivery


@transaction.atomic
def _unreadable(delivery: Delivery, message: Message, by: User, at: datetime) -> Delivery:
    store.drop_frames(delivery.pk)
    _keep_problems(delivery, [])
    _settle(
        delivery, at, status=DeliveryStatus.UNREADABLE, message=stored(message), format="", counts={}, n_rows=0,
        n_records=0, n_problems=0,
    )  # fmt: skip
    audit.record(by=by, at=at, action="delivery.unreadable", about=delivery)
    return delivery


def _settle(delivery: Delivery, at: datetime, **values: Any) -> None:
    fresh = {"n_handed_on": 0, "n_created": 0, "n_updated": 0, "n_unchanged": 0, "hands_on": None, "touched_at": at}
    for name, value in (fresh | values).items():
        setattr(delivery, name, value)
    delivery.save(update_fields=[*fresh, *values])


def _keep_problems(delivery: Delivery, faults: list[Fault]) -> None:
    Problem.objects.filter(delivery=delivery).delete()
    add_problems(delivery, faults)


def add_problems(delivery: Delivery, faults: list[Fault]) -> None:
    """Keep problems with a delivery."""
    columns = ("delivery_id", "row", "column", "found", "severity", "message")
    bulk_load(
        Problem,
        columns,
        (
            (delivery.pk, fault.row, fault.column[:120], fault.found[:240], fault.severity, stored(fault.message))
            for fault in faults
        ),
    )
