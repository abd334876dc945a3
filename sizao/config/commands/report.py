"""`sizao report`: a daily report of any past day, as known at its cut-off.

A signed report of that day is printed as it was signed; without one, the numbers are counted as they were known
at the cut-off, and nothing is stored.
"""

import argparse
import sys
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from sizao.config.commands import speaking
from sizao.ops.governance import audit
from sizao.ops.governance.actions import SYSTEM
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.reporting.files import FILES
from sizao.ops.reporting.forms import cutoff
from sizao.ops.reporting.freezing import check_day, frozen
from sizao.ops.reporting.models import FROZEN, Report
from sizao.vocabulary.codes import ReportStatus
from sizao.vocabulary.text import N_


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    incident = Incident.objects.filter(pk=options.incident).first()
    if incident is None:
        rows = Incident.objects.order_by("id")
        known = ", ".join(f"{row.pk} ({row.name(options.language)})" for row in rows)
        speaking.complain(N_("There is no incident {id}. There are: {known}.", id=options.incident, known=known or "–"))
        return 2
    translation.activate(options.language)
    with timezone.override(ZoneInfo(incident.time_zone)):
        report = _signed(incident, options) or _counted(incident, options)
    if report is None:
        return 2
    return _write(report, options)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise speaking.problem(N_("“{text}” is not a day; write it like 2026-11-22", text=text)) from None


def _parser() -> argparse.ArgumentParser:
    parser = speaking.Parser(
        prog="sizao report", about=N_("print a daily report as known at its cut-off"), details=__doc__
    )
    parser.add_argument("--incident", type=int, required=True, metavar="ID")
    parser.add_argument("--date", type=_day, required=True, metavar="YYYY-MM-DD")
    parser.add_argument(
        "--cutoff", type=time.fromisoformat, metavar="HH:MM", help=N_("default: midnight at its end, or now")
    )
    parser.add_argument("--format", choices=sorted(FILES), default="json")
    parser.add_argument("--out", type=Path, metavar="FILE", help=N_("default: standard output"))
    return parser


def _signed(incident: Incident, options: argparse.Namespace) -> Report | None:
    """The newest signed version of the day, when no other cut-off is asked for."""
    if options.cutoff:
        return None
    signed = Report.objects.filter(incident=incident, date=options.date, status__in=FROZEN)
    return signed.select_related("incident", "drafted_by", "signed_by", "reviewed_by").order_by("-version").first()


def _counted(incident: Incident, options: argparse.Namespace) -> Report | None:
    """An unsaved report with the numbers of the day as known at its cut-off."""
    at = incident.at(now())
    moment: datetime = cutoff(options.date, options.cutoff, at=at)
    if moment > at:
        speaking.complain(N_("The cut-off of {day} has not come yet.", day=options.date))
        return None
    try:
        check_day(incident, options.date)
    except NotNow as refusal:
        speaking.complain(refusal.message)
        return None
    system = User.objects.get(username=SYSTEM)
    return Report(
        incident=incident, date=options.date, **frozen(incident, day=options.date, cutoff_at=moment),
        status=ReportStatus.DRAFT, drafted_by=system, recorded_by=system,
    )  # fmt: skip


def _write(report: Report, options: argparse.Namespace) -> int:
    try:
        content = FILES[options.format].write(report, options.language, False)
    except NotNow as refusal:
        speaking.complain(refusal.message)
        return 1
    audit.record(by=report.drafted_by, at=now(), action="report.exported", about=report.incident, kind=options.format)
    if options.out:
        options.out.write_bytes(content)
        speaking.tell(N_("{file}: {n} bytes", file=options.out, n=f"{len(content):,}"))
    else:
        sys.stdout.buffer.write(content)
    return 0
