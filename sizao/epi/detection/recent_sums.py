"""Farrington on sums: the newest period alone and the newest two together, with one false-alarm budget.

Cases of one outbreak spread over weeks; the sum of two weeks gathers most of them while its chance variation
grows only by the square root of two. The means and dispersions are those of Farrington Flexible for each
week; a sum of negative binomial counts of equal dispersion is negative binomial again. Each window is given
its share of `alpha`.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.special import ndtri

from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.farrington import Trend, farrington
from sizao.epi.detection.grid import Absent, Floats, Ranges, read_grid
from sizao.epi.detection.recent_sums_loop import sum_tails
from sizao.epi.detection.status import NAMES, OK
from sizao.epi.detection.verdicts import verdict_frame
from sizao.vocabulary.text import N_


def recent_sums(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    windows: Sequence[int] = (1, 2),
    shares: Sequence[float] = (0.1, 0.9),
    years: int = 5,
    half_window: int | None = None,
    periods: int | None = None,
    guard: int | None = None,
    alpha: float | str = 0.005,
    trend: Trend = "keep",
    reweight: float | None = 2.58,
    min_cases: tuple[int, int] | None = (5, 4),
    exclude: Ranges = (),
    use_population: bool = False,
    absent: Absent = "zero",
    since: Day | None = None,
    threads: int = 1,
) -> pl.DataFrame:
    """Test sums of the newest 1, 2, … periods (`windows`) on each of the newest `last` dates.

    `upper` is the highest count of the newest period that rings with no window; `p_value` the smallest of
    the windows' divided by their share of alpha, at most 1; `score` its logarithm divided by that of `alpha`. Other
    settings, input, output and assumptions as `farrington`.
    """
    if not windows or min(windows) < 1 or len(windows) != len(shares) or min(shares) <= 0.0:
        raise InputError(N_("Windows must be whole numbers of 1 or more, each with a share of alpha above 0."))
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    asked = grid.asked(last)
    longest = max(windows)
    width = min(len(asked) + longest - 1, grid.n_periods)
    fits = farrington(
        df,
        by=by,
        freq=freq,
        until=until,
        last=width,
        years=years,
        half_window=half_window,
        periods=periods,
        guard=guard,
        alpha=alpha,
        trend=trend,
        reweight=reweight,
        min_cases=min_cases,
        exclude=exclude,
        use_population=use_population,
        absent=absent,
        since=since,
        threads=threads,
    )
    shape = (grid.n_series, width)
    expected, phi = (plane(fits, name, shape) for name in ("expected", "phi"))
    alphas = grid.per_series(alpha, "alpha")
    p_value, upper = (np.full((grid.n_series, len(asked)), np.nan) for _ in range(2))
    parts = np.array(shares, dtype=np.float64) / sum(shares)
    share = alphas[:, None] * parts[None, :]
    sum_tails(
        grid.counts[:, grid.n_periods - width :],
        expected,
        phi,
        np.array(windows, dtype=np.int64),
        parts,
        share,
        -ndtri(share),
        p_value,
        upper,
    )
    status = np.array([NAMES.index(name) for name in fits["status"]], dtype=np.int8).reshape(shape)
    cut = (slice(None), slice(width - len(asked), width))
    with np.errstate(divide="ignore"):
        score = np.minimum(np.log(p_value) / np.log(alphas)[:, None], 1e3)
    return verdict_frame(
        grid,
        asked,
        status=status[cut],
        alarm=(p_value < alphas[:, None]) & (grid.counts[:, asked] > 0.0) & (status[cut] == OK),
        expected=expected[cut],
        upper=upper,
        p_value=p_value,
        score=score,
        phi=phi[cut],
        trend=plane(fits, "trend", shape)[cut],
    )


def plane(frame: pl.DataFrame, name: str, shape: tuple[int, int]) -> Floats:
    """A column of a long frame as series by time."""
    return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy().reshape(shape)
