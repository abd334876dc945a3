"""Tails of sums over recent periods (compiled)."""

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.count_tails import chance_above, upper_quantile
from sizao.epi.detection.grid import Floats


@compiled
def sum_tails(
    counts: Floats,
    expected: Floats,
    phi: Floats,
    windows: Ints,
    parts: Floats,
    alphas: Floats,
    zs: Floats,
    p_value: Floats,
    upper: Floats,
) -> None:
    """Smallest corrected p-value over the windows, and the highest newest count that no window rings on.

    A window that reaches a period without report or baseline is left out.
    """
    skipped = counts.shape[1] - p_value.shape[1]
    for s in range(counts.shape[0]):
        for j in range(p_value.shape[1]):
            t = j + skipped
            if np.isnan(expected[s, t]) or np.isnan(phi[s, t]):
                continue
            smallest, lowest = 1.0, np.inf
            for w in range(len(windows)):
                window = windows[w]
                older, mean = 0.0, 0.0
                for back in range(window):
                    if t - back < 0:
                        mean = np.nan
                        break
                    mean += expected[s, t - back]
                    older += counts[s, t - back] if back > 0 else 0.0
                if np.isnan(mean) or np.isnan(older):
                    continue
                lowest = min(lowest, upper_quantile(alphas[s, w], zs[s, w], mean, phi[s, t]) - older)
                if not np.isnan(counts[s, t]):
                    chance = chance_above(older + counts[s, t] - 1.0, mean, phi[s, t])
                    smallest = min(smallest, chance / parts[w])
            p_value[s, j] = smallest if not np.isnan(counts[s, t]) else np.nan
            upper[s, j] = max(lowest, 0.0)
