"""The daily run, from the outside: what the schedule, the command and the demonstration call."""

from datetime import date, datetime

from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.surveillance import watching
from sizao.ops.surveillance.actions import store_evening
from sizao.ops.surveillance.models import Run
from sizao.ops.surveillance.periods import evening_of, newest_evening


def run_evening(incident: Incident, *, day: date, by: User, at: datetime, known_at: datetime | None = None) -> Run:
    """Test all streams of an incident for a day, with what was known that evening (or at `known_at`). A day that has
    been run is not run again; a run that was killed has written nothing and is simply run."""
    stands = Run.objects.filter(incident=incident, date=day).first()
    if stands:
        return stands
    moment = known_at or min(evening_of(day, incident.time_zone), at)
    found = watching.evening(incident, day=day, known_at=moment)
    return store_evening(incident=incident, day=day, known_at=moment, found=found, by=by, at=at)


def run_newest(by: User, at: datetime) -> str:
    """The schedule's job: the newest evening of every open incident that has streams, each by its own clock."""
    told = []
    watching_ones = Incident.objects.filter(closed_at__isnull=True, streams__isnull=False).distinct().order_by("id")
    for incident in watching_ones:
        moment = incident.at(at)
        day = newest_evening(moment, incident.time_zone)
        if not Run.objects.filter(incident=incident, date=day).exists():
            run = run_evening(incident, day=day, by=by, at=moment)
            told.append(f"{run.n_streams} streams, {run.n_alarms} alarms, {run.n_signals} signals")
    return "; ".join(told) or "nothing to run"
