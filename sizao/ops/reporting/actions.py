"""Drafting, reviewing, signing, publishing and correcting daily reports."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from sizao.ops.governance import access, audit, history, ledger
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow, check
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import areas_of
from sizao.ops.reporting.content import content_hash
from sizao.ops.reporting.freezing import check_day, frozen
from sizao.ops.reporting.lifecycle import REPORT_STEPS
from sizao.ops.reporting.models import FROZEN, Report
from sizao.ops.reporting.public import public_version
from sizao.ops.reporting.queries import published_before
from sizao.vocabulary.codes import ReportStatus
from sizao.vocabulary.text import N_


@transaction.atomic
def draft_report(*, incident: Incident, day: date, cutoff_at: datetime, by: User, at: datetime) -> Report:
    """Freeze the numbers of a day at its cut-off in a new draft. A day has one report; correct that one."""
    _may(incident, "report.draft", by, at)
    if cutoff_at > at:
        raise NotNow(N_("The cut-off has not come yet. Draft the report after it."))
    check_day(incident, day)
    if Report.objects.filter(incident=incident, date=day).exists():
        raise NotNow(N_("This day has a report already. Open it, or correct it if it is signed."))
    report = Report.objects.create(
        incident=incident, date=day, **frozen(incident, day=day, cutoff_at=cutoff_at), drafted_by=by,
        recorded_at=at, recorded_by=by, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="report.drafted", about=report, date=day.isoformat())
    return report


@transaction.atomic
def write_text(*, report: Report, text_zh: str, text_en: str, by: User, at: datetime) -> Report:
    """The words beside the numbers. Only a draft can be written in."""
    _may(report.incident, "report.draft", by, at)
    check(REPORT_STEPS, report.status, ReportStatus.DRAFT)
    if report.status != ReportStatus.DRAFT:
        raise NotNow(N_("Send the report back to draft before changing its text."))
    history.amend([report], text_zh=text_zh, text_en=text_en, by=by, at=at)
    audit.record(by=by, at=at, action="report.text_written", about=report)
    return report


@transaction.atomic
def review_reports(*, reports: Sequence[Report], by: User, at: datetime) -> list[Report]:
    """A second person has read them and found them right."""
    for report in reports:
        _may(report.incident, "report.review", by, at)
        check(REPORT_STEPS, report.status, ReportStatus.REVIEWED)
        if report.drafted_by_id == by.pk:
            raise NotNow(N_("You drafted this report; another person must review it."))
    changed = history.amend(reports, status=ReportStatus.REVIEWED, reviewed_by=by, reviewed_at=at, by=by, at=at)
    audit.record_many(by=by, at=at, action="report.reviewed", about=changed)
    return changed


@transaction.atomic
def send_back(*, reports: Sequence[Report], reason: str, by: User, at: datetime) -> list[Report]:
    """Back to draft, with the reason."""
    for report in reports:
        _may(report.incident, "report.review", by, at)
        if report.status != ReportStatus.REVIEWED:
            raise NotNow(N_("Only a reviewed report that is not signed yet can go back to draft."))
    changed = history.amend(reports, status=ReportStatus.DRAFT, reviewed_by=None, reviewed_at=None, by=by, at=at)
    audit.record_many(by=by, at=at, action="report.sent_back", about=changed, reason=reason)
    return changed


@transaction.atomic
def sign_reports(*, reports: Sequence[Report], by: User, at: datetime) -> list[Report]:
    """Answer for them by name: identity, time and the hash of the content. Nothing in them changes afterwards."""
    for report in reports:
        _may(report.incident, "report.sign", by, at)
        check(REPORT_STEPS, report.status, ReportStatus.SIGNED)
        if report.drafted_by_id == by.pk:
            raise NotNow(N_("You drafted this report; another person must sign it."))
        if report.reviewed_by_id == by.pk:
            raise NotNow(N_("You reviewed this report; another person must sign it."))
        seal = content_hash(report)
        stamp = {"status": ReportStatus.SIGNED, "signed_by": by, "signed_at": at, "content_hash": seal}
        stamp["chain_head"] = str(ledger.head())
        history.amend([report], by=by, at=at, **stamp)
        audit.record(by=by, at=at, action="report.signed", about=report, content_hash=seal)
    return list(reports)


@transaction.atomic
def publish_reports(*, reports: Sequence[Report], by: User, at: datetime) -> list[Report]:
    """Make the public version visible to everybody; a version it corrects is marked as superseded."""
    for report in reports:
        _may(report.incident, "report.publish", by, at)
        check(REPORT_STEPS, report.status, ReportStatus.PUBLISHED)
    stamp = {"status": ReportStatus.PUBLISHED, "published_at": at, "published_by": by}
    pages = [(report, stamp | {"public": public_version(report, published_before(report))}) for report in reports]
    changed = history.amend_each(pages, by=by, at=at)
    old = [report.corrects for report in reports if report.corrects and report.corrects.status in FROZEN]
    history.amend(old, status=ReportStatus.SUPERSEDED, by=by, at=at)
    audit.record_many(by=by, at=at, action="report.published", about=changed)
    return changed


@transaction.atomic
def correct_report(*, report: Report, cutoff_at: datetime | None = None, note: str, by: User, at: datetime) -> Report:
    """A new version of a signed report, as a draft that says what changed. Without a new cut-off the numbers are
    counted at the old one again; the old version stays as it was signed."""
    _may(report.incident, "report.draft", by, at)
    if report.status not in (ReportStatus.SIGNED, ReportStatus.PUBLISHED):
        raise NotNow(N_("Only a signed report is corrected; a draft is simply changed."))
    if not note.strip():
        raise NotNow(N_("Say what is corrected and why."))
    if Report.objects.filter(corrects=report).exists():
        raise NotNow(N_("A correction of this report has been begun already."))
    moment = cutoff_at or report.cutoff_at
    if moment > at:
        raise NotNow(N_("The cut-off has not come yet. Draft the report after it."))
    correction = Report.objects.create(
        incident=report.incident, date=report.date, version=report.version + 1,
        **frozen(report.incident, day=report.date, cutoff_at=moment), text_zh=report.text_zh, text_en=report.text_en,
        drafted_by=by, corrects=report, correction_note=note, recorded_at=at, recorded_by=by, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="report.corrected", about=correction, reason=note)
    return correction


def _may(incident: Incident, permission: str, by: User, at: datetime) -> None:
    for path in areas_of(incident):
        access.check(by, permission, path, at=at)
