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

from sizao.epi.detection.calendar import Day, InputError, Ints
from sizao.epi.detection.ears_windows import BEFORE, PLAIN, TODAY, fill_thresholds
from sizao.epi.detection.grid import Absent, Floats, Ranges, read_grid
from sizao.epi.detection.status import OK, SHORT_HISTORY, UNSTABLE
from sizao.epi.detection.verdicts import verdict_frame
from sizao.vocabulary.text import N_

Kind = Literal["C1", "C2", "C3", "C3_today"]
#: Alarm level of each kind: C1 and C2 three standard deviations or so, C3 as `surveillance` sets it.
ALPHA: dict[str, float] = {"C1": 0.001, "C2": 0.001, "C3": 0.025, "C3_today": 0.025}
KINDS: dict[str, int] = {"C1": PLAIN, "C2": PLAIN, "C3": BEFORE, "C3_today": TODAY}
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
    zs = -ndtri(grid.per_series(ALPHA[kind] if alpha is None else alpha, "alpha"))
    full = thresholds(grid.counts, grid.baseline(), grid.began, kind, zs, baseline, min_sigma)
    counts = grid.counts[:, asked]
    mean, sd, upper, memory = (part[:, asked] if part.shape[1] else part for part in full)
    score = score_of(kind, counts, mean, upper, memory, zs)
    plain = kind in ("C1", "C2")
    p_value = normal_tail(counts, mean, sd) if plain else np.full_like(mean, np.nan)
    status = np.where(np.isnan(mean), SHORT_HISTORY, np.where(np.isnan(upper), UNSTABLE, OK))
    return verdict_frame(
        grid,
        asked,
        status=status.astype(np.int8),
        alarm=score > 1.0,
        expected=mean,
        upper=upper,
        p_value=p_value,
        score=score,
        phi=dispersion(mean, sd),
    )


def thresholds(
    counts: Floats, usable: Floats, began: Ints, kind: Kind, zs: Floats, baseline: int, min_sigma: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, standard deviation, threshold and C3's memory of every series and period (series by time)."""
    mean, sd, upper = (np.empty_like(counts) for _ in range(3))
    memory = np.empty_like(counts) if KINDS[kind] != PLAIN else np.empty((len(counts), 0))
    fill_thresholds(counts, usable, began, baseline, GAP[kind], KINDS[kind], zs, min_sigma, mean, sd, upper, memory)
    return mean, sd, upper, memory


def score_of(kind: Kind, counts: Floats, mean: Floats, upper: Floats, memory: Floats, zs: Floats) -> Floats:
    """Above 1 rings. C3 scores its memory; a count that is not above the threshold scores 1 at most."""
    if KINDS[kind] == PLAIN:
        return relative_excess(counts, mean, upper)
    if KINDS[kind] == TODAY:
        return np.where(np.isnan(upper), np.nan, memory / 2.0)
    score = memory / zs[:, None]
    return np.where(np.isnan(upper), np.nan, np.where(counts > upper, score, np.minimum(score, 1.0)))


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
