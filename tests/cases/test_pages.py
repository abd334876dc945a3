"""The case list as people use it: scoped, filtered, kept, taken away as a file, changed in bulk."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from sizao.ops.cases.models import Case
from sizao.ops.governance import audit_listed
from sizao.ops.governance.models import AuditEntry, SavedView
from sizao.ops.governance.roles import Role
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.lookup import person_keys
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbreak():
    areas = make.areas()
    by = make.user(Role.INVESTIGATOR)
    incident = make.incident(by)
    incident.areas.set([areas["CN0023"]])
    for n, area in enumerate([make.DAOLI, make.DAOLI, make.NANGANG, make.LONGSHA]):
        person = make.person(by, name=f"王小{'一二三四'[n]}", area_id=area)
        make.case(incident, by, number=f"A{n}", area_id=area, person=person, date_report=date(2015, 6, 1 + n))
    return incident


@pytest.fixture
def log_in(client):
    def log_in(role=Role.INVESTIGATOR, area="CN0023", language="en"):
        client.force_login(make.user(role, area))
        client.cookies["django_language"] = language
        return client

    return log_in


def page(client, incident, name="list", method="get", data=None, **kwargs):
    address = reverse(f"cases:{name}", kwargs={"incident_id": incident.pk, **kwargs})
    return getattr(client, method)(address, data or {})


def _listed(response) -> list[str]:
    text = response.content.decode()
    return [f"A{n}" for n in range(1000) if f">A{n}</a>" in text]


@pytest.mark.parametrize(
    ("area", "seen"),
    [("CN0023", "0123"), ("CN00230001", "012"), (make.DAOLI, "01"), (make.LONGSHA, "3"), ("CN0022", "")],
)  # fmt: skip
def test_readers_see_the_cases_of_their_area(outbreak, log_in, area, seen):
    response = page(log_in(area=area), outbreak)
    if area == "CN0022":  # the incident does not touch this province
        assert response.status_code in (403, 404)
    else:
        assert sorted(_listed(response)) == [f"A{n}" for n in seen]


@pytest.mark.parametrize(("role", "named"), [(Role.INVESTIGATOR, True), (Role.ANALYST, False)])
def test_names_are_shown_to_those_who_may_see_them(outbreak, log_in, role, named):
    text = page(log_in(role), outbreak).content.decode()
    assert ("王小一" in text) is named
    assert ("P-" in text) is not named


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"area": "道里区"}, "01"), ({"area": "230103"}, "2"), ({"area": make.LONGSHA}, "3"),
        ({"reported_from": "2015-06-03"}, "23"), ({"reported_until": "2015-06-02"}, "01"),
        ({"classification": ["confirmed", "probable"]}, "0123"), ({"classification": "not_classified"}, ""),
        ({"onset_known": "no"}, "0123"), ({"investigated": "yes"}, ""), ({"number": "A3"}, "3"),
        ({"classification": ""}, "0123"),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(outbreak, log_in, query, seen):
    assert sorted(_listed(page(log_in(), outbreak, data=query))) == [f"A{n}" for n in seen]


def test_what_cannot_be_understood_is_said(outbreak, log_in):
    response = page(log_in(), outbreak, data={"area": "Atlantis", "reported_from": "31/02"})
    text = response.content.decode()
    assert response.status_code == 200 and 'id="filter_reported_from_error"' in text
    assert "Atlantis" in text.partition('id="filter_area_error">')[2].partition("</p>")[0]
    assert _listed(response) == [] and "Nothing is listed until this is mended." in text


@pytest.mark.parametrize("query", [{"classification": "purple"}, {"onset_until": "soon"}, {"onset_known": "maybe"}])
def test_a_filter_that_cannot_be_understood_lists_and_exports_nobody(outbreak, log_in, query):
    client = log_in()
    assert _listed(page(client, outbreak, data=query)) == []
    answer = page(client, outbreak, "export", data=query)
    assert answer.status_code == 302 and answer["Location"].startswith("../?")


@pytest.mark.parametrize(("language", "name"), [("en", "Daoli District"), ("zh-hans", "道里区")])
def test_the_area_of_the_filter_is_shown_by_its_name_and_understood_again(outbreak, log_in, language, name):
    client = log_in(language=language)
    said = f"{name} ({make.DAOLI})"
    assert f'name="area" value="{said}"' in page(client, outbreak, data={"area": make.DAOLI}).content.decode()
    assert sorted(_listed(page(client, outbreak, data={"area": said}))) == ["A0", "A1"]


@pytest.mark.parametrize(("role", "n"), [(Role.INVESTIGATOR, 1), (Role.ANALYST, 0)])
def test_who_saw_a_record_in_a_list_is_answered(outbreak, log_in, role, n):
    """One entry for a page with names, naming the rows shown by name; pseudonyms leave none."""
    client = log_in(role, make.DAOLI)
    page(client, outbreak)
    entries = AuditEntry.objects.filter(action="cases.listed")
    assert (entries.count(), audit_listed.index_pages()) == (n, n)
    shown = set(Case.objects.filter(area=make.DAOLI).values_list("pk", flat=True))
    for entry in entries:
        assert set(entry.details["cases"]) == shown
        assert set(entry.subjects.values_list("row_id", flat=True)) == shown
    page(client, outbreak, data={"columns": ["severity"]})
    assert entries.count() == n  # no name was shown


def test_a_search_by_name_is_posted_and_written_down(outbreak, log_in):
    person = Case.objects.get(number="A2").person
    keys = person_keys(full="王小三")
    type(person).objects.filter(pk=person.pk).update(
        **keys._asdict(), identity_sealed=Identity(full_name="王小三").sealed(person.uuid)
    )
    assert _listed(page(log_in(), outbreak, method="post", data={"q": "王小三"})) == ["A2"]
    assert AuditEntry.objects.filter(action="person.searched").count() == 1
    assert _listed(page(log_in(), outbreak, method="post", data={"q": "A1"})) == ["A1"]


def test_columns_are_the_readers_choice(outbreak, log_in):
    text = page(log_in(), outbreak, data={"columns": ["date_isolation", "severity"]}).content.decode()
    head = text[text.index("<thead>") : text.index("</thead>")]
    assert "Isolated" in head and "Severity" in head and "Onset" not in head


def test_pages_meet_every_case_once(outbreak, log_in):
    by = make.user()
    for n in range(120):
        make.case(
            outbreak, by, number=f"A{100 + n}", area_id=make.DAOLI, date_report=date(2015, 5, 1) + timedelta(days=n % 9)
        )
    client, address, seen = log_in(), reverse("cases:list", kwargs={"incident_id": outbreak.pk}), []
    while address:
        text = client.get(address).content.decode()
        seen += [number for number in Case.objects.values_list("number", flat=True) if f">{number}</a>" in text]
        head = text.partition('rel="next" href="')[2]
        address = head.partition('"')[0].replace("&amp;", "&")
        address = address and reverse("cases:list", kwargs={"incident_id": outbreak.pk}) + address
    assert len(seen) == len(set(seen)) == 124


def test_a_filter_is_kept_and_removed_by_its_owner_alone(outbreak, log_in):
    client = log_in()
    page(client, outbreak, "save_view", "post", {"name": "mine", "query": "outcome=died"})
    view = SavedView.objects.get()
    assert (view.page, view.query) == ("cases", "outcome=died")
    assert "mine" in page(client, outbreak).content.decode()
    page(log_in(), outbreak, "drop_view", "post", {"view": view.pk})  # somebody else
    assert SavedView.objects.exists()
    client.force_login(view.user)
    page(client, outbreak, "drop_view", "post", {"view": view.pk})
    assert not SavedView.objects.exists()


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


def test_a_file_names_people_only_for_those_who_may_take_names_away(outbreak, log_in):
    named = rows_of(page(log_in(area="CN00230001"), outbreak, "export"))
    assert [(row["case_id"], row["full_name"]) for row in named] == [
        ("A0", "王小一"),
        ("A1", "王小二"),
        ("A2", "王小三"),
    ]
    plain = rows_of(page(log_in(Role.ANALYST), outbreak, "export", data={"reported_from": "2015-06-04"}))
    assert [row["case_id"] for row in plain] == ["A3"] and "full_name" not in plain[0]
    assert page(log_in(Role.SIGNATORY), outbreak, "export").status_code == 403
    entries = AuditEntry.objects.filter(action="cases.exported").order_by("id")
    assert [entry.details["identified"] for entry in entries] == [True, False]


def test_an_excel_file_is_one(outbreak, log_in):
    response = page(log_in(), outbreak, "export", data={"format": "xlsx"})
    assert b"".join(response).startswith(b"PK")


@pytest.fixture
def bulk(outbreak, log_in):
    client = log_in()
    ids = list(Case.objects.filter(number__in=["A0", "A1"]).values_list("pk", flat=True))

    def bulk(**more):
        return page(client, outbreak, "bulk", "post", {"ids": ids, "severity": "severe", "reason": "round"} | more)

    return bulk


def test_many_cases_are_changed_after_a_look(bulk):
    assert "2" in bulk(step="preview").content.decode()
    assert not Case.objects.filter(severity="severe").exists()
    seen_at = bulk(step="preview").content.decode().partition('name="seen_at" value="')[2].partition('"')[0]
    assert bulk(step="do", seen_at=seen_at).status_code == 302
    assert Case.objects.filter(severity="severe").count() == 2
    assert AuditEntry.objects.filter(action="case.amended", reason="round").count() == 2


def test_all_that_match_the_filter(bulk):
    seen_at = bulk(step="preview").content.decode().partition('name="seen_at" value="')[2].partition('"')[0]
    bulk(step="do", all="on", query="reported_from=2015-06-02", seen_at=seen_at)
    assert sorted(Case.objects.filter(severity="severe").values_list("number", flat=True)) == ["A1", "A2", "A3"]


def test_without_a_reason_or_a_look_nothing_is_changed(bulk):
    bulk(step="do", reason="", seen_at="2999-01-01T00:00:00+00:00")
    bulk(step="do", seen_at="")
    bulk(step="do", seen_at="2000-01-01T00:00:00+00:00")  # changed since
    assert not Case.objects.filter(severity="severe").exists()
