"""Cases as a file: the dictionary's columns, so that what goes out can come back in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from sizao.ops.governance import lookups as lookups  # makes `__among` known
from sizao.ops.governance.access import Reach
from sizao.ops.governance.sealed import unseal_texts
from sizao.ops.registry.identity import STORED, Identity
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
    wanted = {"uuid": "person__uuid", "sealed": "person__identity_sealed", **FROM_CASE, **FROM_PERSON}
    for part in in_parts(rows):
        yield _frame(as_stored(part, wanted), names)


def in_parts(rows: QuerySet, size: int = AT_ONCE) -> Iterator[QuerySet]:
    """The rows in the order they were recorded, some thousand at a time. Which ones they are is asked once, whatever
    the filter costs, and kept as eight bytes a row; each part is then found by its keys."""
    ids = np.fromiter(rows.order_by("id").values_list("id", flat=True).iterator(chunk_size=50_000), dtype=np.int64)
    for start in range(0, len(ids), size):
        yield rows.model._base_manager.filter(pk__among=ids[start : start + size].tolist()).order_by("pk")


def as_stored(rows: QuerySet, wanted: Mapping[str, str]) -> pl.DataFrame:
    """The wanted fields as columns. Days and UUIDs travel as text, which no driver makes objects of one by one."""
    fields = [Cast(field, TextField()) if _is_text_of(name) else field for name, field in wanted.items()]
    sql, parameters = rows.values_list(*fields).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(wanted)
    return pl.DataFrame([_series(name, values) for name, values in zip(wanted, columns, strict=True)])


def _is_text_of(name: str) -> bool:
    return name == "uuid" or name.startswith("date_")


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    if name == "sealed":
        return pl.Series(name, values, dtype=pl.Binary)
    if name.startswith("date_"):
        return pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d")
    return pl.Series(name, values, dtype=_dtype(name))


def plain_ages(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Ages in a file of text as people write them: 50, not 50.0."""
    text = pl.col("age").cast(pl.String).str.strip_suffix(".0")
    for frame in frames:
        yield frame.with_columns(text) if "age" in frame.columns else frame


def _frame(found: pl.DataFrame, names: Reach) -> pl.DataFrame:
    covered = found["area"].is_in([area for area in found["area"].unique() if names.covers(area)], nulls_equal=True)
    plain = found.with_columns(note=pl.when(covered).then(pl.col("note")).otherwise(pl.lit("")))  # it may name people
    if names:
        plain = pl.concat([plain, identity_frame(found["sealed"], found["uuid"], where=covered)], how="horizontal")
    return plain.drop("uuid", "sealed")


#: What a sealed document may hold, as Polars reads it.
DOCUMENT = pl.Struct({name: pl.List(pl.String) if name == "phones" else pl.String for name in STORED})


def identity_frame(sealed: pl.Series, uuids: pl.Series, *, where: pl.Series) -> pl.DataFrame:
    """The identifying columns of persons, opened only `where` they may be; nothing elsewhere."""
    mine = where.to_list()
    texts = unseal_texts(
        [document if opened else b"" for document, opened in zip(sealed.to_list(), mine, strict=True)],
        [bytes.fromhex(row) for row in uuids.str.replace_all("-", "", literal=True).to_list()],  # PostgreSQL has dashes
    )
    opened = pl.Series("who", [text or None for text in texts], dtype=pl.Binary).cast(pl.String)
    frame = opened.str.json_decode(DOCUMENT).struct.unnest()
    return frame.with_columns(
        pl.col("date_birth").str.to_date("%Y-%m-%d"), phone=pl.col("phones").list.join(";")
    ).select(*sorted(IDENTIFYING), "nationality")


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
