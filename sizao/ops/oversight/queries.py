"""Reads what was done: by time, by user, by record, by person concerned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sizao.ops.cases.models import Case
from sizao.ops.governance import access, audit_listed
from sizao.ops.governance.models import AuditEntry, AuditSubject, RowChange, User
from sizao.ops.oversight.sentences import READS
from sizao.ops.registry.models import Person
from sizao.ops.tracing.models import Contact, Exposure, FollowUp

RecordKey = tuple[str, int]


def entries(*, by: User, at: datetime) -> QuerySet[AuditEntry]:
    """What the reader may know of: everything, or what concerns the areas they watch over."""
    paths = access.reach(by, "audit.view", at=at).paths
    if "" in paths:
        return AuditEntry.objects.all()
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(area_path__startswith=path)
    return AuditEntry.objects.filter(inside)


def records_of(person: Person) -> list[RecordKey]:
    """The rows that tell of a person, and of the records merged into theirs."""
    persons = [person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]
    found: list[RecordKey] = [("registry.Person", pk) for pk in persons]
    for model in (Case, Contact, Exposure):
        ids = model.objects.filter(person__in=persons).values_list("pk", flat=True)
        found += [(model._meta.label, pk) for pk in ids]
    days = FollowUp.objects.filter(contact__person__in=persons).values_list("pk", flat=True)
    return found + [("tracing.FollowUp", pk) for pk in days]


def about(rows: QuerySet[AuditEntry], records: Iterable[RecordKey]) -> QuerySet[AuditEntry]:
    """Entries about these records, and lists that showed them, the newest pages included."""
    audit_listed.index_pages()
    by_model: dict[str, list[int]] = {}
    for model, row_id in records:
        by_model.setdefault(model, []).append(row_id)
    direct, shown = Q(pk__in=[]), Q(pk__in=[])
    for model, ids in by_model.items():
        direct |= Q(model=model, row_id__in=ids)
        shown |= Q(model=model, row_id__in=ids)
    listed = AuditSubject.objects.filter(shown).values("entry")
    return rows.filter(direct | Q(pk__in=listed))


def who_saw(person: Person) -> QuerySet[AuditEntry]:
    """Every reading of the person's records, newest first; lists they stood on are among them."""
    rows = about(AuditEntry.objects.filter(action__in=READS), records_of(person))
    return rows.select_related("by").order_by("-written_at", "-id")


def exports_since(person: Person) -> QuerySet[AuditEntry]:
    """Exports of the person's incidents made while the person stood in them: they may have held the person."""
    held = Q(pk__in=[])
    for model in (Case, Contact):
        for incident, since in model.objects.filter(person=person).values_list("incident_id", "recorded_at"):
            held |= Q(model="incidents.Incident", row_id=incident, at__gte=since)
    seen = AuditSubject.objects.filter(entry=OuterRef("pk"))
    rows = AuditEntry.objects.filter(held, action__endswith=".exported").exclude(Exists(seen))
    return rows.exclude(action="report.exported").select_related("by").order_by("-written_at", "-id")


@dataclass(frozen=True)
class Called:
    """What a record is called here, and where it is to be found."""

    name: str
    href: tuple[str, tuple[Any, ...]] | None = None


def names_of(records: Iterable[RecordKey]) -> dict[RecordKey, Called]:
    """Numbers of cases and contacts, pseudonyms of persons, names of users; a query for each kind there is."""
    ids: dict[str, set[int]] = {}
    for model, row_id in records:
        ids.setdefault(model, set()).add(row_id)
    found: dict[RecordKey, Called] = {}
    for pk, number, incident in _rows(Case, ids, "pk", "number", "incident_id"):
        found["cases.Case", pk] = Called(number, ("cases:case", (incident, pk)))
    for pk, number, incident in _rows(Contact, ids, "pk", "number", "incident_id"):
        found["tracing.Contact", pk] = Called(number, ("tracing:contact", (incident, pk)))
    for person in Person.objects.filter(pk__in=ids.get("registry.Person", ())).only("pk", "uuid"):
        found["registry.Person", person.pk] = Called(person.pseudonym, ("governance:who_saw", (person.uuid,)))
    for user in User.objects.filter(pk__in=ids.get("governance.User", ())):
        found["governance.User", user.pk] = Called(str(user))
    return found


def person_called(text: str) -> Person | None:
    """The person with a pseudonym (P-1A2B3C4D), or of the case or contact with that number."""
    text = text.strip()
    if text.upper().startswith("P-") and len(text) == 10:
        low, high = (text[2:].lower() + digit * 24 for digit in "0f")
        try:
            return Person.objects.filter(uuid__gte=low, uuid__lte=high).order_by("pk").first()
        except (ValueError, TypeError):
            return None
    for model in (Case, Contact):
        row = model.objects.filter(number=text).select_related("person").order_by("pk").first()
        if row:
            return row.person
    return None


def changes_of(entry: AuditEntry, most: int) -> list[RowChange]:
    """What changed in the rows when the entry was written: the changes of its transaction, its own record first."""
    if entry.deed_id is None:
        return []
    rows = list(RowChange.objects.filter(deed=entry.deed_id).order_by("id")[:most])
    own = (entry.model, entry.row_id)
    return sorted(rows, key=lambda row: (row.model, row.row_id) != own)


def changes_of_row(model: str, row_id: int, most: int) -> Sequence[RowChange]:
    """Every change of one row as the database wrote it down, newest first, its insertion last."""
    later = RowChange.objects.filter(model=model, row_id=row_id).exclude(kind=RowChange.INSERTED)
    begun = RowChange.objects.filter(model=model, kind=RowChange.INSERTED, row_id__lte=row_id, last_id__gte=row_id)
    rows = list(later.select_related("deed__by").order_by("-id")[:most])
    return rows + list(begun.select_related("deed__by").order_by("-row_id")[:1])


def _rows(model, ids: dict[str, set[int]], *columns: str) -> Iterable[tuple]:
    wanted = ids.get(model._meta.label)
    return model.objects.filter(pk__in=wanted).values_list(*columns) if wanted else ()
