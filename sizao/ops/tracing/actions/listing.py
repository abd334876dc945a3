"""Recording contacts by the thousand, with or without the case they met."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from sizao.ops.governance import audit
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in, reach_in
from sizao.ops.tracing.actions.exposing import write_links
from sizao.ops.tracing.actions.settling import Told, settle
from sizao.ops.tracing.incoming import RowProblem, dates_reversed, rows_of
from sizao.ops.tracing.links import Link, link_of
from sizao.ops.tracing.queries import Numbered, contacts_by, home_areas, people_by_number
from sizao.vocabulary.text import N_


@dataclass(frozen=True)
class ContactsRecorded:
    """What became of the rows; `ids` is the contact of each row, `exposures` the exposure it made or named again. A
    problem about a source does not keep the contact from being recorded; one about dates or numbers does."""

    created: int
    updated: int
    unchanged: int
    exposures_created: int
    ids: dict[int, int]
    problems: tuple[RowProblem, ...]
    exposures: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def record_contacts(
    *, incident: Incident, records: pl.DataFrame, by: User, at: datetime, batch: Batch | None = None
) -> ContactsRecorded:
    """Record contacts: `row`, `person_id` and CONTACT columns, `area` as a path; `source_id` makes the exposure.

    A known contact number, or a person who is a contact already, hears what is new.
    """
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    rows, problems = _usable(rows_of(records, ("row", "person_id")), incident)
    people = people_by_number(incident=incident, numbers={row["source_id"] for row in rows if row["source_id"]})
    found = [link_of(row, people) for row in rows if row["source_id"]]
    links = [link for link in found if isinstance(link, Link)]
    problems += [problem for problem in found if isinstance(problem, RowProblem)]
    told = _told(rows, people)
    _check_areas(incident, told, links, by, at)
    done = write_links(incident=incident, links=links, by=by, at=at, batch=batch)
    settled = settle(incident=incident, told=told, by=by, at=at, batch=batch, cases_too=True)
    audit.record(
        by=by, at=at, action="contacts.recorded", about=incident, batch=batch and batch.pk,
        n_created=settled.created, n_updated=settled.updated, n_exposures=done.created, n_problems=len(problems),
    )  # fmt: skip
    unchanged = len(told) - settled.created - settled.updated
    ids = {row["row"]: settled.contacts[row["person_id"]] for row in rows}
    return ContactsRecorded(settled.created, settled.updated, unchanged, done.created, ids, tuple(problems), done.ids)


def _usable(rows: list[dict[str, Any]], incident: Incident) -> tuple[list[dict[str, Any]], list[RowProblem]]:
    """Rows whose dates fit and whose numbers mean one person; a known number keeps its person."""
    numbers = {row["contact_id"] for row in rows if row["contact_id"]}
    known = contacts_by(incident=incident, field="number", values=numbers)
    people = {number: contact.person_id for number, contact in known.items()}
    good, problems = [], []
    for row in rows:
        number = row["contact_id"]
        person = people.setdefault(number, row["person_id"]) if number else row["person_id"]
        if number not in known and person != row["person_id"]:
            why = N_("The number {number} stands for two people in this file.", number=number)
            problems.append(RowProblem(row["row"], "contact_id", number, why))
        elif problem := dates_reversed(row):
            problems.append(problem)
        else:
            good.append({**row, "person_id": person})
    return good, problems


def _told(rows: list[dict[str, Any]], people: Mapping[str, Numbered]) -> dict[int, Told]:
    """What the rows say about each person; of each fact, the last said."""
    homes, told = home_areas(persons={row["person_id"] for row in rows}), {}
    for row in rows:
        person, source = row["person_id"], people.get(row["source_id"])
        said = _said(row, homes.get(person) or (source and source.area_id))
        before = told.get(person)
        told[person] = replace(before, **_known(said)) if before else said
    return told


def _said(row: dict[str, Any], area: str | None) -> Told:
    return Told(
        number=row["contact_id"],
        area_id=row["area"],
        area_if_new=area,
        contact_class=row["contact_class"],
        status=row["contact_status"],
        date_listed=row["date_report"],
        date_last_exposure=row["date_exposure_last"] or row["date_exposure_first"],
        date_follow_up_until=row["date_follow_up_end"],
        note=row["note"],
    )


def _known(said: Told) -> dict[str, Any]:
    return {name: value for name, value in vars(said).items() if value is not None}


def _check_areas(incident: Incident, told: Mapping[int, Told], links: list[Link], by: User, at: datetime) -> None:
    """The user must be allowed to edit contacts where each is counted, or where the case they met is."""
    mine = reach_in(incident, by, "contact.edit", at=at)
    sources = {link.person_id for link in links if mine.covers(link.source.area_id)}
    for person, said in told.items():
        if person not in sources:
            check_in(incident, by, "contact.edit", said.area_id or said.area_if_new, at=at)
