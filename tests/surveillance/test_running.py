"""The evening run: what was known, alarms, signals, twice the same, killed in the middle."""

from datetime import timedelta

import pytest

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry
from sizao.ops.incidents.models import Task
from sizao.ops.surveillance import actions, evenings, watching
from sizao.ops.surveillance.models import Alarm, Count, Run, Signal
from tests import factories as make
from tests.surveillance.conftest import DAY, QUIET, define, enter, evening, new_stream

pytestmark = pytest.mark.django_db


def run(city, day=DAY, at=None, **more):
    return evenings.run_evening(city.watch, day=day, by=city.duty, at=at or evening(day, 20), **more)


def test_a_high_day_rings_and_becomes_a_signal_with_owner_and_clock(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, 30])
    done = run(city)
    [alarm], [signal] = Alarm.objects.all(), Signal.objects.all()
    assert (done.n_alarms, done.n_signals, done.tested) == (1, 1, {"ok": 1})
    assert (alarm.date, alarm.n, alarm.stream, alarm.signal) == (DAY, 30, stream, signal)
    assert signal.due_at - signal.raised_at == timedelta(hours=24)
    [task] = Task.objects.filter(duty="verify-signal")
    assert (task.subject_id, task.due_at, task.post.title_en) == (signal.pk, signal.due_at, "Daoli investigator")
    assert signal.post == task.post


def test_silence_is_a_gap_and_not_a_zero(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, None])
    assert run(city).tested == {"missing": 1}


def test_where_zero_is_not_reported_silence_is_a_zero(city):
    [stream] = define(city, new_stream("1", says_zero=False))
    enter(city, stream, [*QUIET, None])
    assert run(city).tested == {"ok": 1}


def test_running_again_changes_nothing(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, 30])
    first = run(city)
    entries = AuditEntry.objects.count()
    enter(city, stream, [50], at=evening(DAY, 21))
    entries = AuditEntry.objects.count()
    again = run(city, at=evening(DAY, 22))
    assert again == first
    assert Alarm.objects.get().n == 30
    assert (Run.objects.count(), Signal.objects.count(), AuditEntry.objects.count()) == (1, 1, entries)


def test_a_run_knows_only_what_was_known_that_evening(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, 30], at=evening(DAY, 18))
    enter(city, stream, [5], at=evening(DAY + timedelta(days=1), 9))
    assert Count.objects.filter(stream=stream, date=DAY).count() == 2
    early = watching.evening(city.watch, day=DAY, known_at=evening(DAY, 20))
    late = watching.evening(city.watch, day=DAY, known_at=evening(DAY + timedelta(days=1), 20))
    assert [row["n"] for row in early.alarms] == [30]
    assert late.alarms == []


def test_a_count_that_comes_late_rings_on_a_later_evening(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, None], at=evening(DAY, 18))
    run(city)
    next_day = DAY + timedelta(days=1)
    enter(city, stream, [30, 5], until=next_day, at=evening(next_day, 9))
    run(city, next_day)
    assert [(alarm.date, alarm.raised_at) for alarm in Alarm.objects.all()] == [(DAY, evening(next_day, 20))]


def test_alarms_of_the_next_days_join_the_open_signal(city):
    one, two = define(city, new_stream("1"), new_stream("2", make.NANGANG, source="pharmacy"))
    enter(city, one, [*QUIET, 30])
    enter(city, two, [*QUIET, 5])
    run(city)
    next_day = DAY + timedelta(days=1)
    enter(city, one, [40], until=next_day, at=evening(next_day))
    enter(city, two, [40], until=next_day, at=evening(next_day))
    run(city, next_day)
    [signal] = Signal.objects.all()
    assert (signal.n_alarms, signal.n_sources, signal.n_areas) == (Alarm.objects.count(), 2, 2)
    assert (signal.date_first, signal.date_last) == (DAY, next_day)
    assert Task.objects.filter(duty="verify-signal").count() == 1


def test_far_away_and_another_syndrome_are_other_signals(city):
    streams = define(city, new_stream("1"), new_stream("2", make.LONGSHA), new_stream("3", syndrome="rash"))
    for stream in streams:
        enter(city, stream, [*QUIET, 30])
    run(city)
    assert sorted(Signal.objects.values_list("area_id", "syndrome")) == [
        (make.DAOLI, "rash"),
        (make.DAOLI, "respiratory"),
        (make.LONGSHA, "respiratory"),
    ]


def test_streams_that_are_each_a_little_high_ring_together(city):
    streams = define(
        city, *(new_stream(str(n), detector="ewma_switch", parameters={}, source="pharmacy") for n in range(8))
    )
    steady = [20, 24, 18, 22, 21, 19, 23, 20] * 10
    for stream in streams:
        enter(city, stream, [*steady, 25])
    run(city)
    assert not Alarm.objects.filter(stream__isnull=False, date=DAY).exists()
    [alarm] = Alarm.objects.filter(stream__isnull=True)
    assert (alarm.detector, alarm.n, len(alarm.streams_of)) == ("combine", 8, 8)
    assert sum(share for _stream, _weight, share in alarm.streams_of) == pytest.approx(1, abs=0.01)
    assert alarm.signal.area_id == make.DAOLI


def test_a_run_that_dies_leaves_nothing_and_is_run_again(city, monkeypatch):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, 30])

    def broken(**_told):
        raise OSError("the disk is full")

    monkeypatch.setattr("sizao.ops.surveillance.actions.running.add_tasks", broken)
    with pytest.raises(OSError, match="disk"):
        run(city)
    assert (Run.objects.count(), Alarm.objects.count(), Signal.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    run(city)
    assert (Run.objects.count(), Alarm.objects.count(), Signal.objects.count()) == (1, 1, 1)


def test_five_cases_in_one_school_in_two_weeks(city):
    """R96: five cases in fourteen days in one place are a cluster, whatever was usual."""
    rule = {"k": 5, "periods": 14}
    [stream] = define(city, new_stream("1", detector="k_in_days", parameters=rule, source="school", says_zero=False))
    enter(city, stream, [1, None, None, 1, None, 1, None, None, None, 1])
    assert run(city).n_alarms == 0
    next_day = DAY + timedelta(days=1)
    enter(city, stream, [1], until=next_day, at=evening(next_day))
    run(city, next_day)
    assert Signal.objects.get().rank == "first"


def test_a_known_outbreak_stays_out_of_the_baseline(city):
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, 30])
    run(city)
    signal = Signal.objects.get()
    actions.close_signals(
        signals=[signal], verdict="true_outbreak", finding="five ill at one table", by=city.duty, at=evening(DAY, 21)
    )
    later = DAY + timedelta(days=5)
    enter(city, stream, [5, 5, 4, 6, 13], until=later, at=evening(later))
    found = watching.evening(city.watch, day=later, known_at=evening(later, 20))
    assert later in [row["date"] for row in found.alarms]
    [unknown] = list(watching.evening(city.watch, day=later, known_at=evening(DAY, 20)).tested.items())
    assert unknown[0] == "missing"


def test_nobody_without_the_power_runs_it(city):
    define(city, new_stream("1"))
    with pytest.raises(NotAllowed):
        evenings.run_evening(city.watch, day=DAY, by=city.a, at=evening(DAY, 20))
