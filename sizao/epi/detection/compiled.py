"""Compiled loops of the detectors: the same two decorators as everywhere in these rooms."""

from sizao.epi.compiled import compiled, compiled_in_order

__all__ = ["compiled", "compiled_in_order"]
