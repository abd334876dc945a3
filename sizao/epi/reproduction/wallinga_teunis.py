"""The case reproduction number of Wallinga and Teunis: how many people the cases of a day went on to infect."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri

from sizao.epi.reproduction.cori import NOTICED, infectivity, last_days
from sizao.epi.reproduction.serial_interval import SerialInterval, weights_of
from sizao.epi.reproduction.series import daily_series, keys_of

Floats = npt.NDArray[np.floating[Any]]


def wallinga_teunis(
    incidence: pl.DataFrame,
    *,
    si: SerialInterval,
    window: int = 7,
    level: float = 0.95,
    by: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Mean number of people infected by a case whose onset lies in the `window` days that end on each day.

    Method: Wallinga, Teunis (2004) Am J Epidemiol 160:509. Each case was infected by an earlier one with a
    probability in proportion to the serial interval's weight of the days between; all cases of a series are
    taken to come from within it, except those of its first day (and `n_imported`).

    In: as `cori`; `si` must have one possibility. Out: a row for each row in: keys, `date, n, window_start,
    n_window, mean, sd, lower, upper, status`. The interval covers the chance of who infected whom (normal, not
    below 0), nothing else. `status`: `ok`; `recent` (later infections by these cases are still to come, the
    number is too low: fewer than 95 % of serial intervals have passed); `no_cases`, `short_history`, `gap`.

    >>> curve = pl.DataFrame({"date": [1, 2, 3, 4], "n": [1, 2, 4, 8]})
    >>> wallinga_teunis(curve, si=[0, 1], window=1)["mean"].to_list()
    [None, 2.0, 2.0, 0.0]
    """
    keys = keys_of(incidence, by)
    series = daily_series(incidence, keys)
    weights = weights_of(si, max(series.counts.shape[1], 2))
    if len(weights.rows) > 1:
        raise ValueError("the case reproduction number needs one serial interval, found several")
    weight = weights.rows[0]
    at = (series.row_series, series.row_day)
    infected_here = series.counts - series.imported
    infected_here[:, :1] = 0
    pull = infectivity(series.counts, weight)
    cases = last_days(series.counts, window)
    secondary, variance = secondary_cases(series.counts, infected_here, pull, weight, window)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, sd = (secondary / cases)[at], (np.sqrt(variance) / cases)[at]
    reach = weights.days_holding(NOTICED)
    left = series.lengths[series.row_series] - 1 - series.row_day
    status = np.where(left < reach, "recent", "ok").astype(object)
    status[cases[at] == 0] = "no_cases"
    status[last_days(series.gap.astype(float), window + reach)[at] > 0] = "gap"
    status[series.row_day < window] = "short_history"
    status[~series.is_daily[series.row_series]] = "not_daily"
    margin = float(ndtri(0.5 + level / 2)) * sd
    known = np.isin(status, ("ok", "recent"))
    back = pl.duration(days=window - 1) if incidence["date"].dtype == pl.Date else pl.lit(window - 1)
    columns = {"n_window": cases[at], "mean": mean, "sd": sd}
    columns |= {"lower": np.maximum(mean - margin, 0), "upper": mean + margin}
    return incidence.select(
        *keys,
        "date",
        "n",
        pl.when(pl.Series(series.row_day >= window)).then(pl.col("date") - back).alias("window_start"),
        **{name: pl.Series(np.where(known, values, np.nan)).fill_nan(None) for name, values in columns.items()},
        status=pl.Series(list(status), dtype=pl.String),
    )


def secondary_cases(
    counts: Floats, infected: Floats, pull: Floats, weight: Floats, window: int
) -> tuple[Floats, Floats]:
    """Expected number infected by the cases of each window, and its variance.

    A case of day u has its infector in the window with probability p: the window's share of the pull on day u.
    Independent cases make the number a sum of Bernoulli variables: mean p, variance p (1 - p) each.
    """
    n_days = counts.shape[1]
    total, variance = np.zeros_like(counts), np.zeros_like(counts)
    longest = int(np.flatnonzero(weight[:n_days] > 0).max(initial=0))
    for end in range(n_days):
        begin = max(end - window + 1, 0)
        later = np.arange(begin + 1, min(end + longest + 1, n_days))
        if not len(later):
            continue
        since = later[None, :] - np.arange(begin, end + 1)[:, None]
        inside = np.where((since > 0) & (since < len(weight)), weight[np.clip(since, 0, len(weight) - 1)], 0.0)
        share = counts[:, begin : end + 1] @ inside
        p = np.divide(share, pull[:, later], out=np.zeros_like(share), where=pull[:, later] > 0)
        total[:, end] = (infected[:, later] * p).sum(axis=1)
        variance[:, end] = (infected[:, later] * p * (1 - p)).sum(axis=1)
    return total, np.maximum(variance, 0)
