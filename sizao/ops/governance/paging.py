"""Keyset pages: the next page starts after the last row seen, so page 10,000 costs what page 1 costs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

COUNT_UP_TO = 1_000  # counting further is slower than it is useful


@dataclass(frozen=True)
class Page:
    """One page of rows and the cursors to its neighbours ("" when there is none)."""

    rows: list[Any]
    after: str
    before: str


def keyset(queryset: QuerySet, *, by: str, cursor: str = "", size: int = 50) -> Page:
    """Rows newest first by (`by`, id). A cursor is "<value>.<id>", with "-" before it to go backwards.

    Works on model rows and on `.values()`; both must hold `by` and `id`. Unreadable cursors mean the first page.
    """
    backwards = cursor.startswith("-")
    position = _position(cursor.removeprefix("-"))
    if position:
        queryset = queryset.filter(_beyond(by, *position, backwards))
    order = (by, "id") if position and backwards else (f"-{by}", "-id")
    rows = list(queryset.order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if position and backwards:
        rows.reverse()
        return Page(rows, _cursor(rows, -1, by) if rows else "", _back(rows, by) if more else "")
    return Page(rows, _cursor(rows, -1, by) if more else "", _back(rows, by) if position and rows else "")


def count_capped(queryset: QuerySet) -> tuple[int, bool]:
    """How many rows, and whether there are more than we count."""
    n = len(queryset.order_by().values_list("pk", flat=True)[: COUNT_UP_TO + 1])
    return min(n, COUNT_UP_TO), n > COUNT_UP_TO


def _beyond(by: str, value: date, row_id: int, backwards: bool) -> Q:
    side = "gt" if backwards else "lt"
    return Q(**{f"{by}__{side}e": value}) & (Q(**{f"{by}__{side}": value}) | Q(**{f"id__{side}": row_id}))


def _position(cursor: str) -> tuple[date, int] | None:
    value, _, row_id = cursor.rpartition(".")
    try:
        return date.fromisoformat(value), int(row_id)
    except ValueError:
        return None


def _cursor(rows: list[Any], index: int, by: str) -> str:
    row = rows[index]
    value, row_id = (row[by], row["id"]) if isinstance(row, dict) else (getattr(row, by), row.pk)
    return f"{value.isoformat()}.{row_id}"


def _back(rows: list[Any], by: str) -> str:
    return "-" + _cursor(rows, 0, by)
