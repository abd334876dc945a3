"""Pages of one contact: class and why, the four clarities, the days of follow-up; and deciding about it."""

from datetime import datetime
from typing import Any

import polars as pl
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sizao.ops.cases.editing import ChangedMeanwhile
from sizao.ops.cases.forms import Reason
from sizao.ops.cases.provenance import names_in, record_of
from sizao.ops.cases.scoping import in_reach
from sizao.ops.governance import access, audit
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.incidents.queries import tasks_of
from sizao.ops.incidents.scope import may_in
from sizao.ops.registry.models import Person
from sizao.ops.tracing import actions, forms
from sizao.ops.tracing.clarities import MEANS
from sizao.ops.tracing.derived import of_contact
from sizao.ops.tracing.duties import SUBJECT
from sizao.ops.tracing.entering import person_entered
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.people import called, exposures_in, exposures_out
from sizao.ops.tracing.queries import days_of
from sizao.ops.tracing.reasons import rebuilt
from sizao.ops.tracing.strip import SIGNS, strip_of
from sizao.vocabulary import codes

CLARITIES = forms.MOMENTS


def one_contact(request: HttpRequest, incident: Incident, contact_id: int) -> Contact:
    """The contact if it is in the reader's reach."""
    rows = in_reach(Contact, permission="contact.view", incident=incident, by=request.user, at=request.at)
    near = ("person", "area", "post", "became_case", "recorded_by", "incident")
    return get_object_or_404(rows.select_related(*near), pk=contact_id)


@require_GET
@incident_page("contact.view")
def contact_page(request: HttpRequest, incident: Incident, contact_id: int) -> HttpResponse:
    """Everything about one contact. Seeing who it is is written down."""
    contact = one_contact(request, incident, contact_id)
    reader = {"by": request.user, "at": request.at}
    identified = may_in(incident, request.user, "person.identify", contact.area_id, at=request.at)
    if identified:
        audit.record(action="person.viewed", about=contact, **reader)
    record, today = record_of(contact), incident.date_at(request.at)
    revisions = record.revisions()
    context = {
        "contact": contact,
        "name": called(contact.person, contact.area_id, incident=incident, **reader),
        "identity": contact.person.identity if identified else None,
        "reason": rebuilt(contact.class_reason) if contact.class_reason else None,
        "means": MEANS,
        "clarities": [(name, getattr(contact, name), record.entered(name)) for name in CLARITIES],
        "classes": record.values_of("contact_class"),
        "cells": strip_of(contact, days_of(contacts=[contact.pk]), today=today),
        "signs": SIGNS,
        "derived": of_contact(contact, incident=incident, at=today),
        "today": today,
        "revisions": revisions,
        "things": names_in(revisions),
        "met_before": exposures_in(incident=incident, person=contact.person, **reader),
        "met_after": exposures_out(incident=incident, contact=contact, **reader),
        "tasks": tasks_of(subject_kind=SUBJECT, subject_id=contact.pk, incident=incident),
        "editable": may_in(incident, request.user, "contact.edit", contact.area_id, at=request.at),
        "labels": forms.LABELS,
        "codes": codes,
    }
    return render(request, "tracing/contact.html", context)


@require_http_methods(["GET", "POST"])
@incident_page("contact.edit")
def edit_contact(request: HttpRequest, incident: Incident, contact_id: int) -> HttpResponse:
    """Change what is known. Whoever saves second is shown what the first one changed."""
    contact = one_contact(request, incident, contact_id)
    about = {"incident": incident, "contact": contact, "at": request.at}
    form = forms.EditContact(request.POST or None, initial=forms.initial_of(contact), **about)
    meanwhile: list = []
    if request.method == "POST" and form.is_valid():
        read_at = datetime.fromisoformat(form.cleaned_data["read_at"])
        try:
            changed = actions.amend_contacts(
                contacts=[contact], changes=form.changes(), reason=form.cleaned_data["reason"],
                read_at={contact.pk: read_at}, by=request.user, at=request.at,
            )  # fmt: skip
            messages.success(request, _("The contact is changed.") if changed else _("Nothing was different."))
            return _back(contact)
        except NotNow as refusal:
            form.add_error("status", refusal.message.say(get_language() or "en"))
        except ChangedMeanwhile:
            meanwhile = record_of(contact).revisions(read_at)
            data = {name: form.data.get(name, "") for name in form.fields}
            form = forms.EditContact(data | {"read_at": contact.current_since.isoformat()}, **about)
    context = {"contact": contact, "form": form, "meanwhile": meanwhile, "things": names_in(meanwhile)}
    return render(request, "tracing/edit_contact.html", context | {"labels": forms.LABELS})


def _back(contact: Contact) -> HttpResponse:
    return redirect("tracing:contact", incident_id=contact.incident_id, contact_id=contact.pk)


