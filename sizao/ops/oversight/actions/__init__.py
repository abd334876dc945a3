"""Holds, signed retention runs, erasures."""

from sizao.ops.oversight.actions.erasing import StillNeeded, erase_person
from sizao.ops.oversight.actions.holding import end_holds, place_hold
from sizao.ops.oversight.actions.retaining import carry_out, prepare_run, sign_run

__all__ = ["StillNeeded", "carry_out", "end_holds", "erase_person", "place_hold", "prepare_run", "sign_run"]
