"""Everything that changes an incident, a task or a request."""

from sizao.ops.incidents.actions.deriving import add_tasks, close_tasks, derive_incident, keep_in_step
from sizao.ops.incidents.actions.moving import move_tasks
from sizao.ops.incidents.actions.opening import change_protocol, open_incident, record_milestone, switch_mode
from sizao.ops.incidents.actions.requesting import send_request, step_requests
from sizao.ops.incidents.actions.working import (
    acknowledge_tasks,
    cancel_tasks,
    escalate_overdue,
    finish_tasks,
    give_task,
    hand_over_tasks,
    return_tasks,
    verify_tasks,
)

__all__ = [
    "acknowledge_tasks",
    "add_tasks",
    "cancel_tasks",
    "change_protocol",
    "close_tasks",
    "derive_incident",
    "escalate_overdue",
    "finish_tasks",
    "give_task",
    "hand_over_tasks",
    "keep_in_step",
    "move_tasks",
    "open_incident",
    "record_milestone",
    "return_tasks",
    "send_request",
    "step_requests",
    "switch_mode",
    "verify_tasks",
]
