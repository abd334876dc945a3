"""The next days' cases, as far as the last days tell, with intervals and their record on past days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import betainc, gammaincinv, ndtri

from sizao.epi.nowcasting import coverage
from sizao.epi.reproduction.cori import QUANTILES, infectivity, last_days, quantile_name
from sizao.epi.reproduction.serial_interval import Floats, SerialInterval, weights_of
from sizao.epi.reproduction.series import keys_of

#: R is estimated over a week: shorter is noisier, longer lags behind.
WINDOW = 7
#: Prior mean and sd of R. Neutral: neither growth nor fall is assumed where little is known.
PRIOR = (1.0, 1.0)
#: Daily standard deviation of the logarithm of R when history is too short to tell, and the bounds of what is told.
DRIFT, DRIFT_RANGE = 0.05, (0.02, 0.15)
#: Days of history from which drift, spread and weekdays are learned.
LOOK_BACK = 56
FEWEST_DAYS = 14
LONGEST = 28


def forecast(
    incidence: pl.DataFrame,
    *,
    si: SerialInterval,
    horizon: int = 14,
    quantiles: Sequence[float] = QUANTILES,
    by: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Cases of each of the next `horizon` days, if nothing changes but by chance and drift.

    Method: renewal equation with the last week's R (Cori et al. 2013; Nouvellet et al. 2018 Epidemics 22:3). R has
    its posterior, and its logarithm drifts as a random walk, as widely per day as it did in the last eight weeks;
    daily counts are negative binomial around their mean, as widely as they were; weekdays keep their share.

    In: complete daily counts `date, n` (days without cases as zeros, late reports made up for by `nowcasting`) and
    columns that name a series (`by`; unless told, every other column). `si` as in `cori`, one possibility.
    Out, per series and day ahead: keys, `date, ahead, mean`, a column per quantile, `status`: `ok`;
    `short_history` (under 14 days; drift and spread are assumed, not learned); `no_cases` (none to infect from).
    A forecast beyond two serial intervals is an exercise in drift; `forecast_record` tells how far to trust it.
    """
    if not 1 <= horizon <= LONGEST:
        raise ValueError(f"horizon must be 1 to {LONGEST} days, found {horizon}")
    keys = keys_of(incidence, by)
    groups = incidence.partition_by(keys, as_dict=True, maintain_order=True) if keys else {(): incidence}
    tables = [pl.DataFrame(schema={**{key: incidence.schema[key] for key in keys}, **empty_schema(quantiles)})]
    for key, group in groups.items():
        if group.height:
            table = forecast_series(complete(group), si, horizon, quantiles)
            named = zip(keys, key, strict=True)
            table = table.with_columns(**{name: pl.lit(value, dtype=incidence.schema[name]) for name, value in named})
            tables.append(table.select(tables[0].columns))
    return pl.concat(tables)


