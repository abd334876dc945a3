"""Emergency access: reading beyond one's posts, with a reason, for hours, and judged afterwards by an auditor."""

from datetime import datetime, timedelta

from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.entry import EmergencyAccess
from sizao.ops.governance.models import Grant, User
from sizao.ops.governance.roles import Role
from sizao.vocabulary.text import N_

HOURS = (1, 4, 12)  # what may be asked for; a night on duty at most
SHORTEST_PATH = 10  # a city and what lies in it; never a province or a country
REASON_LETTERS = 10


class EmergencyRefused(Exception):
    """What is missing for emergency access, as a message."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


@transaction.atomic
def open_emergency_access(*, area_path: str, reason: str, hours: int, by: User, at: datetime) -> EmergencyAccess:
    """Read the records of an area one holds no post in. Everything read is in the audit, and an auditor judges it."""
    access.check(by, "emergency.open", at=at)
    _check_asked(area_path, reason, hours)
    until = at + timedelta(hours=hours)
    grant = Grant.objects.create(user=by, role=Role.EMERGENCY_READER, area_path=area_path, since=at, until=until)
    opened = EmergencyAccess.objects.create(
        user=by, grant=grant, area_path=area_path, reason=reason.strip(), began_at=at, ends_at=until
    )
    access.forget(by)
    audit.record(by=by, at=at, action="emergency.opened", about=opened, reason=reason, area=area_path, hours=hours)
    return opened


def _check_asked(area_path: str, reason: str, hours: int) -> None:
    if len(area_path) < SHORTEST_PATH:
        raise EmergencyRefused(N_("Name a city, a county or a smaller area: a province is too much."))
    if len(reason.strip()) < REASON_LETTERS:
        raise EmergencyRefused(N_("Say why it cannot wait, in a sentence an auditor can judge."))
    if hours not in HOURS:
        raise EmergencyRefused(N_("Emergency access lasts 1, 4 or 12 hours."))


@transaction.atomic
def end_emergency_access(*, opened: EmergencyAccess, by: User, at: datetime) -> EmergencyAccess:
    """Give it back early; whoever manages accounts in the area may end it too."""
    if opened.user_id != by.pk:
        access.check(by, "user.manage", opened.area_path, at=at)
    if opened.ends_at > at:
        opened.ends_at = opened.grant.until = max(at, opened.began_at + timedelta(seconds=1))
        opened.grant.save(update_fields=["until"])
        opened.save(update_fields=["ends_at"])
    access.forget(by)
    audit.record(by=by, at=at, action="emergency.ended", about=opened)
    return opened


@transaction.atomic
def review_emergency_access(
    *, opened: EmergencyAccess, was_justified: bool, finding: str, by: User, at: datetime
) -> EmergencyAccess:
    """An auditor's judgement; nobody judges their own."""
    access.check(by, "emergency.review", opened.area_path, at=at)
    if opened.user_id == by.pk:
        raise access.NotAllowed(N_("Nobody judges their own emergency access."), "emergency.review")
    opened.was_justified, opened.finding = was_justified, finding.strip()
    opened.reviewed_at, opened.reviewed_by = at, by
    opened.save(update_fields=["was_justified", "finding", "reviewed_at", "reviewed_by"])
    audit.record(by=by, at=at, action="emergency.reviewed", about=opened, reason=finding, was_justified=was_justified)
    return opened
