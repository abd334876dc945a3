"""Who entered what when: a row's values with their source, and every change with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sizao.ops.governance import history
from sizao.ops.governance.models import AuditEntry, PastState, Recorded, User
from sizao.ops.registry.models import Area, Person, Place, Post

#: Columns that say nothing to a reader.
SILENT = frozenset({"class_reason"})


@dataclass(frozen=True)
class Entered:
    """Who gave a value, and when."""

    by: User
    at: datetime


@dataclass(frozen=True)
class FieldChange:
    """A column's old and new value, as they can be shown: a label, a day, a moment, a name, a text."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Revision:
    """One change of a row: who, when, why, what."""

    by: User
    at: datetime
    reason: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Record:
    """A row's history, read once."""

    row: Recorded
    past: Sequence[PastState]
    reasons: Mapping[datetime, str]

    def entered(self, column: str) -> Entered:
        """Who gave a column its present value: the last change of it, else whoever recorded the row."""
        for state in reversed(self.past):
            if column in state.values:
                return Entered(state.changed_by, state.until)
        return Entered(self.row.recorded_by, self.row.recorded_at)

    def values_of(self, column: str) -> list[tuple[Any, Entered, str]]:
        """Every value a column has had, oldest first, with who gave it and why."""
        found, given, why = [], Entered(self.row.recorded_by, self.row.recorded_at), ""
        for state in self.past:
            if column in state.values:
                found.append((readable(self.row, column, state.values[column]), given, why))
                given, why = Entered(state.changed_by, state.until), self.reasons.get(state.until, "")
        found.append((readable(self.row, column, getattr(self.row, column)), given, why))
        return found

    def revisions(self, since: datetime | None = None) -> list[Revision]:
        """Every change, newest first."""
        after: dict[str, Any] = {}
        found = []
        for state in reversed(self.past):
            changes = tuple(
                FieldChange(
                    column,
                    readable(self.row, column, old),
                    readable(self.row, column, after.get(column, getattr(self.row, column))),
                )
                for column, old in state.values.items()
                if column not in SILENT
            )
            after |= state.values
            if changes and (since is None or state.until > since):
                found.append(Revision(state.changed_by, state.until, self.reasons.get(state.until, ""), changes))
        return found


def record_of(row: Recorded) -> Record:
    """The row's history with the reasons given. Two queries, and one for each kind of thing named in it."""
    entries = AuditEntry.objects.filter(model=row._meta.label, row_id=row.pk).exclude(reason="")
    return Record(row, history.past_of(row), dict(entries.order_by("id").values_list("at", "reason")))


def readable(row: Recorded, column: str, value: Any) -> Any:
    """A stored value as Python has it: a code's member, a day, a moment; ids stay ids (see `named`)."""
    field = next(f for f in row._meta.concrete_fields if f.attname == column)
    code_list = getattr(field, "code_list", None)
    if code_list:
        return code_list(value) if value else None
    value = field.to_python(value) if value is not None and not field.is_relation else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


NAMED = {"area_id": Area, "facility_id": Place, "post_id": Post, "person_id": Person}


def names_in(revisions: Iterable[Revision]) -> dict[tuple[str, Any], Any]:
    """The things that revisions name by id: (column, id) → the area, place or post."""
    wanted: dict[str, set[Any]] = {}
    for revision in revisions:
        for change in revision.changes:
            if change.column in NAMED:
                wanted.setdefault(change.column, set()).update({change.old, change.new} - {None})
    return {
        (column, pk): thing
        for column, ids in wanted.items()
        for pk, thing in NAMED[column].objects.in_bulk(list(ids)).items()
    }


def kind_of(value: Any) -> str:
    """How a cell shows a value."""
    if isinstance(value, datetime):
        return "moment"
    return "day" if isinstance(value, date) else "text"
