"""Many series at once: how many false alarms a day the desk can afford, and what rings within that.

With one thousand series and alpha 0.005 five false alarms come every period. `control` keeps the number of
false alarms expected per date at a budget, or their share among all alarms (Benjamini and Hochberg 1995,
JRSS B 57:289-300), whatever each detector's own level was.
"""

import polars as pl

from sizao.epi.detection.calendar import InputError
from sizao.vocabulary.text import N_


def control(
    verdicts: pl.DataFrame, *, false_per_date: float | None = None, share_false: float | None = None
) -> pl.DataFrame:
    """`verdicts` with `alarm` decided for all series of a date together, by `p_value`.

    `false_per_date`: expected number of false alarms per date (rings at p below budget / series tested).
    `share_false`: expected share of false alarms among the alarms of a date; adds `q_value`, the smallest
    such share at which the row would ring. Rows without a p-value, without cases or not tested do not ring.
    """
    if (false_per_date is None) == (share_false is None):
        raise InputError(N_("Give either a number of false alarms per date or a share of false alarms."))
    tested = (pl.col("status") == "ok") & pl.col("p_value").is_not_null()
    counted = verdicts.with_columns(tested=tested)
    series = pl.col("tested").sum().over("date")
    if false_per_date is not None:
        alarm = tested & (pl.col("p_value") < false_per_date / series) & (pl.col("n") > 0)
        return counted.with_columns(alarm=alarm.fill_null(False)).drop("tested")
    # the smallest of p * series / rank over this and every larger p of the date
    p = pl.when(tested).then("p_value")
    scaled = p * series / p.rank("max").over("date")
    ranked = counted.with_columns(scaled=scaled, order=pl.int_range(pl.len())).sort("p_value", nulls_last=True)
    q = pl.col("scaled").reverse().cum_min().reverse().over("date").clip(upper_bound=1.0)
    ranked = ranked.with_columns(q_value=pl.when("tested").then(q)).sort("order")
    alarm = (pl.col("q_value") <= share_false) & (pl.col("n") > 0)
    return ranked.with_columns(alarm=alarm.fill_null(False)).drop("tested", "scaled", "order")
