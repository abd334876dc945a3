"""The detector a series' history allows, chosen row by row and said in the column `method`.

Five years of history: Farrington Flexible over five; from three years Farrington over the years there are;
daily data with a month: the ESSENCE switch; ten periods: EARS C2; less: k in d days, which needs none.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import polars as pl

from sizao.epi.detection.calendar import Day
from sizao.epi.detection.ears import ears
from sizao.epi.detection.ewma_switch import ewma_switch
from sizao.epi.detection.farrington import YEARS_FOR_TREND, farrington
from sizao.epi.detection.grid import Absent, Ranges
from sizao.epi.detection.k_in_days import k_in_days
from sizao.epi.detection.status import Status

MOST_YEARS = 5


def auto(
    df: pl.DataFrame,
    *,
    by: str | Sequence[str],
    freq: str,
    until: Day,
    last: int | None = 1,
    alpha: float | str | None = None,
    exclude: Ranges = (),
    absent: Absent = "zero",
    since: Day | None = None,
    threads: int = 1,
) -> pl.DataFrame:
    """Test every row by the first method on the list above that has history enough for it.

    `alpha` defaults to each method's own. In: `date`, `n`, the columns of `by`, optional `n_known`. Out:
    keys, `date`, `n`, `verdicts.COLUMNS` and `method`.
    """
    settings = {
        "by": by, "freq": freq, "until": until, "last": last, "exclude": exclude, "absent": absent, "since": since,
    }  # fmt: skip
    answer: pl.DataFrame | None = None
    for name, detector in ladder(freq, {} if alpha is None else {"alpha": alpha}, threads):
        if answer is None:
            answer = detector(df, **settings).with_columns(method=pl.lit(name))
        elif (answer["status"] == Status.SHORT_HISTORY.value).any():
            answer = filled_in(answer, detector(df, **settings).with_columns(method=pl.lit(name)))
    assert answer is not None
    return answer


def ladder(freq: str, level: dict[str, Any], threads: int) -> Iterator[tuple[str, Callable[..., pl.DataFrame]]]:
    """The methods, the one that needs most history first."""
    for years in range(MOST_YEARS, YEARS_FOR_TREND - 1, -1):
        yield f"farrington, {years} years", partial(farrington, years=years, threads=threads, **level)
    if freq == "day":
        yield "ewma_switch", partial(ewma_switch, **level)
    yield "ears C2", partial(ears, kind="C2", **level)
    yield "k_in_days", k_in_days


def filled_in(answer: pl.DataFrame, following: pl.DataFrame) -> pl.DataFrame:
    """`answer` with its rows of short history taken from `following`, whose rows are in the same order."""
    short = answer["status"] == Status.SHORT_HISTORY.value
    return answer.select(following[name].zip_with(short, answer[name]) for name in answer.columns)
