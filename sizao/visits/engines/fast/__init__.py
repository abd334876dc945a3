"""The fast engine: compiled sweeps over mapped copies."""

from sizao.visits.engines.fast.answers import ENGINE

__all__ = ["ENGINE"]
