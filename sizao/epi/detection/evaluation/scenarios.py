"""The simulated series of Noufaily et al. (2013) Stat Med 32:1206-1222: 42 scenarios and their outbreaks.

Mean of week t: exp(theta + beta t + sum over j = 1..m of g1 cos(2 pi j t / 52) + g2 sin(2 pi j t / 52)); counts
negative binomial with variance phi times the mean. Scenario 6 (set - 1) + 3 trend + m + 1 uses parameter set
1 to 7, with (1) or without (0) beta, and m = 0, 1 or 2 harmonics.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sizao.epi.detection.calendar import Ints
from sizao.epi.detection.grid import Floats

WEEKS = 624
#: Weeks (0-based, end excluded) that hold past outbreaks, and that are evaluated.
BASELINE = (312, 575)
EVALUATED = (575, 624)


@dataclass(frozen=True)
class Parameters:
    """One parameter set."""

    theta: float
    beta: float
    g1: float
    g2: float
    phi: float


SETS = (
    Parameters(0.1, 0.0025, 0.6, 0.6, 1.5),
    Parameters(-2.0, 0.005, 0.1, 0.3, 2.0),
    Parameters(1.5, 0.003, 0.2, -0.4, 1.0),
    Parameters(0.5, 0.002, 0.5, 0.5, 5.0),
    Parameters(2.5, 0.001, 1.0, 0.1, 3.0),
    Parameters(3.75, 0.001, 0.1, -0.1, 1.1),
    Parameters(5.0, 0.0001, 0.05, 0.01, 1.2),
)
SCENARIOS = tuple(range(1, 43))


@dataclass(frozen=True)
class Simulated:
    """Replicates of one scenario: baseline counts, outbreak cases, and each evaluated outbreak's weeks."""

    counts: Ints  # replicate by week, outbreaks included
    outbreak: Ints  # cases of the evaluated outbreak, replicate by week
    mean: Floats  # without outbreaks
    phi: float


def mean_counts(scenario: int, weeks: int = WEEKS) -> Floats:
    """The mean of each week of a scenario."""
    p, trend, m = parts(scenario)
    t = np.arange(1, weeks + 1, dtype=np.float64)
    log_mean = p.theta + (p.beta * t if trend else 0.0)
    for j in range(1, m + 1):
        log_mean = log_mean + p.g1 * np.cos(2 * np.pi * j * t / 52) + p.g2 * np.sin(2 * np.pi * j * t / 52)
    return np.asarray(np.exp(log_mean + np.zeros_like(t)))


def parts(scenario: int) -> tuple[Parameters, bool, int]:
    """Parameter set, trend and harmonics of a scenario number."""
    block, rest = divmod(scenario - 1, 6)
    return SETS[block], rest >= 3, rest % 3


def simulate(
    scenario: int,
    *,
    replicates: int,
    past_size: float,
    size: float,
    rng: np.random.Generator,
    past_outbreaks: int = 4,
) -> Simulated:
    """Series with `past_outbreaks` of size `past_size` in the baseline and one of `size` where evaluated.

    Sizes are in standard deviations of the count in the week an outbreak starts; 0 means none.
    """
    mean = mean_counts(scenario)
    phi = parts(scenario)[0].phi
    counts = draw_counts(mean, phi, replicates, rng)
    for _ in range(past_outbreaks if past_size > 0 else 0):
        counts += draw_outbreaks(mean, phi, past_size, BASELINE, replicates, rng)
    outbreak = np.zeros_like(counts)
    if size > 0:
        outbreak = draw_outbreaks(mean, phi, size, EVALUATED, replicates, rng)
    return Simulated(counts + outbreak, outbreak, mean, phi)


def draw_counts(mean: Floats, phi: float, replicates: int, rng: np.random.Generator) -> Ints:
    """Counts without outbreaks: Poisson for phi = 1, else size mean / (phi - 1), probability 1 / phi."""
    shape = (replicates, len(mean))
    if phi <= 1.0:
        return rng.poisson(mean, shape).astype(np.int64)
    return rng.negative_binomial(mean / (phi - 1.0), 1.0 / phi, shape).astype(np.int64)


def draw_outbreaks(
    mean: Floats,
    phi: float,
    size: float,
    window: tuple[int, int],
    replicates: int,
    rng: np.random.Generator,
) -> Ints:
    """One outbreak per replicate: Poisson number of cases (at least one), log-normal spread over weeks.

    Cases that would fall beyond the window's last week are counted in it, so that the size is kept.
    """
    cases = np.zeros((replicates, len(mean)), dtype=np.int64)
    starts = rng.integers(window[0], window[1], replicates)
    for row, start in enumerate(starts):
        n = at_least_one(size * np.sqrt(phi * mean[start]), rng)
        delays = np.floor(rng.lognormal(0.0, 0.5, n)).astype(np.int64)
        np.add.at(cases[row], np.minimum(start + delays, window[1] - 1), 1)
    return cases


def at_least_one(expected: float, rng: np.random.Generator) -> int:
    """A Poisson number given that it is not zero."""
    while True:
        n = int(rng.poisson(expected))
        if n > 0:
            return n


def outbreak_weeks(outbreak: Ints) -> NDArray[np.int64]:
    """First and last week with a case of each replicate's outbreak."""
    seen = outbreak > 0
    return np.stack([seen.argmax(1), outbreak.shape[1] - 1 - seen[:, ::-1].argmax(1)], axis=1)
