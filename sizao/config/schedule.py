"""What happens by itself, and how often. The worker asks every minute; each job acts as the system's own user."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sizao.config.backup.occasions import nightly
from sizao.ops.cases import duties as case_duties
from sizao.ops.governance.actions import SYSTEM, note_run
from sizao.ops.governance.audit_context import writing_as
from sizao.ops.governance.audit_listed import index_pages
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import ScheduledJob, User
from sizao.ops.incidents.actions import derive_incident, escalate_overdue, switch_mode
from sizao.ops.incidents.models import Incident
from sizao.ops.oversight.actions import carry_out, prepare_run
from sizao.ops.oversight.models import RetentionRun, RunStatus
from sizao.ops.surveillance.evenings import run_newest
from sizao.ops.tracing import duties as contact_duties
from sizao.ops.tracing.actions import end_follow_ups
from sizao.vocabulary.codes import IncidentMode

log = logging.getLogger("sizao.schedule")


@dataclass(frozen=True)
class Job:
    """One job: its name, how often it runs, and what it does (answering what came of it in a few words)."""

    name: str
    every: timedelta
    run: Callable[[User, datetime], str]


def escalate(by: User, at: datetime) -> str:
    """Overdue tasks of open incidents go one level up, each by its incident's own clock."""
    open_ones = Incident.objects.filter(closed_at__isnull=True)
    moved = sum(len(escalate_overdue(incident=row, by=by, at=row.at(at))) for row in open_ones)
    return f"{moved} tasks escalated"


def end_emergencies(by: User, at: datetime) -> str:
    """Emergency mode ends by itself on the date it was given."""
    emergencies = Incident.objects.filter(mode=IncidentMode.EMERGENCY, closed_at__isnull=True)
    over = [row for row in emergencies if row.mode_until and row.mode_until <= row.at(at)]
    for row in over:
        told = {"mode": IncidentMode.ROUTINE, "legal_basis": "", "until": None, "reason": "its end date has come"}
        switch_mode(incidents=[row], **told, by=by, at=row.at(at))
    return f"{len(over)} emergencies ended"


def keep_duties(by: User, at: datetime) -> str:
    """Duties follow from facts when these are written; whatever an edition or the time alone changes is caught here."""
    open_ones = list(Incident.objects.filter(closed_at__isnull=True))
    for row in open_ones:
        told = {"incident": row, "by": by, "at": row.at(at)}
        derive_incident(**told)
        case_duties.derive_recent(**told)
        contact_duties.derive_recent(**told)
    return f"{len(open_ones)} incidents kept in step"


def finish_follow_ups(by: User, at: datetime) -> str:
    """Follow-up whose last day is over ends by itself."""
    open_ones = Incident.objects.filter(closed_at__isnull=True)
    ended = sum(len(end_follow_ups(incident=row, by=by, at=row.at(at))) for row in open_ones)
    return f"{ended} follow-ups ended"


def let_go(by: User, at: datetime) -> str:
    """What was signed goes; what is due today is listed for the next signature."""
    signed = [carry_out(run=run, by=by, at=at) for run in RetentionRun.objects.filter(status=RunStatus.SIGNED)]
    gone = sum(sum(run.done.values()) for run in signed)
    listed = prepare_run(by=by, at=at)
    return f"{gone} rows gone, {sum(listed.due.values()) if listed else 0} due"


def index_lists(_by: User, _at: datetime) -> str:
    """Who saw which record in a list is made ready to be asked."""
    return f"{index_pages()} pages of lists indexed"


JOBS = (
    Job("index-lists", timedelta(minutes=15), index_lists),
    Job("backup", timedelta(days=1), nightly),
    Job("retention", timedelta(days=1), let_go),
    Job("keep-duties-in-step", timedelta(minutes=15), keep_duties),
    Job("escalate-overdue-tasks", timedelta(minutes=15), escalate),
    Job("end-emergencies", timedelta(minutes=15), end_emergencies),
    Job("end-follow-ups", timedelta(minutes=15), finish_follow_ups),
    Job("watch-streams", timedelta(minutes=30), run_newest),
)


def run_due(at: datetime | None = None) -> list[str]:
    """Run every job whose time has come; answers the names of those that ran."""
    at = at or now()
    waiting = dict(ScheduledJob.objects.filter(due_at__gt=at).values_list("name", "due_at"))
    due = [job for job in JOBS if job.name not in waiting]
    if due:
        system = User.objects.get(username=SYSTEM)
        for job in due:
            with writing_as(system, via=f"schedule: {job.name}"):
                note_run(name=job.name, result=_result_of(job, system, at), due_at=at + job.every, by=system, at=at)
    return [job.name for job in due]


def _result_of(job: Job, by: User, at: datetime) -> str:
    """What came of it. A job that breaks, whatever broke it, must not keep the others from running."""
    try:
        return job.run(by, at)
    except Exception as error:
        log.exception("a job of the schedule failed")
        return f"FAILED: {type(error).__name__}"


def overdue_jobs(at: datetime, late: timedelta = timedelta(hours=1)) -> list[str]:
    """Jobs that should have run longer ago than `late`, never-run ones included."""
    waiting = dict(ScheduledJob.objects.values_list("name", "due_at"))
    return [job.name for job in JOBS if job.name not in waiting or waiting[job.name] < at - late]
