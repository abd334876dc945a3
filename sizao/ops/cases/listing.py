"""A list page: filter, columns of the user's choice, one page of rows read in one query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from sizao.ops.cases.columns import NAME, ListColumn, Shown, chosen, needs
from sizao.ops.cases.scoping import Branches, in_reach, walks
from sizao.ops.cases.table import Lines
from sizao.ops.governance import audit
from sizao.ops.governance.models import SavedView
from sizao.ops.governance.paging import COUNT_UP_TO, Page, keyset
from sizao.ops.governance.statements import Prepared
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import reach_in


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
    first: Sequence[str]  # fields of the filter that are not folded


MOST_VIEWS = 50
#: Parameters of an address that do not narrow a list.
NOT_ASKED = frozenset({"cursor", "columns"})


def filled(listed: ListOf, query: Any, incident: Incident, at: datetime) -> forms.Form | None:
    """The filter with what the address asks; None when it asks nothing, which is most pages."""
    return listed.form(query, incident=incident, at=at) if set(query) - NOT_ASKED else None


def values_of(form: forms.Form | None) -> dict[str, Any]:
    """What the filter asks."""
    if form is None:
        return {}
    form.full_clean()
    return form.cleaned_data


NOBODY = Q(pk__in=[])


def conditions_of(listed: ListOf, form: forms.Form | None, values: dict[str, Any]) -> Q:
    """The filter as one condition. One that cannot be understood in full means nobody, and the page says why: a list
    of everybody in its place would be taken for the answer."""
    return NOBODY if form is not None and form.errors else listed.conditions(values)


def is_understood(listed: ListOf, query: Any, incident: Incident, at: datetime) -> bool:
    """Whether every part of the filter means something."""
    form = filled(listed, query, incident, at)
    return form is None or form.is_valid()


def everything(listed: ListOf, request: HttpRequest, incident: Incident, query: Any) -> QuerySet:
    """All rows a query means, as one query set: for exports and bulk edits."""
    form = filled(listed, query, incident, request.at)
    values = values_of(form)
    rows = in_reach(listed.model, **_reader(listed, request, incident, values))
    return rows.filter(conditions_of(listed, form, values))


def _reader(listed: ListOf, request: HttpRequest, incident: Incident, values: dict[str, Any]) -> dict[str, Any]:
    reader = {"permission": listed.permission, "incident": incident, "by": request.user, "at": request.at}
    return reader | {"inside": values.get("area")}


def list_page(listed: ListOf, request: HttpRequest, incident: Incident, only: Q | None = None) -> dict[str, Any]:
    """The context of a list page. `only` narrows it further, for instance to persons found by name."""
    columns = chosen(listed.columns, request.GET.getlist("columns"), listed.default)
    form = filled(listed, request.GET, incident, request.at)
    values = values_of(form)
    rows = walks(listed.model, **_reader(listed, request, incident, values)).filter(conditions_of(listed, form, values))
    rows = rows.filter(only) if only is not None else rows
    page = _page(listed, rows, columns, request.GET.get("cursor", ""))
    shown = Shown(get_language() or "en", reach_in(incident, request.user, "person.identify", at=request.at))
    _write_down(listed, request, incident, page, columns, shown)
    n, more = _count(rows, page)
    views = Prepared(SavedView).filter(user=request.user.pk, page=listed.name)
    return {
        "form": form,
        "filter_form": _filter_form(listed, form, columns, incident, request.at),
        "columns": columns,
        "lines": Lines(page.rows, columns, shown),
        "page": page,
        "n": n,
        "more": more,
        "views": views.order_by("name").values("pk", "name", "query")[:MOST_VIEWS],
    }


def _write_down(
    listed: ListOf, request: HttpRequest, incident: Incident, page: Page, columns: Sequence[ListColumn], shown: Shown
) -> None:
    """Whose names this page shows, in one entry, so that "who saw this record" is answered. Pseudonyms leave none."""
    if NAME not in columns or not (named := [row["id"] for row in page.rows if shown.names.covers(row["area_id"])]):
        return
    with transaction.atomic():  # entry and rows are one write to the disk
        audit.record(
            by=request.user, at=request.at, action=f"{listed.name}.listed", about=incident, **{listed.name: named}
        )


def _filter_form(
    listed: ListOf, form: forms.Form | None, columns: Sequence[ListColumn], incident: Incident, at: datetime
) -> str:
    """The filter as HTML. The empty one depends on language and columns alone: it is made once."""
    if form is not None:
        return _rendered_filter(listed, form, columns)
    key = (listed.name, get_language(), tuple(columns))
    if key not in _EMPTY_FILTERS:
        if len(_EMPTY_FILTERS) >= KEPT:
            _EMPTY_FILTERS.clear()
        _EMPTY_FILTERS[key] = _rendered_filter(listed, listed.form(incident=incident, at=at), columns)
    return _EMPTY_FILTERS[key]


KEPT = 200  # choices of columns
_EMPTY_FILTERS: dict[tuple, str] = {}


def _rendered_filter(listed: ListOf, form: forms.Form, columns: Sequence[ListColumn]) -> str:
    context = {"form": form, "first": listed.first, "all_columns": listed.columns, "columns": columns}
    return mark_safe(render_to_string("cases/filter_form.html", context))


def _page(listed: ListOf, rows: Any, columns: Sequence[ListColumn], cursor: str) -> Page:
    names = dict.fromkeys(["id", "number", "person_id", listed.by, *needs(columns)])
    return keyset(rows.values(*names), by=listed.by, cursor=cursor)


def _count(rows: Prepared | Branches, page: Page) -> tuple[int | None, bool]:
    """How many rows, counted by the database no further than is useful, and on the first page only."""
    if page.before:
        return None, False
    if not page.after:
        return len(page.rows), False
    n = rows.count_up_to(COUNT_UP_TO + 1)
    return min(n, COUNT_UP_TO), n > COUNT_UP_TO
