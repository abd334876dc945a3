"""One evening over all streams: counts as known, each setting's detector once over its series, streams together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from sizao.epi.detection import DETECTORS, combine
from sizao.epi.detection.why import rounded
from sizao.ops.governance.sentences import stored
from sizao.ops.incidents.models import Incident
from sizao.ops.surveillance import reading, settings
from sizao.ops.surveillance.models import Stream
from sizao.ops.surveillance.periods import newest_period
from sizao.ops.surveillance.record import source_records
from sizao.vocabulary.text import N_, Message

#: Length of the path of a county; what lies deeper is watched with its county.
HOME = 14
#: Several streams together ring at this chance; with 300 counties and syndromes once a week by chance.
TOGETHER = 0.0005
#: A combination that one stream makes alone adds nothing to that stream's own alarm.
MOST_OF_ONE = 0.9
FACTS = ("id", "code", "area_id", "syndrome", "source", "freq", "detector", "parameters", "says_zero", "weekdays")
VERDICTS = {
    "stream": pl.Int64, "date": pl.Date, "n": pl.Float64, "expected": pl.Float64, "upper": pl.Float64,
    "p_value": pl.Float64, "score": pl.Float64, "alarm": pl.Boolean, "status": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Evening:
    """What an evening's run found, before anything is stored."""

    streams: pl.DataFrame
    alarms: list[dict[str, Any]]
    together: list[dict[str, Any]]
    tested: dict[str, int]

    @property
    def n_streams(self) -> int:
        return self.streams.height


def watched(incident: Incident, day: date) -> pl.DataFrame:
    """The streams in service on a day, with the county they are watched in and the key of their setting."""
    rows = Stream.objects.filter(incident=incident, watched_from__lte=day).exclude(watched_until__lt=day).order_by("id")
    found = [
        (*row[:7], settings.key_of(row[6], row[7]), row[8], (row[2] or "")[:HOME], row[9])
        for row in rows.values_list(*FACTS)
    ]
    schema = {
        "stream": pl.Int64, "code": pl.String, "area": pl.String, "syndrome": pl.String, "source": pl.String,
        "freq": pl.String, "detector": pl.String, "setting": pl.String, "says_zero": pl.Boolean, "home": pl.String,
        "weekdays": pl.String,
    }  # fmt: skip
    return pl.DataFrame(found, schema=schema, orient="row")


def parameters_of(setting: str) -> dict[str, Any]:
    """The parameters in the key of a setting."""
    return json.loads(setting)[1]


def evening(incident: Incident, *, day: date, known_at: datetime) -> Evening:
    """Test every stream's newest periods with what was known at `known_at`. Reads only."""
    streams = watched(incident, day)
    frames = [
        tested_group(group, day=day, known_at=known_at)
        for _key, group in streams.group_by("setting", "freq", "says_zero", maintain_order=True)
    ]
    verdicts = pl.concat(frames) if frames else pl.DataFrame(schema=VERDICTS)
    if not verdicts.height:
        return Evening(streams, [], [], tested_of(pl.DataFrame(schema=VERDICTS), streams, day))
    verdicts = verdicts.join(streams, on="stream", how="left", maintain_order="left")
    verdicts = verdicts.join(newest_of(streams, day), on=["stream", "date"], how="left", maintain_order="left")
    tested = tested_of(verdicts.filter(pl.col("is_newest")), streams, day)
    return Evening(streams, alarms_of(verdicts), rung_together(verdicts, streams, incident, known_at), tested)


def tested_of(newest: pl.DataFrame, streams: pl.DataFrame, day: date) -> dict[str, int]:
    """Streams by what could be said of their newest period; `not_due` where none is reported on that day."""
    said = streams.join(newest.select("stream", "status"), on="stream", how="left")
    due = (pl.col("freq") != "day") | pl.col("weekdays").str.contains(str(day.isoweekday()))
    silent = pl.col("status").is_null() | (pl.col("status") == "missing")
    status = pl.when(silent & ~due).then(pl.lit("not_due")).when(silent).then(pl.lit("missing")).otherwise("status")
    return dict(said.group_by(status=status).len().sort("status").iter_rows())


def newest_of(streams: pl.DataFrame, day: date) -> pl.DataFrame:
    """`stream, date, is_newest`: the newest complete period of every stream."""
    newest = {freq: newest_period(day, freq) for freq in streams["freq"].unique()}
    period = pl.col("freq").replace_strict(newest, return_dtype=pl.Date)
    return streams.select("stream", date=period, is_newest=pl.lit(True))


