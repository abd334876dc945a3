"""Pages of what goes when: the list due, its signature, holds, and the erasure of a person."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sizao.ops.governance import access
from sizao.ops.governance.clock import now
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.scope import areas_of
from sizao.ops.oversight import actions, due, queries
from sizao.ops.oversight.emptying import is_destroyed, models_with_days
from sizao.ops.oversight.forms import Erase, Hold, Why
from sizao.ops.oversight.models import LegalHold, RetentionRun, RunStatus
from sizao.ops.oversight.sentences import thing
from sizao.ops.registry.models import Person


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """What is due to go, what went, and what is held."""
    at = now()
    access.check(request.user, "audit.view", at=at)
    return _page(request, Hold())


def _page(request: HttpRequest, form: Hold, status: int = 200) -> HttpResponse:
    at = now()
    runs = list(
        RetentionRun.objects.select_related("signed_by").exclude(status=RunStatus.OVERTAKEN).order_by("-id")[:30]
    )
    context = {
        "runs": runs, "waiting": next((run for run in runs if run.status == RunStatus.PREPARED), None),
        "holds": _holds_seen(request, at),
        "days": [_row(model) for model in models_with_days()], "thing": thing, "statuses": RunStatus, "form": form,
        "may_sign": access.may(request.user, "retention.sign", "", at=at),
        "may_hold": access.may(request.user, "hold.place", at=at),
    }  # fmt: skip
    return render(request, "oversight/retention.html", context, status=status)


def _holds_seen(request: HttpRequest, at: datetime) -> list[LegalHold]:
    """The holds of the reader's areas: who is held, and why, is nobody else's business."""
    reach = access.reach(request.user, "audit.view", at=at)
    rows = due.holds(at).select_related("person", "incident", "placed_by").order_by("until", "id")
    return [
        row for row in rows
        if (reach.covers(row.person.area_id or "") if row.person else any(map(reach.covers, areas_of(row.incident))))
    ]  # fmt: skip


def _row(model) -> dict:
    privacy = model.privacy
    return {
        "id": model._meta.label, "what": thing(model._meta.label), "purpose": privacy.purpose,
        "days": privacy.days_kept, "destroyed": is_destroyed(model),
    }  # fmt: skip


@require_POST
def sign(request: HttpRequest, run_id: int) -> HttpResponse:
    """Answer for the list; the next daily job carries it out."""
    run = get_object_or_404(RetentionRun, pk=run_id)
    if _try(request, lambda: actions.sign_run(run=run, by=request.user, at=now())):
        messages.success(request, _("Signed. The next daily job carries it out and writes down how much went."))
    return redirect("governance:retention")


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Place a hold on a person."""
    access.check(request.user, "hold.place", at=now())
    form = Hold(request.POST)
    person = queries.person_called(request.POST.get("person", "")) if form.is_valid() else None
    if form.is_valid() and not person:
        form.add_error("person", _("Nobody is called that here."))
    if not form.is_valid():
        return _page(request, form, status=400)
    told = {"reason": form.cleaned_data["reason"], "until": form.cleaned_data["until"]}
    _try(request, lambda: actions.place_hold(person=person, **told, by=request.user, at=now()))
    return redirect("governance:retention")


@require_POST
def end_hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    """End a hold with a reason."""
    row = get_object_or_404(LegalHold.objects.select_related("person"), pk=hold_id, ended_at__isnull=True)
    form = Why(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the hold ends."))
        return redirect("governance:retention")
    _try(request, lambda: actions.end_holds(holds=[row], reason=form.cleaned_data["reason"], by=request.user, at=now()))
    return redirect("governance:retention")


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Erase a person on a decision. What is lost is said before, and it is confirmed by the person's number."""
    at = now()
    access.check(request.user, "person.erase", at=at)
    person = get_object_or_404(Person, uuid=uuid)
    if not access.may(request.user, "person.erase", person.area_id or "", at=at):
        raise Http404("no such person")
    form = Erase(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["confirmed"].strip().upper() != person.pseudonym:
            form.add_error("confirmed", _("This is not the person's number."))
        else:
            basis = form.cleaned_data["legal_basis"]
            if _try(request, lambda: actions.erase_person(person=person, legal_basis=basis, by=request.user, at=at)):
                messages.success(request, _("The person is erased. The decision stays on record."))
            return redirect("governance:who_saw", person.uuid)
    counts = {
        model: sum(1 for key in queries.records_of(person) if key[0] == model)
        for model, _id in queries.records_of(person)
    }
    context = {"person": person, "form": form, "counts": counts, "thing": thing, "held": due.is_held(person, at)}
    return render(request, "oversight/erase.html", context, status=400 if form.errors else 200)


def _try(request: HttpRequest, act: Callable):
    try:
        return act()
    except (NotNow, actions.StillNeeded) as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
        return None
