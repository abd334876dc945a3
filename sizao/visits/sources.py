"""Common places of cases before onset, against what their footfall would give by chance.

A place in which k cases were in their exposure windows is compared with the number expected if each case were any
person of the store: for each case and place, one minus the chance of missing the place on every day of the window
(visitors of the day over all persons). The count of cases is then close to Poisson; its upper tail ranks the places.
Counting alone ranks stations first; lift alone ranks places with one visitor.
"""

import math

import numpy as np
import polars as pl
from scipy import stats

from sizao.visits.shapes import DAY_S

#: One row for each place: cases there in their windows, expected by chance, ratio with its 95 % interval, chance of
#: as many or more, and how many cases' exposure it would explain (share of each case's incubation mass).
SOURCE = pl.Schema(
    {
        "place": pl.Int32,
        "cases": pl.Int64,
        "expected": pl.Float64,
        "lift": pl.Float64,
        "lift_low": pl.Float64,
        "lift_high": pl.Float64,
        "p_value": pl.Float64,
        "explained": pl.Float64,
    }
)


def weights(mean: float, sd: float, longest: int) -> list[float]:
    """Gamma incubation: the share of infections 0, 1, … `longest` days before onset, summing to one."""
    shape, scale = (mean / sd) ** 2, sd**2 / mean
    mass = np.diff(stats.gamma.cdf(np.arange(longest + 2) - 0.5, shape, scale=scale))
    return [float(share) for share in mass / mass.sum()]


def windows(onsets: pl.DataFrame, shortest: int, longest: int) -> pl.DataFrame:
    """Columns of `shapes.CASE`: whole UTC days from `longest` to `shortest` days before the day of onset."""
    day = pl.col("onset_s") // DAY_S
    return onsets.select(
        "person",
        infectious_from=(day - longest) * DAY_S,
        infectious_to=(day - shortest + 1) * DAY_S,
    )


def ranked(
    case_days: pl.DataFrame, footfall: pl.DataFrame, population: int, onsets: pl.DataFrame, mass: list[float]
) -> pl.DataFrame:
    """Columns of `SOURCE`, the least likely by chance first.

    `mass[d]` is the share of exposures d days before onset; days outside the windows have none.
    """
    if case_days.is_empty():
        return pl.DataFrame(schema=SOURCE)
    onset = onsets.select(case="person", onset_day=pl.col("onset_s") // DAY_S)
    days = case_days.join(onset, on="case").with_columns(before=pl.col("onset_day") - pl.col("day"))
    share = pl.DataFrame({"before": range(len(mass)), "share": mass}, schema={"before": pl.Int64, "share": pl.Float64})
    days = days.join(share, on="before")
    seen = days.group_by("place").agg(cases=pl.col("case").n_unique(), explained=pl.col("share").sum())
    told = seen.join(expected(seen, footfall, population, onset, mass), on="place").sort("place")
    count, chance = told["cases"].to_numpy(), told["expected"].to_numpy()
    low = np.where(count > 0, stats.chi2.ppf(0.025, 2 * count) / 2, 0.0)
    high = stats.chi2.ppf(0.975, 2 * (count + 1)) / 2
    return (
        told.with_columns(
            lift=pl.Series(count / chance),
            lift_low=pl.Series(low / chance),
            lift_high=pl.Series(high / chance),
            p_value=pl.Series(stats.poisson.sf(count - 1, chance)),
        )
        .select(SOURCE.names())
        .cast(SOURCE)
        .sort(["p_value", "explained", "place"], descending=[False, True, False])
    )


def expected(
    seen: pl.DataFrame, footfall: pl.DataFrame, population: int, onset: pl.DataFrame, mass: list[float]
) -> pl.DataFrame:
    """How many cases each place would have had by chance: columns place, expected."""
    inside = [day for day, share in enumerate(mass) if share > 0]
    missed = (
        footfall.join(seen, on="place", how="semi")
        .with_columns(miss=(1 - pl.col("visitors") / population).clip(1e-12).log())
        .select("place", "day", "miss")
    )
    dates = onset.group_by("onset_day").len("onsets")
    spread = dates.join(pl.DataFrame({"before": inside}, schema={"before": pl.Int64}), how="cross")
    spread = spread.with_columns(day=(pl.col("onset_day") - pl.col("before")).cast(pl.Int32))
    chance = missed.join(spread, on="day").group_by("place", "onset_day", "onsets").agg(pl.col("miss").sum())
    return chance.group_by("place").agg(
        expected=(pl.col("onsets") * (1 - pl.col("miss").exp())).sum().clip(math.ulp(1.0))
    )
