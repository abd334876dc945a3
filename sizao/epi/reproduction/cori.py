"""The instantaneous reproduction number of Cori et al., for many series at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import gammaincinv

from sizao.epi.reproduction.mixture import fewer_scales, mixture_moments, mixture_quantiles
from sizao.epi.reproduction.serial_interval import SerialInterval, Weights, weights_of
from sizao.epi.reproduction.series import DailySeries, daily_series, keys_of

Floats = npt.NDArray[np.floating[Any]]
Flags = npt.NDArray[np.bool_]

QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
#: A posterior this wide relative to its mean says little (Cori et al. 2013 aim at 0.3).
WIDE = 0.3
#: A gap matters when it falls within the window or the days before it that hold this share of serial intervals.
NOTICED = 0.95
#: A day on which fewer than one in two hundred of the possible serial intervals can be estimated is too early.
LEAST_SHARE = 0.005
#: Statuses that come with numbers.
ESTIMATED = ("ok", "prior_only")
#: Rows of the frame that are worked on together when the serial interval has many possibilities.
CHUNK = 2000


def cori(
    incidence: pl.DataFrame,
    *,
    si: SerialInterval,
    window: int = 7,
    prior: tuple[float, float] = (5.0, 5.0),
    quantiles: Sequence[float] = QUANTILES,
    by: Sequence[str] | None = None,
) -> pl.DataFrame:
    """R of each day: how many people a case infects under the conditions of the `window` days that end then.

    Method: Cori, Ferguson, Fraser, Cauchemez (2013) Am J Epidemiol 178:1505; uncertain serial interval: Thompson
    et al. (2019) Epidemics 29:100356. New cases are Poisson around R times the infectiousness of those before
    them; R is constant within the window and has a gamma prior; the posterior is a gamma distribution too.

    In: daily counts `date, n` (as `sizao.epi.incidence` gives them), optionally `n_imported` (those of `n` that
    were infected elsewhere: they infect but were not infected here), and columns that name a series (`by`;
    unless told, every other column). All cases of a series' first day count as imported. `si` is a pair (mean,
    sd) in days, or weights for 0, 1, 2, … days (the first 0), or rows of such weights (samples), or
    `UncertainSI`. `prior` is mean and sd of R beforehand.

    Out: a row for each row in, in the same order: keys, `date, n, window_start, n_window, mean, sd`, a column per
    quantile (0.025 is `q025`, 0.5 is `q50`) and `status`: `ok`; `few_cases` (sd above 0.3 of the mean) and
    `prior_only` (nobody was infectious: R is the prior), both with estimates; `short_history` (first days: no
    full window, or no more days than the mean serial interval), `gap` (a day without a count in or before the
    window), `not_daily` (most days missing, so probably weekly counts), without.
    Recent days look low while onsets are still being reported: pass counts completed by `nowcasting`.

    >>> from datetime import date, timedelta
    >>> days = [date(2020, 1, 1) + timedelta(days=i) for i in range(10)]
    >>> curve = pl.DataFrame({"date": days, "n": [1, 2, 2, 4, 5, 8, 11, 16, 22, 32]})
    >>> cori(curve, si=(3.0, 1.0)).select("mean", "q025", "q975").row(-1)  # doctest: +ELLIPSIS
    (2.7..., 2.2..., 3.3...)
    """
    check_options(window, prior, quantiles)
    keys = keys_of(incidence, by)
    series = daily_series(incidence, keys)
    weights = weights_of(si, max(series.counts.shape[1], 2))
    rows = window_rows(series, weights, window)
    shape, scale = (prior[0] / prior[1]) ** 2, prior[1] ** 2 / prior[0]
    one = len(weights.rows) == 1
    estimate = (gamma_posterior if one else mixed_posterior)(rows, series, weights, window, shape, scale, quantiles)
    return labelled(incidence, keys, series, rows, estimate, quantiles, window)


@dataclass(frozen=True)
class WindowRows:
    """Per row of the frame: cases infected here in its window, their infectors' pull on average, and status.

    `estimable[j, r]`: whether possibility j of the serial interval is short enough for row r.
    """

    cases: Floats
    pull: Floats
    estimable: Flags
    status: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Estimate:
    """Posterior of R per row; `quantiles` has a row for each that was asked."""

    mean: Floats
    sd: Floats
    quantiles: Floats


def window_rows(series: DailySeries, weights: Weights, window: int) -> WindowRows:
    at = (series.row_series, series.row_day)
    local = series.counts - series.imported
    local[:, :1] = 0
    pull = last_days(infectivity(series.counts, weights.likely @ weights.rows), window)[at]
    estimable = series.row_day[None, :] + 1 > mean_of_each(weights, series)
    status = status_of_rows(series, weights, window, weights.likely @ estimable, pull)
    return WindowRows(last_days(local, window)[at], pull, estimable, status)


def infectivity(counts: Floats, weight: Floats) -> Floats:
    """Sum over earlier days of their cases times the weight of the days since, for every series and day."""
    total = np.zeros_like(counts)
    n_days = counts.shape[1]
    for days in np.flatnonzero(weight[:n_days] > 1e-18):
        if days:
            total[:, days:] += weight[days] * counts[:, : n_days - days]
    return total


def last_days(values: Floats, window: int) -> Floats:
    """Sum over the `window` days that end on each day (fewer at the beginning)."""
    total = np.zeros_like(values)
    for back in range(min(window, values.shape[1])):
        total[:, back:] += values[:, : values.shape[1] - back]
    return total


def mean_of_each(weights: Weights, series: DailySeries) -> Floats:
    """Mean serial interval per possibility and row, as the length of the row's series cuts it."""
    per_length = {n: weights.means(n) for n in np.unique(series.lengths)}
    lengths = series.lengths[series.row_series]
    columns, place = np.unique(lengths, return_inverse=True)
    table = np.array([per_length[n] for n in columns]).reshape(len(columns), len(weights.rows))
    return np.asarray(table[place].T)


