"""Which kind of exposure a row is, in the words of a contact rule."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

import polars as pl

from sizao.protocols.persons import ExposureKind

EXPOSURE_OPTIONAL = {
    "date_exposure_first": pl.Date,
    "setting": pl.String,
    "closeness": pl.String,
    "distance_m": pl.Float64,
    "minutes": pl.Float64,
    "protected": pl.Boolean,
    "judged": pl.String,
}


def matches(kind: ExposureKind) -> pl.Expr:
    """Whether an exposure is of this kind. What the kind does not ask, passes."""
    asked = []
    if kind.settings:
        asked.append(pl.col("setting").is_in([str(s) for s in kind.settings]).fill_null(False))
    if kind.closeness:
        asked.append(pl.col("closeness").is_in([str(c) for c in kind.closeness]).fill_null(False))
    if kind.max_distance:
        asked.append((pl.col("distance_m") <= kind.max_distance.value).fill_null(False))
    if kind.min_time:
        asked.append((pl.col("minutes") >= kind.min_time.hours * 60).fill_null(True))
    if kind.unprotected_only:
        asked.append(~pl.col("protected").fill_null(False))
    return reduce(and_, asked, pl.lit(True))


def matches_any(kinds: Iterable[ExposureKind]) -> pl.Expr:
    return reduce(or_, (matches(kind) for kind in kinds), pl.lit(False))


def nothing_known() -> pl.Expr:
    """Neither setting, closeness nor distance was recorded."""
    return is_unknown("setting") & is_unknown("closeness") & pl.col("distance_m").is_null()


def is_unknown(column: str) -> pl.Expr:
    return pl.col(column).is_null() | pl.col(column).is_in(["unknown", ""])
