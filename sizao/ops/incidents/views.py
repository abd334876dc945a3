"""Pages of incidents and of the tasks in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizao.ops.governance import access, history
from sizao.ops.governance.clock import now
from sizao.ops.governance.paging import count_capped, keyset
from sizao.ops.governance.sentences import rebuilt
from sizao.ops.incidents import actions, forms, queries
from sizao.ops.incidents.derived import outcome_said
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.scope import check_throughout
from sizao.protocols import load
from sizao.vocabulary.codes import IncidentKind, IncidentMode, TaskStatus
from sizao.vocabulary.dates import say_moment
from sizao.vocabulary.text import N_, Message

#: Where a task's subject has its page.
SUBJECT_PAGES = {
    "case": ("cases:case", "case_id"),
    "contact": ("tracing:contact", "contact_id"),
    "report": ("reporting:report", "report_id"),
    "signal": ("surveillance:signal", "signal_id"),
}


@require_http_methods(["GET", "POST"])
def new_incident(request: HttpRequest) -> HttpResponse:
    """Open an incident."""
    at = now()
    access.check(request.user, "incident.manage", at=at)
    form = forms.OpenIncident(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        kind = IncidentKind.DEMONSTRATION if request.user.is_demonstration else IncidentKind.REAL
        incident = actions.open_incident(
            **values, disease=load(values["protocol"]).disease, kind=kind, by=request.user, at=at
        )
        messages.success(request, _("The incident is open."))
        return redirect("incidents:incident", incident_id=incident.pk)
    return render(request, "incidents/new.html", {"form": form})


@incident_page("incident.view")
def incident_facts(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What an incident is: mode, legal basis, protocol, dates, and how they changed."""
    past = history.past_of(incident)
    return render(request, "incidents/incident.html", {"past": past, "modes": IncidentMode, "kinds": IncidentKind})


