"""Pages of areas, posts and persons."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import ROLES, Role
from sizao.ops.registry import actions, forms, queries
from sizao.ops.registry.belongings import belongings
from sizao.ops.registry.comparing import FACTS, value_of
from sizao.ops.registry.keys import check_id_number
from sizao.ops.registry.likeness import Likeness
from sizao.ops.registry.matching import keys_of, shelf_of
from sizao.ops.registry.models import Area, Person
from sizao.vocabulary.codes import Sex


def areas(request: HttpRequest, path: str = "") -> HttpResponse:
    """The division tree, one level at a time, and a search by name or code."""
    here = get_object_or_404(Area.objects.defer("boundary"), path=path) if path else None
    text = request.GET.get("q", "").strip()[:100]
    rows = queries.find_areas(text) if text else list(queries.children_of(path or None))
    return render(
        request,
        "registry/areas.html",
        {"here": here, "above": queries.line_of(here) if here else [], "rows": rows, "text": text,
         "form": forms.Search(request.GET if text else None)},
    )  # fmt: skip


def posts(request: HttpRequest) -> HttpResponse:
    """Units, their posts, and who holds them now."""
    at = now()
    return render(
        request,
        "registry/posts.html",
        {"units": queries.roster(at), "role_list": Role, "powers": ROLES, "add_unit": forms.AddUnit(),
         "add_post": forms.AddPost(), "appoint": forms.Appoint()},
    )  # fmt: skip


@require_POST
def add_unit(request: HttpRequest) -> HttpResponse:
    form = forms.AddUnit(request.POST)
    if not form.is_valid():
        return _roster_again(request, add_unit=form)
    actions.add_unit(**form.cleaned_data, kind="unit", by=request.user, at=now())
    return redirect("registry:posts")


@require_POST
def add_post(request: HttpRequest) -> HttpResponse:
    form = forms.AddPost(request.POST)
    if not form.is_valid():
        return _roster_again(request, add_post=form)
    said = form.cleaned_data
    actions.add_post(**{**said, "role": Role(said["role"])}, by=request.user, at=now())
    return redirect("registry:posts")


@require_POST
def appoint(request: HttpRequest) -> HttpResponse:
    form = forms.Appoint(request.POST)
    if not form.is_valid():
        return _roster_again(request, appoint=form)
    at = now()
    actions.appoint(**form.cleaned_data, since=at, by=request.user, at=at)
    messages.success(request, _("The post is held from now on."))
    return redirect("registry:posts")


def _roster_again(request: HttpRequest, **form) -> HttpResponse:
    context = {"units": queries.roster(now()), "role_list": Role, "powers": ROLES}
    blank = {"add_unit": forms.AddUnit(), "add_post": forms.AddPost(), "appoint": forms.Appoint()}
    return render(request, "registry/posts.html", context | blank | form, status=422)


def person(request: HttpRequest, uuid) -> HttpResponse:
    """One person: who they are (for those who may know), what hangs on them, whom they resemble, what changed."""
    at = now()
    row = visible_person(request, uuid)
    named = access.may(request.user, "person.identify", row.area_id or "", at=at)
    if named:
        audit.record(by=request.user, at=at, action="person.viewed", about=row)
    context = {
        "person": row,
        "named": named,
        "facts": [(label, value_of(row, name)) for label, name, sealed in FACTS if named or not sealed],
        "warning": check_id_number(row.identity.id_number) if named else None,
        "household": _housemates(request, row, at),
        "belongings": list(belongings(row, by=request.user, at=at)),
        "alike": _alike(request, row, at) if named else [],
        "merges": queries.merges_of(row),
        "today": queries.person_today(row),
        "past": history.past_of(row),
        "sexes": Sex,
    }
    return render(request, "registry/person.html", context)


@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, uuid) -> HttpResponse:
    """Correct who somebody is and how to reach them."""
    at = now()
    row = visible_person(request, uuid)
    for permission in ("person.identify", "person.edit"):
        access.check(request.user, permission, row.area_id or "", at=at)
    form = forms.EditPerson(request.POST or None, initial=forms.EditPerson.values_of(row))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.amend_persons(changes=[(row, form.changes())], reason=reason, by=request.user, at=at)
        messages.success(request, _("Saved."))
        return redirect("registry:person", uuid=row.uuid)
    if request.method == "GET":
        audit.record(by=request.user, at=at, action="person.viewed", about=row)
    return render(request, "registry/edit_person.html", {"person": row, "form": form})


def visible_person(request: HttpRequest, uuid) -> Person:
    """A person in the reader's reach; what lies outside does not exist for them."""
    row = get_object_or_404(Person.objects.select_related("area", "household", "merged_into", "recorded_by"), uuid=uuid)
    if not _in_reach(request, row, now()):
        raise Http404
    return row


def _in_reach(request: HttpRequest, row: Person, at: datetime) -> bool:
    seen = ("case.view", "contact.view", "person.identify")
    return any(access.may(request.user, permission, row.area_id or "", at=at) for permission in seen)


def _housemates(request: HttpRequest, row: Person, at: datetime) -> list[Person]:
    """Who lives with somebody, as far as the reader's areas reach."""
    if row.household is None:
        return []
    members = row.household.members.exclude(pk=row.pk).order_by("id")
    return [member for member in members if _in_reach(request, member, at)]


def _alike(request: HttpRequest, person: Person, at: datetime) -> list[tuple[Person, Likeness]]:
    """The persons most like this one whom the reader may merge with it, with the reason."""
    reach = access.reach(request.user, "person.merge", at=at)
    if person.merged_into_id or not reach.covers(person.area_id):
        return []
    record = queries.described_person(person)
    found = shelf_of([record]).alike(record, keys_of(record))
    rows = Person.objects.select_related("area").in_bulk([each.person_id for each in found])
    pairs = [(rows[each.person_id], each.likeness) for each in found]
    return [(other, why) for other, why in pairs if reach.covers(other.area_id)]
