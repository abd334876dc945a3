"""The quasi-Poisson fit of Farrington Flexible in closed form (compiled).

Log mean = level of the season + slope * time. Weighted least squares of that design needs only sums per
season, and exp(level + slope * time) is exp(level) times a power, so each step is one pass of products.
The steps are those of R's `glm`: start at y + 0.1, stop when the deviance changes by less than 1e-8 of
itself plus 0.1, at most 25 steps. The sums of the **last solve** (means of the step before) are kept,
because dispersion, leverage and standard errors are defined by them there.
"""

import numpy as np

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.compiled import compiled
from sizao.epi.detection.grid import Floats

MOST_STEPS = 25
#: Rows of `points`, one column per reference week, ordered by season.
Y, LOG, Y_LOG_Y, TWO_THIRDS, TIME, OFFSET, LOG_OFFSET, PRIOR, POWER, MEAN, BEFORE = range(11)
POINT_ROWS = 11
#: Rows of `table`, one column per season: sums of weight, target and time; the solution; the last solve.
W, WT, WTT, Z, ZT, COUNTS, COUNTS_T, LEVEL, LEVEL_BEFORE, MASS, MIDDLE = range(11)
TABLE_ROWS = 11
#: Positions in `fit`: slope, slope of the step before, spread of time in the last solve, steps taken.
SLOPE, SLOPE_BEFORE, SPREAD, STEPS = range(4)
FIT_SIZE = 4


@compiled
def fit_log_mean(points: Floats, ends: Ints, table: Floats, fit: Floats, trend: bool) -> bool:
    """Fit with prior weights `points[PRIOR]`; True when converged."""
    constant, deviance = start_sums(points, ends, table, fit)
    n_seasons = len(ends) - 1
    for step in range(1, MOST_STEPS + 1):
        solve(table, fit, n_seasons, trend)
        fit[STEPS] = step
        fill_powers(fit[SLOPE], points[TIME], ends[n_seasons], points[POWER])
        before = deviance
        deviance = constant + 2.0 * step_sums(points, ends, table, fit[SLOPE])
        if not np.isfinite(deviance):
            return False
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            return True
    return False


@compiled
def clear(table: Floats, fit: Floats) -> None:
    """Zeros everywhere (loops, because they compile many times faster than whole-array assignments)."""
    for row in range(table.shape[0]):
        for c in range(table.shape[1]):
            table[row, c] = 0.0
    for i in range(len(fit)):
        fit[i] = 0.0


@compiled
def start_sums(points: Floats, ends: Ints, table: Floats, fit: Floats) -> tuple[float, float]:
    """Sums at the starting means y + 0.1; the constant part of the deviance; the deviance there."""
    y, logs, log_offset = points[Y], points[LOG], points[LOG_OFFSET]
    y_log_y, times, prior = points[Y_LOG_Y], points[TIME], points[PRIOR]
    clear(table, fit)
    deviance, constant = 0.0, 0.0
    for c in range(len(ends) - 1):
        w0 = w1 = w2 = z0 = z1 = y0 = y1 = 0.0
        for i in range(ends[c], ends[c + 1]):
            p, t = prior[i], times[i]
            w = p * (y[i] + 0.1)
            z = w * (logs[i] - log_offset[i]) - 0.1 * p
            w0 += w
            w1 += w * t
            w2 += w * t * t
            z0 += z
            z1 += z * t
            y0 += p * y[i]
            y1 += p * y[i] * t
            deviance += p * (y_log_y[i] - y[i] * logs[i] + 0.1)
            constant += p * (y_log_y[i] - y[i] - y[i] * log_offset[i])
        table[W, c], table[WT, c], table[WTT, c], table[Z, c], table[ZT, c] = w0, w1, w2, z0, z1
        table[COUNTS, c], table[COUNTS_T, c] = y0, y1
    return 2.0 * constant, 2.0 * deviance