@require_http_methods(["GET", "POST"])
@incident_page("incident.manage")
def switch_mode(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Routine to emergency and back."""
    check_throughout(incident, request.user, "incident.manage", at=request.at)
    initial = {"mode": incident.mode, "level": incident.level, "legal_basis": incident.legal_basis}
    form = forms.SwitchMode(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(
            request,
            lambda: actions.switch_mode(incidents=[incident], **form.cleaned_data, by=request.user, at=request.at),
            lambda: N_("The incident's mode is now: {mode}.", mode=IncidentMode(incident.mode)),
        )
    ):
        return redirect("incidents:incident", incident_id=incident.pk)
    return render(request, "incidents/switch_mode.html", {"form": form})


def _done(request: HttpRequest, act: Callable[[], Any], said: Callable[[], Message]) -> bool:
    """Do it and say what was done, or say in a message why the state does not allow it."""
    try:
        act()
    except NotNow as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
        return False
    messages.success(request, said().say(get_language() or "en"))
    return True


def end_of_day(at: datetime) -> datetime:
    """The last second of the local day."""
    return timezone.localtime(at).replace(hour=23, minute=59, second=59, microsecond=0)


TABS = {
    "open": lambda rows, at: rows.filter(status__in=queries.UNDONE),
    "overdue": lambda rows, at: rows.filter(status__in=queries.UNDONE, due_at__lt=at),
    "today": lambda rows, at: rows.filter(status__in=queries.UNDONE, due_at__gte=at, due_at__lte=end_of_day(at)),
    "verify": lambda rows, at: rows.filter(status=TaskStatus.DONE),
    "verified": lambda rows, at: rows.filter(status=TaskStatus.VERIFIED),
    "cancelled": lambda rows, at: rows.filter(status=TaskStatus.CANCELLED),
}


@incident_page("task.view")
def task_list(request: HttpRequest, incident: Incident) -> HttpResponse:
    """An incident's tasks by state, the most urgent first."""
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "open"
    form = forms.TaskFilter(request.GET or None, incident=incident)
    rows = _filtered(TABS[tab](queries.tasks(by=request.user, incident=incident, at=request.at), request.at), form)
    page = keyset(
        rows.select_related("post", "area"), by="due_at", cursor=request.GET.get("cursor", ""), descending=False
    )
    n, more = count_capped(rows)
    told = {"by": request.user, "at": request.at, "until": end_of_day(request.at)}
    counts = queries.task_counts(incident=incident, **told)
    context = {"page": page, "n": n, "more": more, "tab": tab, "counts": counts, "form": form, "statuses": TaskStatus}
    return render(request, "incidents/tasks.html", context)


def _filtered(rows, form: forms.TaskFilter):
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if wanted.get("area"):
        itself = wanted.get("itself")
        rows = rows.filter(area=wanted["area"]) if itself else rows.filter(access.inside(wanted["area"]))
    if wanted.get("post"):
        rows = rows.filter(post=wanted["post"])
    return rows.filter(post__isnull=True) if wanted.get("without_owner") else rows


def _task(request: HttpRequest, incident: Incident, task_id: int) -> Task:
    visible = queries.tasks(by=request.user, incident=incident, at=request.at)
    return get_object_or_404(visible.select_related("post__unit", "area", "done_by", "verified_by"), pk=task_id)


@incident_page("task.view")
def task_page(request: HttpRequest, incident: Incident, task_id: int) -> HttpResponse:
    """One task: what, why, for whom, until when, what came of it, and what may be done now."""
    return _show_task(request, _task(request, incident, task_id))


def _show_task(request: HttpRequest, task: Task, **tried: Any) -> HttpResponse:
    context = {
        "task": task,
        "subject": subject_address(task),
        "outcome": outcome_said(task),
        "past": history.past_of(task),
        "statuses": TaskStatus,
        "finish": forms.Finish(),
        "back": forms.Reason(prefix="back"),
        "cancel": forms.Reason(prefix="cancel"),
        "hand_over": forms.HandOver(prefix="to", initial={"post": task.post}),
        "own_work": task.done_by_id == request.user.pk,
    }
    return render(request, "incidents/task.html", context | tried, status=400 if tried else 200)


def subject_address(task: Task) -> str:
    """The page of what a task is about; "" when it is about nothing in particular."""
    if task.subject_kind not in SUBJECT_PAGES or task.subject_id is None:
        return ""
    name, place = SUBJECT_PAGES[task.subject_kind]
    return reverse(name, kwargs={"incident_id": task.incident_id, place: task.subject_id})


@dataclass(frozen=True)
class Step:
    """A step with a task: its action, what is said when it is done, and the form it needs, if a button is not enough
    (`form_name` is the form's name on the page)."""

    action: Callable[..., Any]
    said: Message
    form_name: str = ""
    form: type[forms.forms.Form] | None = None
    prefix: str | None = None


#: By the word in the address.
STEPS = {
    "acknowledge": Step(actions.acknowledge_tasks, N_("Acknowledged: {task}")),
    "verify": Step(actions.verify_tasks, N_("Verified: {task}")),
    "finish": Step(
        actions.finish_tasks, N_("Reported as done: {task}. Another person verifies it."), "finish", forms.Finish
    ),
    "return": Step(actions.return_tasks, N_("Sent back to its post: {task}"), "back", forms.Reason, "back"),
    "cancel": Step(actions.cancel_tasks, N_("Cancelled: {task}"), "cancel", forms.Reason, "cancel"),
    "hand-over": Step(
        actions.hand_over_tasks, N_("Handed over to another post: {task}"), "hand_over", forms.HandOver, "to"
    ),
}


@require_POST
@incident_page("task.view")
def step_task(request: HttpRequest, incident: Incident, task_id: int, step: str) -> HttpResponse:
    """Take one step with a task."""
    task, taken = _task(request, incident, task_id), STEPS[step]
    form = taken.form(request.POST, prefix=taken.prefix) if taken.form else None
    if form and not form.is_valid():
        return _show_task(request, task, **{taken.form_name: form})
    typed = form.cleaned_data if form else {}
    _done(
        request,
        lambda: taken.action(tasks=[task], **typed, by=request.user, at=request.at),
        lambda: Message(taken.said.msgid, {"task": rebuilt(task.title)}),
    )
    return redirect("incidents:task", incident_id=task.incident_id, task_id=task.pk)


@require_http_methods(["GET", "POST"])
@incident_page("task.give")
def give_task(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Turn a decision into a task of a post."""
    form = forms.GiveTask(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(
            request,
            lambda: actions.give_task(incident=incident, **form.cleaned_data, by=request.user, at=request.at),
            lambda: given(form.cleaned_data),
        )
    ):
        return redirect("incidents:tasks", incident_id=incident.pk)
    return render(request, "incidents/give_task.html", {"form": form})


def given(typed: dict[str, Any]) -> Message:
    post = typed["post"].name(get_language() or "en")
    return N_("Given to “{post}”, due {due}: {task}", post=post, due=moment_here(typed["due_at"]), task=typed["title"])


def moment_here(moment: datetime) -> str:
    return say_moment(timezone.localtime(moment), get_language() or "en")


@require_POST
@incident_page("task.give")
def escalate(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Send what is overdue to the post one level up."""
    moved = actions.escalate_overdue(incident=incident, by=request.user, at=request.at)
    said = (
        _("%(n)s tasks went one level up.") % {"n": len(moved)} if moved else _("No overdue task has a post above it.")
    )
    messages.success(request, said)
    return redirect(reverse("incidents:tasks", kwargs={"incident_id": incident.pk}) + "?tab=overdue")