@require_POST
@incident_page("contact.edit")
def clear_contact(request: HttpRequest, incident: Incident, contact_id: int, clarity: str) -> HttpResponse:
    """Say that a contact is identified, located or under control, now."""
    contact = one_contact(request, incident, contact_id)
    if clarity in CLARITIES and getattr(contact, clarity) is None:
        actions.amend_contacts(contacts=[contact], changes={clarity: request.at}, by=request.user, at=request.at)
        messages.success(request, _("Recorded."))
    return _back(contact)


def decision(request: HttpRequest, contact: Contact, form: Any, do: Any, **page: Any) -> HttpResponse:
    """A page that asks for what a decision needs, and takes it."""
    if request.method == "POST" and form.is_valid():
        try:
            done = do(form.cleaned_data)
            messages.success(request, _("The decision is recorded."))
            return done if isinstance(done, HttpResponse) else _back(contact)
        except NotNow as refusal:
            messages.error(request, refusal.message.say(get_language() or "en"))
            return _back(contact)
    back = {"back": ("tracing:contact", contact.pk), "back_label": contact.number, "form": form}
    return render(request, "tracing/decide.html", back | page)


@require_http_methods(["GET", "POST"])
@incident_page("case.edit")
def convert_contact(request: HttpRequest, incident: Incident, contact_id: int) -> HttpResponse:
    """The contact became a case; everything known of it stays."""
    contact = one_contact(request, incident, contact_id)
    first = {
        "classification": codes.Classification.SUSPECTED,
        "found_in": codes.FoundIn.QUARANTINE if contact.controlled_at else codes.FoundIn.UNKNOWN,
    }

    def convert(values: dict[str, Any]) -> HttpResponse | None:
        [done] = actions.convert_contacts(
            incident=incident, contacts=[contact], classification=values["classification"], facts=form.facts(),
            by=request.user, at=request.at,
        )  # fmt: skip
        return redirect("cases:case", incident_id=incident.pk, case_id=done.became_case_id)

    if contact.became_case_id:
        return redirect("cases:case", incident_id=incident.pk, case_id=contact.became_case_id)
    form = forms.Convert(request.POST or None, initial=first, contact=contact, at=request.at)
    return decision(
        request, contact, form, convert, submit=_("Open the case"),
        title=_("Contact %(number)s became a case") % {"number": contact.number},
        note=_("The exposures and the days of follow-up stay where they are."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@incident_page("contact.edit")
def undo_decision(request: HttpRequest, incident: Incident, contact_id: int) -> HttpResponse:
    """Take the last change back."""
    contact = one_contact(request, incident, contact_id)
    last = record_of(contact).revisions()[:1]
    note = (
        _("Taken back: %(what)s")
        % {"what": ", ".join(str(forms.LABELS.get(change.column, change.column)) for change in last[0].changes)}
        if last
        else ""
    )
    return decision(
        request, contact, Reason(request.POST or None),
        lambda values: actions.undo_decision(contact=contact, by=request.user, at=request.at, **values),
        title=_("Take back the last change of %(number)s") % {"number": contact.number}, submit=_("Take it back"),
        note=note,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@incident_page("contact.edit")
def new_contact(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Add a contact by hand. Before somebody new is written, who they may already be is shown."""
    paths = access.reach(request.user, "contact.edit", at=request.at).paths
    first = {"source_id": request.GET.get("source", ""), "area": paths[0] if len(paths) == 1 else ""}
    form = forms.NewContact(request.POST or None, incident=incident, today=incident.date_at(request.at), initial=first)
    context: dict[str, Any] = {"form": form, "codes": codes}
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person, alike = person_entered(form, incident=incident, by=request.user, at=request.at)
            if person is not None and (done := _record(form, incident, person, request)):
                return redirect("tracing:contact", incident_id=incident.pk, contact_id=done)
        context["alike"] = alike
    return render(request, "tracing/new_contact.html", context)


def _record(form: forms.NewContact, incident: Incident, person: int, request: HttpRequest) -> int | None:
    """The contact's id; None, and nothing written, when the source is not known or the days cannot be."""
    if form.refuse_before_birth(Person.objects.values_list("year_birth", flat=True).get(pk=person)):
        transaction.set_rollback(True)
        return None
    records = pl.DataFrame([{"row": 1, "person_id": person, **form.contact_columns()}], schema_overrides=form.schema())
    done = actions.record_contacts(incident=incident, records=records, by=request.user, at=request.at)
    if done.problems:
        transaction.set_rollback(True)
        field = done.problems[0].column
        form.add_error(field if field in form.fields else None, done.problems[0].message.say(get_language() or "en"))
        return None
    messages.success(
        request,
        _("The contact is recorded.")
        if done.created
        else _("This person was a contact already; what is new was added."),
    )
    return done.ids[1]
