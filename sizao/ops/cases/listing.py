"""A list page: filter, columns of the user's choice, one page of rows read in one query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from sizao.ops.cases.columns import ListColumn, Shown, chosen, needs
from sizao.ops.cases.scoping import in_reach, walks
from sizao.ops.governance import access
from sizao.ops.governance.models import SavedView
from sizao.ops.governance.paging import Page, count_capped, keyset
from sizao.ops.incidents.models import Incident


@dataclass(frozen=True)
class ListOf:
    """What is listed: the model, the day it is ordered by, who may see it, its filter and columns."""

    name: str
    model: type[Model]
    by: str
    permission: str
    form: type[forms.Form]
    conditions: Callable[[dict[str, Any]], Q]
    columns: Sequence[ListColumn]
    default: Sequence[str]


@dataclass(frozen=True)
class Line:
    """One row as it is shown."""

    id: int
    number: str
    cells: list[Any]


def filled(listed: ListOf, query: Any, incident: Incident, at: datetime) -> forms.Form:
    """The filter with what the address says; nothing is asked when the address says nothing."""
    return listed.form(query if query else None, incident=incident, at=at)


def values_of(form: forms.Form) -> dict[str, Any]:
    """What the filter asks. A field that cannot be understood asks nothing, and the page says so."""
    if not form.is_bound:
        return {}
    form.full_clean()
    return form.cleaned_data


def everything(listed: ListOf, request: HttpRequest, incident: Incident, query: Any) -> QuerySet:
    """All rows a query means, as one query set: for exports and bulk edits."""
    values = values_of(filled(listed, query, incident, request.at))
    return in_reach(listed.model, **_reader(listed, request, incident, values)).filter(listed.conditions(values))


def _reader(listed: ListOf, request: HttpRequest, incident: Incident, values: dict[str, Any]) -> dict[str, Any]:
    reader = {"permission": listed.permission, "incident": incident, "by": request.user, "at": request.at}
    return reader | {"inside": values.get("area")}


def list_page(listed: ListOf, request: HttpRequest, incident: Incident, only: Q | None = None) -> dict[str, Any]:
    """The context of a list page. `only` narrows it further, for instance to persons found by name."""
    columns = chosen(listed.columns, request.GET.getlist("columns"), listed.default)
    form = filled(listed, request.GET, incident, request.at)
    values = values_of(form)
    rows = walks(listed.model, **_reader(listed, request, incident, values)).filter(listed.conditions(values))
    rows = rows.filter(only) if only is not None else rows
    page = _page(listed, rows, columns, request.GET.get("cursor", ""))
    shown = Shown(get_language() or "en", access.reach(request.user, "person.identify", at=request.at))
    n, more = _count(rows, page)
    return {
        "form": form,
        "columns": columns,
        "all_columns": listed.columns,
        "lines": [Line(row["id"], row["number"], [c.cell(row, shown) for c in columns]) for row in page.rows],
        "page": page,
        "n": n,
        "more": more,
        "views": SavedView.objects.filter(user=request.user, page=listed.name).order_by("name"),
    }


def _page(listed: ListOf, rows: Any, columns: Sequence[ListColumn], cursor: str) -> Page:
    names = dict.fromkeys(["id", "number", "person_id", listed.by, *needs(columns)])
    return keyset(rows.values(*names), by=listed.by, cursor=cursor)


def _count(rows: Any, page: Page) -> tuple[int | None, bool]:
    """How many rows, counted no further than is useful, and on the first page only."""
    if page.before:
        return None, False
    return count_capped(rows) if page.after else (len(page.rows), False)
