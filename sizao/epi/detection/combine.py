"""Several streams, one question: do they together speak for an outbreak, and which of them how much.

Weighted normal scores (Stouffer 1949; Liptak 1958): each stream's p-value becomes a normal score, weighted
by the stream's own record; the sum is compared with its variance, which takes in how much the streams move
together without an outbreak. No stream can ring alone unless its score is that strong, and a stream with
nothing but false alarms on record counts for little.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri

from sizao.epi.detection.calendar import InputError
from sizao.epi.detection.grid import Floats
from sizao.vocabulary.text import N_

#: p-values are kept inside these, so that one stream's overflow cannot silence or shout down the others.
FLOOR, CEILING = 1e-8, 0.999
#: Days of common history worth as much as the assumption that streams are independent.
PRIOR_DAYS = 30.0


class Combined(NamedTuple):
    """Verdicts per place and date; and what each stream contributed."""

    verdicts: pl.DataFrame
    parts: pl.DataFrame


def combine(
    verdicts: pl.DataFrame,
    *,
    by: str | Sequence[str],
    stream: str = "stream",
    record: pl.DataFrame | None = None,
    history: pl.DataFrame | None = None,
    alpha: float = 0.005,
    fewest: int = 1,
) -> Combined:
    """Combine the streams of each `by` and date.

    In: `verdicts` of any detectors with the columns of `by`, `date`, `stream`, `p_value`, `status`. `record`:
    `stream`, `alarms`, `confirmed` (of them, true outbreaks); the weight is the share confirmed, counted as
    if two more alarms had been seen, one confirmed. `history`: earlier verdicts without outbreak, from which
    the streams' correlation is estimated. Out: `by`, `date`, `n` (streams used), `expected` … `status` as
    every detector; and parts `by`, `date`, stream, `weight`, `z`, `share` (of the combined score).
    """
    keys = [by] if isinstance(by, str) else list(by)
    for name in (*keys, "date", stream, "p_value", "status"):
        if name not in verdicts.columns:
            raise InputError(N_("Column “{column}” is missing.", column=name))
    names = verdicts[stream].unique(maintain_order=True).to_list()
    weights = stream_weights(names, record, stream)
    correlation = stream_correlation(names, history, keys, stream)
    z, places = score_table(verdicts, keys, stream, names)
    used = ~np.isnan(z)
    total = np.where(used, z * weights, 0.0).sum(1)
    pairs = used[:, :, None] & used[:, None, :]
    variance = np.where(pairs, correlation * np.outer(weights, weights), 0.0).sum((1, 2))
    score = np.divide(total, np.sqrt(variance), out=np.full(len(total), np.nan), where=variance > 0.0)
    enough = used.sum(1) >= fewest
    limit = float(-ndtri(alpha))
    result = places.with_columns(
        pl.Series("n", used.sum(1).astype(np.int64)),
        pl.lit(None, dtype=pl.Float64).alias("expected"),
        pl.lit(None, dtype=pl.Float64).alias("upper"),
        pl.Series("p_value", ndtr(-score)).fill_nan(None),
        pl.Series("score", score / limit).fill_nan(None),
        pl.lit(None, dtype=pl.Float64).alias("phi"),
        pl.lit(None, dtype=pl.Boolean).alias("trend"),
        pl.Series("alarm", enough & (np.nan_to_num(score) > limit)),
        pl.Series("status", np.where(enough & ~np.isnan(score), "ok", "missing")),
    )
    return Combined(result, contributions(places, names, stream, weights, z, total))


def stream_weights(names: Sequence[str], record: pl.DataFrame | None, stream: str) -> Floats:
    """The share of a stream's alarms that were confirmed, drawn towards one half; equal without a record."""
    if record is None:
        return np.ones(len(names))
    known = {row[stream]: (row["confirmed"] + 1.0) / (row["alarms"] + 2.0) for row in record.iter_rows(named=True)}
    return np.array([known.get(name, 0.5) for name in names])


def score_table(
    verdicts: pl.DataFrame, keys: Sequence[str], stream: str, names: Sequence[str]
) -> tuple[Floats, pl.DataFrame]:
    """Normal scores by place-and-date and stream (NaN where not tested), and the places and dates."""
    tested = verdicts.with_columns(z=pl.when(pl.col("status") == "ok").then(pl.col("p_value").clip(FLOOR, CEILING)))
    places = tested.select(*keys, "date").unique(maintain_order=True)
    columns = []
    for name in names:
        one = tested.filter(pl.col(stream) == name).unique([*keys, "date"], keep="last", maintain_order=True)
        joined = places.join(one.select(*keys, "date", "z"), on=[*keys, "date"], how="left", maintain_order="left")
        columns.append(-ndtri(joined["z"].fill_null(float("nan")).to_numpy()))
    return np.stack(columns, axis=1), places


def stream_correlation(names: Sequence[str], history: pl.DataFrame | None, keys: Sequence[str], stream: str) -> Floats:
    """Correlation of the streams' scores without outbreak, drawn towards independence where days are few."""
    correlation = np.eye(len(names))
    if history is None or not history.height:
        return correlation
    z, _ = score_table(history, keys, stream, names)
    for a in range(len(names)):
        for b in range(a):
            both = ~np.isnan(z[:, a]) & ~np.isnan(z[:, b])
            days = int(both.sum())
            if days < 3 or np.std(z[both, a]) == 0.0 or np.std(z[both, b]) == 0.0:
                continue
            r = max(0.0, float(np.corrcoef(z[both, a], z[both, b])[0, 1]))
            correlation[a, b] = correlation[b, a] = r * days / (days + PRIOR_DAYS)
    return correlation


def contributions(
    places: pl.DataFrame, names: Sequence[str], stream: str, weights: Floats, z: Floats, total: Floats
) -> pl.DataFrame:
    """One row per place, date and stream used: weight, score, and share of the combined score."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total[:, None] != 0.0, z * weights / total[:, None], np.nan)
    frames = [
        places.with_columns(
            pl.lit(name).alias(stream),
            pl.lit(float(weights[i])).alias("weight"),
            pl.Series("z", z[:, i]).fill_nan(None),
            pl.Series("share", share[:, i]).fill_nan(None),
        ).filter(pl.col("z").is_not_null())
        for i, name in enumerate(names)
    ]
    return pl.concat(frames)
