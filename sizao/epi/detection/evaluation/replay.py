"""A year replayed day by day as the data came: what would have rung, when, on what was known then."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import polars as pl

from sizao.epi.detection.calendar import Day, InputError, Ints
from sizao.epi.detection.grid import Floats
from sizao.vocabulary.text import N_


def known_on(reports: pl.DataFrame, day: Day, *, by: Sequence[str]) -> pl.DataFrame:
    """The counts known on `day`: rows of `by`, `date`, `n`, `reported`, added up as far as reported by then."""
    return (
        reports.filter((pl.col("reported") <= day) & (pl.col("date") <= day))
        .group_by(*by, "date", maintain_order=True)
        .agg(pl.col("n").sum())
    )


def replay(
    reports: pl.DataFrame,
    days: Iterable[Day],
    *,
    by: Sequence[str],
    detect: Callable[[pl.DataFrame, Day], pl.DataFrame],
) -> pl.DataFrame:
    """The verdicts of each day on the data of that day, with the day as `asof`.

    `reports` holds one row per series, `date` of the event and day it was `reported`, with `n` cases; `detect`
    takes the counts known on a day and the day. A count that grows later by late reports does not ring here
    before it was known.
    """
    for name in ("date", "reported", "n", *by):
        if name not in reports.columns:
            raise InputError(N_("Column “{column}” is missing.", column=name))
    answers = []
    for day in days:
        known = known_on(reports, day, by=by)
        if known.height:
            answers.append(detect(known, day).with_columns(asof=pl.lit(day)))
    return pl.concat(answers) if answers else pl.DataFrame()


def delayed_reports(counts: Ints, delays: Floats, rng: np.random.Generator) -> pl.DataFrame:
    """Reports of simulated series (series by day): each case is reported after a random delay.

    `delays[d]` is the chance of a delay of d days.
    """
    series, day = np.nonzero(counts)
    split = rng.multinomial(counts[series, day], delays / delays.sum())
    row, delay = np.nonzero(split)
    return pl.DataFrame(
        {
            "series": series[row],
            "date": day[row],
            "reported": day[row] + delay,
            "n": split[row, delay],
        }
    )


def daily_noise(
    mean: Floats,
    phi: float,
    replicates: int,
    rng: np.random.Generator,
    *,
    weekday_factor: Floats,
    holidays: Sequence[int] = (),
    holiday_factor: float = 0.4,
) -> Ints:
    """Daily counts with a day-of-week pattern and holidays: what weekly designs leave out.

    `mean` is the daily mean before both; day 0 is a Monday; holidays are day numbers.
    """
    factor = weekday_factor[np.arange(len(mean)) % 7].copy()
    factor[list(holidays)] = holiday_factor
    level = mean * factor
    shape = (replicates, len(mean))
    if phi <= 1.0:
        return rng.poisson(level, shape).astype(np.int64)
    return rng.negative_binomial(level / (phi - 1.0), 1.0 / phi, shape).astype(np.int64)