def tested_group(group: pl.DataFrame, *, day: date, known_at: datetime) -> pl.DataFrame:
    """Streams of one setting through its detector, in one call."""
    freq, name, setting, says_zero = group.select("freq", "detector", "setting", "says_zero").row(0)
    until = newest_period(day, freq)
    since = until - timedelta(days=settings.days_back(name, parameters_of(setting), freq))
    ids = group["stream"].to_list()
    counts = reading.counts_known(ids, since=since, until=until, known_at=known_at)
    if not counts.height:
        return pl.DataFrame(schema=VERDICTS)
    return verdicts_of(
        counts, name=name, parameters=parameters_of(setting), freq=freq, says_zero=says_zero, until=until,
        last=settings.LOOK_BACK[freq], known=reading.known_outbreaks(ids, known_at=known_at),
    )  # fmt: skip


def verdicts_of(
    counts: pl.DataFrame, *, name: str, parameters: dict[str, Any], freq: str, says_zero: bool, until: date, last: int,
    known: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """The detector over these counts: `VERDICTS`, one row for each stream and asked period."""
    frame = counts.rename({"denominator": "population"})
    if frame["population"].null_count() == frame.height:
        frame = frame.drop("population")
    if known.height:
        frame = frame.join(known, on=["stream", "date"], how="left", maintain_order="left")
    told = settings.arguments(parameters)
    absent = "missing" if says_zero else "zero"
    answer = DETECTORS[name].function(frame, by="stream", freq=freq, until=until, last=last, absent=absent, **told)
    return answer.select(VERDICTS.keys()).cast(VERDICTS)  # type: ignore[arg-type]


def alarms_of(verdicts: pl.DataFrame) -> list[dict[str, Any]]:
    """What rang, each with its reason."""
    found = verdicts.filter("alarm").to_dicts()
    for row in found:
        row["why"] = stored(why(row))
        row["parameters"] = parameters_of(row["setting"])
    return found


def why(row: dict[str, Any]) -> Message:
    """Why a row rang. What is counted need not be cases."""
    told = {"n": f"{row['n']:.0f}", "upper": rounded(row["upper"]), "detector": DETECTORS[row["detector"]].label}
    if row["expected"] is None:
        return N_("{n} counted in the newest period, more than the rule allows ({detector}).", **told)
    told["expected"] = rounded(row["expected"])
    return N_("{n} counted where {expected} were expected; the threshold is {upper} ({detector}).", **told)


def rung_together(
    verdicts: pl.DataFrame, streams: pl.DataFrame, incident: Incident, known_at: datetime
) -> list[dict[str, Any]]:
    """Counties and syndromes whose streams, weighed by their source's own record, speak for an outbreak together."""
    seats = seated(streams)
    usable = verdicts.filter((pl.col("status") == "ok") & pl.col("p_value").is_not_null())
    usable = usable.select("stream", "date", "p_value", "status", "home", "syndrome", "freq", "is_newest").join(
        seats, on="stream", how="inner", maintain_order="left"
    )
    newest, before = usable.filter("is_newest"), usable.filter(pl.col("is_newest").is_null())
    if not newest.height:
        return []
    by = ["home", "syndrome", "freq"]
    names = dict(seats.select("seat", "source_of").iter_rows())
    found = combine(
        newest, by=by, stream="seat", record=source_records(incident, names, known_at), history=before,
        alpha=TOGETHER, fewest=2,
    )  # fmt: skip
    rang = found.verdicts.filter("alarm")
    if not rang.height:
        return []
    parts = found.parts.join(rang.select(*by, "date"), on=[*by, "date"], how="semi").join(
        newest.select(*by, "date", "seat", "stream"), on=[*by, "date", "seat"], how="left"
    )
    return [row for row in (together_row(row, parts, by) for row in rang.to_dicts()) if row]


def seated(streams: pl.DataFrame) -> pl.DataFrame:
    """Streams of one source in one county take numbered seats, so that streams are few names for many places."""
    number = pl.col("stream").rank("ordinal").over("home", "syndrome", "freq", "source")
    return streams.select(
        "stream", source_of="source", seat=pl.format("{} {}", pl.col("source"), number.cast(pl.Int64))
    )


def together_row(row: dict[str, Any], parts: pl.DataFrame, by: Sequence[str]) -> dict[str, Any] | None:
    """One combined alarm with its parts, the largest first; none where one stream is nearly all of it."""
    mine = parts.filter(*(pl.col(name) == row[name] for name in (*by, "date"))).sort("share", descending=True)
    shares = mine["share"].to_list()
    if not shares or max(shares) > MOST_OF_ONE:
        return None
    told = [[stream, round(weight, 3), round(share, 3)]
            for stream, weight, share in mine.select("stream", "weight", "share").iter_rows()]  # fmt: skip
    sentence = N_(
        "{n} streams together are higher than chance allows; the largest part, {share} %, comes from one of them.",
        n=row["n"], share=round(100 * shares[0]),
    )  # fmt: skip
    return {**row, "area": row["home"], "streams_of": told, "why": stored(sentence)}
