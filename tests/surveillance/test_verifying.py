"""Signals are verified, assessed and become incidents; detectors are scored; another setting is signed for."""

from datetime import date, timedelta

import polars as pl
import pytest
from django.urls import reverse

from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.models import AuditEntry
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Task
from sizao.ops.surveillance import actions, comparing, evenings, kinds, queries
from sizao.ops.surveillance.models import Alarm, Proposal, Signal, Stream
from sizao.ops.surveillance.ranking import Rung, rank_signal
from sizao.ops.surveillance.record import records
from sizao.ops.surveillance.risk import MATRIX, risk_level
from sizao.ops.surveillance.series import series_of
from sizao.vocabulary.text import N_
from tests import factories as make
from tests.surveillance.conftest import DAY, QUIET, define, enter, evening, new_stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(city):
    """A signal in Daoli to which Nangang's pharmacy belongs, raised that evening."""
    one, two = define(city, new_stream("1"), new_stream("2", make.NANGANG, source="pharmacy", name_en="Pharmacy B"))
    enter(city, one, [*QUIET, 30])
    enter(city, two, [*QUIET, 20])
    evenings.run_evening(city.watch, day=DAY, by=city.duty, at=evening(DAY, 20))
    return Signal.objects.get()


MORNING = evening(DAY + timedelta(days=1), 9)


def close(city, signal, verdict="chance", by=None, **more):
    told = {"finding": "sites called", "hours_spent": 1.5, "at": MORNING} | more
    return actions.close_signals(signals=[signal], verdict=verdict, by=by or city.a, **told)


def test_closing_says_what_it_was_and_fulfils_the_task(city, rung):
    close(city, rung)
    rung.refresh_from_db()
    assert (rung.status, rung.verdict, rung.hours_spent) == ("closed", "chance", 1.5)
    task = Task.objects.get(duty="verify-signal")
    assert (task.status, task.done_by) == ("done", city.a)


@pytest.mark.parametrize("finding", ["", "  "])
def test_closing_needs_a_finding(city, rung, finding):
    with pytest.raises(NotNow):
        close(city, rung, finding=finding)


def test_another_county_does_not_close_it(city, rung):
    with pytest.raises(NotAllowed):
        close(city, rung, by=city.b)


def test_a_closed_signal_is_opened_again_with_a_reason(city, rung):
    close(city, rung)
    with pytest.raises(NotNow):
        close(city, rung)
    with pytest.raises(NotNow):
        actions.reopen_signals(signals=[rung], reason="", by=city.a, at=MORNING)
    actions.reopen_signals(signals=[rung], reason="a second site confirms", by=city.a, at=MORNING)
    assert Signal.objects.get().status == "open"


def test_further_alarms_of_a_known_outbreak_are_no_new_signal(city, rung):
    close(city, rung, "true_outbreak")
    next_day = DAY + timedelta(days=1)
    enter(city, Stream.objects.get(code="1"), [35], until=next_day, at=evening(next_day))
    evenings.run_evening(city.watch, day=next_day, by=city.duty, at=evening(next_day, 20))
    signal = Signal.objects.get()
    assert (signal.status, signal.date_last) == ("closed", next_day)


def test_after_chance_a_new_alarm_is_a_new_signal(city, rung):
    close(city, rung, "chance")
    next_day = DAY + timedelta(days=1)
    enter(city, Stream.objects.get(code="1"), [60], until=next_day, at=evening(next_day))
    evenings.run_evening(city.watch, day=next_day, by=city.duty, at=evening(next_day, 20))
    assert Signal.objects.filter(status="open").count() == 1


def test_the_risk_is_the_matrix_and_never_falls_with_either_side(city, rung):
    row = actions.assess_risk(
        signal=rung, likelihood="likely", consequences="major", confidence="low", judgement="one class ill",
        by=city.a, at=MORNING,
    )  # fmt: skip
    assert row.level == "high_risk"
    order = list(kinds.RiskLevel)
    for likelihood in kinds.Likelihood:
        levels = [order.index(risk_level(likelihood, each)) for each in kinds.Consequences]
        assert levels == sorted(levels)
    for column in range(5):
        levels = [order.index(row[column]) for row in MATRIX.values()]
        assert levels == sorted(levels)


