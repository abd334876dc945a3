"""Everything that writes streams, counts, runs, signals and settings."""

from sizao.ops.surveillance.actions.counting import record_counts
from sizao.ops.surveillance.actions.defining import NewStream, amend_streams, define_streams
from sizao.ops.surveillance.actions.running import store_evening
from sizao.ops.surveillance.actions.setting import propose_setting, sign_proposal
from sizao.ops.surveillance.actions.verifying import assess_risk, close_signals, open_outbreak, reopen_signals

__all__ = [
    "NewStream",
    "amend_streams",
    "assess_risk",
    "close_signals",
    "define_streams",
    "open_outbreak",
    "propose_setting",
    "record_counts",
    "reopen_signals",
    "sign_proposal",
    "store_evening",
]
