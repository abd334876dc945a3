"""What may be published: small counts hidden and kept hidden."""

from sizao.epi.disclosure.attack import audit_recovery
from sizao.epi.disclosure.relations import RunningTotal
from sizao.epi.disclosure.rounding import round_counts
from sizao.epi.disclosure.suppression import Reason, suppress

__all__ = ["Reason", "RunningTotal", "audit_recovery", "round_counts", "suppress"]
