"""Pages of the protocols: what each edition says, with source and grade, and what differs between two."""

from itertools import groupby
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sizao.protocols import Protocol, UnknownProtocol, available, load
from sizao.protocols.choices import Grade
from sizao.protocols.describing import Line, lines
from sizao.protocols.differences import summarised
from sizao.protocols.heading import head, in_force
from sizao.protocols.library import in_force_on, stricter_than_base
from sizao.protocols.missed import why_missed
from sizao.protocols.naming import SECTIONS, spelled
from sizao.protocols.proportion import stricter_than
from sizao.protocols.walking import sourced
from sizao.vocabulary.text import Message


@require_GET
def protocol_list(request: HttpRequest) -> HttpResponse:
    """Every protocol of this installation; the first choice of two to compare."""
    wanted = request.GET.get("after", "")
    if wanted and request.GET.get("before"):
        return redirect("incidents:compare_protocols", before=request.GET["before"], after=wanted)
    on = OnDay(request.GET if request.GET.get("on") else None)
    names = in_force_on(on.cleaned_data["on"]) if on.is_bound and on.is_valid() else available()
    rows = [described(protocol) for protocol in map(load, names)]
    return render(request, "incidents/protocols.html", {"rows": rows, "on": on, "all": list(map(load, available()))})


class OnDay(forms.Form):
    """Which editions were in force."""

    on = forms.DateField(
        label=gettext_lazy("In force on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def described(protocol: Protocol) -> dict[str, Any]:
    """One row of the list: the edition, its dates, and how many of its rules are stricter than the one it extends."""
    return {"protocol": protocol, "in_force": in_force(protocol), "n_stricter": len(stricter_than_base(protocol))}


@require_GET
def protocol_page(request: HttpRequest, protocol: str) -> HttpResponse:
    """One edition: every figure with unit, source and grade, and what its follow-up misses."""
    edition = opened(protocol)
    sections = [(SECTIONS[name], list(found)) for name, found in groupby(lines(edition), key=section_of)]
    context = {
        "edition": edition,
        "head": head(edition)[1:3],
        "missed": [why_missed(edition, name) for name in edition.follow_up if name == "close"] or [why_missed(edition)],
        "sections": sections,
        "sources": edition.source.items(),
        "grades": Grade,
        "counts": counted(edition),
        "stricter": [(spelled(s.key, edition), f"{s.before:g}", f"{s.after:g}") for s in stricter_than_base(edition)],
        "others": [other for other in map(load, available()) if other.id != edition.id],
    }
    return render(request, "incidents/protocol.html", context)


def section_of(line: Line) -> str:
    return line.section


def counted(edition: Protocol) -> list[tuple[Grade, int]]:
    """How many figures and statements there are of each grade."""
    grades = [item.grade for item in sourced(edition).values()]
    return [(grade, grades.count(grade)) for grade in Grade]


def opened(name: str) -> Protocol:
    try:
        return load(name)
    except UnknownProtocol as problem:
        raise Http404(str(problem)) from problem


@require_GET
def compare_protocols(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """What changes from one edition to another, rule by rule, and what restricts people more."""
    ours, theirs = opened(before), opened(after)
    context = {
        "before": ours,
        "after": theirs,
        "changes": by_section(summarised(ours, theirs)),
        "stricter": [
            (spelled(item.key, theirs, ours), f"{item.before:g}", f"{item.after:g}")
            for item in stricter_than(theirs, ours)
        ],
        "editions": [load(name) for name in available()],
    }
    return render(request, "incidents/compare_protocols.html", context)


def by_section(changes: tuple[Message, ...]) -> list[tuple[Message, list[Message]]]:
    """The changes under the headings of the sections they belong to, without saying the section again in each."""
    found: dict[Message, list[Message]] = {}
    for change in changes:
        path = change.params["key"]
        shorter = Message(change.msgid, change.params | {"key": below(path)})
        found.setdefault(heading_of(path), []).append(shorter)
    return list(found.items())


def heading_of(path: Message) -> Message:
    """The first name of a path of names: the section."""
    while isinstance(path, Message) and "first" in path.params:
        path = path.params["first"]
    return path


def below(path: Message) -> Message:
    """A path of names without its first; a path of one name as it is."""
    first = path.params.get("first")
    if not isinstance(first, Message):
        return path
    if "first" not in first.params:
        second = path.params["second"]
        return second if isinstance(second, Message) else Message("{name}", {"name": second})
    return Message(path.msgid, path.params | {"first": below(first)})
