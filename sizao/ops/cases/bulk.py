"""Changing many cases at once: choose, see what will change, then do it. Nothing is skipped silently."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizao.ops.cases.actions import amend_cases
from sizao.ops.cases.forms import CODED, LABELS, BulkEdit
from sizao.ops.cases.listing import ListOf, everything
from sizao.ops.cases.models import Case
from sizao.ops.cases.views import CASES
from sizao.ops.governance.models import Recorded
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import reach_in
from sizao.ops.registry.models import Area

AT_MOST = 10_000  # more at once is a job for an import
SHOWN = 50


@dataclass(frozen=True)
class Change:
    """One field's old values, how often each, and the new one."""

    label: Any
    field: str
    before: list[tuple[Any, int]]
    after: Any


@require_POST
@incident_page("case.edit")
def bulk_edit(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Three steps on one address: choose new values, see the change, do it."""
    cases = _chosen(request, incident)
    if not cases or len(cases) > AT_MOST:
        text = _("Select at least one case.") if not cases else _("More than %(n)s cases match. Narrow the filter.")
        messages.warning(request, text % {"n": AT_MOST} if cases else text)
        return redirect("cases:list", incident_id=incident.pk)
    step = request.POST.get("step", "")
    form = BulkEdit(request.POST if step else None, incident=incident)
    context = {"form": form, "n": len(cases), "carried": carried(request), "edited": sorted(form.fields)}
    if not step or step == "edit" or not form.is_valid():
        return render(request, "cases/bulk.html", context)
    if step == "do" and not (late := changed_since(cases, request.POST.get("seen_at", ""))):
        return _do(request, incident, cases, form)
    if step == "do":
        messages.warning(request, _("%(n)s cases were changed by others meanwhile. Please look again.") % {"n": late})
    changes = form.changes()
    differing = _differing(cases, changes)
    context |= {
        "preview": preview(cases, changes), "n_changed": len(differing), "shown": differing[:SHOWN],
        "refused": _refused(request, cases), "lists": CODED, "seen_at": request.at.isoformat(),
        "new_area": Area.objects.filter(path=changes.get("area_id")).first(),
    }  # fmt: skip
    return render(request, "cases/bulk_preview.html", context)


def _chosen(request: HttpRequest, incident: Incident) -> list[Case]:
    rows = selected(CASES, request, incident)
    return list(rows.select_related("area").order_by("-date_report", "-id")[: AT_MOST + 1])


def selected(listed: ListOf, request: HttpRequest, incident: Incident) -> QuerySet:
    """The rows whose boxes are ticked, in reach, or all that the filter means."""
    query = QueryDict(request.POST.get("query", ""))
    if request.POST.get("all"):
        return everything(listed, request, incident, query)
    rows = everything(listed, request, incident, QueryDict(""))
    return rows.filter(pk__in=[pk for pk in request.POST.getlist("ids") if pk.isdecimal()])


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """What the next step must know of this one."""
    return [(name, value) for name in ("ids", "all", "query") for value in request.POST.getlist(name)]


def changed_since(rows: Sequence[Recorded], seen_at: str) -> int:
    """How many of the rows changed after the user was shown what would change."""
    try:
        seen = datetime.fromisoformat(seen_at)
    except ValueError:
        return len(rows)
    return sum(row.current_since > seen for row in rows)


def _new(case: Case, name: str, value: Any) -> bool:
    if name == "investigated":
        return case.investigated_at is None
    return getattr(case, name) != value


def _differing(cases: Iterable[Case], changes: dict[str, Any]) -> list[Case]:
    return [case for case in cases if any(_new(case, name, value) for name, value in changes.items())]


def preview(cases: Sequence[Case], changes: dict[str, Any]) -> list[Change]:
    """For each field the values that give way, and how many cases hold each."""
    found = []
    for name, value in changes.items():
        column = "investigated_at" if name == "investigated" else name
        before = Counter(_shown(case, column) for case in cases if _new(case, name, value))
        after = _("now") if name == "investigated" else value
        found.append(Change(LABELS[column], column, before.most_common(), after))
    return found


def _shown(case: Case, column: str) -> Any:
    return case.area if column == "area_id" else getattr(case, column)


def _refused(request: HttpRequest, cases: Sequence[Case]) -> int:
    """How many of them the reader may see but not change."""
    mine = reach_in(request.incident, request.user, "case.edit", at=request.at)
    return sum(not mine.covers(case.area_id) for case in cases)


def _do(request: HttpRequest, incident: Incident, cases: list[Case], form: BulkEdit) -> HttpResponse:
    changes = form.changes()
    reason = form.cleaned_data["reason"]
    if changes.pop("investigated", False):
        new = [case for case in cases if case.investigated_at is None]
        done = amend_cases(
            cases=new, changes={"investigated_at": request.at}, reason=reason, by=request.user, at=request.at
        )
    else:
        done = []
    changed = {case.pk for case in done}
    if changes:
        changed |= {
            case.pk for case in amend_cases(cases=cases, changes=changes, reason=reason, by=request.user, at=request.at)
        }
    same = len(cases) - len(changed)
    text = _("Cases changed: %(n)s.") % {"n": len(changed)}
    text += " " + _("%(n)s were so already.") % {"n": same} if same else ""
    messages.success(request, text)
    response = redirect("cases:list", incident_id=incident.pk)
    response["Location"] += "?" + request.POST.get("query", "")
    return response
