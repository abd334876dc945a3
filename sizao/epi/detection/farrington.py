"""Farrington Flexible: this period against the same season of past years.

Farrington et al. (1996) JRSS A 159:547-563; Noufaily et al. (2013) Stat Med 32:1206-1222. A quasi-Poisson
model with a level per season and a trend is fitted to `years` past years; weeks that look like outbreaks are
weighted down and the model fitted again; the threshold is an upper quantile of the count expected now.
Thresholds and alarms are those of R's `surveillance::farringtonFlexible` 1.20.3, except where the oldest
reference week was not reported: there the reference extrapolates the trend to a week too early.
"""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
import polars as pl
from scipy.special import ndtri

from sizao.epi.detection import farrington_loop as loop
from sizao.epi.detection.calendar import Day, InputError
from sizao.epi.detection.farrington_weeks import ReferenceWeeks, reference_weeks
from sizao.epi.detection.grid import Absent, Floats, Grid, Ranges, read_grid
from sizao.epi.detection.status import SHORT_HISTORY
from sizao.epi.detection.verdicts import Codes, verdict_frame
from sizao.vocabulary.text import N_

Method = Literal["nbPlugin", "muan", "delta"]
Trend = Literal["keep", "test", "none"]
METHODS: dict[str, int] = {"nbPlugin": loop.NB_PLUGIN, "muan": loop.MUAN, "delta": loop.DELTA}
#: Level at which the trend must be significant to stay; 1 keeps it, 0 never fits it.
TREND_LIMIT: dict[str, float] = {"keep": 1.0, "test": 0.05, "none": 0.0}
#: Fewer years than this cannot tell a trend from a season.
YEARS_FOR_TREND = 3
#: Window and seasons per frequency: a month's neighbours are one to either side.
DEFAULTS: dict[str, dict[str, int]] = {
    "week": {"half_window": 3, "periods": 10, "guard": 26},
    "month": {"half_window": 1, "periods": 5, "guard": 3},
    "day": {"half_window": 10, "periods": 10, "guard": 91},
}


def farrington(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    years: int = 5,
    half_window: int | None = None,
    periods: int | None = None,
    guard: int | None = None,
    alpha: float | str = 0.005,
    method: Method = "nbPlugin",
    trend: Trend = "keep",
    reweight: float | None = 2.58,
    min_cases: tuple[int, int] | None = (5, 4),
    exclude: Ranges = (),
    use_population: bool = False,
    absent: Absent = "zero",
    since: Day | None = None,
    threads: int = 1,
) -> pl.DataFrame:
    """Test the newest `last` periods of each series against the same season of `years` past years.

    In: `date`, `n`, the columns of `by`; optional `n_known` (cases in known outbreaks, kept out of the
    baseline) and `population` (a denominator, used when `use_population`). Out: keys, `date`, `n` and the
    columns of `verdicts.COLUMNS`. `alpha` may name a column. `reweight=None` keeps past outbreaks in full.
    With `min_cases=(5, 4)` nothing rings on fewer than 5 cases in 4 periods. `half_window`, `periods` (seasons
    of the year) and `guard` (newest periods left out) default to 3, 10, 26 weeks or 1, 5, 3 months.
    Assumes that, without outbreaks, the counts of a season vary around a smooth trend.
    """
    check_choice("method", method, METHODS)
    check_choice("trend", trend, TREND_LIMIT)
    if years < 1:
        raise InputError(N_("Years of baseline must be at least 1, not {years}.", years=years))
    grid = read_grid(df, by=by, freq=freq, until=until, exclude=exclude, absent=absent, since=since)
    chosen = {"half_window": half_window, "periods": periods, "guard": guard}
    window = {name: DEFAULTS[freq][name] if value is None else value for name, value in chosen.items()}
    asked = grid.asked(last)
    references = [
        reference_weeks(
            tested=int(column),
            start=grid.start,
            calendar=grid.calendar,
            years=years,
            half_window=window["half_window"],
            seasons=window["periods"],
            guard=window["guard"],
        )
        for column in asked
    ]
    results, status = run(
        grid,
        references,
        alphas=grid.per_series(alpha, "alpha"),
        method=METHODS[method],
        trend_limit=TREND_LIMIT[trend] if years >= YEARS_FOR_TREND else 0.0,
        reweight=reweight or 0.0,
        min_cases=min_cases or (0, 1),
        use_population=use_population,
        threads=threads,
    )
    score = results[:, :, loop.SCORE]
    return verdict_frame(
        grid,
        asked,
        status=status,
        alarm=(score > 1.0) & (grid.counts[:, asked] > 0.0),
        expected=results[:, :, loop.EXPECTED],
        upper=results[:, :, loop.UPPER],
        p_value=results[:, :, loop.P_VALUE],
        score=score,
        phi=results[:, :, loop.PHI],
        trend=results[:, :, loop.TREND],
    )


def check_choice(name: str, value: str, choices: dict[str, int] | dict[str, float]) -> None:
    if value not in choices:
        raise InputError(
            N_(
                "Setting {name} is “{value}”; it must be one of {choices}.",
                name=name,
                value=value,
                choices=", ".join(choices),
            )
        )


def run(
    grid: Grid,
    references: list[ReferenceWeeks],
    *,
    alphas: Floats,
    method: int,
    trend_limit: float,
    reweight: float,
    min_cases: tuple[int, int],
    use_population: bool,
    threads: int,
) -> tuple[Floats, Codes]:
    """Results (series by week by plane) and status; the series are shared out over `threads`."""
    shape = (grid.n_series, len(references))
    results = np.full((*shape, loop.PLANES), np.nan)
    status = np.full(shape, SHORT_HISTORY, dtype=np.int8)
    feasible = [j for j, reference in enumerate(references) if reference.first >= 0 and len(reference.columns)]
    if not feasible:
        return results, status
    used = [references[j] for j in feasible]
    population = grid.population if use_population and grid.population is not None else np.empty((shape[0], 0))
    baseline = grid.baseline()
    # one memory layout for all calls, or each other one is compiled anew
    some_results, some_status = (np.ascontiguousarray(full[:, feasible]) for full in (results, status))

    def test(part: slice) -> None:
        loop.test_all(
            baseline[part],
            grid.counts[part],
            population[part],
            grid.began[part],
            trend_times(grid),
            np.array([reference.tested for reference in used]),
            np.array([reference.first for reference in used]),
            np.concatenate([reference.columns for reference in used]),
            np.cumsum([0, *(len(reference.columns) for reference in used)]),
            np.array([reference.season_ends for reference in used]),
            alphas[part],
            -ndtri(alphas[part]),
            method,
            trend_limit,
            reweight,
            float(min_cases[0]),
            min_cases[1],
            some_results[part],
            some_status[part],
        )

    cuts = np.linspace(0, shape[0], threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(test, [slice(a, b) for a, b in itertools.pairwise(cuts)]))
    results[:, feasible], status[:, feasible] = some_results, some_status
    return results, status


def trend_times(grid: Grid) -> Floats:
    """The time a trend runs over: periods, or days where periods are months of unequal length."""
    columns = np.arange(grid.n_periods)
    if not grid.calendar.dated or grid.calendar.freq != "month":
        return columns.astype(np.float64)
    return grid.calendar.column(grid.start + columns).to_physical().to_numpy().astype(np.float64)
