"""Keyset pages: the next page starts after the last row seen, so page 10,000 costs what page 1 costs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

COUNT_UP_TO = 1_000  # counting further is slower than it is useful


@dataclass(frozen=True)
class Page:
    """One page of rows and the cursors of the next (`after`) and previous (`before`); "" when there is none."""

    rows: list[Any]
    after: str
    before: str


def keyset(queryset: QuerySet, *, by: str, cursor: str = "", size: int = 50, descending: bool = True) -> Page:
    """Rows in the order of (`by`, id), newest first unless told otherwise; `by` is a day or a moment, never null.

    A cursor is "<value>_<id>", with "-" before it to go backwards. Works on model rows and on `.values()`, which
    must hold `by` and `id`. Unreadable cursors mean the first page.
    """
    back = cursor.startswith("-")
    position = _position(cursor.removeprefix("-"))
    downwards = descending != (back and position is not None)
    if position:
        queryset = queryset.filter(_beyond(by, *position, downwards))
    order = (f"-{by}", "-id") if downwards else (by, "id")
    found = list(queryset.order_by(*order)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if position and back:
        rows.reverse()
        return Page(rows, _cursor(rows[-1], by) if rows else "", "-" + _cursor(rows[0], by) if more else "")
    return Page(rows, _cursor(rows[-1], by) if more else "", "-" + _cursor(rows[0], by) if position and rows else "")


def count_capped(queryset: QuerySet) -> tuple[int, bool]:
    """How many rows, and whether there are more than we count."""
    n = len(queryset.order_by().values_list("pk", flat=True)[: COUNT_UP_TO + 1])
    return min(n, COUNT_UP_TO), n > COUNT_UP_TO


def _beyond(by: str, value: date, row_id: int, downwards: bool) -> Q:
    side = "lt" if downwards else "gt"
    return Q(**{f"{by}__{side}e": value}) & (Q(**{f"{by}__{side}": value}) | Q(**{f"id__{side}": row_id}))


def _position(cursor: str) -> tuple[date, int] | None:
    value, _, row_id = cursor.rpartition("_")
    try:
        return (datetime if "T" in value else date).fromisoformat(value), int(row_id)
    except ValueError:
        return None


def _cursor(row: Any, by: str) -> str:
    value, row_id = (row[by], row["id"]) if isinstance(row, dict) else (getattr(row, by), row.pk)
    return f"{value.isoformat()}_{row_id}"
