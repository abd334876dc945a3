"""Everything that changes an incident itself."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.governance.sentences import stored
from sizao.ops.incidents import lifecycle
from sizao.ops.incidents.actions.deriving import derive_incident
from sizao.ops.incidents.derived import ABOUT_INCIDENT
from sizao.ops.incidents.milestones import COLUMNS, fact_duty, milestones, subject_of
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.incidents.scope import areas_of
from sizao.ops.registry.models import Area
from sizao.protocols import load
from sizao.protocols.events import Event
from sizao.vocabulary.codes import IncidentKind, IncidentMode, TaskStatus
from sizao.vocabulary.text import N_


@transaction.atomic
def open_incident(
    *, name_zh: str, name_en: str, disease: str, protocol: str, areas: Sequence[Area], time_zone: str,
    kind: IncidentKind = IncidentKind.REAL, clock_behind_s: int = 0, date_emergence: date | None = None,
    date_detection: date | None = None, by: User, at: datetime,
) -> Incident:  # fmt: skip
    """Open an incident in routine mode; switching to emergency is its own act with a legal basis and an end."""
    for area in areas:
        access.check(by, "incident.manage", area.path, at=at)
    incident = Incident.objects.create(
        name_zh=name_zh, name_en=name_en, disease=disease, protocol=protocol, time_zone=time_zone, kind=kind,
        clock_behind_s=clock_behind_s, date_emergence=date_emergence, date_detection=date_detection, opened_at=at,
        recorded_at=at, recorded_by=by, current_since=at,
    )  # fmt: skip
    incident.areas.set(areas)
    derive_incident(incident=incident, by=by, at=at)
    audit.record(by=by, at=at, action="incident.opened", about=incident, protocol=protocol)
    return incident


@transaction.atomic
def change_protocol(
    *, incident: Incident, protocol: str, reason: str, disease: str | None = None, by: User, at: datetime,
    batch: Batch | None = None,
) -> Incident:  # fmt: skip
    """Pin another edition. The disease follows where the two are of different ones, unless one is given. What the
    change does to people is the part of the room that knows them."""
    _check_everywhere(incident, "incident.manage", by, at)
    before = incident.protocol
    if disease is None:
        other = load(protocol).disease
        disease = incident.disease if load(before).disease == other else other
    history.amend([incident], protocol=protocol, disease=disease, by=by, at=at, batch=batch)
    audit.record(
        by=by, at=at, action="incident.edition_changed", about=incident, reason=reason, before=before, after=protocol
    )
    return incident


@transaction.atomic
def record_milestone(
    *, incident: Incident, event: Event, happened_at: datetime, evidence: str, by: User, at: datetime
) -> Incident:
    """Say when something of the whole incident happened, and what shows it. Its duties are settled with it."""
    _check_everywhere(incident, "incident.manage", by, at)
    if happened_at > at:
        raise lifecycle.NotNow(N_("What has not happened yet cannot be recorded."))
    if not evidence.strip():
        raise lifecycle.NotNow(N_("Say where it can be checked that this happened."))
    if event in COLUMNS:
        value = happened_at if event == Event.NOTIFICATION else incident.date_at(happened_at)
        history.amend([incident], by=by, at=at, **{COLUMNS[event]: value})
    else:
        _tell(incident, event, happened_at, evidence, by, at)
    derive_incident(incident=incident, by=by, at=at)
    audit.record(by=by, at=at, action="incident.milestone", about=incident, reason=evidence, event=str(event))
    return incident


def _tell(incident: Incident, event: Event, happened_at: datetime, evidence: str, by: User, at: datetime) -> None:
    """The event's own task is done with this evidence; where there is none yet, the fact is kept as one."""
    told = {"status": TaskStatus.DONE, "done_at": happened_at, "done_by": by, "outcome": evidence, "evidence": evidence}
    task = milestones(incident, [event]).get(str(event))
    if task is not None and task.status == TaskStatus.VERIFIED:
        raise lifecycle.NotNow(N_("This has been verified by a second person and cannot be changed."))
    if task is not None:
        history.amend([task], by=by, at=at, **told)
        return
    Task.objects.create(
        incident=incident, duty=fact_duty(event), title=stored(event.label), why={}, subject_kind=ABOUT_INCIDENT,
        subject_id=incident.pk, area_id=subject_of(incident).area_id, starts_at=happened_at, due_at=happened_at,
        recorded_by=by, recorded_at=at, current_since=at, **told,
    )  # fmt: skip


@transaction.atomic
def switch_mode(
    *, incidents: Sequence[Incident], mode: IncidentMode, level: str = "", legal_basis: str, until: datetime | None,
    reason: str, by: User, at: datetime,
) -> list[Incident]:  # fmt: skip
    """Switch incidents between routine and emergency. Emergency needs a legal basis and an end date (R104)."""
    if mode == IncidentMode.EMERGENCY and (not legal_basis or until is None or until <= at):
        raise lifecycle.NotNow(N_("Emergency mode needs a legal basis and an end date in the future."))
    for incident in incidents:
        _check_everywhere(incident, "incident.manage", by, at)
    changed = history.amend(incidents, mode=mode, level=level, legal_basis=legal_basis, mode_until=until, by=by, at=at)
    audit.record_many(by=by, at=at, action="incident.mode_switched", about=changed, reason=reason, mode=mode)
    return changed


def _check_everywhere(incident: Incident, permission: str, by: User, at: datetime) -> None:
    for path in areas_of(incident):
        access.check(by, permission, path, at=at)
