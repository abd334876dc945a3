"""Contacts as a file: the dictionary's columns, one row for each contact and each of its sources."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from sizao.ops.cases.export import FROM_PERSON, IDENTIFYING, identity_columns, in_parts
from sizao.ops.governance.access import Reach
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.models import Exposure
from sizao.vocabulary.columns import CONTACT, PERSON, Column

FROM_CONTACT = {
    "contact_id": "number", "contact_class": "contact_class", "contact_status": "status", "date_report": "date_listed",
    "date_follow_up_end": "date_follow_up_until", "area": "area_id", "note": "note",
}  # fmt: skip
FROM_EXPOSURE = {
    "source_id": "source_case__number", "date_exposure_first": "date_first", "date_exposure_last": "date_last",
    "setting": "setting", "closeness": "closeness", "certainty": "certainty", "relation": "relation",
}  # fmt: skip


def export_columns(*, identified: bool) -> tuple[Column, ...]:
    """The dictionary's columns of a contact file, each once."""
    known = {**FROM_CONTACT, **FROM_EXPOSURE, **FROM_PERSON}
    known |= dict.fromkeys((*IDENTIFYING, "nationality")) if identified else {}
    return tuple({column.name: column for column in (*CONTACT, *PERSON) if column.name in known}.values())


def contact_frames(rows: QuerySet, *, incident: Incident, names: Reach, cases: Reach) -> Iterator[pl.DataFrame]:
    """The contacts in the order they were recorded, a few thousand at a time. A source outside `cases`, where the
    reader sees cases, stands without its number."""
    wanted = {**FROM_CONTACT, **FROM_PERSON}
    fields = ["id", "person_id", "person__uuid", "person__identity_sealed", *wanted.values()]
    for part in in_parts(rows):
        yield _frame(list(part.values_list(*fields)), list(wanted), incident, names, cases)


def _frame(
    found: Sequence[tuple[Any, ...]], columns: list[str], incident: Incident, names: Reach, cases: Reach
) -> pl.DataFrame:
    area = 4 + columns.index("area")
    met = _sources(incident, [row[1] for row in found], cases)
    lines = []
    for row in found:
        who = identity_columns(row[3], row[2]) if names.covers(row[area]) else {}
        plain = dict(zip(columns, row[4:], strict=True))
        if not names.covers(row[area]):
            plain["note"] = ""  # free text may name people
        lines += [{**plain, **who, **source} for source in met.get(row[1], [{}])]
    every = [*columns, *FROM_EXPOSURE, *sorted(IDENTIFYING), "nationality"]
    schema = {name: pl.Date if name.startswith("date_") else pl.String for name in every}
    return pl.DataFrame(lines, schema=schema)


def _sources(incident: Incident, persons: list[int], cases: Reach) -> dict[int, list[dict[str, Any]]]:
    """What is known of each standing exposure, by the exposed person. A source may be a case or a contact."""
    contact_area = "source_contact__area_id"
    fields = {
        **FROM_EXPOSURE, "contact": "source_contact__number", "person": "person_id",
        "area": Coalesce("source_case__area_id", contact_area),
    }  # fmt: skip
    standing = Exposure.objects.filter(incident=incident, withdrawn_at__isnull=True, person__in=persons)
    found: dict[int, list[dict[str, Any]]] = {}
    for values in standing.order_by("id").values_list(*fields.values()):
        row = dict(zip(fields, values, strict=True))
        contact, person, area = row.pop("contact"), row.pop("person"), row.pop("area")
        row["source_id"] = (row["source_id"] or contact) if cases.covers(area) else None
        found.setdefault(person, []).append(row)
    return found
