"""The possible sources of each case, ranked by a stated rule; all are kept."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import gamma

from sizao.epi.chains import problems as found
from sizao.epi.chains.problems import Problem
from sizao.epi.incidence import check_columns
from sizao.vocabulary.codes import Certainty

Floats = npt.NDArray[np.floating[Any]]

CANDIDATE_COLUMNS = pl.Schema(
    {
        "source_id": pl.String,
        "exposed_id": pl.String,
        "setting": pl.String,
        "certainty": pl.String,
        "date_exposure_first": pl.Date,
        "date_exposure_last": pl.Date,
        "days": pl.Int64,
        "timing": pl.String,
        "probability": pl.Float64,
        "rank": pl.Int64,
        "decided_by": pl.String,
    }
)

#: Best first. An exposure nobody has judged stands before one that was judged doubtful.
CERTAINTY_ORDER = (Certainty.HIGH, Certainty.MEDIUM, Certainty.UNKNOWN, Certainty.LOW)
#: Best first: did the source fall ill before the person it may have infected?
TIMING_ORDER = ("before", "unknown", "same_day", "after")
#: A link that the serial interval makes impossible stays possible, for dates are wrong more often than that.
LEAST_WEIGHT = 1e-6


@dataclass(frozen=True)
class GammaDays:
    """A length of time in days, gamma distributed: a serial interval or an incubation period."""

    mean: float
    sd: float

    def mass(self, first: Floats, last: Floats) -> Floats:
        """Mean probability per day over the days `first` to `last`."""
        shape, scale = (self.mean / self.sd) ** 2, self.sd**2 / self.mean
        inside = gamma.cdf(last + 0.5, shape, scale=scale) - gamma.cdf(first - 0.5, shape, scale=scale)
        weight: Floats = np.maximum(inside / (last - first + 1), LEAST_WEIGHT)
        return weight

    def mass_unknown(self) -> float:
        """The weight of a length that is not known: what a length drawn from the distribution has on average."""
        days = np.arange(0.0, np.ceil(self.mean + 10 * self.sd))
        mass = self.mass(days, days)
        return float((mass**2).sum() / mass.sum())


def tidy_cases(cases: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """One row per case: `case_id, date, date_basis, date_report, imported`. Onset counts, failing that the report."""
    check_columns(cases, ["case_id"])
    onset, report = optional(cases, "date_onset", pl.Date), optional(cases, "date_report", pl.Date)
    rows = cases.select(
        pl.col("case_id").cast(pl.String),
        pl.coalesce(onset, report).alias("date"),
        pl.when(onset.is_not_null())
        .then(pl.lit("onset"))
        .when(report.is_not_null())
        .then(pl.lit("report"))
        .alias("date_basis"),
        pl.coalesce(report, onset).alias("date_report"),
        optional(cases, "origin", pl.String).eq("imported").fill_null(False).alias("imported"),
    )
    numbered = rows.filter(pl.col("case_id").is_not_null())
    repeated = numbered.group_by("case_id").len().filter(pl.col("len") > 1).sort("case_id")
    problems = found.rows_without_number(rows.height - numbered.height, 0) + found.duplicate_cases(repeated)
    return numbered.unique("case_id", keep="first", maintain_order=True), problems


def tidy_links(links: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """One row per pair of source and exposed, with the widest exposure and the highest certainty and probability."""
    check_columns(links, ["source_id", "exposed_id"])
    rows = links.select(
        pl.col("source_id").cast(pl.String),
        pl.col("exposed_id").cast(pl.String),
        optional(links, "setting", pl.String),
        optional(links, "certainty", pl.String),
        optional(links, "date_exposure_first", pl.Date),
        optional(links, "date_exposure_last", pl.Date),
        optional(links, "probability", pl.Float64).alias("stated"),
    )
    check_stated(rows["stated"])
    numbered = rows.filter(pl.col("source_id").is_not_null() & pl.col("exposed_id").is_not_null())
    own = numbered.filter(pl.col("source_id") == pl.col("exposed_id"))["source_id"].unique().sort().to_list()
    pairs = numbered.filter(pl.col("source_id") != pl.col("exposed_id"))
    pair = ["source_id", "exposed_id"]
    repeated = pairs.group_by(pair).len().filter(pl.col("len") > 1).sort(pair)
    merged = pairs.with_columns(certainty_rank=rank_in(pl.col("certainty"), CERTAINTY_ORDER, "unknown"))
    merged = merged.group_by(pair, maintain_order=True).agg(
        pl.col("setting").drop_nulls().first(),
        pl.col("certainty").sort_by("certainty_rank").first(),
        pl.col("date_exposure_first").min(),
        pl.col("date_exposure_last").max(),
        pl.col("stated").max(),
    )
    problems = found.rows_without_number(0, rows.height - numbered.height)
    return merged, problems + found.self_links(own) + found.duplicate_links(repeated)


def rank_candidates(
    links: pl.DataFrame,
    cases: pl.DataFrame,
    serial_interval: GammaDays | None,
    incubation: GammaDays | None,
) -> pl.DataFrame:
    """Links between cases with `probability` among the exposed person's candidates, `rank` and what decided it."""
    source = cases.select(source_id="case_id", source_date="date", source_basis="date_basis")
    exposed = cases.select(exposed_id="case_id", exposed_date="date", exposed_basis="date_basis")
    pairs = links.join(source, on="source_id").join(exposed, on="exposed_id")
    pairs = pairs.with_columns(
        days=(pl.col("exposed_date") - pl.col("source_date")).dt.total_days(),
        certainty_rank=rank_in(pl.col("certainty"), CERTAINTY_ORDER, "unknown"),
    ).with_columns(timing=timing())
    pairs = pairs.with_columns(
        timing_rank=rank_in(pl.col("timing"), TIMING_ORDER, "unknown"),
        weight=pl.Series(weights(pairs, serial_interval, incubation)),
    ).with_columns(share=pl.col("weight") / pl.col("weight").sum().over("exposed_id"))
    ordered = pairs.with_columns(probability=pl.col("share").round(9)).sort(
        "exposed_id", *RULE, descending=[False, True, *[False] * (len(RULE) - 1)], nulls_last=True
    )
    ordered = ordered.with_columns(
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("exposed_id"), decided_by=decided_by()
    )
    return ordered.select(list(CANDIDATE_COLUMNS)).cast(CANDIDATE_COLUMNS)


