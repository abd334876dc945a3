"""Which rows are due to go: their days are over and nobody holds them."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from sizao.ops.cases.models import Case
from sizao.ops.oversight.emptying import emptied, is_destroyed, models_with_days, since
from sizao.ops.oversight.models import LegalHold
from sizao.ops.registry.models import Person
from sizao.ops.tracing.models import Contact, Exposure


def due(model: type[models.Model], at: datetime) -> QuerySet:
    """Rows of one model that have to go by `at`."""
    limit = at - timedelta(days=model.privacy.days_kept)
    moment = since(model)
    if moment is None:
        raise LookupError(f"{model._meta.label} has days kept and no moment to count them from; see emptying.SINCE")
    rows = model._base_manager.filter(**{f"{moment}__lt": limit})
    if not is_destroyed(model):
        rows = rows.exclude(**_empty(model))
    if model is Person:
        rows = _nothing_newer(rows, limit)
    return _not_held(rows, model, at)


def counts(at: datetime) -> dict[str, int]:
    """Rows due by model; models with none are left out."""
    found = {model._meta.label: due(model, at).count() for model in models_with_days()}
    return {label: n for label, n in found.items() if n}


def holds(at: datetime) -> QuerySet[LegalHold]:
    """Holds in force. A hold whose day has come holds no more."""
    return LegalHold.objects.filter(ended_at__isnull=True, until__gte=at.date())


def is_held(person: Person, at: datetime) -> bool:
    """Whether somebody holds the person, or an incident the person belongs to."""
    incidents = [
        *person.cases.values_list("incident_id", flat=True),
        *person.contacts.values_list("incident_id", flat=True),
    ]
    return holds(at).filter(Q(person=person) | Q(incident__in=incidents)).exists()


def _empty(model: type[models.Model]) -> dict:
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value
        for name, value in emptied(model).items()
    }


def _nothing_newer(persons: QuerySet, limit: datetime) -> QuerySet:
    """A person stays known as long as one record of theirs does."""
    for model in (Case, Contact, Exposure):
        persons = persons.exclude(Exists(model.objects.filter(person=OuterRef("pk"), current_since__gte=limit)))
    return persons


def _not_held(rows: QuerySet, model: type[models.Model], at: datetime) -> QuerySet:
    names = {field.name for field in model._meta.concrete_fields}
    persons = list(holds(at).filter(person__isnull=False).values_list("person_id", flat=True))
    incidents = list(holds(at).filter(incident__isnull=False).values_list("incident_id", flat=True))
    if model is Person:
        in_incident = Q(cases__incident__in=incidents) | Q(contacts__incident__in=incidents)
        held = Person.objects.filter(Q(pk__in=persons) | in_incident).values("pk") if persons or incidents else []
        return rows.exclude(pk__in=held)
    if "person" in names and persons:
        rows = rows.exclude(person__in=persons)
    if "incident" in names and incidents:
        rows = rows.exclude(incident__in=incidents)
    # What the record of changes holds about rows is held as long as anything is.
    is_memory = model._meta.label in {"governance.PastState", "governance.RowChange"}
    return rows.none() if is_memory and (persons or incidents) else rows
