"""The dated facts of an incident as a whole: emergence, detection, notification, the seven early-response actions."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sizao.ops.incidents.derived import ABOUT_INCIDENT, FACT, FINISHED
from sizao.ops.incidents.duties import Fact, Subject, event_of
from sizao.ops.incidents.models import Incident, Task
from sizao.protocols.events import Event

#: Facts that an incident's own row holds. The others are tasks done, or facts recorded with their evidence.
COLUMNS = {
    Event.EMERGENCE: "date_emergence",
    Event.DETECTION: "date_detection",
    Event.NOTIFICATION: "notified_at",
}
#: The seven early-response actions of 7-1-7, as the standard lists them.
SEVEN = (
    Event.TEAM_SENT, Event.RISK_ASSESSED, Event.LAB_CONFIRMED, Event.CASE_MANAGEMENT, Event.COUNTERMEASURES,
    Event.RISK_COMMUNICATION, Event.COORDINATION,
)  # fmt: skip
#: What may be recorded with its moment and evidence.
RECORDABLE = (
    *COLUMNS, *SEVEN, Event.ALERT_RAISED, Event.ALERT_VERIFIED, Event.FIRST_LOCAL_CASE, Event.EVENT_REPORTED,
    Event.CHAIN_CLEAR, Event.IHR_ASSESSED, Event.IHR_NOTIFIED,
)  # fmt: skip


def facts_of(incident: Incident) -> list[Fact]:
    """What is known of the incident: its own columns, and facts recorded as tasks."""
    held = ((event, moment_of(incident, getattr(incident, column))) for event, column in COLUMNS.items())
    return [Fact(incident.pk, event, moment) for event, moment in held if moment]


def moment_of(incident: Incident, value: date | datetime | None) -> datetime | None:
    """A day begins at midnight where the incident is."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), ZoneInfo(incident.time_zone))


def subject_of(incident: Incident) -> Subject:
    """The incident as the subject of duties; it counts in its area where it has one only."""
    areas = list(incident.areas.values_list("path", flat=True)[:2])
    return Subject(incident.pk, "", areas[0] if len(areas) == 1 else None)


def milestones(incident: Incident, events: Iterable[Event]) -> dict[str, Task]:
    """The task that says, or will say, when each event happened: the one that is done, else the one to be done."""
    found: dict[str, Task] = {}
    mine = Task.objects.filter(incident=incident, subject_kind=ABOUT_INCIDENT, subject_id=incident.pk)
    for task in mine.select_related("post", "done_by", "verified_by").order_by("id"):
        event = event_of(task.duty)
        if event in {str(each) for each in events} and (task.status in FINISHED or event not in found):
            found[event] = task
    return found


def fact_duty(event: Event) -> str:
    return f"{FACT}{event}"