#: The stated rule: the first of these that differs decides which candidate is the most likely source.
RULE = ("probability", "certainty_rank", "timing_rank", "source_date", "source_id")
REASONS = ("probability", "certainty", "timing", "earlier_source", "number")


def decided_by() -> pl.Expr:
    """For the first candidate: which part of the rule put it before the second; `only` when there is no second."""
    only = pl.len().over("exposed_id") == 1
    differs = [
        pl.when(pl.col(name).ne_missing(pl.col(name).shift(-1).over("exposed_id"))).then(pl.lit(reason))
        for name, reason in zip(RULE, REASONS, strict=True)
    ]
    first = pl.int_range(pl.len()).over("exposed_id") == 0
    return pl.when(first & only).then(pl.lit("only")).when(first).then(pl.coalesce(differs))


def timing() -> pl.Expr:
    """Order of the two dates; with the report date standing in for an onset on one side only, not known."""
    comparable = pl.col("source_basis") == pl.col("exposed_basis")
    return (
        pl.when(pl.col("days").is_null() | ~comparable)
        .then(pl.lit("unknown"))
        .when(pl.col("days") > 0)
        .then(pl.lit("before"))
        .when(pl.col("days") == 0)
        .then(pl.lit("same_day"))
        .otherwise(pl.lit("after"))
    )


def weights(
    pairs: pl.DataFrame, serial_interval: GammaDays | None, incubation: GammaDays | None
) -> npt.NDArray[np.float64]:
    """Stated probability (1 if none) × serial interval at the days between × incubation since the exposure."""
    weight = pairs["stated"].fill_null(1.0).to_numpy().astype(float)
    if serial_interval:
        days = pairs["days"].cast(pl.Float64).to_numpy()
        weight *= known_or_average(serial_interval, days, days)
    if incubation:
        onset, first = pairs["exposed_date"], pairs["date_exposure_first"]
        last = pairs["date_exposure_last"].fill_null(first)
        since_last = (onset - last).dt.total_days().cast(pl.Float64).to_numpy()
        since_first = (onset - first.fill_null(last)).dt.total_days().cast(pl.Float64).to_numpy()
        weight *= known_or_average(incubation, since_last, since_first)
    least: npt.NDArray[np.float64] = np.maximum(weight, LEAST_WEIGHT**3)
    return least


def known_or_average(length: GammaDays, first: Floats, last: Floats) -> Floats:
    return np.where(np.isnan(first + last), length.mass_unknown(), length.mass(first, np.maximum(first, last)))


def rank_in(column: pl.Expr, order: tuple[str, ...], missing: str) -> pl.Expr:
    """Place in `order`, 0 the best; what is not in it ranks as `missing`."""
    places = {str(value): place for place, value in enumerate(order)}
    return column.replace_strict(places, default=places[missing], return_dtype=pl.Int64)


def check_stated(stated: pl.Series) -> None:
    wrong = stated.filter(~stated.is_between(0, 1) | stated.is_nan())
    if wrong.len():
        raise ValueError(f"probability must lie between 0 and 1, found {wrong[0]}")


def optional(df: pl.DataFrame, name: str, dtype: type[pl.DataType]) -> pl.Expr:
    """The column if the table has it, otherwise one without values."""
    return pl.col(name).cast(dtype) if name in df.columns else pl.lit(None, dtype=dtype).alias(name)