def status_of_rows(
    series: DailySeries, weights: Weights, window: int, estimable: Floats, pull: Floats
) -> npt.NDArray[np.object_]:
    at = (series.row_series, series.row_day)
    status = np.full(len(series.row_day), "ok", dtype=object)
    status[pull <= 0] = "prior_only"
    reach = window + weights.days_holding(NOTICED)
    status[last_days(series.gap.astype(float), reach)[at] > 0] = "gap"
    status[(series.row_day < window) | (estimable < LEAST_SHARE)] = "short_history"
    status[~series.is_daily[series.row_series]] = "not_daily"
    return status


def gamma_posterior(
    rows: WindowRows,
    series: DailySeries,
    weights: Weights,
    window: int,
    shape: float,
    scale: float,
    quantiles: Sequence[float],
) -> Estimate:
    """The posterior with one serial interval: a gamma distribution per row."""
    shapes, scales = shape + rows.cases, 1 / (1 / scale + rows.pull)
    return Estimate(shapes * scales, np.sqrt(shapes) * scales, unit_quantiles(shapes, quantiles) * scales)


def mixed_posterior(
    rows: WindowRows,
    series: DailySeries,
    weights: Weights,
    window: int,
    shape: float,
    scale: float,
    quantiles: Sequence[float],
) -> Estimate:
    """The posterior with several possible serial intervals: a mixture of gamma distributions per row."""
    wanted = np.flatnonzero(np.isin(rows.status, ESTIMATED))
    in_window = last_days(series.counts, window)
    result = np.full((2 + len(quantiles), len(rows.cases)), np.nan)
    for begin in range(0, len(wanted), CHUNK):
        part = wanted[begin : begin + CHUNK]
        back = series.row_day[part][:, None] - np.arange(min(weights.rows.shape[1], in_window.shape[1]))
        lagged = np.where(back >= 0, in_window[series.row_series[part][:, None], np.maximum(back, 0)], 0.0)
        scales = 1 / (1 / scale + weights.rows[:, : lagged.shape[1]] @ lagged.T)
        likely = weights.likely[:, None] * rows.estimable[:, part]
        likely = likely / likely.sum(axis=0)
        shapes = shape + rows.cases[part]
        result[:2, part] = mixture_moments(shapes, scales, likely)
        result[2:, part] = mixture_quantiles(shapes, *fewer_scales(scales, likely), np.asarray(quantiles))
    return Estimate(result[0], result[1], result[2:])


def unit_quantiles(shapes: Floats, quantiles: Sequence[float]) -> Floats:
    """Gamma quantiles with scale 1. Shapes are a prior plus whole counts, so few differ: each is solved once."""
    different, place = np.unique(shapes, return_inverse=True)
    solved: Floats = gammaincinv(different[None, :], np.asarray(quantiles)[:, None])
    return solved[:, place]


def labelled(
    incidence: pl.DataFrame,
    keys: Sequence[str],
    series: DailySeries,
    rows: WindowRows,
    estimate: Estimate,
    quantiles: Sequence[float],
    window: int,
) -> pl.DataFrame:
    """The estimates beside the rows they belong to; no numbers where the status says there are none."""
    known = np.isin(rows.status, ESTIMATED)
    wide = (rows.status == "ok") & (estimate.sd > WIDE * estimate.mean)
    status = np.where(wide, "few_cases", rows.status)
    back = pl.duration(days=window - 1) if incidence["date"].dtype == pl.Date else pl.lit(window - 1)
    columns = {"n_window": rows.cases, "mean": estimate.mean, "sd": estimate.sd}
    columns |= {quantile_name(q): values for q, values in zip(quantiles, estimate.quantiles, strict=True)}
    numbers = {name: pl.Series(np.where(known, values, np.nan)).fill_nan(None) for name, values in columns.items()}
    has_window = pl.Series(series.row_day >= window)
    return incidence.select(
        *keys,
        "date",
        "n",
        pl.when(has_window).then(pl.col("date") - back).alias("window_start"),
        **numbers,
        status=pl.Series(list(status), dtype=pl.String),
    )


def quantile_name(q: float) -> str:
    """0.025 is `q025`, 0.05 is `q05`, 0.5 is `q50`."""
    digits = f"{q:.6f}".split(".")[1].rstrip("0")
    return "q" + digits.ljust(2, "0")


def check_options(window: int, prior: tuple[float, float], quantiles: Sequence[float]) -> None:
    if window < 1:
        raise ValueError(f"window must be at least 1 day, found {window}")
    if len(prior) != 2 or min(prior) <= 0:
        raise ValueError(f"prior needs a mean and an sd above 0, found {prior}")
    wrong = [q for q in quantiles if not 0 < q < 1]
    if wrong:
        raise ValueError(f"quantiles must lie between 0 and 1, found {wrong[0]}")
