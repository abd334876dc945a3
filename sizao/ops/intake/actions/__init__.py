"""Everything that writes deliveries, and the batches they become."""

from sizao.ops.intake.actions.handing_on import begin_commit, commit_chunk, commit_to_the_end
from sizao.ops.intake.actions.reading import choose, dismiss_delivery, note_breakdown, read_delivery
from sizao.ops.intake.actions.receiving import Received, receive
from sizao.ops.intake.actions.undoing import Undone, undo_delivery

__all__ = [
    "Received",
    "Undone",
    "begin_commit",
    "choose",
    "commit_chunk",
    "commit_to_the_end",
    "dismiss_delivery",
    "note_breakdown",
    "read_delivery",
    "receive",
    "undo_delivery",
]
