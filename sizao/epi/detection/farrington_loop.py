"""Farrington Flexible over series and weeks (compiled): fit, weigh outbreaks down, refit, threshold."""

import math

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.count_tails import beta_share, chance_above, upper_quantile
from sizao.epi.detection.farrington_glm import (
    FIT_SIZE,
    LEVEL,
    LOG,
    LOG_OFFSET,
    OFFSET,
    POINT_ROWS,
    SLOPE,
    SPREAD,
    TABLE_ROWS,
    TIME,
    TWO_THIRDS,
    Y_LOG_Y,
    Y,
    dispersions,
    fit_with_reweighting,
    rank,
    unscaled_variance,
)
from sizao.epi.detection.grid import Floats
from sizao.epi.detection.status import FEW_CASES, NOT_CONVERGED, OK, SHORT_HISTORY, UNSTABLE
from sizao.epi.detection.verdicts import Codes

#: Threshold methods.
NB_PLUGIN, MUAN, DELTA = range(3)
#: Planes of `results`.
EXPECTED, UPPER, P_VALUE, SCORE, PHI, TREND, MEAN_USED, SLOPE_KEPT = range(8)
PLANES = 8
#: A mean this many times the largest count of the baseline is no estimate.
RUNAWAY = 1000.0


@compiled
def test_all(
    baseline: Floats,
    tested: Floats,
    population: Floats,
    began: Ints,
    times: Floats,
    weeks: Ints,
    first: Ints,
    columns: Ints,
    starts: Ints,
    season_ends: Ints,
    alphas: Floats,
    zs: Floats,
    method: int,
    trend_limit: float,
    reweight: float,
    few_cases: float,
    few_periods: int,
    results: Floats,
    status: Codes,
) -> None:
    """Test every series in every week; `results` is series by week by plane.

    Week j is compared with `columns[starts[j]:starts[j + 1]]`, cut into seasons by `season_ends[j]`.
    """
    n_seasons = season_ends.shape[1] - 1
    longest = 1
    for j in range(len(weeks)):
        longest = max(longest, starts[j + 1] - starts[j])
    points = np.zeros((POINT_ROWS, longest))
    for i in range(longest):
        points[OFFSET, i] = 1.0
    table, fit = np.empty((TABLE_ROWS, n_seasons)), np.empty(FIT_SIZE)
    ends = np.empty(n_seasons + 1, dtype=np.int64)
    powers = np.empty((3, baseline.shape[1]))
    small = small_counts()
    for s in range(baseline.shape[0]):
        fill_transforms(baseline[s], small, powers)
        for j in range(len(weeks)):
            week = weeks[j]
            if first[j] < began[s]:
                status[s, j] = SHORT_HISTORY
                continue
            if recent_cases(tested[s], week, few_periods) < few_cases:
                status[s, j] = FEW_CASES
                continue
            reference = columns[starts[j] : starts[j + 1]]
            origin = times[middle_of(reference)]
            largest = gather(baseline[s], powers, population[s], times, reference, season_ends[j], origin, points, ends)
            outcome = results[s, j]
            status[s, j] = test_one(
                points,
                ends,
                table,
                fit,
                tested[s, week],
                population[s],
                week,
                times[week] - origin,
                largest,
                alphas[s],
                zs[s],
                method,
                trend_limit,
                reweight,
                outcome,
            )


@compiled
def small_counts() -> Floats:
    """log(y + 0.1), y log y and y^(2/3) of the counts 0 … 255."""
    table = np.zeros((3, 256))
    for y in range(256):
        table[0, y] = math.log(y + 0.1)
        table[1, y] = y * math.log(y) if y > 0 else 0.0
        table[2, y] = y ** (2.0 / 3.0)
    return table


@compiled
def fill_transforms(counts: Floats, small: Floats, powers: Floats) -> None:
    """The three transforms of a series' counts."""
    for t in range(len(counts)):
        y = counts[t]
        if y < 256.0 and y == math.floor(y):
            for row in range(3):
                powers[row, t] = small[row, int(y)]
        else:
            powers[0, t] = math.log(y + 0.1)
            powers[1, t] = y * math.log(y) if y > 0.0 else 0.0
            powers[2, t] = y ** (2.0 / 3.0)


@compiled
def recent_cases(counts: Floats, week: int, periods: int) -> float:
    """Cases reported in the newest periods."""
    total = 0.0
    for t in range(max(week - periods + 1, 0), week + 1):
        if not np.isnan(counts[t]):
            total += counts[t]
    return total


