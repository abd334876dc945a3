"""Would another setting have done better? Both on the same streams, the same counts, the same verified outbreaks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from sizao.epi.detection import InputError
from sizao.ops.incidents.models import Incident
from sizao.ops.surveillance import reading, settings, watching
from sizao.ops.surveillance.kinds import SignalStatus, Verdict
from sizao.ops.surveillance.models import Alarm, Signal, Stream
from sizao.ops.surveillance.periods import newest_period

#: Periods over which settings are compared, and streams that are compared at most.
COMPARED = {"day": 365, "week": 104, "month": 36}
MOST_STREAMS = 300
#: Verified signals a record must have before anything is proposed from it.
FEWEST = 5
#: Days around an outbreak's alarms that belong to it.
AROUND = 7
#: Days later, in the median, that count as no later: an outbreak's first day is not known better than this.
SAME_DAYS = 1
#: So much fewer false alarms count as better.
BETTER = 0.8
#: Settings that are tried, by frequency.
TRIED: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "day": (
        ("ears", {"kind": "C1"}), ("ears", {"kind": "C2"}), ("ears", {"kind": "C2", "alpha": 0.0001}),
        ("ears", {"kind": "C3_today"}), ("ewma_switch", {"alpha": 0.01}), ("ewma_switch", {"alpha": 0.001}),
    ),
    "week": (
        ("farrington", {"alpha": 0.005}), ("farrington", {"alpha": 0.001}), ("recent_sums", {"alpha": 0.005}),
        ("recent_sums", {"alpha": 0.001}), ("ears", {"kind": "C2"}),
    ),
    "month": (("farrington", {"alpha": 0.005}), ("historical_limits", {})),
}  # fmt: skip


@dataclass(frozen=True)
class Score:
    """A setting on the record: outbreaks with an alarm, alarms outside outbreaks, days from an outbreak's first known
    day to the first alarm (median), stream-periods tested."""

    detector: str
    parameters: dict[str, Any]
    n_outbreaks: int
    n_found: int
    n_false: int
    delay: float | None
    n_tested: int

    @property
    def false_per_1000(self) -> float | None:
        return 1000 * self.n_false / self.n_tested if self.n_tested else None

    def evidence(self) -> dict[str, Any]:
        return asdict(self) | {"false_per_1000": self.false_per_1000}


@dataclass(frozen=True)
class Outbreak:
    """A verified outbreak: which streams it could have rung, and when."""

    home: str
    syndrome: str
    first: date
    last: date


def outbreaks(incident: Incident) -> list[Outbreak]:
    """The signals that were true outbreaks."""
    rows = Signal.objects.filter(incident=incident, verdict=Verdict.TRUE_OUTBREAK).order_by("id")
    return [Outbreak(row.area_id or "", row.syndrome, row.date_first, row.date_last) for row in rows]


def n_verified(incident: Incident, detector: str, parameters: dict[str, Any]) -> int:
    """How many closed signals this setting has rung in."""
    rows = Alarm.objects.filter(run__incident=incident, detector=detector, signal__status=SignalStatus.CLOSED)
    return len({signal for signal, told in rows.values_list("signal_id", "parameters") if told == parameters})


def compare(
    incident: Incident, *, detector: str, parameters: dict[str, Any], freq: str, day: date, known_at: datetime
) -> list[Score]:
    """The present setting first, then those that are tried, on the streams that have it, best first."""
    own = settings.key_of(detector, parameters)
    mine = Stream.objects.filter(incident=incident, detector=detector, freq=freq).order_by("id")
    streams = [row for row in mine if settings.key_of(row.detector, row.parameters) == own][:MOST_STREAMS]
    until = newest_period(day, freq)
    ids = [row.pk for row in streams]
    counts = reading.counts_known(ids, since=until - timedelta(days=settings.ALL_DAYS), until=until, known_at=known_at)
    if not counts.height:
        return []
    places = pl.DataFrame(
        [(row.pk, (row.area_id or "")[: watching.HOME], row.syndrome) for row in streams],
        schema={"stream": pl.Int64, "home": pl.String, "syndrome": pl.String}, orient="row",
    )  # fmt: skip
    true = outbreaks(incident)
    told = {"freq": freq, "says_zero": all(row.says_zero for row in streams), "until": until}
    tried = [(detector, parameters), *(each for each in TRIED[freq] if settings.key_of(*each) != own)]
    scores = [score_of(counts, places, true, name, each, **told) for name, each in tried]
    rest = [score for score in scores[1:] if score]
    rest.sort(key=lambda each: (-each.n_found, each.n_false, each.delay or 0))
    return [scores[0], *rest] if scores[0] else rest


def score_of(
    counts: pl.DataFrame, places: pl.DataFrame, true: Sequence[Outbreak], name: str, parameters: dict[str, Any], *,
    freq: str, says_zero: bool, until: date,
) -> Score | None:  # fmt: skip
    """One setting over the record; None where its detector cannot read these series."""
    try:
        verdicts = watching.verdicts_of(
            counts, name=name, parameters=parameters, freq=freq, says_zero=says_zero, until=until,
            last=COMPARED[freq], known=pl.DataFrame(schema={"stream": pl.Int64, "date": pl.Date, "n_known": pl.Int64}),
        )  # fmt: skip
    except InputError:
        return None
    began = counts["date"].min()
    verdicts = verdicts.filter(pl.col("date") >= began).join(places, on="stream", how="left")
    rung = verdicts.filter("alarm")
    in_one = pl.lit(False)
    delays, n_found, n_known = [], 0, 0
    for each in true:
        belongs = (
            (pl.col("home") == each.home)
            & (pl.col("syndrome") == each.syndrome)
            & pl.col("date").is_between(each.first - timedelta(days=AROUND), each.last + timedelta(days=AROUND))
        )
        in_one = in_one | belongs
        if not verdicts.filter(belongs).height:
            continue
        n_known += 1
        first = rung.filter(belongs)["date"].min()
        if first is not None:
            n_found += 1
            # An alarm before the first verified day cannot be told from chance: it is no earlier.
            delays.append(max(0, (first - each.first).days))  # type: ignore[operator]
    n_false = rung.filter(~in_one).height
    n_tested = verdicts.filter(pl.col("status") == "ok").height
    delay = float(pl.Series(delays).median()) if delays else None  # type: ignore[arg-type]
    return Score(name, parameters, n_known, n_found, n_false, delay, n_tested)


def better(scores: Sequence[Score]) -> Score | None:
    """The setting that would have done better than the first: found as many outbreaks no later with clearly fewer false
    alarms, or more outbreaks with no more false alarms. None where none has."""
    if not scores:
        return None
    own = scores[0]
    return next(iter(sorted(_improvements(own, scores[1:]), key=lambda each: (-each.n_found, each.n_false))), None)


def _improvements(own: Score, others: Iterable[Score]) -> Iterable[Score]:
    for each in others:
        no_later = own.delay is None or (each.delay is not None and each.delay <= own.delay + SAME_DAYS)
        calmer = each.n_false <= BETTER * own.n_false and each.n_false < own.n_false
        fewer = each.n_found >= own.n_found and calmer and no_later
        more = each.n_found > own.n_found and each.n_false <= own.n_false
        if fewer or more:
            yield each
