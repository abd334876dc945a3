"""`sizao worker`: finishes what was left lying, then does the work that pages leave for later, until it is stopped."""

import logging
import threading
from contextlib import suppress

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections

from sizao.config import left_running, schedule
from sizao.config.commands import speaking
from sizao.ops.governance.actions import SYSTEM, take_up_tasks
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.intake.models import Delivery, DeliveryStatus
from sizao.ops.intake.tasks import hand_on_later, read_later, unfinished
from sizao.vocabulary.text import N_

log = logging.getLogger("sizao.schedule")
EVERY_S = 60  # how often the schedule is asked


def main(argv: list[str]) -> int:
    parser = speaking.Parser(prog="sizao worker", about=N_("do the work that pages leave for later"), details=__doc__)
    parser.add_argument("--once", action="store_true", help=N_("do what is there and end"))
    options = parser.parse_args(argv)
    for delivery in unfinished():
        resume(delivery)
    if options.once:
        schedule.run_due()
    else:
        threading.Thread(target=keep_schedule, name="schedule", daemon=True).start()
    resume_tasks()
    this = left_running.worker_id()
    call_command("db_worker", batch=options.once, reload=False, startup_delay=False, queue_name="*", worker_id=this)
    return 0


def resume(delivery: Delivery) -> None:
    """Go on where a killed process stopped."""
    speaking.tell(N_("resuming delivery {id}: {file}", id=delivery.pk, file=delivery.file_name))
    committing = delivery.status == DeliveryStatus.COMMITTING
    by = delivery.hands_on.made_by if committing else delivery.recorded_by
    work = hand_on_later if committing else read_later
    with suppress(NotNow):  # another worker was quicker
        work.call(delivery.pk, by.pk, delivery.incident.at(now()).isoformat())


def resume_tasks() -> None:
    """Tasks that a worker was doing when it was killed are done from their beginning."""
    system = User.objects.filter(username=SYSTEM).first()
    if system:
        take_up_tasks(left_by=left_running.is_gone, by=system, at=now())


def keep_schedule() -> None:
    """Ask every minute what is due. The thread ends with the worker; a database that is away for a while does not
    end it."""
    pause = threading.Event()
    while True:
        try:
            schedule.run_due()
        except DatabaseError:
            log.exception("the schedule could not ask the database")
        close_old_connections()
        pause.wait(EVERY_S)
