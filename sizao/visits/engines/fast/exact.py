"""Pairs of a case and a person compared stay by stay, where the sweep could not be sure."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sizao.visits.compiled import njit
from sizao.visits.engines.fast.stays import Stays, gather
from sizao.visits.store.mapped import Int32, Int64

SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


def sums(copies: Any, pairs: npt.NDArray[np.int32], shed: Stays, till: Int64) -> Int64:
    """For each row of `pairs` (case, person): exposures, seconds together, seconds after, first, last."""
    met = gather(copies, np.unique(pairs[:, 1]))
    a_low, a_high = (np.searchsorted(shed.person, pairs[:, 0], side=side) for side in SIDES)
    b_low, b_high = (np.searchsorted(met.person, pairs[:, 1], side=side) for side in SIDES)
    return np.asarray(compare(a_low, a_high, b_low, b_high, tuple(shed), till, tuple(met)))


@njit
def compare(a_low: Int64, a_high: Int64, b_low: Int64, b_high: Int64, shed: Any, till: Int64, met: Any) -> Any:
    _, place, room, start, end = shed
    _, b_place, b_room, b_start, b_end = met
    told = np.zeros((len(a_low), 5), np.int64)
    for pair in range(len(a_low)):
        told[pair, 3] = np.iinfo(np.int64).max
        for a in range(a_low[pair], a_high[pair]):
            for b in range(b_low[pair], b_high[pair]):
                near = place[a] == b_place[b] and (room[a] == b_room[b] or room[a] == 0 or b_room[b] == 0)
                if near and b_start[b] < till[a] and b_end[b] > start[a]:
                    told[pair, 0] += 1
                    told[pair, 1] += max(0, min(b_end[b], end[a]) - max(b_start[b], start[a]))
                    told[pair, 2] += max(0, min(b_end[b], till[a]) - max(b_start[b], end[a]))
                    told[pair, 3] = min(told[pair, 3], max(b_start[b], start[a]))
                    told[pair, 4] = max(told[pair, 4], min(b_end[b], till[a]))
    return told


def case_bounds(case: Int32) -> Int64:
    """Where each case's stays begin, and the end."""
    heads = np.flatnonzero(np.diff(case)) + 1
    return np.concatenate([np.zeros(1, np.int64), heads, np.array([len(case)], np.int64)]).astype(np.int64)