@compiled
def solve(table: Floats, fit: Floats, n_seasons: int, trend: bool) -> None:
    """Weighted least squares from the sums; keeps them as those of the last solve."""
    above, below = 0.0, 0.0
    for c in range(n_seasons):
        mass = table[W, c]
        table[MASS, c] = mass
        table[LEVEL_BEFORE, c] = table[LEVEL, c]
        if mass > 0.0 and trend:
            middle = table[WT, c] / mass
            table[MIDDLE, c] = middle
            above += table[ZT, c] - middle * table[Z, c]
            below += table[WTT, c] - middle * table[WT, c]
    fit[SLOPE_BEFORE] = fit[SLOPE]
    fit[SLOPE] = above / below if below > 0.0 else 0.0
    fit[SPREAD] = below
    for c in range(n_seasons):
        if table[MASS, c] > 0.0:
            table[LEVEL, c] = table[Z, c] / table[MASS, c] - fit[SLOPE] * table[MIDDLE, c]


@compiled
def step_sums(points: Floats, ends: Ints, table: Floats, slope: float) -> float:
    """Sums at the means of the present solution; half the part of the deviance that depends on it."""
    times, prior, powers, offset = points[TIME], points[PRIOR], points[POWER], points[OFFSET]
    half = 0.0
    for c in range(len(ends) - 1):
        if ends[c + 1] == ends[c]:
            continue
        e0 = e1 = e2 = 0.0
        for i in range(ends[c], ends[c + 1]):
            e, t = prior[i] * powers[i] * offset[i], times[i]
            e0 += e
            e1 += e * t
            e2 += e * t * t
        level = table[LEVEL, c]
        mean = np.exp(level)
        w0, w1, w2 = mean * e0, mean * e1, mean * e2
        y0, y1 = table[COUNTS, c], table[COUNTS_T, c]
        table[W, c], table[WT, c], table[WTT, c] = w0, w1, w2
        table[Z, c] = level * w0 + slope * w1 + y0 - w0
        table[ZT, c] = level * w1 + slope * w2 + y1 - w1
        half += w0 - level * y0 - slope * y1
    return half


@compiled
def fill_powers(slope: float, times: Floats, n: int, powers: Floats) -> None:
    """exp(slope * time) of every point: times are whole numbers, so few exponentials are needed."""
    lowest, highest = times[0], times[0]
    for i in range(n):
        powers[i] = 1.0
        lowest, highest = min(lowest, times[i]), max(highest, times[i])
    if slope == 0.0:
        return
    coarse_steps = (int(highest - lowest) >> 4) + 1
    if coarse_steps > n:
        for i in range(n):
            powers[i] = np.exp(slope * times[i])
        return
    table = np.empty(coarse_steps << 4)
    for i in range(16):
        table[i] = np.exp(slope * (lowest + i))
    jump = np.exp(slope * 16.0)
    for j in range(16, coarse_steps << 4):
        table[j] = table[j - 16] * jump
    for i in range(n):
        powers[i] = table[int(times[i] - lowest)]


@compiled
def fill_means(points: Floats, ends: Ints, table: Floats, fit: Floats) -> None:
    """The fitted means, and those that weighted the last solve."""
    n = ends[len(ends) - 1]
    spread_means(points, ends, table[LEVEL], fit[SLOPE], points[MEAN])
    if fit[STEPS] > 1.0:
        spread_means(points, ends, table[LEVEL_BEFORE], fit[SLOPE_BEFORE], points[BEFORE])
    else:
        for i in range(n):
            points[BEFORE, i] = points[Y, i] + 0.1


@compiled
def spread_means(points: Floats, ends: Ints, levels: Floats, slope: float, means: Floats) -> None:
    """exp(level + slope * time) * offset at every point."""
    powers, offset = points[POWER], points[OFFSET]
    fill_powers(slope, points[TIME], ends[len(ends) - 1], powers)
    for c in range(len(ends) - 1):
        level = np.exp(levels[c])
        for i in range(ends[c], ends[c + 1]):
            means[i] = level * powers[i] * offset[i]


