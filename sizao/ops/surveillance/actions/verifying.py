"""What people do with signals: say what they were, assess the risk, open the response."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from sizao.ops.governance import audit, history
from sizao.ops.governance.models import User
from sizao.ops.incidents.actions import close_tasks, open_incident, record_milestone
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import check_in
from sizao.ops.registry.models import Area
from sizao.ops.surveillance.actions.running import ABOUT, VERIFY
from sizao.ops.surveillance.kinds import Confidence, Consequences, Likelihood, SignalStatus, Verdict
from sizao.ops.surveillance.models import Assessment, Signal
from sizao.ops.surveillance.risk import risk_level
from sizao.protocols import load
from sizao.protocols.events import Event
from sizao.vocabulary.codes import IncidentKind
from sizao.vocabulary.text import N_


@transaction.atomic
def close_signals(
    *, signals: Sequence[Signal], verdict: Verdict, finding: str, hours_spent: float | None = None, by: User,
    at: datetime,
) -> list[Signal]:  # fmt: skip
    """Say what signals were and how it was found out. Their tasks are done; somebody else checks those."""
    if not finding.strip():
        raise NotNow(N_("Say what was found and how: whom you asked, what you looked at."))
    for signal in signals:
        check_in(signal.incident, by, "signal.work", signal.area_id, at=at)
        if signal.status != SignalStatus.OPEN:
            raise NotNow(N_("Signal {number} is closed already. Open it again to change it.", number=signal.number))
    changes = {"status": SignalStatus.CLOSED, "verdict": verdict, "finding": finding, "hours_spent": hours_spent,
               "closed_at": at, "closed_by": by}  # fmt: skip
    changed = history.amend(signals, by=by, at=at, **changes)
    for signal in changed:
        close_tasks(
            incident=signal.incident, duty=VERIFY, subject_kind=ABOUT, subject_ids=[signal.pk],
            outcome=f"{Verdict(verdict).label}", by=by, at=at,
        )  # fmt: skip
    audit.record_many(by=by, at=at, action="signal.closed", about=changed, verdict=str(verdict))
    return changed


@transaction.atomic
def reopen_signals(*, signals: Sequence[Signal], reason: str, by: User, at: datetime) -> list[Signal]:
    """What was found was not right: open again, the earlier finding stays in the history."""
    if not reason.strip():
        raise NotNow(N_("Say why the signal is opened again."))
    for signal in signals:
        check_in(signal.incident, by, "signal.work", signal.area_id, at=at)
        if signal.led_to_id:
            raise NotNow(N_("An incident was opened from this signal; work there."))
    changed = history.amend(
        signals, status=SignalStatus.OPEN, verdict="", finding="", hours_spent=None, closed_at=None, closed_by=None,
        by=by, at=at,
    )  # fmt: skip
    audit.record_many(by=by, at=at, action="signal.reopened", about=changed, reason=reason)
    return changed


@transaction.atomic
def assess_risk(
    *, signal: Signal, likelihood: Likelihood, consequences: Consequences, confidence: Confidence, judgement: str,
    options: str = "", by: User, at: datetime,
) -> Assessment:  # fmt: skip
    """Write down a rapid risk assessment. A later one does not replace it: the desk shows how the judgement moved."""
    check_in(signal.incident, by, "signal.work", signal.area_id, at=at)
    if not judgement.strip():
        raise NotNow(N_("Write the judgement in words: what is known, what is not, what it means."))
    row = Assessment.objects.create(
        signal=signal, area_id=signal.area_id, likelihood=likelihood, consequences=consequences, confidence=confidence,
        level=risk_level(Likelihood(likelihood), Consequences(consequences)), judgement=judgement, options=options,
        recorded_by=by, recorded_at=at, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="signal.assessed", about=signal, level=str(row.level))
    return row


@transaction.atomic
def open_outbreak(
    *, signal: Signal, name_zh: str, name_en: str, protocol: str, finding: str, hours_spent: float | None = None,
    date_emergence: date | None = None, by: User, at: datetime,
) -> Incident:  # fmt: skip
    """Open an incident from a signal, in one act: closed as a true outbreak, and the incident begins with the dates
    the signal knows: emergence (if known), detection, alert raised, alert verified (7-1-7, R7)."""
    if signal.status == SignalStatus.OPEN:
        told = {"verdict": Verdict.TRUE_OUTBREAK, "finding": finding, "hours_spent": hours_spent}
        close_signals(signals=[signal], **told, by=by, at=at)
    if signal.verdict != Verdict.TRUE_OUTBREAK:
        raise NotNow(N_("Only a true outbreak becomes an incident."))
    if signal.led_to_id:
        raise NotNow(N_("An incident was opened from this signal; work there."))
    watch = signal.incident
    detected = watch.date_at(signal.raised_at)
    opened = open_incident(
        name_zh=name_zh, name_en=name_en, disease=load(protocol).disease, protocol=protocol,
        areas=list(Area.objects.filter(path=signal.area_id)), time_zone=watch.time_zone,
        kind=IncidentKind(watch.kind), clock_behind_s=watch.clock_behind_s, date_emergence=date_emergence,
        date_detection=detected, by=by, at=at,
    )  # fmt: skip
    told = {"incident": opened, "evidence": signal.number, "by": by, "at": at}
    record_milestone(event=Event.ALERT_RAISED, happened_at=signal.raised_at, **told)
    record_milestone(event=Event.ALERT_VERIFIED, happened_at=signal.closed_at, **told)
    history.amend([signal], led_to=opened, by=by, at=at)
    audit.record(by=by, at=at, action="signal.became_incident", about=signal, incident=opened.pk)
    return opened
