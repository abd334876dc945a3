"""Everything that writes a case."""

from sizao.ops.cases.actions.amending import ChangedMeanwhile, amend_cases, classify_cases, mark_investigated
from sizao.ops.cases.actions.recording import CasesRecorded, record_cases

__all__ = [
    "CasesRecorded",
    "ChangedMeanwhile",
    "amend_cases",
    "classify_cases",
    "mark_investigated",
    "record_cases",
]
