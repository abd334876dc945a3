"""Reads of streams, signals and alarms, within what the reader's posts reach."""

from datetime import datetime, timedelta

from django.db.models import Count as Number
from django.db.models import Exists, OuterRef, Q, QuerySet

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import reach_in
from sizao.ops.surveillance.kinds import SignalStatus
from sizao.ops.surveillance.models import Alarm, Run, Signal, Stream


def streams(*, by: User, incident: Incident, at: datetime, permission: str = "signal.view") -> QuerySet[Stream]:
    """The streams of the areas where the reader holds the permission."""
    paths = reach_in(incident, by, permission, at=at).paths
    rows = Stream.objects.filter(access.within(paths), incident=incident)
    return rows.select_related("area", "place", "unit").order_by("code", "id")


def alarms(*, by: User, incident: Incident, at: datetime) -> QuerySet[Alarm]:
    """The alarms of the reader's areas, newest first."""
    paths = reach_in(incident, by, "signal.view", at=at).paths
    rows = Alarm.objects.filter(access.within(paths), run__incident=incident)
    return rows.select_related("stream__place", "stream__area", "area", "signal").order_by("-date", "-id")


def signals(*, by: User, incident: Incident, at: datetime) -> QuerySet[Signal]:
    """Signals in the reader's areas, and those of a neighbour in which an alarm of the reader's areas takes part."""
    mine = access.within(reach_in(incident, by, "signal.view", at=at).paths)
    if not mine:
        shown = Signal.objects.filter(incident=incident)
    else:
        taking_part = Exists(Alarm.objects.filter(mine, signal=OuterRef("pk")))
        shown = Signal.objects.filter(mine | Q(taking_part), incident=incident)
    return shown.select_related("area", "post__unit", "closed_by").order_by("-strength", "-id")


def signal_counts(*, by: User, incident: Incident, at: datetime) -> dict[str, int]:
    """Open, overdue and closed signals in reach, and those raised within a day."""
    is_open = Q(status=SignalStatus.OPEN)
    rows = signals(by=by, incident=incident, at=at).order_by()
    return rows.aggregate(
        open=Number("id", filter=is_open),
        overdue=Number("id", filter=is_open & Q(due_at__lt=at)),
        new=Number("id", filter=Q(raised_at__gt=at - timedelta(days=1))),
        closed=Number("id", filter=Q(status=SignalStatus.CLOSED)),
    )


def newest_run(incident: Incident) -> Run | None:
    return Run.objects.filter(incident=incident).order_by("-date").first()
