"""Gathers what is known of people's exposures and asks the protocol edition what it makes of them."""

from collections.abc import Iterable
from datetime import date

from sizao.ops.cases.models import Case
from sizao.ops.cases.queries import CHUNK, chunks
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.models import Contact, Exposure
from sizao.ops.tracing.queries import standing_exposures
from sizao.ops.tracing.rules import Judged, Met, Source, judge
from sizao.vocabulary.codes import Classification


def judged_persons(*, incident: Incident, persons: Iterable[int]) -> dict[int, Judged]:
    """The class of each person who has an exposure that was not withdrawn."""
    wanted = set(persons)
    rows = [row for rows in standing_exposures(incident=incident, persons=wanted).values() for row in rows]
    contacts = _contacts({row.source_contact_id for row in rows if row.source_contact_id and not row.source_case_id})
    # A contact's own exposures say whether it is a close one, and so whether those it met matter.
    middle = {person for person, _number in contacts.values()} - wanted
    rows += [row for rows in standing_exposures(incident=incident, persons=middle).values() for row in rows]
    cases, sources = _cases({row.source_case_id for row in rows if row.source_case_id})
    met = [each for row in rows if (each := _met(row, cases, contacts))]
    names = {person: case.number for person, case in sources.items()} | dict(contacts.values())
    judged = judge(incident, met=met, sources=sources, names=names)
    return {person: judged[person] for person in wanted if person in judged}


def _met(row: Exposure, cases: dict[int, int], contacts: dict[int, tuple[int, str]]) -> Met | None:
    """None for exposures at a place, which the edition judges by the place."""
    if row.source_case_id:
        source = cases[row.source_case_id]
    elif row.source_contact_id in contacts:
        source = contacts[row.source_contact_id][0]
    else:
        return None
    return Met(source, row.person_id, row.date_first, row.date_last, row.setting, row.closeness, row.minutes)


def _contacts(ids: set[int]) -> dict[int, tuple[int, str]]:
    """(person, number) of contacts by id."""
    return {
        pk: (person, number)
        for part in chunks(ids, CHUNK)
        for pk, person, number in Contact.objects.filter(pk__in=part).values_list("id", "person_id", "number")
    }


def _cases(ids: set[int]) -> tuple[dict[int, int], dict[int, Source]]:
    """The person of each case, and what bounds the infectious window of each person."""
    columns = ("id", "person_id", "number", "classification", *DATES)
    persons, sources = {}, {}
    for part in chunks(ids, CHUNK):
        for row in Case.objects.filter(pk__in=part).values(*columns):
            persons[row["id"]] = row["person_id"]
            dates = {name: row[name] for name in DATES}
            sources[row["person_id"]] = source_of(row["number"], row["classification"], **dates)
    return persons, sources


#: The days of a case that bound its infectious window.
DATES = ("date_onset", "date_diagnosis", "date_report", "date_isolation")


def source_of(
    number: str, classification: str, *, date_onset: date | None, date_diagnosis: date | None,
    date_report: date | None, date_isolation: date | None,
) -> Source:  # fmt: skip
    """A case as the edition's windows take it. Until sampling days are held, the diagnosis dates a person without
    symptoms."""
    silent = classification == Classification.ASYMPTOMATIC
    return Source(
        number, silent, None if silent and date_diagnosis else date_onset, date_diagnosis if silent else None,
        date_diagnosis, date_report, date_isolation,
    )  # fmt: skip
