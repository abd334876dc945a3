"""What a new case makes due: a small built-in set, kept in one table so that the protocols' duties can take over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sizao.ops.cases.models import Case
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.duties import Due
from sizao.ops.incidents.models import Incident
from sizao.vocabulary.codes import Classification
from sizao.vocabulary.text import N_, Message

REPORT, INVESTIGATE = "case.report", "case.investigate"
SUBJECT = "case"
#: A deadline that passed longer ago than this is history, not work: a file of last year's cases opens no tasks.
STILL_WORK = timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """One duty about every new case that is not discarded."""

    duty: str
    hours: int
    role: Role
    title: Message
    why: Message


RULES = (
    Rule(
        REPORT, 24, Role.DUTY_OFFICER, N_("Report case {number} to the disease reporting system"),
        N_("Every new case is reported within {hours} hours of being found."),
    ),
    Rule(
        INVESTIGATE, 24, Role.INVESTIGATOR, N_("Investigate case {number}: exposures, contacts, places"),
        N_("The core investigation of a new case is finished within {hours} hours of being found."),
    ),
)  # fmt: skip
#: A case reported longer ago than this cannot owe anything.
LONGEST = STILL_WORK + timedelta(hours=max(rule.hours for rule in RULES), days=1)


def due_for(cases: Iterable[Case], *, incident: Incident, at: datetime) -> list[Due]:
    """The duties of new cases whose deadlines are not long past."""
    zone = ZoneInfo(incident.time_zone)
    return [
        _due(rule, case, starts)
        for case in cases
        if case.classification != Classification.DISCARDED
        for starts in [found_at(case, zone)]
        for rule in RULES
        if starts + timedelta(hours=rule.hours) + STILL_WORK > at
    ]


def due_again(cases: Iterable[Case], *, at: datetime) -> list[Due]:
    """The duties of cases that were discarded and are cases again: the clock starts anew."""
    return [_due(rule, case, at) for case in cases for rule in RULES]


def found_at(case: Case, zone: ZoneInfo) -> datetime:
    """When the clock started: when the case was recorded, or the end of its day of report if that is earlier."""
    end_of_day = datetime.combine(case.date_report + timedelta(days=1), time(), zone)
    return min(case.recorded_at, end_of_day)


def _due(rule: Rule, case: Case, starts: datetime) -> Due:
    return Due(
        duty=rule.duty,
        title=Message(rule.title.msgid, {"number": case.number}),
        why=Message(rule.why.msgid, {"hours": rule.hours}),
        subject_kind=SUBJECT,
        subject_id=case.pk,
        area_id=case.area_id,
        role=rule.role,
        starts_at=starts,
        due_at=starts + timedelta(hours=rule.hours),
    )