def test_a_signal_becomes_an_incident_with_its_dates(city, rung):
    told = {"name_zh": "聚集", "name_en": "Cluster", "protocol": "measles", "finding": "five ill"}
    opened = actions.open_outbreak(signal=rung, date_emergence=date(2024, 3, 7), **told, by=city.duty, at=MORNING)
    rung.refresh_from_db()
    assert (rung.verdict, rung.led_to) == ("true_outbreak", opened)
    assert (opened.date_emergence, opened.date_detection) == (date(2024, 3, 7), DAY)
    facts = {task.duty.partition(":")[2]: task.done_at for task in opened.tasks.filter(status="done")}
    assert (facts["alert_raised"], facts["alert_verified"]) == (rung.raised_at, MORNING)
    with pytest.raises(NotNow):
        actions.open_outbreak(signal=rung, **told, by=city.duty, at=MORNING)


def test_lead_time_is_counted_to_the_first_reported_case(city, rung):
    told = {"name_zh": "聚集", "name_en": "Cluster", "protocol": "measles", "finding": "five ill"}
    opened = actions.open_outbreak(signal=rung, **told, by=city.duty, at=MORNING, hours_spent=4.0)
    make.case(opened, city.duty, date_report=DAY + timedelta(days=3))
    alarms = queries.alarms(by=city.duty, incident=city.watch, at=MORNING)
    ears = next(row for row in records(city.watch, alarms, {}) if row.detector == "ears")
    assert (ears.lead, ears.predictive, ears.hours, ears.n_verified) == (3, 1.0, 4.0, 1)


def test_a_county_sees_its_own_alarms_only(city, rung):
    for user, seen in ((city.a, 1), (city.b, 1)):
        told = {"by": user, "incident": city.watch, "at": MORNING}
        assert list(queries.signals(**told)) == [rung]
        mine = queries.alarms(**told).filter(signal=rung, stream__isnull=False)
        assert {alarm.area_id for alarm in mine} == {make.DAOLI if user is city.a else make.NANGANG}
        assert queries.streams(**told).count() == seen


def test_the_page_of_a_shared_signal_hides_the_neighbours_stream(city, rung, client):
    client.force_login(city.a)
    shown = client.get(reverse("surveillance:signal", args=[city.watch.pk, rung.pk])).content.decode()
    assert "Stream 1" in shown or "1号" in shown
    assert "Pharmacy B" not in shown and "2号" not in shown


@pytest.mark.parametrize("name", ["signals", "sites", "record", "signal_map", "count_file"])
def test_pages_answer(city, rung, client, name):
    client.force_login(city.duty)
    answer = client.get(reverse(f"surveillance:{name}", args=[city.watch.pk]))
    assert answer.status_code == 200


def test_a_stream_page_and_its_numbers_agree(city, rung, client):
    stream = Stream.objects.get(code="1")
    client.force_login(city.a)
    assert client.get(reverse("surveillance:stream", args=[city.watch.pk, stream.pk])).status_code == 200


def test_steps_by_page(city, rung, client):
    client.force_login(city.a)
    address = reverse("surveillance:close_signal", args=[city.watch.pk, rung.pk])
    assert client.post(address, {"close-verdict": "chance"}).status_code == 400
    client.post(address, {"close-verdict": "chance", "close-finding": "called"})
    assert Signal.objects.get().verdict == "chance"
    assert client.get(reverse("surveillance:open_outbreak", args=[city.watch.pk, rung.pk])).status_code == 403


def rungs(**values):
    told = {"area": make.DAOLI, "source": "school", "stream": 1, "date": DAY, "detector": "ears", "p_value": 1e-4}
    return Rung(**(told | {"score": 2.0, "why": N_("First")} | values))


