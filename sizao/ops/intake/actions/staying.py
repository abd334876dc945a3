"""What stays when an import is undone, and why, in a sentence for each row."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

from sizao.ops.intake.actions.putting_back import PART, Row
from sizao.ops.intake.faults import WARNING, Fault
from sizao.vocabulary.text import N_, Message

CHANGED_SINCE = "changed"
USED_SINCE = "used"
SENTENCES = {
    CHANGED_SINCE: N_("{what} {name}: somebody changed it after this import. It stays as it is now."),
    USED_SINCE: N_("{what} {name}: it was changed or used after this import. It was not removed."),
}
SAID_TOO = N_("{what} {name}: the file “{file}” contains it too. It stays until that import is undone as well.")
NAMES = {
    "registry.Person": N_("Person"), "registry.Place": N_("Place"), "cases.Case": N_("Case"),
    "tracing.Contact": N_("Contact"), "tracing.Exposure": N_("Exposure"), "tracing.FollowUp": N_("Follow-up"),
    "incidents.Task": N_("Task"),
}  # fmt: skip


def said(rows: set[Row], why: str) -> list[Fault]:
    """One line for each row that stays."""
    sentence, names = SENTENCES[why], _names(rows)
    return [
        _line(sentence, what=NAMES.get(row[0]._meta.label, N_("Record")), name=names[row])
        for row in sorted(rows, key=_place)
    ]


def said_too(rows: dict[Row, str]) -> list[Fault]:
    """One line for each row that another file says too."""
    names = _names(rows)
    return [
        _line(SAID_TOO, what=NAMES[row[0]._meta.label], name=names[row], file=rows[row])
        for row in sorted(rows, key=_place)
        if row[0]._meta.label in NAMES
    ]


def _line(sentence: Message, **named: Any) -> Fault:
    return Fault(None, "", "", WARNING, Message(sentence.msgid, named))


def _place(row: Row) -> tuple[str, int]:
    return row[0]._meta.label, row[1]


def _names(rows: Iterable[Row]) -> dict[Row, str]:
    """What each row is called on the page; asked some thousand at a time."""
    ids: dict[type[models.Model], list[int]] = defaultdict(list)
    for model, pk in rows:
        ids[model].append(pk)
    return {
        (model, pk): getattr(row, "pseudonym", None) or getattr(row, "number", None) or f"#{pk}"
        for model, pks in ids.items()
        for part in range(0, len(pks), PART)
        for pk, row in model._base_manager.in_bulk(pks[part : part + PART]).items()
    }
