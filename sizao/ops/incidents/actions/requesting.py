"""Requests between units."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from sizao.ops.governance import audit, history
from sizao.ops.governance.models import User
from sizao.ops.incidents import lifecycle
from sizao.ops.incidents.models import Incident, Request
from sizao.ops.incidents.scope import check_in
from sizao.ops.registry.models import Unit
from sizao.vocabulary.codes import RequestStatus
from sizao.vocabulary.text import N_


@transaction.atomic
def send_request(
    *, incident: Incident, kind: str, from_unit: Unit, to_unit: Unit, what: str, legal_basis: str, due_at: datetime,
    by: User, at: datetime,
) -> Request:  # fmt: skip
    """Ask another unit for something, with its legal basis and a deadline (R29)."""
    check_in(incident, by, "request.work", from_unit.area_id, at=at)
    request = Request.objects.create(
        incident=incident, kind=kind, from_unit=from_unit, to_unit=to_unit, area_id=to_unit.area_id, what=what,
        legal_basis=legal_basis, due_at=due_at, recorded_by=by, recorded_at=at, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="request.sent", about=request)
    return request


@transaction.atomic
def step_requests(
    *, requests: Sequence[Request], status: RequestStatus, answer: str = "", by: User, at: datetime
) -> list[Request]:
    """Receive, answer, refuse or close requests. An answer or a refusal says something."""
    if status in (RequestStatus.ANSWERED, RequestStatus.REFUSED) and not answer.strip():
        raise lifecycle.NotNow(N_("Write the answer, or why it is refused."))
    for request in requests:
        side = request.from_unit if status == RequestStatus.CLOSED else request.to_unit
        check_in(request.incident, by, "request.work", side.area_id, at=at)
        lifecycle.check(lifecycle.REQUEST_STEPS, request.status, status)
        if status != RequestStatus.CLOSED and request.recorded_by_id == by.pk:
            raise lifecycle.NotNow(N_("You sent this request; somebody of the other unit must answer it."))
    stamps: dict[str, Any] = {
        RequestStatus.RECEIVED: {"received_at": at, "received_by": by},
        RequestStatus.ANSWERED: {"answered_at": at, "answered_by": by, "answer": answer},
        RequestStatus.REFUSED: {"answered_at": at, "answered_by": by, "answer": answer},
        RequestStatus.CLOSED: {"closed_at": at},
    }.get(status, {})
    changed = history.amend(requests, status=status, by=by, at=at, **stamps)
    audit.record_many(by=by, at=at, action=f"request.{status}", about=changed)
    return changed
