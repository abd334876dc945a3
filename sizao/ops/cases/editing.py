"""Two people and one row: rows are held while they change, and the second editor is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sizao.ops.governance.models import Recorded

Row = TypeVar("Row", bound=Recorded)


class ChangedMeanwhile(Exception):
    """Somebody else changed these rows after the user read them."""

    def __init__(self, rows: Sequence[Recorded]):
        super().__init__(", ".join(str(row) for row in rows))
        self.rows = list(rows)


def locked(rows: Sequence[Row]) -> list[Row]:
    """The rows of an incident as they are now, in the same order, held until the transaction ends."""
    if not rows:
        return []
    ids = [row.pk for row in rows]
    found = type(rows[0]).objects.select_for_update(no_key=True, of=("self",)).select_related("incident").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def refuse_changed(rows: Sequence[Recorded], read_at: Mapping[int, datetime] | None) -> None:
    """Raise `ChangedMeanwhile` for rows whose present values are newer than what the user read."""
    changed = [row for row in rows if read_at and row.current_since != read_at.get(row.pk, row.current_since)]
    if changed:
        raise ChangedMeanwhile(changed)
