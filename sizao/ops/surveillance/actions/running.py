"""What an evening's run found becomes alarms, and alarms become signals with an owner and a clock."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from sizao.epi.detection.signals import Ringing, Standing, group_alarms, strengths
from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import User
from sizao.ops.governance.roles import Role
from sizao.ops.governance.sentences import rebuilt, stored
from sizao.ops.incidents.actions import add_tasks
from sizao.ops.incidents.duties import Due
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.owners import owner_of, owners
from sizao.ops.incidents.scope import areas_of
from sizao.ops.surveillance.kinds import SignalStatus, Verdict
from sizao.ops.surveillance.models import Alarm, Run, Signal
from sizao.ops.surveillance.neighbourhood import near_areas
from sizao.ops.surveillance.ranking import Rung, rank_signal
from sizao.ops.surveillance.watching import HOME, Evening
from sizao.vocabulary.text import N_

#: An alarm joins a signal within so many days: the two weeks in which five cases in one place are a cluster (R96).
JOINED_DAYS = 14
#: A city's alarm joins those of its counties; a province's stands alone.
WIDEST = 10
VERIFY_HOURS = 24
VERIFY = "verify-signal"
ABOUT = "signal"


@transaction.atomic
def store_evening(*, incident: Incident, day: date, known_at: datetime, found: Evening, by: User, at: datetime) -> Run:
    """Store a day's run with its alarms and signals, all of it or nothing. A day that has its run keeps it."""
    for path in areas_of(incident):
        access.check(by, "stream.manage", path, at=at)
    run, is_new = Run.objects.get_or_create(
        incident=incident, date=day,
        defaults={"known_at": known_at, "made_at": at, "n_streams": found.n_streams, "tested": found.tested},
    )  # fmt: skip
    if not is_new:
        return run
    alarms = _alarms(found, run, incident, at)
    signals = _group(incident, alarms, by, at)
    run.n_alarms, run.n_signals = len(alarms), len(signals)
    run.save(update_fields=["n_alarms", "n_signals"])
    audit.record(by=by, at=at, action="surveillance.ran", about=run, n_alarms=len(alarms), n_signals=len(signals))
    return run


def _alarms(found: Evening, run: Run, incident: Incident, at: datetime) -> list[Alarm]:
    """Alarms that have not rung before."""
    since = min((row["date"] for row in (*found.alarms, *found.together)), default=run.date)
    rung = Alarm.objects.filter(run__incident=incident, date__gte=since)
    known = set(rung.filter(stream__isnull=False).values_list("stream_id", "date"))
    known |= set(rung.filter(stream__isnull=True).values_list("area_id", "syndrome", "date"))
    new = [
        *(_alarm(row, run, at, stream_id=row["stream"], detector=row["detector"], parameters=row["parameters"])
          for row in found.alarms if (row["stream"], row["date"]) not in known),
        *(_alarm(row, run, at, stream_id=None, detector="combine", parameters={}, streams_of=row["streams_of"])
          for row in found.together if (row["area"], row["syndrome"], row["date"]) not in known),
    ]  # fmt: skip
    return Alarm.objects.bulk_create(new, batch_size=500)


def _alarm(row: Mapping[str, Any], run: Run, at: datetime, **more: Any) -> Alarm:
    return Alarm(
        run=run, area_id=row["area"], syndrome=row["syndrome"], date=row["date"], raised_at=at, n=row["n"] or 0.0,
        expected=row["expected"], upper=row["upper"], p_value=row["p_value"], score=row["score"], why=row["why"],
        **more,
    )  # fmt: skip


def _group(incident: Incident, alarms: Sequence[Alarm], by: User, at: datetime) -> list[Signal]:
    """Join alarms to signals that stand, or to new ones; answers the new ones."""
    if not alarms:
        return []
    open_ones = {row.pk: row for row in _hosts(incident, alarms)}
    z = strengths([alarm.p_value for alarm in alarms], [alarm.score for alarm in alarms])
    ringing = [
        Ringing(alarm.pk, (alarm.area_id or "")[:HOME], alarm.syndrome, alarm.date, float(value))
        for alarm, value in zip(alarms, z, strict=True)
    ]
    standing = [
        Standing(pk, (row.area_id or "")[:HOME], row.syndrome, row.date_first, row.date_last)
        for pk, row in open_ones.items()
    ]
    near = near_areas({each.area for each in (*ringing, *standing)})
    joined, fresh = group_alarms(ringing, standing=standing, near=near, days=JOINED_DAYS, widest=WIDEST)
    by_key = {alarm.pk: alarm for alarm in alarms}
    records = records_by_source(incident)
    _join({key: [by_key[alarm] for alarm, host in joined.items() if host == key] for key in set(joined.values())},
          open_ones, records, by, at)  # fmt: skip
    return _raise([[by_key[key] for key in keys] for keys in fresh], incident, records, by, at)


