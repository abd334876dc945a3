"""How detectors and sources have done: alarms, what they turned out to be, how early, at what cost."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any, NamedTuple

import polars as pl
from django.db.models import Count, Min, QuerySet

from sizao.ops.cases.models import Case
from sizao.ops.incidents.models import Incident
from sizao.ops.surveillance.kinds import SignalStatus, Verdict
from sizao.ops.surveillance.models import Alarm, Signal
from sizao.ops.surveillance.settings import key_of
from sizao.vocabulary.codes import COUNTED


@dataclass
class Record:
    """The history of one setting. `lead_days`: days from the first alarm to the first confirmed case, per outbreak;
    negative where the case came first."""

    detector: str
    parameters: dict[str, Any]
    freq: str
    n_streams: int = 0
    n_alarms: int = 0
    n_open: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)  # of signals
    alarms_by_verdict: Counter[str] = field(default_factory=Counter)
    lead_days: list[int] = field(default_factory=list)
    hours: float = 0.0

    @property
    def key(self) -> str:
        """The frequency and the key of the setting."""
        return f"{self.freq} {key_of(self.detector, self.parameters)}"

    @property
    def n_verified(self) -> int:
        return sum(self.verdicts.values())

    @property
    def predictive(self) -> float | None:
        """Positive predictive value: the share of verified signals that were outbreaks."""
        return self.verdicts[Verdict.TRUE_OUTBREAK] / self.n_verified if self.n_verified else None

    @property
    def lead(self) -> float | None:
        return median(self.lead_days) if self.lead_days else None

    @property
    def hours_per_outbreak(self) -> float | None:
        outbreaks = self.verdicts[Verdict.TRUE_OUTBREAK]
        return self.hours / outbreaks if outbreaks and self.hours else None


def source_records(incident: Incident, seats: Mapping[str, str], known_at: datetime) -> pl.DataFrame | None:
    """`seat, alarms, confirmed` by each seat's source, from signals closed by then; None before the first."""
    rows = Alarm.objects.filter(
        run__incident=incident,
        stream__isnull=False,
        signal__status=SignalStatus.CLOSED,
        signal__closed_at__lte=known_at,
    ).values_list("stream__source", "signal__verdict")
    alarms, confirmed = Counter(), Counter()
    for source, verdict in rows:
        alarms[source] += 1
        confirmed[source] += verdict == Verdict.TRUE_OUTBREAK
    if not alarms:
        return None
    told = [(seat, alarms[source], confirmed[source]) for seat, source in seats.items()]
    return pl.DataFrame(told, schema={"seat": pl.String, "alarms": pl.Int64, "confirmed": pl.Int64}, orient="row")


def first_reports(incidents: Iterable[int]) -> dict[int, date]:
    """The day on which the first counted case of each incident was reported."""
    rows = Case.objects.filter(incident__in=set(incidents), classification__in=COUNTED).values_list("incident")
    return {key: day for key, day in rows.annotate(day=Min("date_report")).order_by() if day}


class Known(NamedTuple):
    """What a record asks of a signal."""

    status: str
    verdict: str
    hours: float | None
    led_to: int | None


def records(incident: Incident, alarms: QuerySet[Alarm], n_streams: Mapping[str, int]) -> list[Record]:
    """One record per setting and frequency, those with most alarms first; the database adds the alarms up by signal. A
    combined alarm belongs to the combination, not to its parts."""
    told = ("status", "verdict", "hours_spent", "led_to_id")
    signals = {pk: Known(*row) for pk, *row in Signal.objects.filter(incident=incident).values_list("id", *told)}
    reports = first_reports(signal.led_to for signal in signals.values() if signal.led_to)
    found = {key: _unused(key, n) for key, n in n_streams.items()}
    firsts: dict[str, list[tuple[Known, date]]] = defaultdict(list)
    by = ("detector", "parameters", "stream__freq", "signal")
    rows = alarms.order_by().values_list(*by).annotate(n=Count("id"), first=Min("raised_at"))
    for detector, parameters, freq, key_of_signal, n, first in rows:
        freq = freq or "day"
        key = f"{freq} {key_of(detector, parameters)}"
        record = found.setdefault(key, Record(detector, parameters, freq))
        record.n_alarms += n
        signal = signals.get(key_of_signal)
        if signal is None or signal.status == SignalStatus.OPEN:
            record.n_open += n
        else:
            record.alarms_by_verdict[signal.verdict] += n
            firsts[key].append((signal, incident.date_at(first)))
    for key, record in found.items():
        _sum_up(record, firsts[key], reports)
    return sorted(found.values(), key=lambda each: (-each.n_alarms, each.detector))


def _unused(key: str, n: int) -> Record:
    """A setting in use that may not have rung yet."""
    freq, _, setting = key.partition(" ")
    detector, parameters = json.loads(setting)
    return Record(detector, parameters, freq, n)


def _sum_up(record: Record, closed: list[tuple[Known, date]], reports: Mapping[int, date]) -> None:
    for signal, rang in closed:
        record.verdicts[signal.verdict] += 1
        record.hours += signal.hours or 0.0
        if signal.verdict == Verdict.TRUE_OUTBREAK and signal.led_to in reports:
            record.lead_days.append((reports[signal.led_to] - rang).days)
