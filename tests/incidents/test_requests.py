"""A request has a receipt, a deadline, an answer and a closing."""

from datetime import timedelta

import pytest

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.roles import Role
from sizao.ops.incidents import actions
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.registry.models import Unit
from sizao.vocabulary.codes import RequestStatus
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(at):
    make.areas()
    asking, asked = make.user(Role.DUTY_OFFICER, make.DAOLI), make.user(Role.DUTY_OFFICER, make.LONGSHA)
    units = [
        Unit.objects.create(name_zh=name, name_en=name, kind="cdc", area_id=path)
        for name, path in (("Daoli", make.DAOLI), ("Longsha", make.LONGSHA))
    ]
    request = actions.send_request(
        incident=make.incident(asking), kind="coordination", from_unit=units[0], to_unit=units[1],
        what="Find the passenger of seat 12A.", legal_basis="Law on infectious diseases, article 39",
        due_at=at + timedelta(hours=24), by=asking, at=at,
    )  # fmt: skip
    return request, asking, asked


def test_received_answered_closed(asked, at):
    request, asking, answering = asked
    for status, by in ((RequestStatus.RECEIVED, answering), (RequestStatus.ANSWERED, answering)):
        actions.step_requests(requests=[request], status=status, answer="Found, well.", by=by, at=at)
    actions.step_requests(requests=[request], status=RequestStatus.CLOSED, by=asking, at=at)
    assert (request.status, request.answer, request.answered_by) == ("closed", "Found, well.", answering)


def test_only_the_unit_asked_answers(asked, at):
    request, asking, _answering = asked
    with pytest.raises(NotAllowed):
        actions.step_requests(requests=[request], status=RequestStatus.ANSWERED, answer="x", by=asking, at=at)


def test_a_refusal_says_why(asked, at):
    request, _asking, answering = asked
    with pytest.raises(NotNow):
        actions.step_requests(requests=[request], status=RequestStatus.REFUSED, answer=" ", by=answering, at=at)
