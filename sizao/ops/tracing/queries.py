"""Reads of contacts, exposures and follow-ups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db.models import Q

from sizao.ops.cases.models import Case
from sizao.ops.cases.queries import CHUNK, cases_in_reach, chunks, framed
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Person
from sizao.ops.tracing.models import Contact, Exposure, FollowUp
from sizao.vocabulary.codes import Classification, FollowUpOutcome


@dataclass(frozen=True)
class Numbered:
    """Whom a number means: a case or a contact, the person, and where they are counted."""

    person_id: int
    area_id: str | None
    case_id: int | None = None
    contact_id: int | None = None


def people_by_number(*, incident: Incident, numbers: Iterable[str]) -> dict[str, Numbered]:
    """The cases and contacts with these numbers; where both use one, it means the case."""
    wanted, found = sorted(set(numbers)), {}
    for part in chunks(wanted, CHUNK):
        for model, key in ((Contact, "contact_id"), (Case, "case_id")):
            rows = model.objects.filter(incident=incident, number__in=part)
            for number, pk, person, area in rows.values_list("number", "id", "person_id", "area_id"):
                found[number] = Numbered(person, area, **{key: pk})
    return found


def contacts_by(*, incident: Incident, field: str, values: Iterable) -> dict:
    """Contacts of an incident by `number` or `person_id`."""
    mine = Contact.objects.filter(incident=incident)
    parts = chunks(values, CHUNK)
    return {getattr(row, field): row for part in parts for row in mine.filter(**{f"{field}__in": part})}


def cases_of_persons(*, incident: Incident, persons: Iterable[int]) -> dict[int, int]:
    """The case of each person who is one in this incident; discarded ones do not count."""
    mine = Case.objects.filter(incident=incident).exclude(classification=Classification.DISCARDED)
    return {
        person: case
        for part in chunks(persons, CHUNK)
        for person, case in mine.filter(person__in=part).order_by("-id").values_list("person_id", "id")
    }


def standing_exposures(*, incident: Incident, persons: Iterable[int]) -> Mapping[int, list[Exposure]]:
    """The exposures of persons that were not withdrawn, by person."""
    found: dict[int, list[Exposure]] = {}
    standing = Exposure.objects.filter(incident=incident, withdrawn_at__isnull=True)
    for part in chunks(persons, CHUNK):
        for row in standing.filter(person__in=part).order_by("id"):
            found.setdefault(row.person_id, []).append(row)
    return found


def persons_with_names(*, persons: Iterable[int]) -> set[int]:
    """Those of the persons who are known by name or number, not only as "somebody in seat 12"."""
    known = Person.objects.filter(Q(key_name__isnull=False) | Q(key_id_number__isnull=False))
    return {pk for part in chunks(persons, CHUNK) for pk in known.filter(pk__in=part).values_list("pk", flat=True)}


def home_areas(*, persons: Iterable[int]) -> dict[int, str]:
    """Where persons live, as far as known."""
    known = Person.objects.filter(area__isnull=False)
    parts = chunks(persons, CHUNK)
    return {pk: area for part in parts for pk, area in known.filter(pk__in=part).values_list("pk", "area_id")}


def days_of(*, contacts: Iterable[int]) -> list[FollowUp]:
    """All days of follow-up of contacts, in order."""
    parts = chunks(contacts, CHUNK)
    return [day for part in parts for day in FollowUp.objects.filter(contact__in=part).order_by("contact", "date_due")]


def never_seen(*, contacts: Iterable[int]) -> tuple[set[int], set[int]]:
    """Contacts with planned days and nobody ever seen, and contacts who were ill when last seen."""
    outcomes: dict[int, list[str]] = {}
    for part in chunks(contacts, CHUNK):
        rows = FollowUp.objects.filter(contact__in=part).order_by("date_due")
        for contact, outcome in rows.values_list("contact_id", "outcome"):
            outcomes.setdefault(contact, []).append(outcome)
    seen = {
        pk: [each for each in found if each in (FollowUpOutcome.OK, FollowUpOutcome.ILL)]
        for pk, found in outcomes.items()
    }
    unseen = {pk for pk, found in seen.items() if not found}
    return unseen, {pk for pk, found in seen.items() if found and found[-1] == FollowUpOutcome.ILL}


CHAIN_CASES = {
    "id": pl.Int64, "number": pl.String, "person_id": pl.Int64, "classification": pl.String, "outcome": pl.String,
    "origin": pl.String, "date_onset": pl.Date, "date_report": pl.Date, "area_id": pl.String, "age": pl.Float64,
    "person__sex": pl.String,
}  # fmt: skip
CHAIN_LINKS = {
    "id": pl.Int64, "source_case_id": pl.Int64, "person__cases__id": pl.Int64, "setting": pl.String,
    "closeness": pl.String, "certainty": pl.String, "date_first": pl.Date, "date_last": pl.Date,
    "relation": pl.String,
}  # fmt: skip


def chain_cases(*, by: User, incident: Incident, at: datetime) -> pl.DataFrame:
    """The cases in reach with what a chain of transmission shows of them; discarded ones left out."""
    rows = cases_in_reach(by=by, incident=incident, at=at).exclude(classification=Classification.DISCARDED)
    return framed(rows.order_by("id").values_list(*CHAIN_CASES), CHAIN_CASES).rename({"person__sex": "sex"})


def chain_links(*, by: User, incident: Incident, at: datetime) -> pl.DataFrame:
    """Who infected, or may have infected, whom: exposures between two cases in reach that were not withdrawn.
    `exposure_id`, `source` and `case` (ids of cases), and what is known of the exposure."""
    mine = cases_in_reach(by=by, incident=incident, at=at).exclude(classification=Classification.DISCARDED)
    rows = Exposure.objects.filter(
        incident=incident, withdrawn_at__isnull=True, source_case__in=mine, person__cases__in=mine
    )
    names = {"id": "exposure_id", "source_case_id": "source", "person__cases__id": "case"}
    return framed(rows.order_by("id").values_list(*CHAIN_LINKS), CHAIN_LINKS).rename(names)
