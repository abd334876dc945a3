"""Changing cases that are known: by form, in bulk, by decision. The old values stay in the row's history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sizao.ops.cases.duties import derive
from sizao.ops.cases.editing import locked, refuse_changed
from sizao.ops.cases.models import Case
from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.scope import check_in
from sizao.vocabulary.codes import Classification

#: What may be changed by hand; person, number and incident are who the case is.
EDITABLE = frozenset({
    "classification", "age", "date_report", "date_onset", "date_diagnosis", "date_admission", "date_isolation",
    "date_exposure_first", "date_exposure_last", "outcome", "date_outcome", "severity", "found_in", "origin",
    "facility", "facility_id", "area", "area_id", "investigated_at", "note",
})  # fmt: skip


@transaction.atomic
def amend_cases(
    *, cases: Sequence[Case], changes: Mapping[str, Any], reason: str = "", by: User, at: datetime,
    batch: Batch | None = None, read_at: Mapping[int, datetime] | None = None,
) -> list[Case]:  # fmt: skip
    """Give cases the same new values; one audit entry per case that really changed. Returns those.

    `read_at` is each case's `current_since` when the user read it: if one has changed since, nothing is written.
    """
    unknown = set(changes) - EDITABLE
    if unknown:
        raise ValueError(f"{sorted(unknown)} cannot be changed in a case")
    cases = locked(cases)
    refuse_changed(cases, read_at)
    check_areas(cases, changes, by, at)
    changed = _amended(cases, changes, by, at, batch)
    audit.record_many(by=by, at=at, action="case.amended", about=changed, reason=reason, fields=sorted(changes))
    return changed


@transaction.atomic
def classify_cases(
    *, cases: Sequence[Case], classification: Classification, reason: str, by: User, at: datetime,
    batch: Batch | None = None,
) -> list[Case]:  # fmt: skip
    """Decide what cases are; a discarded case owes nothing any more, one taken back owes it again."""
    cases = locked(cases)
    check_areas(cases, {}, by, at)
    changed = _amended(cases, {"classification": Classification(classification)}, by, at, batch)
    audit.record_many(
        by=by, at=at, action="case.classified", about=changed, reason=reason, classification=classification
    )
    return changed


def check_areas(cases: Sequence[Case], changes: Mapping[str, Any], by: User, at: datetime) -> None:
    """The user must be allowed to edit cases where these are counted, and where they are to be."""
    area = changes.get("area", changes.get("area_id"))
    for incident, path in {(case.incident, case.area_id) for case in cases}:
        check_in(incident, by, "case.edit", path, at=at)
    if area:
        access.check(by, "case.edit", getattr(area, "path", area), at=at)


def _amended(cases: list[Case], changes: Mapping[str, Any], by: User, at: datetime, batch: Batch | None) -> list[Case]:
    """Write the changes and settle what they make due or no longer due."""
    changed = history.amend(cases, by=by, at=at, batch=batch, **changes)
    derive_each(changed, by, at, batch)
    return changed


def derive_each(cases: Sequence[Case], by: User, at: datetime, batch: Batch | None, evidence: str = "") -> None:
    """`derive` for cases of any incidents."""
    for incident in {case.incident_id: case.incident for case in cases}.values():
        mine = [case for case in cases if case.incident_id == incident.pk]
        derive(incident=incident, cases=mine, evidence=evidence, by=by, at=at, batch=batch)
