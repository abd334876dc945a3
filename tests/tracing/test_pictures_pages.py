"""The pictures' pages, data and files, as different readers get them."""

import csv
import io
import json
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from sizao.ops.cases.filters import CaseFilter, case_conditions
from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.registry.actions.areas import load_boundaries
from tests import factories as make

PAGES = ("five_views", "chains", "curve", "map")


@pytest.fixture
def outbreak(db, client):
    """Forty cases in two cities, most linked in a line; one without onset, one without area, one suspected."""
    make.areas()
    by = make.user(Role.DUTY_OFFICER)
    behind = int((now() - make.AT).total_seconds())
    incident = make.incident(by, kind="demonstration", clock_behind_s=behind)
    incident.areas.add("CN0023")
    cases = [
        make.case(
            incident, by, number=f"N{n:02}", person=make.person(by, name=f"王测试{n}"),
            area_id=make.DAOLI if n % 3 else make.LONGSHA,
            date_onset=date(2015, 5, 1 + n // 2), date_report=date(2015, 5, 3 + n // 2), found_in="community",
        )
        for n in range(40)
    ]  # fmt: skip
    for one, following in pairwise(cases[:31]):
        make.exposure(one, following.person, by, setting="household")
    make.case(incident, by, number="X1", area_id=make.DAOLI)
    make.case(incident, by, number="X2", date_onset=date(2015, 5, 2))
    make.case(incident, by, number="X3", area_id=make.DAOLI, classification="suspected")
    client.force_login(by)
    client.cookies["django_language"] = "en"
    return client, incident, by


def get(client, name, incident, query=""):
    response = client.get(reverse(f"tracing:{name}", kwargs={"incident_id": incident.pk}) + query)
    assert response.status_code == 200
    return response


def log_in(client, role, area=""):
    client.force_login(make.user(role, area))
    client.cookies["django_language"] = "en"


def n_listed(href, incident):
    """How many cases the case list of an address holds."""
    address, _, query = href.partition("?")
    assert address == reverse("cases:list", kwargs={"incident_id": incident.pk})
    form = CaseFilter(QueryDict(query), incident=incident, at=make.AT)
    assert form.is_valid(), form.errors
    assert set(QueryDict(query)) <= set(form.fields), "the list does not know a word of this address"
    area = form.cleaned_data["area"]
    cases = Case.objects.filter(case_conditions(form.cleaned_data), incident=incident)
    return cases.filter(access.inside(area) if area else Q()).count()


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_open_without_script_or_style_in_them(outbreak, name, language):
    client, incident, _ = outbreak
    client.cookies["django_language"] = language
    text = get(client, name, incident).content.decode()
    assert ("传播链" in text) == (language == "zh-hans")
    assert "style=" not in text
    assert "王测试" not in text
    inline = Scripts()
    inline.feed(text)
    assert inline.found <= {"application/json"}


class Scripts(HTMLParser):
    """The types of the scripts that stand in a page instead of a file."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        if tag == "script" and "src" not in dict(attrs):
            self.found.add(dict(attrs).get("type", "text/javascript"))


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_an_incident_without_cases_open(outbreak, name):
    client, _, by = outbreak
    assert get(client, name, make.incident(by)).status_code == 200


def test_the_curve_says_what_it_does_not_draw(outbreak):
    client, incident, _ = outbreak
    text = get(client, "curve", incident).content.decode()
    assert "42 cases, 41 of them drawn" in text
    assert "1 cases without a day of onset" in text
    assert "1 suspected or unclassified" in text
    assert "43 cases, 41 of them drawn" in get(client, "curve", incident, "?which=open").content.decode()


@pytest.mark.parametrize("query", [
    "", "?date=report", "?every=1w", "?part=setting", "?part=area", "?part=found_in", "?part=none",
    "?part=none&date=report&every=1w&which=open", "?since=2015-05-05&until=2015-05-09",
])  # fmt: skip
def test_table_data_and_file_of_the_curve_agree(outbreak, query):
    client, incident, _ = outbreak
    data = get(client, "curve_data", incident, query).json()
    page = get(client, "curve", incident, query)
    n = sum(sum(part["n"]) for part in data["parts"])
    assert n > 0
    assert sum(int(row["n"]) for row in rows_of(get(client, "curve_csv", incident, query))) == n
    assert f"{n} of them drawn" in page.content.decode()
    assert all(len(part["n"]) == len(data["days"]) == len(part["href"]) for part in data["parts"])


@pytest.mark.parametrize(
    "query", ["?part=area&every=1w", "", "?part=found_in&date=report", "?part=none&which=open&since=2015-05-06"]
)
def test_a_bar_leads_to_the_list_of_its_cases(outbreak, query):
    client, incident, _ = outbreak
    data = get(client, "curve_data", incident, query).json()
    for part in data["parts"]:
        if part["key"].startswith("~"):  # no area: the list of the days
            continue
        for n, href in zip(part["n"], part["href"], strict=True):
            assert (n_listed(href, incident) if href else 0) == n


def test_an_area_leads_to_the_list_of_its_cases(outbreak):
    client, incident, _ = outbreak
    data = get(client, "map_data", incident).json()
    rows = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
    assert {row["name"]: row["n"] for row in rows} == {"Harbin": 27, "Qiqihar": 14}
    for row in rows:
        assert n_listed(row["href"], incident) == row["n"]
    assert "1 cases have no area" in get(client, "map", incident).content.decode()
    assert [int(row["n"]) for row in rows_of(get(client, "map_csv", incident))] == [27, 14]


def test_a_reader_of_one_city_gets_numbers_of_that_city(outbreak):
    client, incident, _ = outbreak
    log_in(client, Role.INVESTIGATOR, "CN00230002")
    assert "14 cases, 14 of them drawn" in get(client, "curve", incident).content.decode()
    data = get(client, "map_data", incident).json()
    rows = {row[1]: dict(zip(data["columns"], row, strict=True)) for row in data["rows"]}
    assert (rows["Qiqihar"]["n"], rows["Harbin"]["value"], rows["Harbin"]["in_reach"]) == (14, None, False)
    chains = get(client, "chains_data", incident).json()["cases"]
    seen = [number for number in chains["number"] if number]
    assert len(seen) == 14
    text = json.dumps(chains)
    assert '"N01"' not in text
    assert '"N00"' in text
    assert chains["number"].count(None) == 20
    assert {chains["id"][i] for i, number in enumerate(chains["number"]) if not number} == {None}
    assert all(int(row["case_id"][1:]) % 3 == 0 for row in rows_of(get(client, "chains_cases_csv", incident)))
    assert rows_of(get(client, "chains_links_csv", incident)) == []


def test_the_data_of_the_chains_holds_together(outbreak):
    client, incident, _ = outbreak
    data = get(client, "chains_data", incident).json()
    cases, links = data["cases"], data["links"]
    assert len(cases["number"]) == 43
    assert max(cases["generation"]) == 30
    for source, exposed, chosen in zip(links["source"], links["exposed"], links["chosen"], strict=True):
        assert not chosen or cases["infector"][exposed] == source
    assert "王测试" not in json.dumps(data, ensure_ascii=False)
    assert len(rows_of(get(client, "chains_cases_csv", incident))) == 43
    assert len(rows_of(get(client, "chains_links_csv", incident))) == 30


def test_the_unlinked_of_the_chains_are_those_of_the_table(outbreak):
    client, incident, _ = outbreak
    text = get(client, "chains", incident).content.decode()
    assert 'Cases without a known source <span class="pill">13</span>' in text
    assert "the largest has 31 cases" in text


def test_files_of_the_chains_ask_for_a_power_and_are_written_down(outbreak):
    client, incident, _ = outbreak
    get(client, "chains_cases_csv", incident)
    assert AuditEntry.objects.filter(action="chains.exported", row_id=incident.pk).count() == 1
    log_in(client, Role.TOWNSHIP_OFFICER)
    address = reverse("tracing:chains_cases_csv", kwargs={"incident_id": incident.pk})
    assert client.get(address).status_code == 403
    assert "cases.csv" not in get(client, "chains", incident).content.decode()


def test_a_number_that_is_a_formula_stays_text(outbreak):
    client, incident, by = outbreak
    make.case(incident, by, number="=1+1", area_id=make.DAOLI, date_onset=date(2015, 5, 2))
    numbers = [row["case_id"] for row in rows_of(get(client, "chains_cases_csv", incident))]
    assert "=1+1" not in numbers
    assert any(number.endswith("=1+1") for number in numbers)


def test_the_five_views_count_what_is_unresolved(outbreak):
    client, incident, _ = outbreak
    text = get(client, "five_views", incident).content.decode()
    assert all(sign in text for sign in "点线界面链")
    for address in ("chains/#unlinked", "found_in=unknown"):
        assert address in text


def test_pages_do_not_ask_per_case(outbreak, django_assert_max_num_queries):
    client, incident, _ = outbreak
    for name in (*PAGES, "chains_data", "curve_data", "map_data"):
        with django_assert_max_num_queries(40):
            get(client, name, incident)


def test_an_administrator_sees_no_picture(outbreak):
    client, incident, _ = outbreak
    log_in(client, Role.ADMINISTRATOR)
    for name in (*PAGES, "chains_data", "curve_csv", "map_data"):
        assert client.get(reverse(f"tracing:{name}", kwargs={"incident_id": incident.pk})).status_code == 403


# ---------- boundaries ----------


def boundaries(client, incident, level):
    response = client.get(reverse("boundaries", kwargs={"incident_id": incident.pk, "level": level}))
    assert response.status_code == 200
    return response.json()


def test_boundaries_are_those_inside_the_incidents_areas(outbreak):
    client, incident, _ = outbreak
    found = boundaries(client, incident, 2)
    paths = [feature["properties"]["path"] for feature in found["features"]]
    assert len(paths) == 13  # the cities and prefectures of Heilongjiang
    assert all(path.startswith("CN0023") and len(path) == 10 for path in paths)
    assert found["lines"] == []
    assert "审图号" in found["note"]


def test_a_map_of_the_whole_country_has_its_line(outbreak):
    client, _, by = outbreak
    incident = make.incident(by)
    incident.areas.add("CN")
    found = boundaries(client, incident, 1)
    assert len(found["features"]) == 34
    assert found["lines"][0]["geometry"]["type"] == "MultiLineString"


def test_boundaries_that_were_loaded_are_used(outbreak):
    client, incident, by = outbreak
    assert boundaries(client, incident, 4)["features"] == []
    square = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    load_boundaries(boundaries={make.ZHAOLIN: square}, by=by, at=make.AT)
    assert [f["properties"]["path"] for f in boundaries(client, incident, 4)["features"]] == [make.ZHAOLIN]