def forecast_record(
    incidence: pl.DataFrame,
    *,
    si: SerialInterval,
    origins: Sequence[date],
    horizon: int = 14,
    quantiles: Sequence[float] = QUANTILES,
    by: Sequence[str] | None = None,
) -> pl.DataFrame:
    """What forecasts from past days were worth: each made with the counts up to its origin, beside what came.

    Out, per day ahead and interval: `ahead, level, n, covered` (share of days inside), `error` (mean absolute error of
    the median) and `error_naive` (of repeating the last week's weekdays), over all series.
    """
    made = [
        forecast(incidence.filter(pl.col("date") <= day), si=si, horizon=horizon, quantiles=quantiles, by=by)
        for day in origins
    ]
    keys = keys_of(incidence, by)
    known = incidence.select(*keys, "date", n_final=pl.col("n"))
    week_before = known.select(*keys, pl.col("date"), naive="n_final")
    table = pl.concat(made).join(known, on=[*keys, "date"], nulls_equal=True)
    weeks = ((pl.col("ahead") - 1) // 7 + 1) * 7
    table = table.with_columns(same_weekday=pl.col("date") - pl.duration(days=weeks))
    table = table.join(week_before, left_on=[*keys, "same_weekday"], right_on=[*keys, "date"], nulls_equal=True)
    middle = quantile_name(0.5) if 0.5 in quantiles else "mean"
    errors = table.group_by("ahead").agg(
        error=(pl.col(middle) - pl.col("n_final")).abs().mean(),
        error_naive=(pl.col("naive") - pl.col("n_final")).abs().mean(),
    )
    return coverage(table, by=["ahead"]).join(errors, on="ahead", maintain_order="left")


@dataclass(frozen=True)
class Learned:
    """What the history of a series says: R's posterior and drift per day, spread, weekdays, counts without them."""

    shape: float
    scale: float
    drift: float
    spread: float
    weekday: Floats
    level: Floats
    is_short: bool


def forecast_series(curve: pl.DataFrame, si: SerialInterval, horizon: int, quantiles: Sequence[float]) -> pl.DataFrame:
    counts = curve["n"].cast(pl.Float64).to_numpy()
    last: date = curve["date"][-1]
    weights = weights_of(si, len(counts) + horizon + 1)
    weight = weights.likely @ weights.rows
    days = [last + timedelta(days=ahead) for ahead in range(1, horizon + 1)]
    learned = learn(counts, weight, last)
    factors = learned.weekday[[day.weekday() for day in days]]
    means, likely = paths(weight, learned, horizon)
    means = means * factors
    spread = np.full(means.shape, learned.spread)
    found = np.array([mixed_count_quantiles(means[:, h], likely, spread[:, h], quantiles) for h in range(horizon)])
    status = "no_cases" if means.max() <= 1e-9 else "short_history" if learned.is_short else "ok"
    return pl.DataFrame(
        {
            "date": days,
            "ahead": list(range(1, horizon + 1)),
            "mean": likely @ means,
            **{quantile_name(q): found[:, place] for place, q in enumerate(quantiles)},
            "status": [status] * horizon,
        }
    )


def learn(counts: Floats, weight: Floats, last: date) -> Learned:
    is_short = len(counts) < FEWEST_DAYS
    weekday = np.ones(7) if len(counts) < 28 else weekday_factors(counts[-LOOK_BACK:], last)
    spread = 2.0 if is_short else spread_of(counts[-LOOK_BACK:], weekday, last)
    level = counts / weekday[weekdays_until(last, len(counts))]
    shape0, scale0 = (PRIOR[0] / PRIOR[1]) ** 2, PRIOR[1] ** 2 / PRIOR[0]
    pull = last_days(infectivity(level[None, :], weight), WINDOW)[0]
    # Counts that vary more than Poisson tell less about R: as much as a spread-th part of them.
    shapes = (shape0 + last_days(level[None, :], WINDOW)[0]) / spread
    scales = spread / (1 / scale0 + pull)
    drift = DRIFT if is_short else drift_of(shapes[-LOOK_BACK:], scales[-LOOK_BACK:])
    return Learned(float(shapes[-1]), float(scales[-1]), drift, spread, weekday, level, is_short)


def weekdays_until(last: date, n_days: int) -> npt.NDArray[np.integer[Any]]:
    """Weekday (Monday 0) of each of the `n_days` that end on `last`."""
    return np.asarray((last.weekday() - np.arange(n_days)[::-1]) % 7)


def drift_of(shapes: Floats, scales: Floats) -> float:
    """How far log R moved from week to week, less what chance moves it (1/shape each), per square root of a day.

    Eight weeks tell a variance badly; `DRIFT` counts as three weeks more.
    """
    backwards = np.arange(len(shapes) - 1, WINDOW - 1, -WINDOW)
    if len(backwards) < 2:
        return DRIFT
    level = np.log(shapes[backwards] * scales[backwards])
    moved = np.diff(level) ** 2 - 1 / shapes[backwards[1:]] - 1 / shapes[backwards[:-1]]
    squared = (moved.sum() / WINDOW + 3 * DRIFT**2) / (len(moved) + 3)
    return float(np.clip(np.sqrt(max(squared, 0.0)), *DRIFT_RANGE))


def weekday_factors(counts: Floats, last: date) -> Floats:
    """Each weekday's share of its week times seven; one average day more pulls it towards 1."""
    weekday = weekdays_until(last, len(counts))
    smooth = np.convolve(counts, np.ones(7) / 7, mode="same")
    inner = np.arange(3, len(counts) - 3)
    seen = np.bincount(weekday[inner], counts[inner], minlength=7)
    expected = np.bincount(weekday[inner], smooth[inner], minlength=7)
    pull = smooth[inner].mean() + 1.0
    factor = (seen + pull) / (expected + pull)
    return np.asarray(factor * 7 / factor.sum())


def spread_of(counts: Floats, weekday: Floats, last: date) -> float:
    """Variance over mean of daily counts around their weekly level, at least 1 (Poisson)."""
    smooth = np.convolve(counts, np.ones(7) / 7, mode="same")[3:-3]
    day = weekdays_until(last, len(counts))
    expected = np.maximum(smooth * weekday[day[3:-3]], 1e-9)
    known = expected > 0.1
    if known.sum() < WINDOW:
        return 2.0
    # The smoothed level contains a seventh of the day itself: its residual is that much too small.
    miss = (counts[3:-3] - expected)[known] ** 2 / expected[known] / (1 - 1 / 7)
    return float(np.clip(miss.mean(), 1.0, 50.0))


def paths(weight: Floats, learned: Learned, horizon: int) -> tuple[Floats, Floats]:
    """Expected cases of each day ahead under possible values of R, and how likely each is.

    Possible values are the posterior of R times the drift up to that day, both by quadrature in probability.
    """
    at, mass = np.polynomial.legendre.leggauss(13)
    share, mass = (at + 1) / 2, mass / 2
    base = gammaincinv(learned.shape, share) * learned.scale
    step = ndtri(share) * learned.drift
    likely = np.outer(mass, mass).ravel()
    means = np.zeros((len(likely), horizon))
    for ahead in range(1, horizon + 1):
        # On the way to a day the walk has drifted on average by the variance of a third of the days.
        r = np.outer(base, np.exp(step * np.sqrt(WINDOW / 2 + ahead / 3))).ravel()
        means[:, ahead - 1] = renewed(learned.level, weight, r, ahead)
    return means, likely


def renewed(counts: Floats, weight: Floats, r: Floats, ahead: int) -> Floats:
    """Expected cases `ahead` days after the last count if R is `r` from now on."""
    reach = int(np.flatnonzero(weight > 1e-9).max(initial=1))
    history = np.tile(counts[-reach:], (len(r), 1))
    for _ in range(ahead):
        lags = min(history.shape[1], reach)
        pull = history[:, -lags:] @ weight[lags:0:-1]
        history = np.column_stack([history, r * pull])
    return np.asarray(history[:, -1])


def mixed_count_quantiles(means: Floats, likely: Floats, spread: Floats, quantiles: Sequence[float]) -> Floats:
    """Smallest counts whose probability of not being exceeded reaches each quantile, by halving.

    The mixture is of negative binomials with variance spread × mean (nearly Poisson where the spread is 1).
    """
    size = np.maximum(means / np.maximum(spread - 1, 1e-3), 1e-9)
    success = size / (size + means)

    def reached(x: float) -> float:
        return float((likely * np.where(means > 1e-9, betainc(size, x + 1, success), 1.0)).sum())

    found: dict[float, float] = {}
    below = -1.0
    for q in sorted(quantiles):
        low, high = below, max(2 * below, 1.0)
        while reached(high) < q:
            low, high = high, 2 * high
        while high - low > 1:
            middle = float(np.floor((low + high) / 2))
            low, high = (low, middle) if reached(middle) >= q else (middle, high)
        found[q], below = high, low
    return np.array([found[q] for q in quantiles])


def complete(curve: pl.DataFrame) -> pl.DataFrame:
    """The curve sorted, checked to hold every day once and no missing count."""
    ordered = curve.sort("date")
    if ordered["date"].dtype != pl.Date:
        raise ValueError(f"the column date must hold days, found {ordered['date'].dtype}")
    if ordered["n"].null_count() or (ordered["n"] < 0).any():
        raise ValueError("the column n must hold counts from zero up on every day")
    days = pl.date_range(ordered["date"][0], ordered["date"][-1], timedelta(days=1), eager=True)
    if not days.equals(ordered["date"]):
        missing = sorted(set(days) - set(ordered["date"]))
        what = f"{missing[0]} is missing" if missing else "a day occurs twice"
        raise ValueError(f"a forecast needs complete days: {what}; see sizao.epi.incidence")
    return ordered


def empty_schema(quantiles: Sequence[float]) -> dict[str, Any]:
    numbers = {quantile_name(q): pl.Float64 for q in quantiles}
    return {"date": pl.Date, "ahead": pl.Int64, "mean": pl.Float64, **numbers, "status": pl.String}
