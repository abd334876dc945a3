"""Work on deliveries that a page leaves to the worker. Small files are done at once, while the reader waits.

A task is told the time when it is left, as everything below the pages is. If the worker is killed, `unfinished`
says at its next start what was left lying; nothing is done twice, because the work counts what it has done.
"""

from datetime import datetime

from django.db.models import QuerySet
from django_tasks import task

from sizao.ops.governance.models import User
from sizao.ops.intake.actions import commit_to_the_end, note_breakdown, read_delivery
from sizao.ops.intake.models import Delivery, DeliveryStatus
from sizao.ops.registry.actions import look_for_duplicates
from sizao.ops.registry.models import Person

SMALL_BYTES = 500_000
SMALL_RECORDS = 2_000
COMPARED_AT_ONCE = 5_000


def read_soon(delivery: Delivery, *, by: User, at: datetime) -> None:
    """Read a small file now and leave a large one to the worker."""
    work = read_later.call if delivery.n_bytes <= SMALL_BYTES else read_later.enqueue
    work(delivery.pk, by.pk, at.isoformat())


def hand_on_soon(delivery: Delivery, *, by: User, at: datetime) -> None:
    """Hand few records on now and leave many to the worker."""
    work = hand_on_later.call if delivery.n_records <= SMALL_RECORDS else hand_on_later.enqueue
    work(delivery.pk, by.pk, at.isoformat())


@task()
def read_later(delivery_id: int, user_id: int, at: str) -> None:
    """Read a delivery. If our own code breaks, the delivery says so instead of waiting for ever."""
    delivery, by, when = _told(delivery_id, user_id, at)
    try:
        read_delivery(delivery=delivery, by=by, at=when)
    except Exception:
        note_breakdown(delivery=delivery, by=by, at=when)
        raise


@task()
def hand_on_later(delivery_id: int, user_id: int, at: str) -> None:
    """Hand a delivery on to its end; then look for duplicates that a first load could not look for."""
    delivery, by, when = _told(delivery_id, user_id, at)
    done = commit_to_the_end(delivery=delivery, by=by, at=when)
    if done.options.get("compare_afterwards"):
        compare_later.enqueue(done.pk, user_id, at)


@task()
def compare_later(delivery_id: int, user_id: int, at: str) -> None:
    """Compare the persons of a first load with each other, some thousand at a time."""
    delivery, by, when = _told(delivery_id, user_id, at)
    last = 0
    while ids := _next_persons(delivery, last):
        look_for_duplicates(persons=ids, by=by, at=when)
        last = ids[-1]


def unfinished() -> QuerySet[Delivery]:
    """Deliveries whose work was cut short."""
    waiting = (DeliveryStatus.RECEIVED, DeliveryStatus.COMMITTING)
    return (
        Delivery.objects.filter(status__in=waiting).select_related("incident", "recorded_by", "hands_on").order_by("id")
    )


def _next_persons(delivery: Delivery, last: int) -> list[int]:
    rows = Person.objects.filter(batch_id=delivery.hands_on_id, pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:COMPARED_AT_ONCE])


def _told(delivery_id: int, user_id: int, at: str) -> tuple[Delivery, User, datetime]:
    delivery = Delivery.objects.select_related("incident").get(pk=delivery_id)
    return delivery, User.objects.get(pk=user_id), datetime.fromisoformat(at)
