"""What detectors that compare a count with a sample have in common."""

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.grid import Floats, Grid
from sizao.epi.detection.status import SHORT_HISTORY
from sizao.epi.detection.verdicts import Codes


def blank(grid: Grid, asked: Ints) -> tuple[Floats, Floats, Floats, Codes]:
    """Expected count, threshold and p-value not yet known, and the status of a short history."""
    shape = (grid.n_series, len(asked))
    expected, upper, p_value = (np.full(shape, np.nan) for _ in range(3))
    return expected, upper, p_value, np.full(shape, SHORT_HISTORY, dtype=np.int8)


def relative_excess(counts: Floats, expected: Floats, upper: Floats) -> Floats:
    """The count on the scale where the mean is 0 and the threshold 1; above 1 exactly when above the threshold.

    Where the threshold is not above the mean the scale is one case.
    """
    scale = np.where(upper > expected, upper - expected, 1.0)
    return np.where(upper > expected, (counts - expected) / scale, 1.0 + counts - upper)
