"""Reads frames of exposures, contacts and follow-ups as other rooms hand them over, and says what cannot be used."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from sizao.vocabulary import codes
from sizao.vocabulary.text import N_, Message

COLUMNS: dict[str, Any] = {
    "row": pl.Int64, "person_id": pl.Int64, "source_id": pl.String, "exposed_id": pl.String, "contact_id": pl.String,
    "contact_class": pl.String, "contact_status": pl.String, "date_report": pl.Date, "date_follow_up_end": pl.Date,
    "date_exposure_first": pl.Date, "date_exposure_last": pl.Date, "setting": pl.String, "closeness": pl.String,
    "certainty": pl.String, "relation": pl.String, "setting_as_written": pl.String, "closeness_as_written": pl.String,
    "area": pl.String, "note": pl.String, "date_due": pl.Date, "follow_up_outcome": pl.String,
    "temperature_c": pl.Float64,
}  # fmt: skip
CODED: dict[str, tuple[type[codes.Code], codes.Code]] = {
    "setting": (codes.Setting, codes.Setting.UNKNOWN),
    "closeness": (codes.Closeness, codes.Closeness.UNKNOWN),
    "certainty": (codes.Certainty, codes.Certainty.UNKNOWN),
    "contact_class": (codes.ContactClass, codes.ContactClass.UNCLASSIFIED),
    "contact_status": (codes.ContactStatus, codes.ContactStatus.UNDER_FOLLOW_UP),
    "follow_up_outcome": (codes.FollowUpOutcome, codes.FollowUpOutcome.NOT_TRIED),
}


@dataclass(frozen=True)
class RowProblem:
    """A row that could not be used, and why; nothing of it was recorded."""

    row: int
    column: str
    found: str
    message: Message


def rows_of(records: pl.DataFrame, needed: Iterable[str]) -> list[dict[str, Any]]:
    """The records as rows with every column of ours; what was not said is None."""
    missing = [column for column in needed if column not in records.columns]
    if missing:
        raise ValueError(f"columns {missing} are missing; there are {records.columns}")
    for column, (code_list, _default) in CODED.items():
        if column in records.columns:
            wrong = set(records[column].drop_nulls().unique()) - set(code_list) - {""}
            if wrong:
                raise ValueError(f"column {column!r} holds {sorted(wrong)}; it may hold {[str(c) for c in code_list]}")
    frame = records.select(_said(records, column, dtype).alias(column) for column, dtype in COLUMNS.items())
    return list(frame.iter_rows(named=True))


def _said(records: pl.DataFrame, column: str, dtype: Any) -> pl.Expr:
    if column not in records.columns:
        return pl.lit(None, dtype=dtype)
    if dtype != pl.String:
        return pl.col(column).cast(dtype)
    text = pl.col(column).cast(pl.String).str.strip_chars()
    default = str(CODED[column][1]) if column in CODED and column != "follow_up_outcome" else ""
    return pl.when((text != "") & (text != default)).then(text)


def unknown_number(row: int, column: str, number: str | None) -> RowProblem:
    if not number:
        return RowProblem(row, column, "", N_("No number is given here. Write the number of a case or a contact."))
    why = N_("No case and no contact of this incident has the number {number}. Import it first.", number=number)
    return RowProblem(row, column, number, why)


def dates_reversed(row: dict[str, Any]) -> RowProblem | None:
    first, last = row["date_exposure_first"], row["date_exposure_last"]
    if first and last and last < first:
        why = N_("The last exposure is before the first. Correct one of the two dates.")
        return RowProblem(row["row"], "date_exposure_last", last.isoformat(), why)
    return None
