"""The chain of decisions: each sign-off and decision names the one before it by its hash.

Whoever alters, deletes or moves a link breaks the chain at that place, and `verify` says where. Cutting off its end
breaks nothing inside it; therefore the head is printed in every signed report, kept in the manifest of every backup
and added to a file outside the database, and `verify` looks for each head it knows of.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from sizao.ops.governance.clock import now
from sizao.ops.governance.models import LedgerEntry
from sizao.vocabulary.text import N_, Message

NOTHING = "0" * 64  # what the first link follows
LOCK = 0x512A0  # one writer of the chain at a time on PostgreSQL; SQLite has one writer anyway
#: Actions that are decisions: they bind people, give or take power, or put a name under something.
DECISIONS = frozenset(
    {
        "report.signed", "report.published", "report.corrected",
        "incident.opened", "incident.mode_switched", "incident.edition_changed",
        "contact.edition_changed", "contact.edition_rolled_back", "contact.decision_undone",
        "case.classified", "exposure.withdrawn", "exposure.reinstated",
        "person.merged", "person.unmerged", "person.told_apart", "person.erased",
        "task.verified", "task.returned", "delivery.undone",
        "grant.given", "grant.ended", "post.held", "post.left", "installation.founded",
        "emergency.opened", "emergency.ended", "emergency.reviewed",
        "hold.placed", "hold.ended", "retention.signed", "retention.carried_out",
        "detector.adopted", "protocol.adopted",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The last link: its number and hash."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Fault:
    """Something wrong with the chain, at a link."""

    number: int
    message: Message


def append(
    *, by, at: datetime, action: str, about: Iterable[models.Model | None], reason: str, details: dict[str, Any]
) -> list[LedgerEntry]:
    """Add a link for each row. Of a reason only the hash is kept here: its words may have to go one day."""
    _alone()
    last, written_at, links = head(), now(), []
    content = details | ({"reason_sha256": sha256(reason.encode()).hexdigest()} if reason else {})
    for row in about:
        link = LedgerEntry(
            number=last.number + 1, at=at, written_at=written_at, by=by, action=action,
            model=row._meta.label if row is not None else "",
            row_id=row.pk if row is not None and isinstance(row.pk, int) else None,
            content=json.loads(_json(content)), previous=last.hash,
        )  # fmt: skip
        link.hash = hash_of(link)
        last = Head(link.number, link.hash)
        links.append(link)
    LedgerEntry.objects.bulk_create(links, batch_size=1000)
    if links:
        transaction.on_commit(partial(_note_outside, last))
    return links


def head() -> Head:
    """The end of the chain as it is now."""
    row = LedgerEntry.objects.order_by("-number").values_list("number", "hash").first()
    return Head(*row) if row else Head(0, NOTHING)


def length() -> int:
    return LedgerEntry.objects.count()


def hash_of(link: LedgerEntry) -> str:
    """SHA-256 of what the link says and of the link before it."""
    moments = [moment.astimezone(UTC).isoformat() for moment in (link.at, link.written_at)]
    said = [link.number, *moments, link.by_id, link.action, link.model, link.row_id, link.content, link.previous]
    return sha256(_json(said).encode()).hexdigest()


def verify(heads: Iterable[Head] = ()) -> list[Fault]:
    """Everything wrong with the chain. `heads` are ends it once had, as printed or noted; each must still be in it."""
    faults: list[Fault] = []
    wanted = {each.number: each.hash for each in heads if each.number}
    expected, previous = 1, NOTHING
    for link in _links():
        faults += _faults_of(link, expected, previous)
        if wanted.pop(link.number, link.hash) != link.hash:
            faults.append(Fault(link.number, N_("this link is not the one that was printed or noted outside")))
        expected, previous = link.number + 1, link.hash
    faults += [Fault(number, N_("this link was printed or noted outside and is gone")) for number in sorted(wanted)]
    return faults


def noted_outside() -> list[Head]:
    """The heads this machine wrote beside its database."""
    path = _file()
    if not path.exists():
        return []
    lines = (line.split(":") for line in path.read_text().splitlines() if ":" in line)
    return [Head(int(number), digest) for number, digest in lines]


def _links() -> Iterator[LedgerEntry]:
    return LedgerEntry.objects.order_by("number").iterator(chunk_size=2000)


def _faults_of(link: LedgerEntry, expected: int, previous: str) -> Iterator[Fault]:
    if link.number != expected:
        yield Fault(link.number, N_("links are missing before this one"))
    if link.previous != previous and link.number == expected:
        yield Fault(link.number, N_("this link does not follow the one before it"))
    if link.hash != hash_of(link):
        yield Fault(link.number, N_("this link does not say what it said when it was made"))


def _alone() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _file() -> Path:
    return Path(settings.HOME) / "ledger" / "heads"


def _note_outside(head: Head) -> None:
    path = _file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a") as file:
        file.write(f"{head}\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
