"""A person who was erased is nowhere: not in a table, not in its memory, not in a file, not under a seal."""

import json
import re
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from sizao.ops.cases.models import Case
from sizao.ops.governance import audit, history, ledger
from sizao.ops.governance.keyring import keyring
from sizao.ops.governance.models import RowChange
from sizao.ops.governance.roles import Role
from sizao.ops.governance.sealed import unseal
from sizao.ops.intake.models import Delivery, Problem
from sizao.ops.oversight import actions
from sizao.ops.oversight.actions import StillNeeded
from sizao.ops.oversight.traces import columns, searched, traces
from sizao.ops.registry.actions import amend_persons
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Person
from tests import factories as make
from tests.intake.conftest import deliver, incident, officer, own_store  # noqa: F401

pytestmark = pytest.mark.django_db
WORDS = ("欧阳若兰", "13812345678", "230102199001011236", "欧阳小兰")
LIST = """编号,姓名,性别,年龄,电话,身份证号,发病日期,报告日期,备注
A-1,欧阳若兰,女,25,13812345678,230102199001011236,2015-06-01,2015-06-03,欧阳若兰的邻居转述
A-2,赵大海,男,50,13900000002,,2015-06-02,2015-06-04,无
A-3,钱多多,男,欧阳若兰?,13900000003,,2015-06-02,2015-06-04,无
"""


@pytest.fixture
def person(deliver, officer, at):  # noqa: F811
    """Imported from a file in GB18030, amended, written about, searched for, read and compared."""
    deliver(LIST.encode("gb18030"), source="hospital", commit=True)
    case = Case.objects.get(number="A-1")
    person, later = case.person, at + timedelta(hours=1)
    identity = Identity(**{**vars(person.identity), "full_name": "欧阳小兰"})
    amend_persons(changes=[(person, {"identity": identity})], reason="欧阳若兰 said so", by=officer, at=later)
    history.amend([case], note="欧阳若兰 was at the market", by=officer, at=later)
    history.amend([case], note="at the market", by=officer, at=later + timedelta(hours=1))
    contact = make.contact(case.incident, officer, person=person, note="欧阳若兰, 13812345678")
    make.follow_up(contact, officer, note="欧阳若兰 coughs", symptoms=["cough"])
    make.task(case.incident, officer, subject_kind="case", subject_id=case.pk, outcome="called 13812345678")
    audit.record(by=officer, at=later, action="person.viewed", about=person, reason="欧阳若兰 asked")
    return Person.objects.get(pk=person.pk)


def opened(uuid) -> list[dict]:
    """Every sealed document of this person, wherever it lies, as blob or as hexadecimal digits."""
    found = []
    for table, column in columns():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            for (value,) in cursor.fetchall():
                found += list(_documents(value, uuid))
    return found


def _documents(value, uuid):
    texts = [bytes(value)] if isinstance(value, bytes | memoryview) else []
    told = value if isinstance(value, str) else json.dumps(value, default=str)
    texts += [bytes.fromhex(digits) for digits in re.findall(r"(?:[0-9a-fA-F]{2}){40,}", told)]
    for text in texts:
        if len(text) > 29 and text[0] in keyring().seal:
            try:
                yield unseal(text, uuid)
            except InvalidTag:
                continue


def test_before_the_erasure_the_search_finds_them_everywhere(person):
    places = traces(WORDS)
    assert {"tracing_contact.note", "governance_paststate.values", "governance_rowchange.before"} <= set(places)
    assert {"tracing_followup.note", "incidents_task.outcome", "governance_auditentry.reason"} <= set(places)
    assert {"intake_problem.found", Delivery.objects.get().sha256} <= set(places)
    assert len(opened(person.uuid)) >= 3  # the row, its past state, the picture of its change


def test_after_the_erasure_they_are_nowhere(person, at, capsys):
    signer = make.user(Role.SIGNATORY)
    others = Person.objects.exclude(pk=person.pk).count()
    erasure = actions.erase_person(
        person=person, legal_basis="decision 7 of 2015", by=signer, at=at + timedelta(days=1)
    )
    places, sealed = traces(WORDS), opened(person.uuid)
    with capsys.disabled():
        print(f"\ncolumns searched {searched()}, places where the person was found {len(places) + len(sealed)}")
    assert (places, sealed) == ([], [])
    assert erasure.counts["files"] == 1 and erasure.counts["registry.Person"] == 1
    case = Case.objects.get(number="A-1")
    assert (case.note, case.classification != "", case.person_id) == ("", True, person.pk)  # the numbers still add up
    assert Person.objects.exclude(identity_sealed=b"").count() == others
    assert not Problem.objects.exists()
    assert ledger.verify() == []
    assert RowChange.objects.filter(model="registry.Person", row_id=person.pk, kind="U").exists()  # that, not what


def test_a_person_on_hold_is_not_erased(person, at):
    signer = make.user(Role.SIGNATORY)
    actions.place_hold(person=person, reason="inquiry", until=at.date() + timedelta(days=9), by=signer, at=at)
    with pytest.raises(StillNeeded):
        actions.erase_person(person=person, legal_basis="x", by=signer, at=at)
    assert traces(WORDS)


def test_records_merged_into_the_person_go_too(person, at, officer):  # noqa: F811
    twin = make.person(officer, name="欧阳若兰", merged_into=person)
    actions.erase_person(person=person, legal_basis="x", by=make.user(Role.SIGNATORY), at=at + timedelta(days=1))
    twin.refresh_from_db()
    assert bytes(twin.identity_sealed) == b""
    assert opened(twin.uuid) == []
