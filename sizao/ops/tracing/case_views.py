"""Pages of one case: what is known and who entered it, whom it met, what is to be done; and changing it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sizao.ops.cases import actions, forms
from sizao.ops.cases.duties import SUBJECT, investigation
from sizao.ops.cases.models import Case
from sizao.ops.cases.provenance import names_in, record_of
from sizao.ops.cases.queries import cases_in_reach
from sizao.ops.governance import access, audit
from sizao.ops.incidents.derived import UNDONE
from sizao.ops.incidents.duties import event_of
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.queries import tasks_of
from sizao.ops.incidents.scope import may_in
from sizao.ops.tracing.actions import recognise_cases
from sizao.ops.tracing.case_forms import NewCase
from sizao.ops.tracing.derived import of_case
from sizao.ops.tracing.entering import person_entered
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.people import called, exposures_in, exposures_out
from sizao.protocols import load
from sizao.vocabulary import codes

#: Dated facts as the timeline tells them, with the column that is the moment of entering.
DATED = (*forms.DATES, "investigated_at")
TONES = {"date_onset": "warn", "date_diagnosis": "bad", "date_isolation": "info", "investigated_at": "good"}


def one_case(request: HttpRequest, incident: Incident, case_id: int) -> Case:
    """The case if it is in the reader's reach."""
    rows = cases_in_reach(by=request.user, incident=incident, at=request.at)
    return get_object_or_404(rows.select_related("person", "area", "facility", "recorded_by", "incident"), pk=case_id)


@require_GET
@incident_page("case.view")
def case_page(request: HttpRequest, incident: Incident, case_id: int) -> HttpResponse:
    """Everything about one case. Seeing who it is is written down."""
    case = one_case(request, incident, case_id)
    reader = {"by": request.user, "at": request.at}
    identified = may_in(incident, request.user, "person.identify", case.area_id, at=request.at)
    if identified:
        audit.record(action="person.viewed", about=case, **reader)
    record = record_of(case)
    revisions = record.revisions()
    contact = Contact.objects.filter(incident=incident, person=case.person_id).first()
    context = {
        "case": case,
        "name": called(case.person, case.area_id, incident=incident, **reader),
        "identity": case.person.identity if identified else None,
        "entered": {column: record.entered(column) for column in DATED},
        "dated": dated(case),
        "classes": record.values_of("classification"),
        "revisions": revisions,
        "things": names_in(revisions),
        "contact": contact,
        "derived": of_case(case, incident=incident),
        "met_before": exposures_in(incident=incident, person=case.person, **reader),
        "met_after": exposures_out(incident=incident, case=case, **reader),
        "tasks": (tasks := list(tasks_of(subject_kind=SUBJECT, subject_id=case.pk, incident=incident))),
        "asks": asks_for_investigation(tasks, incident),
        "editable": may_in(incident, request.user, "case.edit", case.area_id, at=request.at),
        "labels": forms.LABELS,
        "tones": TONES,
        "codes": codes,
    }
    return render(request, "tracing/case.html", context)


def asks_for_investigation(tasks: list[Task], incident: Incident) -> list[Task]:
    """The open tasks that finishing the investigation fulfils."""
    asked = {str(event) for event in investigation(load(incident.protocol))}
    return [task for task in tasks if event_of(task.duty) in asked and task.status in UNDONE]


def dated(case: Case) -> list[tuple[str, Any]]:
    """(column, day or moment) of what has a date, earliest first; a moment comes after the day it falls on."""
    known = [(column, getattr(case, column)) for column in DATED if getattr(case, column)]
    return sorted(known, key=lambda item: _day_of(case, item[1]))


def _day_of(case: Case, value: Any) -> Any:
    return case.incident.date_at(value) if isinstance(value, datetime) else value


@require_http_methods(["GET", "POST"])
@incident_page("case.edit")
def edit_case(request: HttpRequest, incident: Incident, case_id: int) -> HttpResponse:
    """Change what is known. Whoever saves second is shown what the first one changed, and nothing is lost."""
    case = one_case(request, incident, case_id)
    form = forms.EditCase(request.POST or None, initial=forms.initial_of(case), incident=incident)
    meanwhile = []
    if request.method == "POST" and form.is_valid():
        try:
            read_at = {case.pk: datetime.fromisoformat(form.cleaned_data["read_at"])}
            changed = actions.amend_cases(
                cases=[case], changes=form.changes(), reason=form.cleaned_data["reason"], read_at=read_at,
                by=request.user, at=request.at,
            )  # fmt: skip
            messages.success(request, _("The case is changed.") if changed else _("Nothing was different."))
            return redirect("cases:case", incident_id=incident.pk, case_id=case.pk)
        except actions.ChangedMeanwhile:
            meanwhile, form = _again(case, form, read_at[case.pk], incident)
    context = {
        "case": case,
        "form": form,
        "meanwhile": meanwhile,
        "things": names_in(meanwhile),
        "labels": forms.LABELS,
    }
    return render(request, "tracing/edit_case.html", context)


