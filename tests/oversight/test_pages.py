"""What was done can be read: by time, by user, by record, by person concerned, in both languages."""

import html
import re
from datetime import timedelta

import pytest

from sizao.ops.cases.actions import amend_cases
from sizao.ops.governance import audit
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.oversight import actions
from sizao.ops.oversight.models import LegalHold, RetentionRun
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(at, client):
    make.areas()
    by = make.user(Role.INVESTIGATOR, display_name="Li Na")
    incident = make.incident(by)
    person = make.person(by, name="王小明", area_id=make.DAOLI)
    case = make.case(incident, by, person=person, number="C-77", area_id=make.DAOLI)
    amend_cases(cases=[case], changes={"age": 41.0}, reason="she told us", by=by, at=at + timedelta(hours=1))
    audit.record(by=by, at=at, action="person.viewed", about=case)
    audit.record(by=by, at=at, action="contacts.listed", about=incident, persons=[person.pk])
    audit.record(by=make.user(display_name="Zhao"), at=at, action="person.viewed", about=make.case(incident, by))
    return by, person, case


def read(client, role, address, language="en", area=""):
    client.force_login(make.user(role, area, language=language))
    return client.get(address, headers={"accept-language": language})


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SIGNATORY])
def test_the_list_says_sentences(world, client, role):
    page = read(client, role, "/audit/").content.decode()
    assert "Li Na changed a case" in page and "C-77" in page and "she told us" in page
    assert "王小明" not in page


def test_in_chinese(world, client):
    assert "Li Na 修改了病例" in read(client, Role.AUDITOR, "/audit/", "zh-hans").content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDITOR, Role.SIGNATORY)])
def test_others_may_not(world, client, role):
    person = world[1]
    for address in ("/audit/", "/retention/", f"/audit/persons/{person.uuid}/", "/audit/rows/cases.Case/1/"):
        assert read(client, role, address).status_code == 403


def test_by_user_by_person_by_kind_by_day(world, client):
    by, person, _case = world

    def found(**query):
        page = client.get("/audit/", query, headers={"accept-language": "en"}).content.decode()
        return set(re.findall(r"(?:Li Na|Zhao) (?:changed|opened|read) .*", page.split("<table")[-1]))

    client.force_login(make.user(Role.AUDITOR, language="en"))
    everything = found()
    assert any(row.startswith("Zhao") for row in everything)
    assert all(row.startswith("Li Na") for row in found(user=by.pk)) and found(user=by.pk)
    of_person = found(person=person.pseudonym)
    assert len(of_person) == 3 and not any(row.startswith("Zhao") for row in of_person)
    assert found(person="C-77") == of_person
    assert {row.split()[2 if row.startswith("Li") else 1] for row in found(kind="read")} == {"opened", "read"}
    assert found(until="2001-01-01") == found(person="nobody") == set()


def test_an_auditor_of_one_county_reads_only_of_it(world, client):
    page = read(client, Role.AUDITOR, "/audit/", area=make.LONGSHA).content.decode()
    assert "C-77" not in page
    assert "C-77" in read(client, Role.AUDITOR, "/audit/", area=make.DAOLI).content.decode()


def test_an_entry_shows_its_changes_field_by_field(world, client):
    entry = AuditEntry.objects.get(action="case.amended")
    page = read(client, Role.AUDITOR, f"/audit/{entry.pk}/").content.decode()
    assert "Age" in page and "41" in page and "{" not in page.split("<main")[1].split("</main")[0]


def test_a_row_shows_all_its_changes_and_seals_stay(world, client):
    _by, person, case = world
    page = read(client, Role.AUDITOR, f"/audit/rows/cases.Case/{case.pk}/").content.decode()
    assert page.count('class="box"') == 2  # added, changed
    person.save()
    assert "王小明" not in read(client, Role.AUDITOR, f"/audit/rows/registry.Person/{person.pk}/").content.decode()


def test_who_saw_finds_the_list_and_the_record_and_nobody_else(world, client):
    _by, person, _case = world
    response = read(client, Role.AUDITOR, f"/audit/persons/{person.uuid}/")
    page = response.content.decode()
    assert page.count("Li Na") == 2 and "Zhao" not in page and "王小明" not in page
    assert "opened a person's record" in html.unescape(page) and "read a list of contacts" in page
    text = client.get(f"/audit/persons/{person.uuid}/who-saw.csv").content.decode("utf-8-sig")
    assert text.count("Li Na") == 2 and "Zhao" not in text and "王小明" not in text
    assert AuditEntry.objects.filter(action="who_saw.given").count() == 2


def test_the_signatory_signs_holds_and_erases(world, client, at):
    _by, person, _case = world
    signer = make.user(Role.SIGNATORY)
    run = actions.prepare_run(by=signer, at=at + timedelta(days=4000))
    client.force_login(signer)
    assert "registry.Person" in run.due
    assert client.get("/retention/").status_code == 200
    client.post(f"/retention/{run.pk}/sign/")
    assert RetentionRun.objects.get().signed_by == signer
    held = {"person": person.pseudonym, "reason": "inquiry", "until": "2099-01-01"}
    assert client.post("/retention/holds/", held).status_code == 302
    assert client.post("/retention/holds/", held | {"person": "P-0"}).status_code == 400
    said = {"legal_basis": "decision 7", "confirmed": person.pseudonym}
    client.post(f"/retention/persons/{person.uuid}/", said)
    person.refresh_from_db()
    assert bytes(person.identity_sealed)  # held
    client.post(f"/retention/holds/{LegalHold.objects.get().pk}/end/", {"reason": "closed"})
    assert client.post(f"/retention/persons/{person.uuid}/", said | {"confirmed": "P-1"}).status_code == 400
    client.post(f"/retention/persons/{person.uuid}/", said)
    person.refresh_from_db()
    assert bytes(person.identity_sealed) == b""
