"""Moving means and standard deviations for all series at once (compiled)."""

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats


def baseline_moments(counts: Floats, began: Ints, width: int, gap: int) -> tuple[Floats, Floats]:
    """Mean and sample standard deviation of the `width` periods that end `gap` periods before each period.

    Series by time, oldest first. NaN where the window reaches before the history or fewer than half of its
    periods were reported.
    """
    mean = np.empty_like(counts)
    sd = np.empty_like(counts)
    fill_moments(counts, began, width, gap, mean, sd)
    return mean, sd


@compiled
def fill_moments(counts: Floats, began: Ints, width: int, gap: int, mean: Floats, sd: Floats) -> None:
    """Write the moments; whole numbers are summed exactly, so nothing drifts along the series."""
    enough = max(2, (width + 1) // 2)
    for s in range(counts.shape[0]):
        y, m, d = counts[s], mean[s], sd[s]
        reported, total, squares = 0, 0.0, 0.0
        for t in range(y.shape[0]):
            entering, leaving = t - gap - 1, t - gap - 1 - width
            if entering >= 0 and not np.isnan(y[entering]):
                reported += 1
                total += y[entering]
                squares += y[entering] * y[entering]
            if leaving >= 0 and not np.isnan(y[leaving]):
                reported -= 1
                total -= y[leaving]
                squares -= y[leaving] * y[leaving]
            if leaving + 1 < began[s] or reported < enough:
                m[t] = np.nan
                d[t] = np.nan
                continue
            m[t] = total / reported
            variance = (squares - total * m[t]) / (reported - 1)
            d[t] = np.sqrt(variance) if variance > 1e-12 * m[t] * m[t] else 0.0
