"""Recording cases by the thousand: new ones, changed ones, and those that say nothing new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import Max

from sizao.ops.cases.duties import derive, longest
from sizao.ops.cases.incoming import CODED, one_row_per_number, prepared
from sizao.ops.cases.models import Case
from sizao.ops.cases.queries import cases_by_number
from sizao.ops.governance import access, audit, history
from sizao.ops.governance.bulk import bulk_load_columns, reserve_ids
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in
from sizao.ops.registry.actions.places import NewPlace, record_places

FACILITY = "hospital"  # the kind of a place that a case file names as its facility


@dataclass(frozen=True)
class CasesRecorded:
    """What became of the rows; `ids` is the case of each row."""

    created: int
    updated: int
    unchanged: int
    ids: dict[int, int]


@transaction.atomic
def record_cases(
    *, incident: Incident, records: pl.DataFrame, by: User, at: datetime, batch: Batch | None = None
) -> CasesRecorded:
    """Record cases under their numbers: unknown numbers are new cases, known ones get what the file says newly.

    `records` holds `row`, `person_id` and columns of the CASE dictionary, `area` as a path. What a row does not
    say leaves the case as it is. A row without a number makes a new case with a number of ours.
    """
    # One writer at a time per incident, so that two files cannot both make case 17.
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    frame = _numbered(_with_facilities(prepared(records), by, at, batch), incident)
    cases = one_row_per_number(frame)
    known = cases_by_number(incident=incident, numbers=cases["number"].to_list())
    is_new = ~pl.col("number").is_in(list(known))
    created = _create(_completed(cases.filter(is_new), incident, by, at), incident, by, at, batch)
    old = [(known[row["number"]], _news(row)) for row in cases.filter(~is_new).iter_rows(named=True)]
    updated = _update(old, incident, by, at, batch)
    audit.record(
        by=by, at=at, action="cases.recorded", about=incident, batch=batch and batch.pk,
        n_created=len(created), n_updated=updated,
    )  # fmt: skip
    ids = created | {number: case.pk for number, case in known.items()}
    rows = frame.select("row", "number").iter_rows()
    return CasesRecorded(len(created), updated, len(old) - updated, {row: ids[number] for row, number in rows})


def _with_facilities(frame: pl.DataFrame, by: User, at: datetime, batch: Batch | None) -> pl.DataFrame:
    """Names of health facilities become places."""
    names = frame["facility_name"].drop_nulls().unique(maintain_order=True).to_list()
    new = [NewPlace(name=name, kind=FACILITY) for name in names]
    places = record_places(places=new, by=by, at=at, batch=batch) if new else []
    ids = dict(zip(names, (place.pk for place in places), strict=True))
    found = pl.Series([ids.get(name) for name in frame["facility_name"]], dtype=pl.Int64)
    return frame.drop("facility_name").with_columns(facility_id=found)


def _numbered(frame: pl.DataFrame, incident: Incident) -> pl.DataFrame:
    """Give numbers of ours to rows without one."""
    n = frame["number"].null_count()
    if not n:
        return frame
    fresh = iter(_fresh_numbers(incident, n))
    return frame.with_columns(number=pl.Series([number or next(fresh) for number in frame["number"]], dtype=pl.String))


def _fresh_numbers(incident: Incident, n: int) -> list[str]:
    start = (Case.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    found: list[str] = []
    while len(found) < n:
        wanted = [f"C-{start + i:06d}" for i in range(n - len(found))]
        taken = cases_by_number(incident=incident, numbers=wanted)
        found += [number for number in wanted if number not in taken]
        start += len(wanted)
    return found


def _completed(new: pl.DataFrame, incident: Incident, by: User, at: datetime) -> pl.DataFrame:
    """What every new case must have: an area the user may write in, a day of report, and codes that say "unknown"."""
    if new["area_id"].null_count():
        new = new.with_columns(pl.col("area_id").fill_null(pl.lit(_only_area(incident, by, at), pl.String)))
    for path in new["area_id"].unique():
        check_in(incident, by, "case.edit", path, at=at)
    codes = [pl.col(name).fill_null(str(default)) for name, (_list, default) in CODED.items()]
    return new.with_columns(*codes, pl.col("date_report").fill_null(incident.date_at(at)), pl.col("note").fill_null(""))


def _only_area(incident: Incident, by: User, at: datetime) -> str | None:
    """Where a case of unknown area is counted: the incident's one area, or the user's one area."""
    areas = list(incident.areas.values_list("path", flat=True))
    mine = access.reach(by, "case.edit", at=at)
    if len(areas) == 1 and mine.covers(areas[0]):
        return areas[0]
    return mine.paths[0] if len(mine.paths) == 1 and mine.paths[0] else None


def _create(new: pl.DataFrame, incident: Incident, by: User, at: datetime, batch: Batch | None) -> dict[str, int]:
    """Case ids by number."""
    new = new.drop("row").with_columns(id=pl.Series(reserve_ids(Case, new.height), dtype=pl.Int64))
    same = {"incident_id": incident.pk, "recorded_by_id": by.pk, "recorded_at": at, "current_since": at}
    same["batch_id"] = batch.pk if batch else None
    bulk_load_columns(Case, {column.name: column for column in new} | same, new.height)
    recent = new.filter(pl.col("date_report") >= incident.date_at(at - longest(incident))).iter_rows(named=True)
    cases = (Case(**row, **same) for row in recent)
    derive(incident=incident, cases=cases, fresh=True, by=by, at=at, batch=batch)
    return dict(zip(new["number"], new["id"], strict=True))


def _news(row: dict[str, Any]) -> dict[str, Any]:
    return {
        field: value
        for field, value in row.items()
        if field not in ("row", "number", "person_id") and value is not None
    }


def _update(
    old: list[tuple[Case, dict[str, Any]]], incident: Incident, by: User, at: datetime, batch: Batch | None
) -> int:
    """How many known cases the rows say something new about."""
    for path in {case.area_id for case, _news in old} | {news["area_id"] for _case, news in old if "area_id" in news}:
        check_in(incident, by, "case.edit", path, at=at)
    changed = history.amend_each(old, by=by, at=at, batch=batch)
    derive(incident=incident, cases=changed, by=by, at=at, batch=batch)
    return len(changed)
