"""Which step a delivery may take from where it is."""

from sizao.ops.incidents.lifecycle import Steps
from sizao.ops.intake.models import DeliveryStatus as D

DELIVERY_STEPS: Steps = {
    D.RECEIVED: frozenset({D.READ, D.UNREADABLE, D.DISMISSED}),
    D.READ: frozenset({D.READ, D.UNREADABLE, D.COMMITTING, D.DISMISSED}),
    D.UNREADABLE: frozenset({D.READ, D.UNREADABLE, D.DISMISSED}),
    D.COMMITTING: frozenset({D.COMMITTED, D.UNDONE}),
    D.COMMITTED: frozenset({D.UNDONE}),
    D.UNDONE: frozenset({D.READ, D.UNREADABLE, D.DISMISSED}),
    D.DISMISSED: frozenset({D.READ, D.UNREADABLE}),
}