@pytest.mark.parametrize(
    ("alarms", "record", "rank"),
    [
        ([rungs(p_value=0.004)], {}, "in_turn"),
        ([rungs()], {}, "soon"),
        ([rungs(), rungs(source="pharmacy", stream=2)], {}, "first"),
        ([rungs(detector="k_in_days", p_value=None)], {}, "first"),
        ([rungs()], {"school": (18, 0)}, "in_turn"),
        ([rungs()], {"school": (18, 17)}, "first"),
    ],
)
def test_ranks(alarms, record, rank):
    assert rank_signal(alarms, record).rank == rank


def test_a_better_setting_is_proposed_and_signed_by_another_person(city):
    """C1 at 0.01 rings at noise; the record knows one outbreak, and C2 at 0.0001 finds it too."""
    [stream] = define(city, new_stream("1", parameters={"kind": "C1", "alpha": 0.02}))
    quiet = [4, 6, 5, 9, 4, 5, 6, 4, 9, 5, 4, 6, 5, 10] * 6
    enter(city, stream, [*quiet, 60], at=evening(DAY - timedelta(days=80)), until=DAY)
    for back in range(60, -1, -4):
        day = DAY - timedelta(days=back)
        evenings.run_evening(city.watch, day=day, by=city.duty, at=evening(day, 20), known_at=evening(DAY, 21))
        for signal in Signal.objects.filter(status="open"):
            verdict = "true_outbreak" if signal.date_last == DAY else "chance"
            close(city, signal, verdict, at=evening(day, 21))
    told = {"detector": "ears", "parameters": {"kind": "C1", "alpha": 0.02}, "freq": "day"}
    assert comparing.n_verified(city.watch, told["detector"], told["parameters"]) >= comparing.FEWEST
    scores = comparing.compare(city.watch, **told, day=DAY, known_at=MORNING)
    best = comparing.better(scores)
    assert (best.n_found, best.n_outbreaks) == (1, 1)
    assert best.n_false < comparing.BETTER * scores[0].n_false
    proposal = actions.propose_setting(
        incident=city.watch, **told, instead_detector=best.detector, instead_parameters=best.parameters,
        evidence={"now": scores[0].evidence(), "instead": best.evidence()}, by=city.duty, at=MORNING,
    )  # fmt: skip
    stream.refresh_from_db()
    assert stream.parameters == told["parameters"]
    with pytest.raises(NotAllowed):
        actions.sign_proposal(proposal=proposal, reason="fewer calls", by=city.duty, at=MORNING)
    with pytest.raises(NotNow):
        actions.sign_proposal(proposal=proposal, reason="", by=city.signatory, at=MORNING)
    actions.sign_proposal(proposal=proposal, reason="fewer calls", by=city.signatory, at=MORNING)
    stream.refresh_from_db()
    assert (stream.detector, stream.parameters) == (best.detector, best.parameters)
    assert len(Proposal.objects.get().content_hash) == 64
    entry = AuditEntry.objects.get(action="setting.adopted")
    assert (entry.reason, entry.by) == ("fewer calls", city.signatory)
    with pytest.raises(NotNow):
        actions.sign_proposal(proposal=proposal, reason="again", by=city.signatory, at=MORNING)


def test_nothing_is_better_without_a_first():
    assert comparing.better([]) is None


def test_an_alarm_keeps_the_setting_it_rang_with(city, rung):
    assert set(Alarm.objects.filter(stream__isnull=False).values_list("detector", flat=True)) == {"ears"}
    assert all(parameters == {"kind": "C2"} for parameters in
               Alarm.objects.filter(stream__isnull=False).values_list("parameters", flat=True))  # fmt: skip


def test_the_picture_has_a_gap_and_what_rang(city, rung, client):
    stream = Stream.objects.get(code="1")
    later = DAY + timedelta(days=2)
    enter(city, stream, [None, 5], until=later, at=evening(later))
    frame = series_of(stream, day=later, known_at=evening(later, 20))
    shown = {row["date"]: row for row in frame.to_dicts()}
    assert shown[DAY]["rang"] == rung.pk
    assert (shown[DAY + timedelta(days=1)]["n"], shown[DAY + timedelta(days=1)]["status"]) == (None, "missing")
    assert frame["upper"].drop_nulls().len() > 3
    assert isinstance(frame, pl.DataFrame)
