"""Pages of incidents and of the tasks in them."""

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
from sizao.ops.incidents import actions, forms, queries
from sizao.ops.incidents.derived import outcome_said
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.pages import incident_page
from sizao.protocols import load
from sizao.vocabulary.codes import IncidentKind, IncidentMode, TaskStatus

#: Where a task's subject has its page.
SUBJECT_PAGES = {
    "case": ("cases:case", "case_id"),
    "contact": ("tracing:contact", "contact_id"),
    "report": ("reporting:report", "report_id"),
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
    initial = {"mode": incident.mode, "level": incident.level, "legal_basis": incident.legal_basis}
    form = forms.SwitchMode(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _done(
        request, lambda: actions.switch_mode(incidents=[incident], **form.cleaned_data, by=request.user, at=request.at)
    ):  # fmt: skip
        return redirect("incidents:incident", incident_id=incident.pk)
    return render(request, "incidents/switch_mode.html", {"form": form})


def _done(request: HttpRequest, act) -> bool:
    """Do it, or say in a message why the state does not allow it."""
    try:
        act()
    except NotNow as refusal:
        messages.error(request, refusal.message.say(get_language() or "en"))
        return False
    messages.success(request, _("Done."))
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
        rows = rows.filter(access.inside(wanted["area"]))
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


#: The word in the address → (form's name on the page, form, its prefix, action). No form: a button is enough.
STEPS: dict[str, tuple[str, type | None, str | None, Any]] = {
    "acknowledge": ("", None, None, actions.acknowledge_tasks),
    "verify": ("", None, None, actions.verify_tasks),
    "finish": ("finish", forms.Finish, None, actions.finish_tasks),
    "return": ("back", forms.Reason, "back", actions.return_tasks),
    "cancel": ("cancel", forms.Reason, "cancel", actions.cancel_tasks),
    "hand-over": ("hand_over", forms.HandOver, "to", actions.hand_over_tasks),
}


@require_POST
@incident_page("task.view")
def step_task(request: HttpRequest, incident: Incident, task_id: int, step: str) -> HttpResponse:
    """Take one step with a task."""
    task = _task(request, incident, task_id)
    name, form_class, prefix, action = STEPS[step]
    form = form_class(request.POST, prefix=prefix) if form_class else None
    if form and not form.is_valid():
        return _show_task(request, task, **{name: form})
    said = form.cleaned_data if form else {}
    return _then_back(request, task, lambda: action(tasks=[task], **said, by=request.user, at=request.at))


def _then_back(request: HttpRequest, task: Task, act) -> HttpResponse:
    _done(request, act)
    return redirect("incidents:task", incident_id=task.incident_id, task_id=task.pk)


@require_http_methods(["GET", "POST"])
@incident_page("task.give")
def give_task(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Turn a decision into a task of a post."""
    form = forms.GiveTask(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(
        request, lambda: actions.give_task(incident=incident, **form.cleaned_data, by=request.user, at=request.at)
    ):  # fmt: skip
        return redirect("incidents:tasks", incident_id=incident.pk)
    return render(request, "incidents/give_task.html", {"form": form})


@require_POST
@incident_page("task.give")
def escalate(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Send what is overdue to the post one level up."""
    moved = actions.escalate_overdue(incident=incident, by=request.user, at=request.at)
    messages.success(request, _("%(n)s tasks went one level up.") % {"n": len(moved)})
    return redirect(reverse("incidents:tasks", kwargs={"incident_id": incident.pk}) + "?tab=overdue")