def _again(case: Case, form: forms.EditCase, since: datetime, incident: Incident) -> tuple[list, forms.EditCase]:
    """What others changed since the editor read the case, and the form with the editor's own values, to save again.

    Fields that only the others touched take the others' values, so that saving again does not undo them."""
    revisions = record_of(case).revisions(since)
    now = forms.initial_of(case)
    data = {name: form.data.get(name, "") for name in form.fields} | {"read_at": now["read_at"]}
    for revision in revisions:
        for change in revision.changes:
            name = "area" if change.column == "area_id" else change.column
            if name in data and form.cleaned_data.get(name) in (change.old, str(change.old), None, ""):
                data[name] = "" if now[name] is None else now[name]
    return revisions, forms.EditCase(data, initial=now, incident=incident)


@require_http_methods(["GET", "POST"])
@incident_page("case.edit")
def classify_case(request: HttpRequest, incident: Incident, case_id: int) -> HttpResponse:
    """Decide what the case is, and say why."""
    case = one_case(request, incident, case_id)
    form = forms.Classify(request.POST or None, initial={"classification": case.classification})
    if request.method == "POST" and form.is_valid():
        actions.classify_cases(cases=[case], **form.cleaned_data, by=request.user, at=request.at)
        messages.success(request, _("The decision is recorded."))
        return redirect("cases:case", incident_id=incident.pk, case_id=case.pk)
    return render(request, "tracing/decide.html", {
        "form": form, "title": _("Classify case %(number)s") % {"number": case.number}, "submit": _("Decide"),
        "back": ("cases:case", case.pk), "back_label": case.number,
    })  # fmt: skip


@require_POST
@incident_page("case.edit")
def investigated_case(request: HttpRequest, incident: Incident, case_id: int) -> HttpResponse:
    """The core investigation is finished."""
    case = one_case(request, incident, case_id)
    evidence = request.POST.get("evidence", "").strip()[:300]
    actions.mark_investigated(cases=[case], evidence=evidence, by=request.user, at=request.at)
    messages.success(request, _("The investigation is marked as finished; its task is closed."))
    return redirect("cases:case", incident_id=incident.pk, case_id=case.pk)


@require_http_methods(["GET", "POST"])
@incident_page("case.edit")
def new_case(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Add a case by hand. Before somebody new is written, who they may already be is shown."""
    today = incident.date_at(request.at)
    form = NewCase(request.POST or None, incident=incident, today=today, initial=first_values(request, incident))
    context: dict[str, Any] = {"form": form, "codes": codes}
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person, alike = person_entered(form, incident=incident, by=request.user, at=request.at)
            if person is not None:
                case = _record(form, incident, person, request)
                return redirect("cases:case", incident_id=incident.pk, case_id=case)
        context["alike"] = alike
    return render(request, "tracing/new_case.html", context)


def first_values(request: HttpRequest, incident: Incident) -> Mapping[str, Any]:
    """What a new record most likely says: reported today, in the writer's own area."""
    paths = access.reach(request.user, "case.edit", at=request.at).paths
    area = paths[0] if len(paths) == 1 else ""
    return {"date_report": incident.date_at(request.at), "area": area, "classification": codes.Classification.SUSPECTED}


def _record(form: NewCase, incident: Incident, person: int, request: HttpRequest) -> int:
    """The new case's id, or that of the case this person already is."""
    known = Case.objects.filter(incident=incident, person=person).exclude(classification=codes.Classification.DISCARDED)
    if case := known.order_by("-id").first():
        messages.warning(request, _("This person is case %(number)s already.") % {"number": case.number})
        return case.pk
    records = pl.DataFrame([{"row": 1, "person_id": person, **form.case_columns()}], schema_overrides=form.schema())
    done = actions.record_cases(incident=incident, records=records, by=request.user, at=request.at)
    recognise_cases(incident=incident, by=request.user, at=request.at)
    messages.success(request, _("The case is recorded."))
    return done.ids[1]
