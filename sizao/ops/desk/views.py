"""Pages of the desk: first page, an incident's board, my tasks, today by area, search."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from sizao.ops.desk.queries import headlines, newest, numbers, tasks, visits
from sizao.ops.desk.queries import search as finds
from sizao.ops.desk.queries import today as day
from sizao.ops.governance import access, audit
from sizao.ops.governance.clock import now
from sizao.ops.governance.queries import n_to_notice
from sizao.ops.governance.roles import ROLES, Role
from sizao.ops.incidents import queries as incident_queries
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.registry.models import Area
from sizao.vocabulary import codes


def end_of_day(incident: Incident, at: datetime) -> datetime:
    """The midnight after `at` where the incident is."""
    tomorrow = incident.date_at(at) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZoneInfo(incident.time_zone))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every incident the reader may see, and what is late or due today for their posts."""
    at = now()
    context = {
        "headlines": headlines.headlines(by=request.user, at=at),
        "urgent": tasks.urgent(by=request.user, at=at),
        "rounds": visits.rounds_today(by=request.user, at=at),
        "n_emergencies": n_to_notice(request.user, at),
        "codes": codes,
    }
    return render(request, "desk/home.html", context)


@require_safe
def switcher(request: HttpRequest) -> HttpResponse:
    """The incidents to switch to, for the menu at the top."""
    shown = incident_queries.incidents(by=request.user, at=now())[: headlines.MOST]
    return render(request, "desk/switcher.html", {"incidents": shown, "codes": codes})


@require_safe
@incident_page("incident.view")
def board(request: HttpRequest, incident: Incident, newest_report: Callable[..., Any] | None = None) -> HttpResponse:
    """An incident's numbers, what is overdue and what happened last; every number opens its list."""
    reader = {"by": request.user, "incident": incident, "at": request.at}
    until = end_of_day(incident, request.at)
    context = {
        "today": incident.date_at(request.at),
        "cases": numbers.case_numbers(**reader),
        "n_unlinked": numbers.n_unlinked(**reader),
        "n_under_follow_up": numbers.n_under_follow_up(**reader),
        "clarities": numbers.clarity_numbers(**reader),
        "follow_ups": numbers.follow_up_numbers(**reader),
        "tasks": incident_queries.task_counts(**reader, until=until),
        "late": newest.most_overdue(**reader),
        "newest": newest.newest(**reader),
        "report": newest_report(**reader) if newest_report else None,
        "curve_classes": numbers.CURVE_CLASSES,
        "codes": codes,
    }
    return render(request, "desk/board.html", context)


@require_safe
def my_tasks(request: HttpRequest) -> HttpResponse:
    """Undone tasks of the posts the reader holds, the most urgent first."""
    at = now()
    groups = tasks.grouped(by=request.user, at=at)
    posts = incident_queries.posts_of(request.user, at)
    is_cut = sum(len(rows) for _name, rows in groups) == tasks.MOST
    context = {
        "groups": groups, "posts": posts, "is_cut": is_cut, "most": tasks.MOST, "codes": codes,
        "rounds": visits.rounds_today(by=request.user, at=at),
    }  # fmt: skip
    return render(request, "desk/my_tasks.html", context)


@require_safe
@incident_page("task.view")
def today(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The day's tasks by area and post."""
    path = request.GET.get("area", "")
    inside = get_object_or_404(Area, path=path) if path else None
    reader = {"by": request.user, "incident": incident, "at": request.at, "until": end_of_day(incident, request.at)}
    areas, posts = day.by_area(**reader, inside=inside), day.by_post(**reader, inside=inside)
    context = {"inside": inside, "above": _above(inside), "areas": areas, "posts": posts, "total": day.total(areas)}
    return render(request, "desk/today.html", context)


def _above(area: Area | None) -> list[Area]:
    """The areas an area lies in, the largest first."""
    paths = [area.path[:end] for end in range(2, len(area.path), access.SEGMENT)] if area else []
    return list(Area.objects.filter(path__in=paths).order_by("path"))


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find by number, name, telephone or identity number. Posted, so that no name stands in an address or a log."""
    text = "".join(letter for letter in request.POST.get("q", "") if letter.isprintable()).strip()[:100]
    at = now()
    context: dict[str, Any] = {"text": text, "codes": codes}
    if text:
        context |= finds.found(text, by=request.user, at=at)
        if access.may(request.user, "person.search", at=at):
            audit.record(by=request.user, at=at, action="person.searched", n_persons=len(context["persons"]))
    return render(request, "desk/search.html", context)


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What the reader's posts are and what each lets them do."""
    at = now()
    held = (
        request.user.holdings.filter(since__lte=at).select_related("post__unit", "post__area").order_by("since", "id")
    )
    grants = [
        (Role(role), path, until)
        for role, path, since, until in access.grants_of(request.user)
        if since <= at and (until is None or at < until)
    ]
    areas = Area.objects.in_bulk({path for _role, path, _until in grants if path})
    powers = [(role, ROLES[role].sentence, areas.get(path), until) for role, path, until in grants]
    return render(request, "desk/me.html", {"holdings": held, "powers": powers})