@compiled
def gather(
    counts: Floats,
    powers: Floats,
    population: Floats,
    times: Floats,
    columns: Ints,
    season_ends: Ints,
    origin: float,
    points: Floats,
    ends: Ints,
) -> float:
    """Copy the reported reference weeks into `points`; returns the largest count. Time 0 is their middle."""
    n, largest = 0, 0.0
    ends[0] = 0
    for c in range(len(ends) - 1):
        for j in range(season_ends[c], season_ends[c + 1]):
            column = columns[j]
            y = counts[column]
            if np.isnan(y):
                continue
            points[Y, n] = y
            points[LOG, n] = powers[0, column]
            points[Y_LOG_Y, n] = powers[1, column]
            points[TWO_THIRDS, n] = powers[2, column]
            points[TIME, n] = times[column] - origin
            if len(population):
                points[OFFSET, n] = population[column]
                points[LOG_OFFSET, n] = math.log(population[column])
            largest = max(largest, y)
            n += 1
        ends[c + 1] = n
    return largest


@compiled
def middle_of(columns: Ints) -> int:
    """The middle column of the reference weeks."""
    lowest, highest = columns[0], columns[0]
    for column in columns:
        lowest, highest = min(lowest, column), max(highest, column)
    return int((lowest + highest) // 2)


@compiled
def test_one(
    points: Floats,
    ends: Ints,
    table: Floats,
    fit: Floats,
    count: float,
    population: Floats,
    week: int,
    time: float,
    largest: float,
    alpha: float,
    z: float,
    method: int,
    trend_limit: float,
    reweight: float,
    outcome: Floats,
) -> int:
    """Fit the baseline of one series and week and judge its count; returns the status."""
    n_seasons = len(ends) - 1
    n = int(ends[n_seasons])
    if ends[n_seasons] == ends[n_seasons - 1] or n - rank(ends, trend_limit > 0.0) < 1:
        return SHORT_HISTORY
    scale = population[week] if len(population) else 1.0
    trend = trend_limit > 0.0
    if trend and fit_with_reweighting(points, ends, table, fit, True, reweight):
        working, plain = dispersions(points, n, rank(ends, True))
        mean = scale * math.exp(table[LEVEL, n_seasons - 1] + fit[SLOPE] * time)
        trend = mean <= largest and (
            trend_limit >= 1.0 or trend_p_value(fit, plain, n - rank(ends, True)) < trend_limit
        )
    else:
        trend = False
    if not trend:
        if not fit_with_reweighting(points, ends, table, fit, False, reweight):
            outcome[EXPECTED] = 0.0
            return NOT_CONVERGED
        working, plain = dispersions(points, n, rank(ends, False))
        mean = scale * math.exp(table[LEVEL, n_seasons - 1])
    outcome[TREND] = 1.0 if trend else 0.0
    outcome[SLOPE_KEPT] = fit[SLOPE]
    if reweight <= 0.0:
        plain = working
    variance = plain * unscaled_variance(n_seasons - 1, time, table, fit)
    return judge(count, mean, max(working, 1.0), variance, alpha, z, method, largest, outcome)


@compiled
def judge(
    count: float,
    mean: float,
    phi: float,
    variance: float,
    alpha: float,
    z: float,
    method: int,
    largest: float,
    outcome: Floats,
) -> int:
    """Threshold, p-value and score of a count; `variance` is that of the estimated log mean."""
    used, centre = mean, math.log(mean)
    if method == MUAN:
        used = math.exp(centre + z * math.sqrt(variance))
    if method == DELTA:
        centre = mean
        spread = math.sqrt(phi * mean + mean * mean * variance)
        upper = mean * max(0.0, 1.0 + 2.0 / 3.0 * z * spread / mean) ** 1.5
    else:
        upper = upper_quantile(alpha, z, used, phi)
    outcome[EXPECTED] = mean
    outcome[MEAN_USED] = used
    outcome[UPPER] = upper
    outcome[PHI] = phi
    if method == DELTA:
        distance = (count ** (2.0 / 3.0) - mean ** (2.0 / 3.0)) / (2.0 / 3.0 * mean ** (-1.0 / 3.0) * spread)
        outcome[P_VALUE] = 0.5 * math.erfc(distance / math.sqrt(2.0))
    else:
        outcome[P_VALUE] = chance_above(count - 1.0, used, phi)
    outcome[SCORE] = (count - centre) / (upper - centre)
    return UNSTABLE if used > RUNAWAY * (largest + 1.0) else OK


@compiled
def trend_p_value(fit: Floats, plain: float, df: int) -> float:
    """Two-sided t test of the slope."""
    square = fit[SLOPE] * fit[SLOPE] * fit[SPREAD] / plain
    return beta_share(0.5 * df, 0.5, df / (df + square))
