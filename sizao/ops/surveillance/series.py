"""One stream as a picture: counts, expectation, threshold, what rang and what is missing."""

from datetime import date, datetime, timedelta

import polars as pl

from sizao.ops.surveillance import reading, settings, watching
from sizao.ops.surveillance.models import Stream
from sizao.ops.surveillance.periods import newest_period

#: Periods shown.
SHOWN = {"day": 120, "week": 104, "month": 48}


def series_of(stream: Stream, *, day: date, known_at: datetime) -> pl.DataFrame:
    """`date, n, expected, upper, status, alarm, known, rang` of the newest periods. The threshold is the one the
    present setting has with what is known at `known_at`; `rang` is the signal of what rang in its time, `known` an
    outbreak's excess that is kept out of the baseline. A period without a report has no `n`."""
    until = newest_period(day, stream.freq)
    counts = reading.counts_known(
        [stream.pk], since=until - timedelta(days=settings.ALL_DAYS), until=until, known_at=known_at
    )
    known = reading.known_outbreaks([stream.pk], known_at=known_at)
    if not counts.height:
        return pl.DataFrame(schema={"date": pl.Date, "n": pl.Float64})
    verdicts = watching.verdicts_of(
        counts, name=stream.detector, parameters=stream.parameters, freq=stream.freq, says_zero=stream.says_zero,
        until=until, last=SHOWN[stream.freq], known=known,
    )  # fmt: skip
    rang = stream.alarms.filter(raised_at__lte=known_at).values_list("date", "signal_id")
    rung = pl.DataFrame(list(rang), schema={"date": pl.Date, "rang": pl.Int64}, orient="row")
    began = counts["date"].min()
    if stream.freq == "day":  # a day on which nothing is reported is no gap
        due = pl.col("date").dt.weekday().cast(pl.String).is_in(list(stream.weekdays))
        verdicts = verdicts.filter(due | pl.col("n").is_not_null())
    shown = verdicts.filter(pl.col("date") >= began).join(
        known.select("date", known="n_known"), on="date", how="left", maintain_order="left"
    )
    return shown.join(rung, on="date", how="left", maintain_order="left").select(
        "date", "n", "expected", "upper", "status", "alarm", "known", "rang"
    )
