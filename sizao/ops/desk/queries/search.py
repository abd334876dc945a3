"""Finding a case, a contact or a person by what somebody says on the telephone. Answers only within reach."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents import queries as incident_queries
from sizao.ops.registry import keys
from sizao.ops.registry.models import Person
from sizao.ops.registry.queries import search_persons
from sizao.ops.tracing.models import Contact
from sizao.vocabulary.text import N_, Message

MOST = 20
AFTER_ANY_DIGIT = "zzzz"


@dataclass(frozen=True)
class Known:
    """A person found by name or number, why, and the cases and contacts the reader may see."""

    person: Person
    why: Message
    cases: list[Case]
    contacts: list[Contact]


def found(text: str, *, by: User, at: datetime) -> dict[str, Any]:
    """Cases and contacts with this number, persons with this name, and what they are called by this reader."""
    cases, contacts = cases_numbered(text, by=by, at=at), contacts_numbered(text, by=by, at=at)
    persons = search_persons(text=text, by=by, at=at)[:MOST]
    names = called([*cases, *contacts], by=by, at=at)
    return {"cases": cases, "contacts": contacts, "persons": known(persons, text, by=by, at=at), "called": names}


def known(persons: list[Person], text: str, *, by: User, at: datetime) -> list[Known]:
    """Each person with their rows, in two questions for all of them."""
    cases, contacts = defaultdict(list), defaultdict(list)
    for model, permission, rows in ((Case, "case.view", cases), (Contact, "contact.view", contacts)):
        mine = model.objects.filter(access.within(access.reach(by, permission, at=at).paths), person__in=persons)
        for row in mine.order_by("id") if persons else ():
            rows[row.person_id].append(row)
    return [Known(person, why_found(person, text), cases[person.pk], contacts[person.pk]) for person in persons]


def why_found(person: Person, text: str) -> Message:
    """What of a person agrees with what was searched for."""
    identity, number = person.identity, keys.id_number_key(text)
    if number and number == keys.id_number_key(identity.id_number):
        return N_("Identity number")
    mine = {digits for phone in identity.phones for digits in keys.phone_keys(phone)}
    if mine & set(keys.phone_keys(text)):
        return N_("Telephone")
    written, asked = "".join(identity.name.lower().split()), "".join(text.lower().split())
    if written == asked:
        return N_("Same name")
    return N_("Part of the name") if asked in written else N_("Name sounds alike")


def called(rows: list[Case | Contact], *, by: User, at: datetime) -> dict[int, str]:
    """A name where the reader may see it in the row's area, else the pseudonym; by person."""
    may_identify = access.reach(by, "person.identify", at=at).covers
    return {
        row.person_id: (may_identify(row.area_id) and row.person.identity.name) or row.person.pseudonym for row in rows
    }


def cases_numbered(text: str, *, by: User, at: datetime) -> list[Case]:
    """Cases whose number is `text` or begins with it."""
    rows = Case.objects.filter(access.within(access.reach(by, "case.view", at=at).paths))
    return _numbered(rows, text, by, at)


def contacts_numbered(text: str, *, by: User, at: datetime) -> list[Contact]:
    """Contacts whose number is `text` or begins with it."""
    rows = Contact.objects.filter(access.within(access.reach(by, "contact.view", at=at).paths))
    return _numbered(rows, text, by, at)


def _numbered(rows: QuerySet, text: str, by: User, at: datetime) -> list:
    """By ranges on the index of (incident, number): a prefix test would read every row of a large incident."""
    incidents = incident_queries.incidents(by=by, at=at).order_by().values_list("pk", flat=True)
    begins = Q(pk__in=[])
    for start in {text, text.upper(), text.lower()}:
        begins |= Q(number__gte=start, number__lt=start + AFTER_ANY_DIGIT)
    found = rows.filter(begins, incident__in=list(incidents)).select_related("incident", "area", "person")
    return list(found.order_by("number", "id")[:MOST])
