"""EARS C1, C2 and C3: today against the mean and spread of the last days; needs no years of history.

Hutwagner et al. (2003) J Urban Health 80(2 Suppl 1):i89-i96. C1 compares with the `baseline` periods just
before, C2 leaves a gap of two between, C3 adds up the excess of recent days over C2's baseline.

"C3" is the C3 of R's `surveillance` (`earsC`), for equal answers: it rings when the excess of the **two days
before** exceeds the limit; today's count cannot ring it. "C3_today" is the published rule: the excess of
today and the two days before, which must exceed 2.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri

from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.ears_windows import baseline_moments
from sizao.epi.detection.grid import Absent, Floats, Ranges, read_grid
from sizao.epi.detection.status import OK, SHORT_HISTORY, UNSTABLE
from sizao.epi.detection.verdicts import verdict_frame
from sizao.vocabulary.text import N_

Kind = Literal["C1", "C2", "C3", "C3_today"]
#: Alarm level of each kind: C1 and C2 three standard deviations or so, C3 as `surveillance` sets it.
ALPHA: dict[str, float] = {"C1": 0.001, "C2": 0.001, "C3": 0.025, "C3_today": 0.025}
GAP: dict[str, int] = {"C1": 0, "C2": 2, "C3": 2, "C3_today": 2}


def ears(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    kind: Kind = "C1",
    baseline: int = 7,
    min_sigma: float = 0.0,
    alpha: float | str | None = None,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
) -> pl.DataFrame:
    """Test the newest `last` periods of each series against its last `baseline` periods.

    In: `date`, `n`, the columns of `by`; optional `n_known` (cases in known outbreaks, kept out of the
    baseline). Out: keys, `date`, `n` and the columns of `verdicts.COLUMNS`. `alpha` may name a column with
    one level per series. Assumes counts that vary around a level without season or day of week.
    """
    if kind not in ALPHA:
        raise InputError(N_("Kind “{kind}” is not one of C1, C2, C3, C3_today.", kind=kind))
    if baseline < 2:
        raise InputError(N_("The baseline needs at least 2 periods, not {baseline}.", baseline=baseline))
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    z = -ndtri(grid.per_series(ALPHA[kind] if alpha is None else alpha, "alpha"))[:, None]
    mean, sd = baseline_moments(grid.baseline(), grid.began, baseline, GAP[kind])
    sd = np.maximum(sd, min_sigma)
    if kind in ("C1", "C2"):
        upper = mean + z * sd
        score = relative_excess(grid.counts, mean, upper)
        p_value = normal_tail(grid.counts, mean, sd)
    else:
        upper, score = c3(grid.counts, mean, sd, z, published=kind == "C3_today")
        p_value = np.full_like(mean, np.nan)
    status = np.where(np.isnan(mean), SHORT_HISTORY, np.where(np.isnan(upper), UNSTABLE, OK))
    cut = (slice(None), asked)
    return verdict_frame(
        grid,
        asked,
        status=status[cut].astype(np.int8),
        alarm=(score > 1.0)[cut],
        expected=mean[cut],
        upper=upper[cut],
        p_value=p_value[cut],
        score=score[cut],
        phi=dispersion(mean, sd)[cut],
    )


def c3(counts: Floats, mean: Floats, sd: Floats, z: Floats, *, published: bool) -> tuple[Floats, Floats]:
    """Threshold and score of C3; missing where a day of its memory had a baseline without spread."""
    with np.errstate(all="ignore"):
        excess = (counts - mean) / sd - 1.0
    excess = np.where(np.isnan(excess), np.nan, np.maximum(excess, 0.0))
    memory = np.full_like(excess, np.nan)
    memory[:, 2:] = excess[:, 1:-1] + excess[:, :-2]
    with np.errstate(all="ignore"):
        if published:
            upper = np.maximum(mean + sd * (3.0 - memory), 0.0)
            score = (memory + excess) / 2.0
        else:
            upper = counts + sd * (z - memory)
            upper = np.where(upper < 0.0, 0.0, upper)
            score = np.where(counts > upper, memory / z, np.minimum(memory / z, 1.0))
    return upper, np.where(np.isnan(upper), np.nan, score)


def relative_excess(counts: Floats, expected: Floats, upper: Floats) -> Floats:
    """The count on the scale where the mean is 0 and the threshold 1; 1 + surplus where both are equal."""
    with np.errstate(all="ignore"):
        score = (counts - expected) / (upper - expected)
    return np.where(upper == expected, 1.0 + counts - upper, score)


def dispersion(mean: Floats, sd: Floats) -> Floats:
    """Variance divided by mean; missing where the mean is 0."""
    return np.divide(sd * sd, mean, out=np.full_like(mean, np.nan), where=mean > 0.0)


def normal_tail(counts: Floats, mean: Floats, sd: Floats) -> Floats:
    """Chance of a value at least as high under a normal distribution."""
    with np.errstate(all="ignore"):
        tail = ndtr(-(counts - mean) / sd)
    return np.where(sd == 0.0, np.where(counts > mean, 0.0, 1.0), tail)
