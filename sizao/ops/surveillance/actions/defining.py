"""Streams: defined many at a time, changed with their history kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sizao.ops.governance import audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in
from sizao.ops.surveillance import settings
from sizao.ops.surveillance.models import Stream
from sizao.vocabulary.text import N_


@dataclass(frozen=True)
class NewStream:
    """A stream as somebody defines it; `place_id` and `unit_id` are rows of the registry."""

    code: str
    name_zh: str
    name_en: str
    area_path: str
    source: str
    syndrome: str
    freq: str
    detector: str
    watched_from: date
    parameters: Mapping[str, Any] = field(default_factory=dict)
    stratum: str = ""
    measure: str = ""
    place_id: int | None = None
    unit_id: int | None = None
    weekdays: str = "1234567"
    due_hours: int = 12
    says_zero: bool = True
    denominator: str = ""


@transaction.atomic
def define_streams(
    *, incident: Incident, streams: Sequence[NewStream], by: User, at: datetime, batch: Batch | None = None
) -> list[Stream]:
    """Define streams; a code that is known keeps its counts and takes what differs. Settings are tried first."""
    _check(incident, {new.area_path for new in streams}, by, at)
    for detector, freq, told in {(s.detector, s.freq, settings.key_of(s.detector, s.parameters)) for s in streams}:
        settings.check_setting(detector, freq, dict(next(
            s.parameters for s in streams if settings.key_of(s.detector, s.parameters) == told
        )))  # fmt: skip
    known = {row.code: row for row in _known(incident, [new.code for new in streams])}
    _check(incident, {row.area_id for row in known.values()}, by, at)
    fresh = [_stream(new, incident, by, at, batch) for new in streams if new.code not in known]
    Stream.objects.bulk_create(fresh, batch_size=500)
    changes = [(known[new.code], _values(new)) for new in streams if new.code in known]
    changed = history.amend_each(changes, by=by, at=at, batch=batch)
    audit.record(by=by, at=at, action="streams.defined", about=incident, n_new=len(fresh), n_changed=len(changed))
    made = known | {row.code: row for row in fresh}
    return [made[new.code] for new in streams]


@transaction.atomic
def amend_streams(
    *, streams: Sequence[Stream], changes: Mapping[str, Any], reason: str, by: User, at: datetime
) -> list[Stream]:
    """Change streams, for instance to end one. Its detector changes only by a signed proposal."""
    if not reason.strip():
        raise NotNow(N_("Say why the stream is changed; others will ask."))
    if {"detector", "parameters"} & changes.keys():
        raise NotNow(N_("Another setting is adopted by signing a proposal."))
    for stream in streams:
        _check(stream.incident, {stream.area_id}, by, at)
    changed = history.amend(streams, by=by, at=at, **changes)
    audit.record_many(by=by, at=at, action="stream.amended", about=changed, reason=reason)
    return changed


def _known(incident: Incident, codes: Sequence[str]) -> list[Stream]:
    found: list[Stream] = []
    for start in range(0, len(codes), 500):
        found += Stream.objects.filter(incident=incident, code__in=codes[start : start + 500])
    return found


def _check(incident: Incident, paths: set[str], by: User, at: datetime) -> None:
    for path in sorted(paths):
        check_in(incident, by, "stream.manage", path, at=at)


def _values(new: NewStream) -> dict[str, Any]:
    names = (
        "name_zh", "name_en", "source", "syndrome", "stratum", "measure", "place_id", "unit_id", "freq", "weekdays",
        "due_hours", "says_zero", "denominator", "watched_from",
    )  # fmt: skip
    found = {
        name.removesuffix("_id") if name in ("place_id", "unit_id") else name: getattr(new, name) for name in names
    }
    return {**found, "area": new.area_path}


def _stream(new: NewStream, incident: Incident, by: User, at: datetime, batch: Batch | None) -> Stream:
    values = _values(new)
    keys = {f"{name}_id": values.pop(name) for name in ("place", "unit", "area")}
    return Stream(
        incident=incident, code=new.code, detector=new.detector, parameters=dict(new.parameters), **values, **keys,
        recorded_by=by, recorded_at=at, current_since=at, batch=batch,
    )  # fmt: skip
