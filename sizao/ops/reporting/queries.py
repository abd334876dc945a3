"""Reads of reports."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.incidents.models import Incident
from sizao.ops.reporting.models import FROZEN, Report
from sizao.vocabulary.codes import ReportStatus


def reports(*, by: User, incident: Incident, at: datetime) -> QuerySet[Report]:
    """An incident's reports, the newest day and version first."""
    if not access.may(by, "report.view", at=at):
        return Report.objects.none()
    people = ("drafted_by", "reviewed_by", "signed_by", "published_by", "incident", "corrects")
    return Report.objects.filter(incident=incident).select_related(*people).order_by("-date", "-version")


def first_day(incident: Incident) -> date:
    """The day the incident began, as far as is known: it emerged, was detected, or was opened here."""
    days = (incident.date_emergence, incident.date_detection, incident.date_at(incident.opened_at))
    return min(day for day in days if day)


def cutoff_before(incident: Incident, *, day: date, cutoff_at: datetime) -> datetime:
    """Where the report of the day before was cut off: as it was signed; without one, 24 hours earlier."""
    yesterday = day - timedelta(days=1)
    signed = Report.objects.filter(incident=incident, date=yesterday, status__in=FROZEN, cutoff_at__lt=cutoff_at)
    return signed.order_by("-version").values_list("cutoff_at", flat=True).first() or cutoff_at - timedelta(days=1)


def published(incident_id: int | None = None) -> QuerySet[Report]:
    """What everybody may read: published and not superseded, newest first."""
    rows = Report.objects.filter(status=ReportStatus.PUBLISHED).select_related("incident", "signed_by")
    return (rows.filter(incident=incident_id) if incident_id else rows).order_by("-date", "-version")


def published_before(report: Report) -> list[Report]:
    """What the public has seen of the incident's earlier days: the newest published version of each."""
    seen = (ReportStatus.PUBLISHED, ReportStatus.SUPERSEDED)
    earlier = Report.objects.filter(incident=report.incident_id, status__in=seen, date__lt=report.date)
    newest = earlier.exclude(published_at=None).order_by("date", "version")
    return list({old.date: old for old in newest}.values())
