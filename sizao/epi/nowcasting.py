"""How many cases there really were in the last days, of which part has not been reported yet.

The reporting triangle: one row per day of the event, one column per delay of the report. Its lower right corner
is still empty; the delays of earlier days tell how much belongs there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import nbinom

from sizao.epi.incidence import check_columns
from sizao.epi.reproduction.cori import quantile_name

Floats = npt.NDArray[np.floating[Any]]

QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
#: How firmly a day's count is expected near the recent level before any report: the weight of one case.
PRIOR_CASES = 1.0
#: Fewer reports than this say nothing about delays.
FEWEST_REPORTS = 10


def reporting_triangle(
    line_list: pl.DataFrame,
    *,
    event: str,
    report: str,
    until: date,
    max_delay: int = 28,
    by: Sequence[str] = (),
) -> pl.DataFrame:
    """Cases by day of the event and days until the report, as known at the end of the day `until`.

    In: a row per case with the day of the event (onset, sampling) in column `event` and of the report in `report`.
    Out: `by…, date, delay, n`, every combination from the first event on; `n` is null where the report day lies
    after `until`. The last delay is open: it holds `max_delay` days and all longer delays so far, for reports do
    not end there. Rows that cannot be used are counted by `left_out`.
    """
    rows = usable(line_list, event, report, until, by)
    rows = rows.with_columns(delay=pl.min_horizontal("delay", pl.lit(max_delay)))
    counts = rows.group_by([*by, "date", "delay"]).agg(n=pl.len().cast(pl.Int64))
    first = rows["date"].min()
    start = first if isinstance(first, date) else until
    days = pl.DataFrame({"date": pl.date_range(start, until, timedelta(days=1), eager=True)})
    grid = days.join(pl.DataFrame({"delay": range(max_delay + 1)}, schema={"delay": pl.Int64}), how="cross")
    if by:
        grid = line_list.select(by).unique().join(grid, how="cross")
    table = grid.join(counts, on=[*by, "date", "delay"], how="left", nulls_equal=True)
    known = pl.col("date") + pl.duration(days="delay") <= until
    table = table.with_columns(n=pl.when(known).then(pl.col("n").fill_null(0)))
    return table.select(*by, "date", "delay", "n").sort([*by, "date", "delay"])


def left_out(line_list: pl.DataFrame, *, event: str, report: str, until: date) -> pl.DataFrame:
    """Rows that stand in no triangle, by reason: `no_event`, `no_report`, `report_before_event`, `later`."""
    rows = line_list.select(event=pl.col(event).cast(pl.Date), report=pl.col(report).cast(pl.Date))
    reason = (
        pl.when(pl.col("report").is_null())
        .then(pl.lit("no_report"))
        .when(pl.col("report") > until)
        .then(pl.lit("later"))
        .when(pl.col("event").is_null())
        .then(pl.lit("no_event"))
        .when(pl.col("report") < pl.col("event"))
        .then(pl.lit("report_before_event"))
    )
    counted = rows.select(reason=reason).drop_nulls().group_by("reason").agg(n=pl.len().cast(pl.Int64))
    return counted.sort("reason")


def nowcast(
    line_list: pl.DataFrame,
    *,
    event: str,
    report: str,
    until: date,
    max_delay: int = 28,
    by: Sequence[str] = (),
    training_days: int | None = None,
    quantiles: Sequence[float] = QUANTILES,
) -> pl.DataFrame:
    """Cases of each recent day including those not yet reported, with intervals, as known at `until`.

    In: as `reporting_triangle`. Delays are learned from all groups together, over the `training_days` (default
    three times `max_delay`) before `until`. Out, for the last `max_delay` days and each group: `by…, date, age,
    n_reported, share_reported, n_expected`, a column per quantile of the final number, `status`: `ok`;
    `short_history` (fewer than `max_delay` full days or ten reports to learn from; delays are rough, and how
    much they vary is not known).

    Method: chain ladder (reverse-time hazards of delay; Lawless 1994 Can J Stat 22:15), the last delay open. Given
    y reports and a share F reported, the rest is negative binomial: a day's mean is gamma with the weight of one
    case around the recent level, so that a day without reports yet is not a day without cases. Its variance is
    widened by what nowcasts of past days, made with what was known then, missed (as baselinenowcast does).
    For R by day, give `n_expected` as `n` to `sizao.epi.reproduction.cori`.
    """
    check_columns(line_list, [event, report, *by])
    if max_delay < 1:
        raise ValueError(f"max_delay must be at least 1 day, found {max_delay}")
    triangle = reporting_triangle(line_list, event=event, report=report, until=until, max_delay=max_delay, by=by)
    groups = triangle.partition_by(by, as_dict=True, maintain_order=True) if by else {(): triangle}
    matrices = {key: matrix_of(group, max_delay) for key, group in groups.items()}
    everything = np.sum(list(matrices.values()), axis=0) if matrices else np.zeros((0, max_delay + 1))
    learned = learn(everything, training_days or 3 * max_delay)
    widening = {key: past_misses(matrix, everything, learned.training_days) for key, matrix in matrices.items()}
    tables = [
        estimate(matrix, learned, widening[key], until, quantiles).with_columns(
            **{name: pl.lit(value, dtype=line_list.schema[name]) for name, value in zip(by, key, strict=True)}
        )
        for key, matrix in matrices.items()
    ]
    table = pl.concat(tables) if tables else estimate(everything, learned, 1.0, until, quantiles)
    return table.select(*by, pl.exclude(by))


def vintages(
    line_list: pl.DataFrame,
    *,
    event: str,
    report: str,
    asof: Sequence[date],
    max_delay: int = 28,
    by: Sequence[str] = (),
    training_days: int | None = None,
    quantiles: Sequence[float] = QUANTILES,
) -> pl.DataFrame:
    """Nowcasts as they would have been made on past days, each beside the number known now (`n_final`).

    Out: the columns of `nowcast` with `asof` in front and `n_final`. Choose `asof` at least `max_delay` days back.
    """
    tables = [
        nowcast(
            line_list,
            event=event,
            report=report,
            until=day,
            max_delay=max_delay,
            by=by,
            training_days=training_days,
            quantiles=quantiles,
        ).with_columns(asof=pl.lit(day))
        for day in asof
    ]
    made = pl.concat(tables)
    usable_rows = line_list.with_columns(date=pl.col(event).cast(pl.Date)).filter(
        pl.col(report).is_not_null() & (pl.col(report).cast(pl.Date) >= pl.col("date"))
    )
    final = usable_rows.group_by([*by, "date"]).agg(n_final=pl.len().cast(pl.Int64))
    joined = made.join(final, on=[*by, "date"], how="left", nulls_equal=True, maintain_order="left")
    return joined.select("asof", *by, pl.exclude("asof", *by)).with_columns(pl.col("n_final").fill_null(0))


def coverage(table: pl.DataFrame, *, by: Sequence[str] = ("age",)) -> pl.DataFrame:
    """How often past intervals held the final number: `by…, level, n, covered`; in: what `vintages` gives."""
    check_columns(table, ["n_final", *by])
    pairs = interval_pairs(table.columns)
    parts = [
        table.group_by(by).agg(
            level=pl.lit(level).first(),
            n=pl.len().cast(pl.Int64),
            covered=pl.col("n_final").is_between(pl.col(low), pl.col(high)).mean(),
        )
        for level, low, high in pairs
    ]
    return pl.concat(parts).sort([*by, "level"])


def interval_pairs(columns: Sequence[str]) -> list[tuple[float, str, str]]:
    """Level and the two columns of each central interval among quantile columns: q025 and q975 are 0.95."""
    shares = {round(float(f"0.{name[1:]}"), 6): name for name in columns if name[:1] == "q" and name[1:].isdigit()}
    return [
        (round(1 - 2 * low, 6), name, shares[round(1 - low, 6)])
        for low, name in sorted(shares.items())
        if low < 0.5 and round(1 - low, 6) in shares
    ]


def usable(line_list: pl.DataFrame, event: str, report: str, until: date, by: Sequence[str]) -> pl.DataFrame:
    """`by…, date, delay` of the rows that were known at `until` and do not contradict themselves."""
    check_columns(line_list, [event, report, *by])
    rows = line_list.with_columns(date=pl.col(event).cast(pl.Date), reported=pl.col(report).cast(pl.Date))
    rows = rows.filter((pl.col("reported") <= until) & (pl.col("reported") >= pl.col("date")))
    return rows.select(*by, "date", delay=(pl.col("reported") - pl.col("date")).dt.total_days())


def matrix_of(triangle: pl.DataFrame, max_delay: int) -> Floats:
    """One group's triangle: rows are days (the last is `until`), columns delays; what is not known yet is nan."""
    return triangle["n"].cast(pl.Float64).to_numpy().reshape(-1, max_delay + 1)


