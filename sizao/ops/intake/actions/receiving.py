"""Taking a file in: kept as it came, once, under its hash."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.intake import store
from sizao.ops.intake.models import Delivery


class Received(NamedTuple):
    """The delivery, and whether it is new; the same content again is the delivery it was."""

    delivery: Delivery
    is_new: bool


def receive(
    *, incident: Incident, pieces: Iterable[bytes], file_name: str, source: str = "", by: User, at: datetime
) -> Received:
    """Keep a file for an incident. It is safely on disk before its row is written, in a transaction that does not
    wait for the last chunk to arrive."""
    access.check(by, "import.commit", at=at)
    kept = store.keep(pieces)
    try:
        with transaction.atomic():
            return _note(incident, kept, file_name, source, by, at)
    except IntegrityError:  # the same file at the same moment by another way
        return Received(Delivery.objects.get(incident=incident, sha256=kept.sha256), False)


def _note(incident: Incident, kept: store.Kept, file_name: str, source: str, by: User, at: datetime) -> Received:
    known = Delivery.objects.filter(incident=incident, sha256=kept.sha256).first()
    if known:
        audit.record(by=by, at=at, action="delivery.came_again", about=known)
        return Received(known, False)
    delivery = Delivery.objects.create(
        incident=incident, sha256=kept.sha256, n_bytes=kept.n_bytes, file_name=file_name[-240:], source=source[:120],
        recorded_by=by, recorded_at=at, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="delivery.received", about=delivery, sha256=kept.sha256)
    return Received(delivery, True)
