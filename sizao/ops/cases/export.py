"""Cases as a file: the dictionary's columns, so that what goes out can come back in."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db.models import QuerySet

from sizao.ops.governance.access import Reach
from sizao.ops.registry.identity import Identity
from sizao.vocabulary.columns import CASE, PERSON, Column

AT_ONCE = 5_000
#: What identifies a person; left out of pseudonymous files.
IDENTIFYING = frozenset(
    {"family_name", "given_name", "full_name", "date_birth", "id_number", "phone", "email", "address"}
)
FROM_PERSON = {"sex": "person__sex", "language": "person__language", "occupation": "person__occupation"}
FROM_CASE = {
    "case_id": "number", "classification": "classification", "date_onset": "date_onset", "date_report": "date_report",
    "date_diagnosis": "date_diagnosis", "date_admission": "date_admission", "date_isolation": "date_isolation",
    "date_exposure_first": "date_exposure_first", "date_exposure_last": "date_exposure_last", "outcome": "outcome",
    "date_outcome": "date_outcome", "severity": "severity", "found_in": "found_in", "origin": "origin",
    "facility": "facility__name", "area": "area_id", "note": "note", "age": "age",
}  # fmt: skip


def export_columns(*, identified: bool) -> tuple[Column, ...]:
    """The dictionary's columns of a case file, each once."""
    known = {**FROM_CASE, **FROM_PERSON} | (dict.fromkeys((*IDENTIFYING, "nationality")) if identified else {})
    columns = {column.name: column for column in (*CASE, *PERSON) if column.name in known}
    return tuple(columns.values())


def case_frames(rows: QuerySet, *, names: Reach) -> Iterator[pl.DataFrame]:
    """The cases in the order they were recorded, a few thousand at a time, so that memory stays flat. Who a person
    is stands only in rows of areas that `names` covers."""
    wanted = {**FROM_CASE, **FROM_PERSON}
    fields = ["id", "person__uuid", "person__identity_sealed", *wanted.values()]
    last = 0
    while found := list(rows.filter(id__gt=last).order_by("id").values_list(*fields)[:AT_ONCE]):
        last = found[-1][0]
        yield _frame(found, list(wanted), names)


def _frame(found: Sequence[tuple[Any, ...]], columns: list[str], names: Reach) -> pl.DataFrame:
    area = 3 + columns.index("area")
    note = 3 + columns.index("note")
    found = [row if names.covers(row[area]) else (*row[:note], "", *row[note + 1 :]) for row in found]
    plain = pl.DataFrame([row[3:] for row in found], schema={name: _dtype(name) for name in columns}, orient="row")
    if not names:
        return plain
    people = [identity_columns(row[2], row[1]) if names.covers(row[area]) else {} for row in found]
    schema = {name: pl.Date if name == "date_birth" else pl.String for name in (*sorted(IDENTIFYING), "nationality")}
    return pl.concat([plain, pl.DataFrame(people, schema=schema)], how="horizontal")


def identity_columns(sealed: bytes, uuid: Any) -> dict[str, Any]:
    who = Identity.unsealed(sealed, uuid)
    return {
        "family_name": who.family_name or None, "given_name": who.given_name or None,
        "full_name": who.full_name or None, "date_birth": who.date_birth, "id_number": who.id_number or None,
        "phone": ";".join(who.phones) or None, "email": who.email or None, "address": who.address or None,
        "nationality": who.nationality or None,
    }  # fmt: skip


def _dtype(name: str) -> type[pl.DataType]:
    return pl.Date if name.startswith("date_") else pl.Float64 if name == "age" else pl.String
