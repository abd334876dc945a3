"""What every page's frame shows: who is reading, which incident, what time it is there, where one can go."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from sizao.ops.governance import access
from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import Role
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class Entry:
    """One line of a navigation: its label, page, and the permission that shows it ("" shows it to everybody)."""

    label: Message
    page: str
    permission: str


#: An incident's navigation, in the order of a day's work. A page that is not installed is left out.
NAVIGATION = (
    Entry(N_("Board"), "desk:board", "incident.view"),
    Entry(N_("Cases"), "cases:list", "case.view"),
    Entry(N_("Contacts"), "tracing:list", "contact.view"),
    Entry(N_("Follow-up"), "tracing:follow_up", "contact.view"),
    Entry(N_("Chains"), "tracing:chains", "contact.view"),
    Entry(N_("Curve"), "tracing:curve", "case.view"),
    Entry(N_("Map"), "tracing:map", "case.view"),
    Entry(N_("Tasks"), "incidents:tasks", "task.view"),
    Entry(N_("Reports"), "reporting:list", "report.view"),
    Entry(N_("Imports"), "intake:list", "import.commit"),
)

#: What concerns no single incident, in the menu under the reader's name.
GENERAL = (
    Entry(N_("My tasks"), "desk:my_tasks", ""),
    Entry(N_("My posts and powers"), "desk:me", ""),
    Entry(N_("Possible duplicates"), "registry:duplicates", "person.merge"),
    Entry(N_("Units and posts"), "registry:posts", ""),
    Entry(N_("Areas"), "registry:areas", ""),
    Entry(N_("Protocols"), "incidents:protocols", ""),
)


def frame(request: HttpRequest) -> dict:
    """Context of every page. `now` is the incident's own time when the page is about one."""
    incident = getattr(request, "incident", None)
    moment = incident.at(now()) if incident else now()
    return {
        "incident": incident,
        "now": moment,
        "navigation": partial(navigation, request, incident, moment),
        "general": partial(general, request, moment),
        "roles": partial(roles, request, moment),
        "languages": settings.LANGUAGES,
        "installed": installed,
    }


def navigation(request: HttpRequest, incident, at) -> Iterator[tuple[Message, str, bool]]:
    """(label, address, whether this page is there) of what the reader may open in this incident."""
    here = current(getattr(request.resolver_match, "view_name", ""))
    for entry in NAVIGATION:
        if installed(entry.page) and access.may(request.user, entry.permission, at=at):
            href = reverse(entry.page, kwargs={"incident_id": incident.pk})
            yield entry.label, href, entry is here or href == request.path


def general(request: HttpRequest, at) -> Iterator[tuple[Message, str]]:
    """(label, address) of what the reader may open beside incidents."""
    for entry in GENERAL:
        if installed(entry.page) and (not entry.permission or access.may(request.user, entry.permission, at=at)):
            yield entry.label, reverse(entry.page)


def current(view_name: str) -> Entry | None:
    """The entry a page belongs to: the page itself, else the first of the same room."""
    room = view_name.split(":")[0] + ":"
    exact = [entry for entry in NAVIGATION if entry.page == view_name]
    same_room = [entry for entry in NAVIGATION if entry.page.startswith(room)]
    return next(iter(exact + same_room), None)


@cache
def installed(page: str) -> bool:
    """Whether a page of an incident, or one without an incident, has an address."""
    for values in ({"incident_id": 1}, {}):
        try:
            return bool(reverse(page, kwargs=values))
        except NoReverseMatch:
            continue
    return False


def roles(request: HttpRequest, at) -> list[Role]:
    """The roles the reader holds now, anywhere, each once."""
    held = {role for role, _path, since, until in access.grants_of(request.user) if _holds(since, until, at)}
    return [role for role in Role if role in held]


def _holds(since, until, at) -> bool:
    return since <= at and (until is None or at < until)
