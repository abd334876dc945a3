"""Recording exposures by the thousand, and the contacts they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from django.db import transaction

from sizao.ops.governance import audit, history
from sizao.ops.governance.bulk import bulk_load, reserve_ids
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in, reach_in
from sizao.ops.tracing.actions.settling import Told, settle
from sizao.ops.tracing.incoming import RowProblem, rows_of
from sizao.ops.tracing.links import Link, joined, link_of
from sizao.ops.tracing.models import Exposure
from sizao.ops.tracing.queries import home_areas, people_by_number, standing_exposures


@dataclass(frozen=True)
class ExposuresRecorded:
    """What became of the rows; `ids` is the exposure of each row that could be used, `contacts` its contact."""

    created: int
    updated: int
    unchanged: int
    contacts_created: int
    contacts_updated: int
    ids: dict[int, int]
    problems: tuple[RowProblem, ...]
    contacts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """Exposures written: the row's exposure, how many are new, how many changed."""

    ids: dict[int, int]
    created: int
    updated: int


@transaction.atomic
def record_exposures(
    *, incident: Incident, records: pl.DataFrame, by: User, at: datetime, batch: Batch | None = None
) -> ExposuresRecorded:
    """Record who was exposed by whom: `row`, `source_id`, `exposed_id` (or `person_id`), and EXPOSURE columns.

    Numbers are those of cases or contacts. An exposed person who is not a case becomes a contact.
    """
    # One writer at a time per incident, so that two files cannot both make one person a contact.
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    rows = rows_of(records, ("row", "source_id"))
    numbers = {row[key] for row in rows for key in ("source_id", "exposed_id") if row[key]}
    people = people_by_number(incident=incident, numbers=numbers)
    found = [link_of(row, people) for row in rows]
    links = [link for link in found if isinstance(link, Link)]
    problems = tuple(problem for problem in found if isinstance(problem, RowProblem))
    done = write_links(incident=incident, links=links, by=by, at=at, batch=batch)
    homes = home_areas(persons={link.person_id for link in links})
    told = {
        link.person_id: Told(area_if_new=link.area_id or homes.get(link.person_id) or link.source.area_id)
        for link in links
    }
    settled = settle(incident=incident, told=told, by=by, at=at, batch=batch, cases_too=False)
    audit.record(
        by=by, at=at, action="exposures.recorded", about=incident, batch=batch and batch.pk, n_created=done.created,
        n_updated=done.updated, n_contacts=settled.created, n_problems=len(problems),
    )  # fmt: skip
    unchanged = len(joined(links)) - done.created - done.updated
    contacts = {link.row: settled.contacts[link.person_id] for link in links if link.person_id in settled.contacts}
    return ExposuresRecorded(
        done.created, done.updated, unchanged, settled.created, settled.updated, done.ids, problems, contacts
    )


@transaction.atomic
def write_links(
    *, incident: Incident, links: Sequence[Link], by: User, at: datetime, batch: Batch | None = None
) -> Written:
    """Write exposures: new pairs of people are new rows, known pairs hear what is new. The user must be allowed to
    edit contacts where the source or where the exposed person is counted."""
    _check_areas(incident, links, by, at)
    wanted = joined(links)
    persons = {link.person_id for link in links}
    standing = standing_exposures(incident=incident, persons=persons)
    known = {_key(row): row for rows in standing.values() for row in rows}
    new = {key: link for key, link in wanted.items() if key not in known}
    changes = [(known[key], _widened(known[key], link)) for key, link in wanted.items() if key in known]
    made = dict(zip(new, reserve_ids(Exposure, len(new)), strict=True))
    _insert(incident, [(made[key], link) for key, link in new.items()], by, at, batch)
    updated = history.amend_each(changes, by=by, at=at, batch=batch)
    ids = made | {key: row.pk for key, row in known.items()}
    return Written({link.row: ids[link.key] for link in links}, len(made), len(updated))


def _check_areas(incident: Incident, links: Sequence[Link], by: User, at: datetime) -> None:
    mine = reach_in(incident, by, "contact.edit", at=at)
    for link in links:
        if not (mine.covers(link.source.area_id) or mine.covers(link.area_id)):
            check_in(incident, by, "contact.edit", link.source.area_id, at=at)


def _key(row: Exposure) -> tuple[int | None, int | None, int]:
    return row.source_case_id, None if row.source_case_id else row.source_contact_id, row.person_id


def _widened(row: Exposure, link: Link) -> dict:
    """What a row says anew; dates may only be as many as fit together."""
    first, last = link.values.get("date_first", row.date_first), link.values.get("date_last", row.date_last)
    if first and last and last < first:
        first, last = min(first, last), max(first, last)
    return {**link.values, "date_first": first, "date_last": last}


COLUMNS = ("date_first", "date_last", "setting", "closeness", "certainty", "relation", "note")


def _insert(incident: Incident, new: list[tuple[int, Link]], by: User, at: datetime, batch: Batch | None) -> None:
    defaults = {name: Exposure._meta.get_field(name).get_default() for name in COLUMNS}
    same = (incident.pk, by.pk, at, at, batch.pk if batch else None)
    rows = ((pk, *link.key, *(link.values.get(name, defaults[name]) for name in COLUMNS), *same) for pk, link in new)
    columns = ("id", "source_case_id", "source_contact_id", "person_id", *COLUMNS, "incident_id", "recorded_by_id")
    bulk_load(Exposure, (*columns, "recorded_at", "current_since", "batch_id"), rows)
