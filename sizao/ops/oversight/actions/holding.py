"""A legal hold is placed with a reason and an end, and ended with a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.oversight.models import LegalHold
from sizao.ops.registry.models import Person
from sizao.vocabulary.text import N_


@transaction.atomic
def place_hold(
    *, person: Person | None = None, incident: Incident | None = None, reason: str, until: date, by: User, at: datetime
) -> LegalHold:
    """From now until that day nothing of the person or the incident is destroyed."""
    access.check(by, "hold.place", person.area_id or "" if person else "", at=at)
    if not reason.strip():
        raise NotNow(N_("Say why this must be kept."))
    if until <= at.date():
        raise NotNow(N_("A hold needs a day in the future on which it ends."))
    hold = LegalHold.objects.create(
        person=person, incident=incident, reason=reason, until=until, placed_by=by, placed_at=at
    )
    audit.record(by=by, at=at, action="hold.placed", about=hold, reason=reason, until=until.isoformat())
    return hold


@transaction.atomic
def end_holds(*, holds: Sequence[LegalHold], reason: str, by: User, at: datetime) -> list[LegalHold]:
    """These are needed no more; the days of what they held count again."""
    for hold in holds:
        access.check(by, "hold.place", hold.person.area_id or "" if hold.person else "", at=at)
        hold.ended_at, hold.ended_by, hold.end_reason = at, by, reason
        hold.save(update_fields=["ended_at", "ended_by", "end_reason"])
    audit.record_many(by=by, at=at, action="hold.ended", about=holds, reason=reason)
    return list(holds)
