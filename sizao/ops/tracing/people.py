"""What pages about one person show of others: exposures in and out, with names where they may be seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from sizao.ops.cases.models import Case
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import may_in
from sizao.ops.registry.models import Person
from sizao.ops.tracing.models import Contact, Exposure

AT_MOST = 200  # exposures shown on one page; a superspreader's others are in the contact list


@dataclass(frozen=True)
class Party:
    """One end of an exposure: a case or a contact in this incident, called as the reader may call them. Outside the
    reader's areas it is a pseudonym alone: neither number nor page, nor whether it is a case."""

    name: str
    case: Case | None = None
    contact: Contact | None = None
    place: object = None


@dataclass(frozen=True)
class Meeting:
    """An exposure and its other end."""

    exposure: Exposure
    other: Party


def called(person: Person, area_path: str | None, *, incident: Incident, by: User, at: datetime) -> str:
    """The person's name where the reader may see it, else the pseudonym."""
    if may_in(incident, by, "person.identify", area_path, at=at):
        return person.identity.name or person.pseudonym
    return person.pseudonym


def _party(name: str, *, incident: Incident, by: User, at: datetime, case: Case | None, contact: Contact | None):
    """Only the rows the reader may open stand beside the name."""
    seen = case and may_in(incident, by, "case.view", case.area_id, at=at)
    met = contact and may_in(incident, by, "contact.view", contact.area_id, at=at)
    return Party(name, case if seen else None, contact if met else None)


def exposures_in(*, incident: Incident, person: Person, by: User, at: datetime) -> list[Meeting]:
    """Who exposed this person, withdrawn exposures last."""
    sources = (
        "source_case__person",
        "source_case__area",
        "source_contact__person",
        "source_contact__area",
        "source_place",
    )
    rows = Exposure.objects.filter(incident=incident, person=person).select_related(*sources, "recorded_by", "incident")
    return [Meeting(row, _source(row, by, at)) for row in _ordered(rows)]


def _source(row: Exposure, by: User, at: datetime) -> Party:
    if row.source_case:
        case = row.source_case
        name = called(case.person, case.area_id, incident=row.incident, by=by, at=at)
        return _party(name, incident=row.incident, by=by, at=at, case=case, contact=None)
    if row.source_contact:
        contact = row.source_contact
        name = called(contact.person, contact.area_id, incident=row.incident, by=by, at=at)
        return _party(name, incident=row.incident, by=by, at=at, case=None, contact=contact)
    return Party(row.source_place.name, place=row.source_place)


def exposures_out(
    *, incident: Incident, case: Case | None = None, contact: Contact | None = None, by: User, at: datetime
) -> list[Meeting]:
    """Whom a case or a contact exposed."""
    source = Q(source_case=case) if case else Q(source_contact=contact)
    rows = Exposure.objects.filter(source, incident=incident).select_related("person", "person__area", "recorded_by")
    found = _ordered(rows)
    persons = [row.person_id for row in found]
    cases = _latest(Case.objects.filter(incident=incident, person__in=persons).select_related("area"))
    contacts = _latest(Contact.objects.filter(incident=incident, person__in=persons).select_related("area"))
    meetings = []
    for row in found:
        own = cases.get(row.person_id) or contacts.get(row.person_id)
        reader = {"incident": incident, "by": by, "at": at}
        name = called(row.person, own.area_id if own else row.person.area_id, **reader)
        case, contact = cases.get(row.person_id), contacts.get(row.person_id)
        meetings.append(Meeting(row, _party(name, **reader, case=case, contact=contact)))
    return meetings


def _ordered(rows: QuerySet) -> list[Exposure]:
    found = list(rows.order_by("-date_last", "-id")[: AT_MOST + 1])
    return sorted(found, key=lambda row: row.withdrawn_at is not None)


def _latest(rows: Iterable) -> dict[int, Case | Contact]:
    return {row.person_id: row for row in rows}
