"""What the schedule did."""

from datetime import datetime

from django.db import transaction

from sizao.ops.governance import audit
from sizao.ops.governance.models import ScheduledJob, User


@transaction.atomic
def note_run(*, name: str, result: str, due_at: datetime, by: User, at: datetime) -> ScheduledJob:
    """A job of the schedule ran: what came of it and when it is due again."""
    values = {"last_run_at": at, "last_result": result[:200], "due_at": due_at}
    job, _made = ScheduledJob.objects.update_or_create(name=name, defaults=values)
    audit.record(by=by, at=at, action="schedule.ran", about=job, result=result)
    return job
