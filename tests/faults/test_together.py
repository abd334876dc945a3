"""Many at once: ten writers on SQLite, two people at one record, and a clock that goes back."""

import json
from datetime import timedelta

import pytest

from sizao.config import schedule
from sizao.ops.cases.actions import amend_cases
from sizao.ops.cases.editing import ChangedMeanwhile
from sizao.ops.governance import audit, history, ledger
from sizao.ops.governance.actions import found_installation
from sizao.ops.governance.models import LedgerEntry
from sizao.ops.governance.roles import Role
from sizao.ops.tracing.actions import amend_contacts
from tests import factories as make

WRITERS, EACH = 10, 20


def test_ten_writers_on_sqlite_and_no_lock_error(installation, capsys):
    code, out, err = installation.run("writers", WRITERS, EACH)
    assert code == 0, err
    found = json.loads(out.splitlines()[-1])
    with capsys.disabled():
        print(f"\nten writers: transactions {WRITERS * EACH}, refused {found['failed']}, "
              f"lost updates {WRITERS * EACH - found['counted']}")  # fmt: skip
    assert found == {"failed": 0, "rows": WRITERS * EACH, "counted": WRITERS * EACH}


@pytest.mark.django_db
def test_the_second_of_two_people_is_told_and_overwrites_nothing(at):
    make.areas()
    first, second = make.user(Role.INVESTIGATOR), make.user(Role.INVESTIGATOR)
    incident = make.incident(first)
    case, contact = make.case(incident, first), make.contact(incident, first)
    for act, row, name in ((amend_cases, case, "cases"), (amend_contacts, contact, "contacts")):
        read_at = {row.pk: row.current_since}  # both have the page open
        act(
            **{name: [row]},
            changes={"note": "first"},
            reason="x",
            read_at=read_at,
            by=first,
            at=at + timedelta(hours=1),
        )
        with pytest.raises(ChangedMeanwhile) as refusal:
            act(
                **{name: [row]}, changes={"note": "second"}, reason="x", read_at=read_at, by=second,
                at=at + timedelta(hours=2),
            )  # fmt: skip
        assert [changed.pk for changed in refusal.value.rows] == [row.pk]  # the page shows what changed in them
        row.refresh_from_db()
        assert row.note == "first"


@pytest.mark.django_db
def test_a_clock_set_back_loses_no_order(at, settings, tmp_path):
    settings.HOME = tmp_path
    by = make.user(Role.INVESTIGATOR)
    case = make.case(make.incident(by), by, note="one")
    hour = timedelta(hours=1)
    for n, moment in enumerate((at + 3 * hour, at + hour, at + 2 * hour)):  # the second is told an earlier time
        history.amend([case], note=f"change {n}", by=by, at=moment)
        audit.record(by=by, at=moment, action="case.classified", about=case)
    states = history.past_of(case)
    assert [state.values["note"] for state in states] == ["one", "change 0", "change 1"]
    assert all(state.since <= state.until for state in states)
    assert list(LedgerEntry.objects.order_by("number").values_list("at", flat=True)) == [
        at + 3 * hour, at + hour, at + 2 * hour,
    ]  # fmt: skip
    assert ledger.verify() == []


@pytest.mark.django_db
def test_no_job_of_the_schedule_runs_twice_when_the_clock_is_set_back(at):
    found_installation(by=None, at=at)
    assert len(schedule.run_due(at)) == len(schedule.JOBS)
    assert schedule.run_due(at - timedelta(hours=1)) == []
    assert len(schedule.run_due(at + timedelta(days=1))) == len(schedule.JOBS)