@dataclass(frozen=True)
class Delays:
    """`reported[a]`: share of a day's final cases reported a days later."""

    reported: Floats
    training_days: int
    is_rough: bool


def learn(triangle: Floats, training_days: int) -> Delays:
    """Chain ladder: of the cases reported within d days, which part was reported on day d exactly?

    Multiplying the parts that were there before, from the longest delay down, gives the share reported.
    """
    recent = triangle[-training_days:]
    width = triangle.shape[1]
    within = np.cumsum(recent, axis=1)
    known = ~np.isnan(within)
    on_the_day = np.where(known, recent, 0).sum(axis=0)
    by_then = np.where(known, within, 0).sum(axis=0)
    before = 1 - np.divide(on_the_day, by_then, out=np.zeros(width), where=by_then > 0)
    reported = np.ones(width)
    reported[:-1] = np.cumprod(before[::-1])[::-1][1:]
    is_rough = known[:, -1].sum() < width or float(on_the_day.sum()) < FEWEST_REPORTS
    return Delays(np.maximum(reported, 1e-4), training_days, bool(is_rough))


def remaining(reported_now: Floats, share: Floats, level: float) -> tuple[Floats, Floats]:
    """Mean and variance of the cases still to be reported, before any widening."""
    rate = PRIOR_CASES / max(level, 0.1) + share
    shape = PRIOR_CASES + reported_now
    mean = shape * (1 - share) / rate
    return mean, mean * (1 + (1 - share) / rate)