def _hosts(incident: Incident, alarms: Sequence[Alarm]) -> QuerySet[Signal]:
    """Open signals, and outbreaks that are known and still going on: their further alarms are no news."""
    since = min(alarm.date for alarm in alarms) - timedelta(days=JOINED_DAYS)
    going_on = Q(verdict=Verdict.TRUE_OUTBREAK, date_last__gte=since)
    return Signal.objects.filter(Q(status=SignalStatus.OPEN) | going_on, incident=incident)


def records_by_source(incident: Incident) -> dict[str, tuple[int, int]]:
    """Source → (verified alarms, of these in outbreaks)."""
    verified: Counter[str] = Counter()
    outbreaks: Counter[str] = Counter()
    closed = Alarm.objects.filter(run__incident=incident, signal__status=SignalStatus.CLOSED, stream__isnull=False)
    for source, verdict in closed.values_list("stream__source", "signal__verdict"):
        verified[source] += 1
        outbreaks[source] += verdict == Verdict.TRUE_OUTBREAK
    return {source: (n, outbreaks[source]) for source, n in verified.items()}


def _join(
    added: Mapping[int, list[Alarm]], open_ones: Mapping[int, Signal], records: Mapping[str, tuple[int, int]], by: User,
    at: datetime,
) -> None:  # fmt: skip
    """Signals that stand grow: their facts and rank are those of all their alarms."""
    old: dict[int, list[Alarm]] = defaultdict(list)
    for alarm in Alarm.objects.filter(signal__in=added).select_related("stream"):
        old[alarm.signal_id].append(alarm)
    changes, moved = [], []
    for key, alarms in added.items():
        changes.append((open_ones[key], _facts([*old[key], *alarms], records)))
        for alarm in alarms:
            alarm.signal_id = key
            moved.append(alarm)
    changed = history.amend_each(changes, by=by, at=at)
    Alarm.objects.bulk_update(moved, ["signal"], batch_size=500)
    audit.record_many(by=by, at=at, action="signal.grew", about=changed)


def _raise(
    groups: Iterable[list[Alarm]], incident: Incident, records: Mapping[str, tuple[int, int]], by: User, at: datetime
) -> list[Signal]:
    """New signals, each a task of the post that verifies in its area."""
    known, due_at = owners(), at + timedelta(hours=VERIFY_HOURS)
    groups = list(groups)
    signals = []
    for alarms in groups:
        area = (alarms[0].area_id or "")[:HOME]
        signals.append(
            Signal(
                incident=incident, area_id=area, syndrome=alarms[0].syndrome, raised_at=at, due_at=due_at,
                post_id=owner_of(known, Role.INVESTIGATOR, area), **_facts(alarms, records),
                recorded_by=by, recorded_at=at, current_since=at,
            )
        )  # fmt: skip
    Signal.objects.bulk_create(signals, batch_size=500)
    moved = []
    for signal, alarms in zip(signals, groups, strict=True):
        for alarm in alarms:
            alarm.signal_id = signal.pk
            moved.append(alarm)
    Alarm.objects.bulk_update(moved, ["signal"], batch_size=500)
    add_tasks(incident=incident, duties=[_duty(signal) for signal in signals], by=by, at=at)
    audit.record_many(by=by, at=at, action="signal.raised", about=signals)
    return signals


def _facts(alarms: Sequence[Alarm], records: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """What a signal says of its alarms."""
    rung = [
        Rung(
            (alarm.area_id or "")[:HOME], alarm.stream.source if alarm.stream else "", alarm.stream_id, alarm.date,
            alarm.detector, alarm.p_value, alarm.score, rebuilt(alarm.why),
        )
        for alarm in alarms
    ]  # fmt: skip
    ranked = rank_signal(rung, records)
    days = [alarm.date for alarm in alarms]
    return {
        "rank": ranked.rank, "strength": ranked.strength, "reasons": [stored(said) for said in ranked.reasons],
        "date_first": min(days), "date_last": max(days), "n_alarms": len(alarms),
        "n_sources": len({each.source for each in rung if each.source}), "n_areas": len({each.area for each in rung}),
    }  # fmt: skip


def _duty(signal: Signal) -> Due:
    """Verify within a day: is it real, is it new, does it matter."""
    why = N_("Alarms of surveillance are verified within {hours} hours.", hours=VERIFY_HOURS)
    return Due(
        duty=VERIFY, title=N_("Verify signal {number}", number=signal.number), why=why, subject_kind=ABOUT,
        subject_id=signal.pk, area_id=signal.area_id, role=Role.INVESTIGATOR, starts_at=signal.raised_at,
        due_at=signal.due_at,
    )  # fmt: skip
