"""Which step a task or a request may take from where it is. Who may take it is asked elsewhere."""

from collections.abc import Mapping

from sizao.vocabulary.codes import Code, RequestStatus, TaskStatus
from sizao.vocabulary.text import N_, Message

Steps = Mapping[Code, frozenset[Code]]

TASK_STEPS: Steps = {
    TaskStatus.OPEN: frozenset({TaskStatus.ACKNOWLEDGED, TaskStatus.DONE, TaskStatus.CANCELLED}),
    TaskStatus.ACKNOWLEDGED: frozenset({TaskStatus.DONE, TaskStatus.CANCELLED}),
    TaskStatus.DONE: frozenset({TaskStatus.VERIFIED, TaskStatus.OPEN}),
    TaskStatus.VERIFIED: frozenset(),
    TaskStatus.CANCELLED: frozenset(),
}
REQUEST_STEPS: Steps = {
    RequestStatus.SENT: frozenset({RequestStatus.RECEIVED, RequestStatus.ANSWERED, RequestStatus.REFUSED}),
    RequestStatus.RECEIVED: frozenset({RequestStatus.ANSWERED, RequestStatus.REFUSED}),
    RequestStatus.ANSWERED: frozenset({RequestStatus.CLOSED, RequestStatus.SENT}),
    RequestStatus.CLOSED: frozenset(),
    RequestStatus.REFUSED: frozenset({RequestStatus.CLOSED}),
}


class NotNow(Exception):
    """The state does not allow this step; `message` says what it is and what can be done."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


def check(steps: Steps, now: str, wanted: Code) -> None:
    """Raise `NotNow` unless the step from `now` to `wanted` is in the table."""
    state = type(wanted)(now)
    if wanted not in steps[state]:
        raise NotNow(
            N_("This is “{state}” already and cannot become “{wanted}”.", state=state.label, wanted=wanted.label)
        )