def recent_level(totals: Floats, share: Floats) -> float:
    """Mean final count of the recent days of which at least half is reported."""
    settled = share >= 0.5
    return float((totals[settled] / share[settled]).mean()) if settled.any() else float(totals.mean())


def last_rows(triangle: Floats, learned: Delays) -> tuple[Floats, Floats]:
    """Reports so far and share reported of the last days, oldest first, one per delay but the open one."""
    n = min(triangle.shape[1] - 1, len(triangle))
    totals = np.nansum(triangle[len(triangle) - n :], axis=1)
    return totals, learned.reported[:n][::-1]


def past_misses(triangle: Floats, everything: Floats, training_days: int) -> float:
    """Factor on the variance: squared misses of nowcasts made in the past against the variance they expected.

    Only days whose final number is known now count; each past nowcast learns from what was reported then.
    """
    n_days, width = triangle.shape
    missed = expected = 0.0
    for last in range(max(width, n_days - width - training_days), n_days - width + 1):
        then, all_then = as_of(triangle, last), as_of(everything, last)
        learned = learn(all_then, training_days)
        totals, share = last_rows(then, learned)
        mean, variance = remaining(totals, share, recent_level(totals, share))
        final = triangle[last - len(totals) : last].sum(axis=1)
        missed += float(((final - totals - mean) ** 2).sum())
        expected += float(variance.sum())
    return max(1.0, missed / expected) if expected > 0 else 1.0


def as_of(triangle: Floats, last: int) -> Floats:
    """The triangle as it was after its first `last` days."""
    then = triangle[:last].copy()
    age = np.arange(last)[::-1][:, None]
    then[np.arange(triangle.shape[1])[None, :] > age] = np.nan
    return then


def estimate(
    triangle: Floats, learned: Delays, widening: float, until: date, quantiles: Sequence[float]
) -> pl.DataFrame:
    """The nowcast of one group."""
    totals, share = last_rows(triangle, learned)
    mean, variance = remaining(totals, share, recent_level(totals, share))
    wide = np.maximum(variance * widening, mean * (1 + 1e-9))
    size = np.maximum(mean**2 / np.maximum(wide - mean, 1e-12), 1e-9)
    extra = nbinom.ppf(np.asarray(quantiles)[:, None], size, size / (size + mean))
    extra = np.where(mean > 1e-9, extra, 0.0)
    ages = np.arange(len(totals))[::-1]
    return pl.DataFrame(
        {
            "date": [until - timedelta(days=int(age)) for age in ages],
            "age": ages,
            "n_reported": totals.astype(np.int64),
            "share_reported": share,
            "n_expected": totals + mean,
            **{quantile_name(q): totals + row for q, row in zip(quantiles, extra, strict=True)},
            "status": ["short_history" if learned.is_rough else "ok"] * len(totals),
        },
        schema_overrides={"date": pl.Date, "age": pl.Int64, "status": pl.String},
    )
