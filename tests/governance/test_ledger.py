"""Whoever alters, deletes or reorders a decision is found."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from sizao.config.commands import audit as command
from sizao.ops.governance import audit, ledger
from sizao.ops.governance.models import LedgerEntry
from sizao.ops.governance.roles import Role
from sizao.ops.reporting import actions as reports
from tests import factories as make

pytestmark = pytest.mark.django_db
N = 60


@pytest.fixture
def chain(at, settings, tmp_path):
    settings.HOME = tmp_path
    by = make.user()
    for n in range(N):
        audit.record(by=by, at=at + timedelta(minutes=n), action="case.classified", reason="laboratory", n=n)
    return by


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def wrong():
    return {fault.number for fault in ledger.verify()}


def test_a_chain_nobody_touched_is_whole(chain):
    assert wrong() == set()
    assert ledger.head() == ledger.Head(N, LedgerEntry.objects.get(number=N).hash)


def test_only_decisions_are_links(chain, at):
    audit.record(by=chain, at=at, action="person.viewed")
    assert ledger.length() == N


ALTERATIONS = {
    "content": "'{\"n\": 99}'", "action": "'case.viewed'", "by_id": "by_id + 1", "row_id": "7",
    "at": "'2001-01-01 00:00:00+00:00'", "hash": "'" + "0" * 64 + "'", "previous": "'" + "1" * 64 + "'",
}  # fmt: skip


def test_every_alteration_of_every_column_is_found(chain, capsys):
    dice, altered = random.Random(1), {}
    other = make.user()
    for column, value in ALTERATIONS.items():
        for number in dice.sample(sorted(set(range(1, N)) - set(altered)), 4):
            value_now = str(other.pk) if column == "by_id" else value
            run(f"UPDATE governance_ledgerentry SET {column} = {value_now} WHERE number = %s", number)
            altered[number] = column
    found = wrong()
    with capsys.disabled():
        print(f"\nlinks altered {len(altered)}, found {len(altered.keys() & found)}")
    assert altered.keys() <= found


def test_every_deletion_is_found(chain, capsys):
    deleted = [3, 4, 20, 41]
    run("DELETE FROM governance_ledgerentry WHERE number IN (3, 4, 20, 41)")
    found = wrong()
    with capsys.disabled():
        print(f"\ngaps made 3, found {len(found & {5, 21, 42})}")
    assert found == {5, 21, 42}
    assert not found & set(deleted)


def test_the_end_cut_off_is_found_by_a_head_printed_elsewhere(chain):
    printed = ledger.head()
    run("DELETE FROM governance_ledgerentry WHERE number > %s", N - 5)
    assert wrong() == set()  # a chain cannot miss its own end
    assert [fault.number for fault in ledger.verify([printed])] == [N]


def test_two_links_that_change_places_are_found(chain):
    run("UPDATE governance_ledgerentry SET number = 1000 WHERE number = 10")
    run("UPDATE governance_ledgerentry SET number = 10 WHERE number = 30")
    run("UPDATE governance_ledgerentry SET number = 30 WHERE number = 1000")
    assert {10, 30} <= wrong()


def test_a_chain_made_anew_from_a_link_on_is_found_by_an_older_head(chain):
    printed = ledger.head()
    run("UPDATE governance_ledgerentry SET action = 'x' WHERE number = %s", N - 3)
    previous = None
    for link in LedgerEntry.objects.filter(number__gte=N - 3).order_by("number"):
        link.previous = previous or link.previous
        link.hash = previous = ledger.hash_of(link)
        link.save()
    assert wrong() == set()
    assert {fault.number for fault in ledger.verify([printed])} == {N}


@pytest.mark.django_db(transaction=True)
def test_the_head_is_noted_outside_when_the_decision_is_final(at, settings, tmp_path):
    settings.HOME = tmp_path
    by = make.user()
    audit.record(by=by, at=at, action="task.verified")
    audit.record_many(by=by, at=at, action="grant.given", about=[by, by])
    assert ledger.noted_outside() == [ledger.Head(1, LedgerEntry.objects.get(number=1).hash), ledger.head()]
    run("DELETE FROM governance_ledgerentry WHERE number = 3")
    assert [fault.number for fault in ledger.verify(ledger.noted_outside())] == [3]


def test_a_signed_report_prints_the_head_and_the_command_compares_it(at, settings, tmp_path, capsys):
    settings.HOME = tmp_path
    make.areas()
    drafter, signer = make.user(Role.DUTY_OFFICER), make.user(Role.SIGNATORY)
    audit.record(by=signer, at=at, action="task.verified")
    day = at.date() - timedelta(days=1)
    incident = make.incident(drafter, opened_at=at - timedelta(days=9), date_emergence=day)
    report = reports.draft_report(incident=incident, day=day, cutoff_at=at - timedelta(hours=9), by=drafter, at=at)
    reviewer = make.user(Role.DUTY_OFFICER)
    reports.review_reports(reports=[report], by=reviewer, at=at)
    (signed,) = reports.sign_reports(reports=[report], by=signer, at=at)
    link = LedgerEntry.objects.get(action="report.signed")
    assert signed.chain_head == f"{link.number - 1}:{link.previous}"
    assert link.content == {"content_hash": signed.content_hash}
    assert command.main(["verify"]) == 0
    assert "1 heads in signed reports" in capsys.readouterr().out
    run("DELETE FROM governance_ledgerentry WHERE number >= %s", link.number - 1)
    assert command.main(["verify"]) == 1
    assert f"link {link.number - 1}: this link was printed" in capsys.readouterr().out
