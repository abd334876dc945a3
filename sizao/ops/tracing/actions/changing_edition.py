"""Another protocol edition for an incident: a signed act, tried before it is done, and taken back as a whole."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from sizao.ops.cases import duties as case_duties
from sizao.ops.cases.models import Case
from sizao.ops.cases.queries import CHUNK, chunks
from sizao.ops.governance import audit, history
from sizao.ops.governance.models import Batch, PastState, Recorded, User
from sizao.ops.incidents.actions import change_protocol, derive_incident
from sizao.ops.incidents.derived import UNDONE
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.tracing import duties
from sizao.ops.tracing.actions.planning import plan_days
from sizao.ops.tracing.edition_effects import KIND, Effect, effects, last_change, listed
from sizao.ops.tracing.models import Contact
from sizao.vocabulary.codes import ContactStatus
from sizao.vocabulary.text import N_


@dataclass(frozen=True)
class EditionChanged:
    """What the new edition makes of each contact, and which tasks, by duty, appear or go."""

    effects: tuple[Effect, ...]
    new_tasks: Counter[str]
    gone_tasks: Counter[str]

    def listed(self, name: str) -> list[Effect]:
        return listed(self.effects, name)


@transaction.atomic
def change_edition(
    *, incident: Incident, protocol: str, reason: str, prolong: bool, by: User, at: datetime
) -> EditionChanged:
    """Pin another edition. Classes that followed from the old one are judged anew, and what becomes shorter becomes
    so at once; a running follow-up is made longer, and a person taken off the list put back, only where `prolong`
    says so, which is a decision of its own. Classes decided and ends written by others stay."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if protocol == incident.protocol:
        raise NotNow(N_("The incident follows this edition already."))
    found, before = effects(incident, protocol, incident.date_at(at)), _open_tasks(incident)
    batch = Batch.objects.create(kind=KIND, made_at=at, made_by=by)
    owing = _owing_cases(incident, at)
    change_protocol(incident=incident, protocol=protocol, reason=reason, by=by, at=at, batch=batch)
    changes = [(each.contact, each.decided(prolong)) for each in found]
    changed = history.amend_each(changes, by=by, at=at, batch=batch)
    plan_days(contacts=changed, by=by, at=at, batch=batch)
    _derive_all(incident, owing | _owing_cases(incident, at), changed, by, at, batch)
    after = _open_tasks(incident)
    audit.record_many(by=by, at=at, action="contact.edition_changed", about=changed, reason=reason, prolonged=prolong)
    new, gone = ([tasks[pk] for pk in set(tasks) - set(others)] for tasks, others in ((after, before), (before, after)))
    return EditionChanged(tuple(found), Counter(new), Counter(gone))


@transaction.atomic
def try_edition(*, incident: Incident, protocol: str, by: User, at: datetime) -> EditionChanged:
    """What `change_edition` would do: it is done and undone, so the preview is the act itself."""
    with transaction.atomic():
        found = change_edition(incident=incident, protocol=protocol, reason="", prolong=False, by=by, at=at)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def roll_back_edition(*, incident: Incident, reason: str, by: User, at: datetime) -> Incident:
    """Back to the edition before: disease, classes, states, ends of follow-up and tasks as they were, save those
    that somebody has changed since."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    last = last_change(incident)
    if last is None or last.batch is None:
        raise NotNow(N_("The edition of this incident was not changed."))
    owing = _owing_cases(incident, at)
    disease = last.values.get("disease", incident.disease)
    protocol = last.values["protocol"]
    change_protocol(incident=incident, protocol=protocol, disease=disease, reason=reason, by=by, at=at)
    changed = _put_back(Contact, last.batch, by, at)
    _put_back(Task, last.batch, by, at)
    plan_days(contacts=changed, by=by, at=at)
    _derive_all(incident, owing | _owing_cases(incident, at), changed, by, at, None)
    last.batch.undone_at, last.batch.undone_by = at, by
    last.batch.save(update_fields=["undone_at", "undone_by"])
    audit.record_many(by=by, at=at, action="contact.edition_rolled_back", about=changed, reason=reason)
    return incident


def _put_back(model: type[Recorded], batch: Batch, by: User, at: datetime) -> list[Any]:
    """The rows a batch changed get the values they had before it, where nobody has changed them since."""
    values: dict[int, dict[str, Any]] = {}
    newest: dict[int, int] = {}
    for state in PastState.objects.filter(model=model._meta.label, batch=batch).order_by("id"):
        values[state.row_id] = state.values | values.get(state.row_id, {})
        newest[state.row_id] = state.pk
    touched = {
        row_id
        for part in chunks(newest, CHUNK)
        for row_id, pk in PastState.objects.filter(model=model._meta.label, row_id__in=part).values_list("row_id", "id")
        if pk > newest[row_id]
    }
    fields = {field.attname: field for field in model._meta.concrete_fields}
    changes = [
        (row, {name: fields[name].to_python(value) for name, value in values[row.pk].items()})
        for part in chunks(set(values) - touched, CHUNK)
        for row in model._base_manager.filter(pk__in=part).order_by("id")
    ]
    return history.amend_each(changes, by=by, at=at)


def _open_tasks(incident: Incident) -> dict[int, str]:
    mine = Task.objects.filter(incident=incident, status__in=UNDONE, duty__contains=":")
    return dict(mine.values_list("id", "duty"))


def _owing_cases(incident: Incident, at: datetime) -> set[int]:
    """Cases that may owe something under the incident's edition, or still have a task of the one before."""
    since = incident.date_at(at - case_duties.longest(incident))
    recent = Case.objects.filter(incident=incident, date_report__gte=since).values_list("id", flat=True)
    owed = Task.objects.filter(incident=incident, subject_kind=case_duties.SUBJECT, status__in=UNDONE)
    return {*recent, *owed.filter(duty__contains=":").values_list("subject_id", flat=True)}


def _derive_all(
    incident: Incident, cases: set[int], changed: list[Contact], by: User, at: datetime, batch: Batch | None
) -> None:
    told = {"incident": incident, "by": by, "at": at, "batch": batch}
    derive_incident(**told)
    rows = [case for part in chunks(cases, CHUNK) for case in Case.objects.filter(pk__in=part).order_by("id")]
    case_duties.derive(**told, cases=rows)
    watched = Contact.objects.filter(incident=incident, status=ContactStatus.UNDER_FOLLOW_UP)
    contacts = {row.pk: row for row in watched.iterator()} | {row.pk: row for row in changed}
    duties.derive(**told, contacts=contacts.values())
