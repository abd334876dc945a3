"""Everything that writes a case."""

from sizao.ops.cases.actions.amending import amend_cases, classify_cases
from sizao.ops.cases.actions.investigating import hear_of_tasks, mark_investigated
from sizao.ops.cases.actions.recording import CasesRecorded, record_cases
from sizao.ops.cases.editing import ChangedMeanwhile

__all__ = [
    "CasesRecorded",
    "ChangedMeanwhile",
    "amend_cases",
    "classify_cases",
    "hear_of_tasks",
    "mark_investigated",
    "record_cases",
]
