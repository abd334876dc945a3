"""Pages of duplicates: the list to be decided, two records side by side, and taking a merge back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.governance import access, audit
from sizao.ops.governance.clock import now
from sizao.ops.governance.paging import count_capped
from sizao.ops.registry import actions, forms, queries
from sizao.ops.registry.comparing import FACTS, chosen, value_of
from sizao.ops.registry.likeness import likeness
from sizao.ops.registry.models import Lookalike, Merge, Person
from sizao.ops.registry.views import visible_person
from sizao.vocabulary.codes import Sex

SHOWN = 50


def duplicates(request: HttpRequest) -> HttpResponse:
    """Records that may be one person, likeliest first."""
    at = now()
    access.check(request.user, "person.merge", at=at)
    rows = queries.open_lookalikes(by=request.user, at=at)
    pairs = list(rows[:SHOWN])
    names = access.reach(request.user, "person.identify", at=at)
    audit.record(by=request.user, at=at, action="duplicates.listed", n=len(pairs))
    n, more = count_capped(rows)
    merges = queries.recent_merges(by=request.user, at=at)
    return render(
        request,
        "registry/duplicates.html",
        {"pairs": pairs, "n": n, "more": more, "merges": merges, "called": lambda person: called(person, names)},
    )


@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, uuid, other) -> HttpResponse:
    """Two records side by side; sent, they become one person."""
    at = now()
    left, right = visible_person(request, uuid), visible_person(request, other)
    for person in (left, right):
        access.check(request.user, "person.merge", person.area_id or "", at=at)
        access.check(request.user, "person.identify", person.area_id or "", at=at)
    if request.method == "POST":
        return _merge(request, left, right, at)
    audit.record_many(by=request.user, at=at, action="person.viewed", about=[left, right])
    return render(request, "registry/compare.html", _side_by_side(left, right) | {"form": forms.MergeReason()})


def _merge(request: HttpRequest, left: Person, right: Person, at) -> HttpResponse:
    picks = {name: pick for _label, name, _sealed in FACTS if (pick := request.POST.get(f"pick-{name}"))}
    reason = request.POST.get("reason", "")[:200]
    try:
        actions.merge_persons(
            kept=left, absorbed=right, values=chosen(left, right, picks), reason=reason, by=request.user, at=at
        )
    except actions.MergeRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("registry:compare", uuid=left.uuid, other=right.uuid)
    messages.success(request, _("The two records are one person now. The merge can be undone on this page."))
    return redirect("registry:person", uuid=left.uuid)


def _side_by_side(left: Person, right: Person) -> dict:
    rows = [(label, _shown(left, name), _shown(right, name), name) for label, name, _sealed in FACTS]
    pair = Lookalike.objects.filter(older__in=[left, right], newer__in=[left, right]).first()
    why = likeness(queries.described_person(left), queries.described_person(right))
    return {"left": left, "right": right, "rows": rows, "pair": pair, "why": why}


def _shown(person: Person, name: str):
    value = value_of(person, name)
    if name == "sex":
        return Sex(value).label
    if name == "area":
        return queries.area_name(value)
    return ", ".join(value) if isinstance(value, tuple) else value


@require_POST
def different(request: HttpRequest, pair_id: int) -> HttpResponse:
    """These are two people; do not propose them again."""
    pair = get_object_or_404(Lookalike, pk=pair_id)
    actions.call_different(lookalikes=[pair], reason=request.POST.get("reason", "")[:200], by=request.user, at=now())
    messages.success(request, _("Noted: two different people. They will not be proposed again."))
    return redirect("registry:duplicates")


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back."""
    at = now()
    merge = get_object_or_404(Merge.objects.select_related("kept", "absorbed", "made_by"), pk=merge_id)
    for person in (merge.kept, merge.absorbed):
        access.check(request.user, "person.merge", person.area_id or "", at=at)
    if request.method == "POST":
        try:
            actions.undo_merge(merge=merge, reason=request.POST.get("reason", "")[:200], by=request.user, at=at)
            messages.success(request, _("The merge is undone: every row is back with its own record."))
        except actions.MergeRefused as refusal:
            messages.error(request, refusal.message)
        return redirect("registry:person", uuid=merge.kept.uuid)
    n = sum(len(ids) for _label, _field, ids in merge.moved)
    return render(request, "registry/undo_merge.html", {"merge": merge, "n": n, "form": forms.MergeReason()})


def called(person: Person, names: access.Reach) -> str:
    """A name where it may be seen, else the pseudonym."""
    return person.identity.name or person.pseudonym if names.covers(person.area_id) else person.pseudonym
