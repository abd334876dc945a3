"""Reads of cases."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import polars as pl
from django.db.models import Count, QuerySet

from sizao.ops.cases.models import Case
from sizao.ops.cases.scoping import in_reach
from sizao.ops.governance import lookups as lookups  # makes `__among` known
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident

CHUNK = 5_000  # parameters of one statement


def cases_by_number(*, incident: Incident, numbers: Iterable[str]) -> dict[str, Case]:
    """Cases of an incident under these numbers."""
    return {case.number: case for case in Case.objects.filter(incident=incident, number__among=numbers)}


def persons_by_number(*, incident: Incident, numbers: Iterable[str]) -> dict[str, int]:
    """Whose case each number is: a file that comes again means the same persons."""
    return dict(Case.objects.filter(incident=incident, number__among=numbers).values_list("number", "person_id"))


def chunks(values: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    values = iter(values)
    while part := list(islice(values, size)):
        yield part


def cases_in_reach(*, by: User, incident: Incident, at: datetime) -> QuerySet[Case]:
    """An incident's cases that the reader may see."""
    return in_reach(Case, permission="case.view", incident=incident, by=by, at=at)


CURVE_SCHEMA = {
    "date_onset": pl.Date, "date_report": pl.Date, "classification": pl.String, "outcome": pl.String,
    "origin": pl.String, "found_in": pl.String, "n": pl.Int64,
}  # fmt: skip


def curve_rows(*, by: User, incident: Incident, at: datetime) -> pl.DataFrame:
    """Cases in reach counted by day of onset and of report, class, outcome, origin and where found."""
    columns = [name for name in CURVE_SCHEMA if name != "n"]
    counted = cases_in_reach(by=by, incident=incident, at=at).values_list(*columns).annotate(n=Count("id")).order_by()
    return framed(counted, CURVE_SCHEMA)


def cases_by_area(*, by: User, incident: Incident, at: datetime, level: int) -> pl.DataFrame:
    """Cases in reach counted by class and area of a level (1 province, 2 city, 3 county, 4 township), with the day
    of the last report. Cases counted in a larger area than that keep theirs."""
    column = f"l{level}"
    rows = cases_in_reach(by=by, incident=incident, at=at).values_list(column, "classification", "date_report")
    schema = {"area": pl.String, "classification": pl.String, "date_report": pl.Date, "n": pl.Int64}
    frame = framed(rows.annotate(n=Count("id")).order_by(), schema)
    return (
        frame.group_by("area", "classification").agg(pl.col("n").sum(), last=pl.col("date_report").max()).sort("area")
    )


def framed(rows: Iterable[Sequence[Any]], schema: dict[str, Any]) -> pl.DataFrame:
    """Rows of the database as a frame."""
    return pl.DataFrame(list(rows), schema=schema, orient="row")
