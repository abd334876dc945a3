"""What every page's frame shows: who is reading, which incident, what time it is there, where one can go."""

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from markupsafe import Markup

from sizao.config.addresses import url
from sizao.config.fragments import fragment
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
    Entry(N_("Signals"), "surveillance:signals", "signal.view"),
    Entry(N_("Sites"), "surveillance:sites", "count.enter"),
    Entry(N_("Tasks"), "incidents:tasks", "task.view"),
    Entry(N_("Reports"), "reporting:list", "report.view"),
    Entry(N_("Imports"), "intake:list", "import.commit"),
)

#: Pages about the incident as a whole, whatever room they live in, and pictures that belong to another page.
ELSEWHERE = {
    "incidents:incident": "desk:board",
    "incidents:switch_mode": "desk:board",
    "incidents:clocks": "desk:board",
    "incidents:clock_tasks": "desk:board",
    "incidents:record_milestone": "desk:board",
    "tracing:edition": "desk:board",
    "tracing:end": "desk:board",
    "tracing:five_views": "tracing:chains",
}

#: What concerns no single incident, in the menu under the reader's name.
GENERAL = (
    Entry(N_("My tasks"), "desk:my_tasks", ""),
    Entry(N_("My account"), "account", ""),
    Entry(N_("My posts and powers"), "desk:me", ""),
    Entry(N_("People"), "registry:people", "user.manage"),
    Entry(N_("Emergency access"), "registry:emergency", ""),
    Entry(N_("Hand-overs"), "tracing:hand_overs", "hand_over.answer"),
    Entry(N_("Possible duplicates"), "registry:duplicates", "person.merge"),
    Entry(N_("Units and posts"), "registry:posts", ""),
    Entry(N_("Areas"), "registry:areas", ""),
    Entry(N_("Protocols"), "incidents:protocols", ""),
    Entry(N_("What was done"), "governance:audit", "audit.view"),
)

LABELS = {entry.page: entry.label for entry in (*NAVIGATION, *GENERAL)}


class FormToken:
    """The token of a page's forms: made when first written, once for all forms of the page."""

    def __init__(self, request: HttpRequest):
        self.request = request

    @cached_property
    def text(self) -> str:
        return get_token(self.request)

    def __str__(self) -> str:
        return self.text

    __html__ = __str__


class FormTokenInput(FormToken):
    """The same as the hidden field of a form."""

    def __init__(self, token: FormToken):
        self.token = token

    @cached_property
    def text(self) -> str:
        return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(self.token)


def frame(request: HttpRequest) -> dict:
    """Context of every page. `now` is the incident's own time when the page is about one."""
    incident = getattr(request, "incident", None)
    moment = (incident and getattr(request, "at", None)) or (incident.at(now()) if incident else now())
    token = FormToken(request)
    token_input = FormTokenInput(token)
    return {
        "incident": incident,
        "now": moment,
        "csrf_token": token,
        "csrf_input": token_input,
        "top_bar": partial(top_bar, request, incident, moment, token_input),
        "incident_bar": partial(incident_bar, request, incident, moment),
        "roles": partial(roles, request, moment),
        "languages": settings.LANGUAGES,
        "installed": installed,
    }


def top_bar(request: HttpRequest, incident, at, token_input: FormTokenInput) -> Markup:
    """The bar above every page: the incident, search, language, the reader's menu."""
    holes = {"csrf_input": token_input, "here": request.get_full_path() if request.method == "GET" else "/"}
    known = bool(request.user.is_authenticated)
    return fragment(
        "frame/top_bar.html", holes,
        user=str(request.user) if known else "", known=known, roles=tuple(roles(request, at)) if known else (),
        general=general(access.held(request.user, at=at)) if known else (),
        incident_id=incident.pk if incident else None,
        incident_name=incident.name(get_language() or "en") if incident else "",
        label_of=LABELS.__getitem__, languages=tuple(settings.LANGUAGES), installed=installed,
    )  # fmt: skip


def incident_bar(request: HttpRequest, incident, at) -> Markup:
    """The navigation of an incident's pages, as far as the reader may open them."""
    pages = navigation(access.held(request.user, at=at))
    entry = current(getattr(request.resolver_match, "view_name", ""))
    same = (page for page in pages if url(page, incident_id=incident.pk) == request.path)
    return fragment(
        "frame/incident_bar.html", {}, incident_id=incident.pk, pages=pages, label_of=LABELS.__getitem__,
        here=entry.page if entry else next(same, ""),
    )  # fmt: skip


@lru_cache
def navigation(held: frozenset[str]) -> tuple[str, ...]:
    """The pages of an incident that a holder of these permissions may open."""
    return tuple(entry.page for entry in NAVIGATION if installed(entry.page) and entry.permission in held)


@lru_cache
def general(held: frozenset[str]) -> tuple[str, ...]:
    """The pages beside incidents that they may open."""
    may = ("", *held)
    return tuple(entry.page for entry in GENERAL if installed(entry.page) and entry.permission in may)


@cache
def current(view_name: str) -> Entry | None:
    """The entry a page belongs to: the page itself, else the first of the same room."""
    room = view_name.split(":")[0] + ":"
    exact = [entry for entry in NAVIGATION if entry.page == ELSEWHERE.get(view_name, view_name)]
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
