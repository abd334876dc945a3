"""Changing many contacts at once: choose, see what will change, then do it. Nothing is skipped silently."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizao.ops.cases.bulk import AT_MOST, SHOWN, Change, carried, changed_since, selected
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import reach_in
from sizao.ops.registry.models import Area, Post
from sizao.ops.tracing.actions import amend_contacts
from sizao.ops.tracing.bulk_forms import CODED, MARKS, BulkEdit
from sizao.ops.tracing.contact_views import CONTACTS
from sizao.ops.tracing.forms import LABELS
from sizao.ops.tracing.models import Contact


@require_POST
@incident_page("contact.edit")
def bulk_edit(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Three steps on one address: choose new values, see the change, do it."""
    rows = selected(CONTACTS, request, incident).select_related("area", "post")
    contacts = list(rows.order_by("-date_listed", "-id")[: AT_MOST + 1])
    if not contacts or len(contacts) > AT_MOST:
        many = _("More than %(n)s contacts match. Narrow the filter.") % {"n": AT_MOST}
        messages.warning(request, many if contacts else _("Select at least one contact."))
        return redirect("tracing:list", incident_id=incident.pk)
    step = request.POST.get("step", "")
    form = BulkEdit(request.POST if step else None, incident=incident, at=request.at)
    context = {"form": form, "n": len(contacts), "carried": carried(request), "edited": sorted(form.fields)}
    if not step or step == "edit" or not form.is_valid():
        return render(request, "tracing/bulk.html", context)
    if step == "do":
        if not (late := changed_since(contacts, request.POST.get("seen_at", ""))):
            return _do(request, incident, contacts, form)
        text = _("%(n)s contacts were changed by others meanwhile. Please look again.") % {"n": late}
        messages.warning(request, text)
    changes = form.changes()
    differing = _differing(contacts, changes)
    context |= {
        "preview": preview(contacts, changes), "n_changed": len(differing), "shown": differing[:SHOWN],
        "refused": _refused(request, contacts), "lists": CODED, "seen_at": request.at.isoformat(), "marks": MARKS,
        "new_area": Area.objects.filter(path=changes.get("area_id")).first(),
        "new_post": Post.objects.filter(pk=changes.get("post_id")).first(),
    }  # fmt: skip
    return render(request, "tracing/bulk_preview.html", context)


def _new(contact: Contact, name: str, value: Any) -> bool:
    """Whether the value would change; a clarity that is said already stays as it was said."""
    return getattr(contact, name) is None if name in MARKS else getattr(contact, name) != value


def _differing(contacts: Iterable[Contact], changes: dict[str, Any]) -> list[Contact]:
    return [row for row in contacts if any(_new(row, name, value) for name, value in changes.items())]


def preview(contacts: Sequence[Contact], changes: dict[str, Any]) -> list[Change]:
    """For each field the values that give way, and how many contacts hold each."""
    found = []
    for name, value in changes.items():
        before = Counter(_shown(row, name) for row in contacts if _new(row, name, value))
        found.append(Change(LABELS[name], name, before.most_common(), value))
    return found


def _shown(contact: Contact, column: str) -> Any:
    return getattr(contact, column.removesuffix("_id"), None) if column.endswith("_id") else getattr(contact, column)


def _refused(request: HttpRequest, contacts: Sequence[Contact]) -> int:
    """How many of them the reader may see but not change."""
    mine = reach_in(request.incident, request.user, "contact.edit", at=request.at)
    return sum(not mine.covers(row.area_id) for row in contacts)


def _do(request: HttpRequest, incident: Incident, contacts: list[Contact], form: BulkEdit) -> HttpResponse:
    """One change for what all share, then each clarity for those of whom it was not said yet."""
    told = {"reason": form.cleaned_data["reason"], "by": request.user, "at": request.at}
    changes, changed = form.changes(), set()
    marks = {name: changes.pop(name) for name in MARKS if name in changes}
    try:
        if changes:
            changed |= {row.pk for row in amend_contacts(contacts=contacts, changes=changes, **told)}
        for name, moment in marks.items():
            fresh = list(Contact.objects.filter(pk__in=[row.pk for row in contacts], **{f"{name}__isnull": True}))
            changed |= {row.pk for row in amend_contacts(contacts=fresh, changes={name: moment}, **told)}
    except NotNow as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
    else:
        same = len(contacts) - len(changed)
        text = _("Contacts changed: %(n)s.") % {"n": len(changed)}
        messages.success(request, text + (" " + _("%(n)s were so already.") % {"n": same} if same else ""))
    response = redirect("tracing:list", incident_id=incident.pk)
    response["Location"] += "?" + request.POST.get("query", "")
    return response