@compiled
def dispersions(points: Floats, n: int, rank: int) -> tuple[float, float]:
    """Pearson dispersion with the working weights, and with the prior weights in their place."""
    y, prior, mean, before = points[Y], points[PRIOR], points[MEAN], points[BEFORE]
    working, plain = 0.0, 0.0
    for i in range(n):
        relative = y[i] / mean[i] - 1.0
        square = prior[i] * relative * relative
        plain += square
        working += square * before[i]
    return working / (n - rank), plain / (n - rank)


@compiled
def unscaled_variance(season: int, time: float, table: Floats, fit: Floats) -> float:
    """Variance of the log mean of a season at a time, before dispersion."""
    variance: float = 1.0 / table[MASS, season]
    if fit[SPREAD] > 0.0:
        distance = time - table[MIDDLE, season]
        variance += distance * distance / fit[SPREAD]
    return variance


@compiled
def weigh_outbreaks_down(points: Floats, ends: Ints, table: Floats, fit: Floats, phi: float, limit: float) -> bool:
    """Prior weight = standardised Anscombe residual to the power -2 where that is above `limit`.

    False when no week is above, so that the weights stay one and the fit stands.
    """
    y_two_thirds, times, prior = points[TWO_THIRDS], points[TIME], points[PRIOR]
    sixths, before = points[POWER], points[BEFORE]
    n = ends[len(ends) - 1]
    fill_sixth_roots(points, ends, table, fit)
    total, above = 0.0, 0
    for c in range(len(ends) - 1):
        for i in range(ends[c], ends[c + 1]):
            room = phi * max(1.0 - before[i] * unscaled_variance(c, times[i], table, fit), 1e-14)
            square = sixths[i] * sixths[i]
            residual = 1.5 * (y_two_thirds[i] - square * square) / (sixths[i] * np.sqrt(room))
            if residual > limit:
                prior[i] = 1.0 / (residual * residual)
                above += 1
            total += prior[i]
    if above == 0:
        return False
    for i in range(n):
        prior[i] *= n / total
    return True


@compiled
def fill_sixth_roots(points: Floats, ends: Ints, table: Floats, fit: Floats) -> None:
    """The sixth root of every fitted mean, in the place of the powers."""
    powers, offset, log_offset = points[POWER], points[OFFSET], points[LOG_OFFSET]
    fill_powers(fit[SLOPE] / 6.0, points[TIME], ends[len(ends) - 1], powers)
    for c in range(len(ends) - 1):
        level = np.exp(table[LEVEL, c] / 6.0)
        for i in range(ends[c], ends[c + 1]):
            root = 1.0 if log_offset[i] == 0.0 else offset[i] ** (1.0 / 6.0)
            powers[i] *= level * root


@compiled
def fit_with_reweighting(points: Floats, ends: Ints, table: Floats, fit: Floats, trend: bool, limit: float) -> bool:
    """Fit, weigh past outbreaks down, fit again; False when a fit did not converge."""
    n = ends[len(ends) - 1]
    for i in range(n):
        points[PRIOR, i] = 1.0
    if not fit_log_mean(points, ends, table, fit, trend):
        return False
    fill_means(points, ends, table, fit)
    if limit <= 0.0:
        return True
    phi, _ = dispersions(points, n, rank(ends, trend))
    if not weigh_outbreaks_down(points, ends, table, fit, max(phi, 1.0), limit):
        return True
    if not fit_log_mean(points, ends, table, fit, trend):
        return False
    fill_means(points, ends, table, fit)
    return True


@compiled
def rank(ends: Ints, trend: bool) -> int:
    """Number of fitted coefficients."""
    count = 1 if trend else 0
    for c in range(len(ends) - 1):
        if ends[c + 1] > ends[c]:
            count += 1
    return count
