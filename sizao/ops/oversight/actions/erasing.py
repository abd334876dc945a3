"""A person is erased on a decision: through every table, its memory, and the files that brought them.

What identifies is overwritten where it stands; there is no key to throw away per person, because the sealed document
is the only copy and its past copies are few (decision 7). The files a person came with are destroyed whole: what they
held is in the tables, and a file from which one line is missing would no longer be what arrived.
"""

from collections import Counter
from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q

from sizao.ops.cases.models import Case
from sizao.ops.governance import access, audit
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Request, Task
from sizao.ops.intake import store
from sizao.ops.intake.models import Delivery, DeliveryStatus, Problem, SourceNumber
from sizao.ops.oversight.actions.forgetting import forget_past
from sizao.ops.oversight.due import is_held
from sizao.ops.oversight.emptying import emptied
from sizao.ops.oversight.models import Erasure
from sizao.ops.registry.models import Household, Lookalike, Person
from sizao.ops.tracing.models import Contact
from sizao.vocabulary.text import N_, Message

Ids = dict[type[models.Model], list[int]]


class StillNeeded(Exception):
    """The person cannot be erased now; `message` says what stands in the way."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


@transaction.atomic
def erase_person(*, person: Person, legal_basis: str, by: User, at: datetime) -> Erasure:
    """Nothing that identifies the person is left in any table or file of this installation. It cannot be undone."""
    access.check(by, "person.erase", person.area_id or "", at=at)
    if is_held(person, at):
        raise StillNeeded(N_("A legal hold keeps this person's records. It must end first."))
    if not legal_basis.strip():
        raise StillNeeded(N_("Name the decision and its legal basis."))
    _overwrite_freed_pages()
    persons = _same_person(person)
    rows, deliveries = _rows_of(persons), _deliveries_of(persons)
    counts = Counter(_erase_files(deliveries))
    for model, ids in rows.items():
        counts[model._meta.label] += model._base_manager.filter(pk__in=ids).update(**emptied(model))
    counts.update(_destroy_links(persons))
    for model, ids in rows.items():
        counts["governance.memory"] += forget_past(model, ids)
    left = {name: n for name, n in sorted(counts.items()) if n}
    erasure = Erasure.objects.create(person=person, decided_at=at, decided_by=by, legal_basis=legal_basis, counts=left)
    audit.record(by=by, at=at, action="person.erased", about=person, counts=left)
    return erasure


def _same_person(person: Person) -> list[int]:
    """The person and the records once merged into theirs."""
    found, new = {person.pk}, {person.pk}
    while new:
        new = set(Person.objects.filter(merged_into__in=new).values_list("pk", flat=True)) - found
        found |= new
    return sorted(found)


def _rows_of(persons: list[int]) -> Ids:
    """Every row that tells of the person and has something to lose, found through the models' own foreign keys."""
    rows: Ids = {Person: persons}
    for model in apps.get_models():
        if not hasattr(model, "privacy") or model in (Person, Lookalike, Erasure):
            continue
        names = [f.name for f in model._meta.concrete_fields if f.is_relation and f.related_model is Person]
        if names:
            told = Q(*[(f"{name}__in", persons) for name in names], _connector=Q.OR)
            rows[model] = list(model._base_manager.filter(told).values_list("pk", flat=True))
    _below(rows)
    _about(rows)
    households = Person.objects.filter(pk__in=persons, household__isnull=False).values_list("household_id", flat=True)
    shared = Person.objects.filter(household__in=list(households)).exclude(pk__in=persons)
    rows[Household] = sorted(set(households) - set(shared.values_list("household_id", flat=True)))
    return {model: ids for model, ids in rows.items() if ids and emptied(model)}


def _below(rows: Ids) -> None:
    """Rows that belong to the person's case or contact: follow-up days, findings."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields if hasattr(model, "privacy") else ():
            if field.is_relation and field.related_model in (Case, Contact) and field.related_model in rows:
                told = {f"{field.name}__in": rows[field.related_model]}
                more = model._base_manager.filter(**told).values_list("pk", flat=True)
                if model not in (Case, Contact):
                    rows[model] = sorted({*rows.get(model, []), *more})


def _about(rows: Ids) -> None:
    """Tasks and requests whose subject the person's case, contact or self is."""
    kinds = {"case": rows.get(Case, []), "contact": rows.get(Contact, []), "person": rows[Person]}
    for model in (Task, Request):
        told = Q(pk__in=[])
        for kind, ids in kinds.items():
            told |= Q(subject_kind=kind, subject_id__in=ids)
        rows[model] = list(model.objects.filter(told).values_list("pk", flat=True))


def _destroy_links(persons: list[int]) -> dict[str, int]:
    """Look-alikes point at a person by their likeness; another system's numbers point at them there."""
    cases = Case.objects.filter(person__in=persons).values_list("incident_id", "number")
    contacts = Contact.objects.filter(person__in=persons).values_list("incident_id", "number")
    numbers = Q(pk__in=[])
    for incident, number in [*cases, *contacts]:
        numbers |= Q(incident=incident, number=number)
    alike = Lookalike.objects.filter(Q(older__in=persons) | Q(newer__in=persons))
    alike_ids, number_ids = [
        list(rows.values_list("pk", flat=True)) for rows in (alike, SourceNumber.objects.filter(numbers))
    ]
    Lookalike.objects.filter(pk__in=alike_ids).delete()
    SourceNumber.objects.filter(pk__in=number_ids).delete()
    forget_past(Lookalike, alike_ids)
    forget_past(SourceNumber, number_ids)
    return {"registry.Lookalike": len(alike_ids), "intake.SourceNumber": len(number_ids)}


def _deliveries_of(persons: list[int]) -> list[Delivery]:
    """The files that brought the person or anything about them, completed them, or still wait with them in it."""
    batches = set(Person.objects.filter(pk__in=persons).values_list("batch_id", flat=True))
    for model in (Case, Contact):
        batches |= set(model.objects.filter(person__in=persons).values_list("batch_id", flat=True))
    past = apps.get_model("governance.PastState").objects.filter(model="registry.Person", row_id__in=persons)
    batches |= set(past.values_list("batch_id", flat=True))
    found = list(Delivery.objects.filter(hands_on__in=batches - {None}))
    for delivery in found:
        if delivery.status == DeliveryStatus.COMMITTING:
            raise StillNeeded(
                N_(
                    "The file “{name}” is being handed on and names this person. Wait for its end.",
                    name=delivery.file_name,
                )
            )
    return found


def _erase_files(deliveries: list[Delivery]) -> dict[str, int]:
    ids = [delivery.pk for delivery in deliveries]
    for delivery in deliveries:
        store.drop_frames(delivery.pk)
        store.path_of(delivery.sha256).unlink(missing_ok=True)
    problems = list(Problem.objects.filter(delivery__in=ids).values_list("pk", flat=True))
    Problem.objects.filter(pk__in=problems).delete()
    forget_past(Problem, problems)
    Delivery.objects.filter(pk__in=ids).update(**emptied(Delivery))
    forget_past(Delivery, ids)
    return {"files": len(ids), "intake.Problem": len(problems)}


def _overwrite_freed_pages() -> None:
    """SQLite leaves what was deleted in the file until the page is used again, unless told."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
