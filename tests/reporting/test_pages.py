"""The pages of a report: every number opens to its rows; the public page needs no log-in."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from sizao.ops.governance import history
from sizao.ops.governance.roles import Role
from sizao.ops.reporting import actions
from tests import factories as make
from tests.reporting.test_reports import CUTOFF, DAY, NEXT_MORNING, draft, incident, people, published  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_the_next_morning(monkeypatch):
    monkeypatch.setattr("sizao.ops.incidents.pages.now", lambda: NEXT_MORNING)


def test_every_number_of_the_report_opens_to_as_many_rows(client, incident, people, on_the_next_morning):  # noqa: F811
    report = draft(incident, people)
    client.force_login(people["duty"])
    page = client.get(reverse("reporting:report", args=[incident.pk, report.pk]), headers={"accept-language": "en"})
    links = re.findall(r'<a href="([^"]+/numbers/[^"]+)">([\d,]+)</a>', page.content.decode())
    assert len(links) > 30
    for href, shown in sorted(set(links))[::3]:
        listed = client.get(href.replace("&amp;", "&"), headers={"accept-language": "en"})
        assert listed.status_code == 200
        assert re.search(rf'<strong class="big">{shown}</strong>', listed.content.decode()), href


def test_what_was_learned_late_opens_to_its_rows_before_and_now(client, incident, people, on_the_next_morning):  # noqa: F811
    [case] = incident.cases.order_by("id")[:1]
    make.case(incident, people["duty"], date_report=DAY - timedelta(days=3), recorded_at=CUTOFF - timedelta(hours=1))
    history.amend([case], outcome="died", date_outcome=None, by=people["duty"], at=CUTOFF - timedelta(hours=1))
    report = draft(incident, people)
    client.force_login(people["duty"])
    page = client.get(reverse("reporting:report", args=[incident.pk, report.pk]), headers={"accept-language": "en"})
    links = re.findall(r'<a href="([^"]+by=day[^"]+)">([\d,]+)</a>', page.content.decode())
    assert [shown for _href, shown in links] == ["0", "1", "0", "1"]
    for href, shown in links:
        listed = client.get(href.replace("&amp;", "&"), headers={"accept-language": "en"}).content.decode()
        assert f'<strong class="big">{shown}</strong>' in listed
        assert len(re.findall(r"<td[^>]*><a href=[^>]*>C\d+", listed)) == int(shown)
    assert "Date not known" in page.content.decode()


def test_a_report_of_a_day_before_the_incident_is_refused(client, incident, people, on_the_next_morning):  # noqa: F811
    client.force_login(people["duty"])
    address = reverse("reporting:list", args=[incident.pk])
    answer = client.post(address, {"day": "2015-01-01"}, headers={"accept-language": "en"}, follow=True)
    assert "there is no report of 1 Jan 2015" in answer.content.decode()
    assert not incident.reports.exists()


def test_a_breakdown_with_one_row_is_left_out_of_the_public_page(client, incident, people):  # noqa: F811
    report = published(incident, people)
    page = client.get(reverse("reporting:published", args=[report.pk]), headers={"accept-language": "en"})
    assert "By area" in page.content.decode()
    assert "By classification" not in page.content.decode(), "all cases are confirmed: the table says the total again"


def test_a_reader_of_another_county_sees_counts_but_no_rows(client, incident, people, on_the_next_morning):  # noqa: F811
    report = draft(incident, people)
    client.force_login(make.user(Role.INVESTIGATOR, make.LONGSHA))
    page = client.get(reverse("reporting:number", args=[incident.pk, report.pk, "cases_new"]))
    own = set(incident.cases.filter(area=make.LONGSHA).values_list("number", flat=True))
    others = set(incident.cases.exclude(area=make.LONGSHA).values_list("number", flat=True))
    shown = set(re.findall(r">(C\d+)</a>", page.content.decode()))
    assert shown == own and not shown & others


def test_the_way_by_its_buttons(client, incident, people, on_the_next_morning):  # noqa: F811
    client.force_login(people["duty"])
    client.post(reverse("reporting:list", args=[incident.pk]), {"day": DAY.isoformat()})
    report = incident.reports.get()
    here = reverse("reporting:report", args=[incident.pk, report.pk])
    client.post(here + "text/", {"text_zh": "今日新增。", "text_en": "New cases today."})
    for who, step in (("second", "review"), ("signatory", "sign"), ("signatory", "publish")):
        client.force_login(people[who])
        client.post(f"{here}{step}/")
    report.refresh_from_db()
    assert (report.status, report.text_en) == ("published", "New cases today.")


def test_the_public_page_is_open_and_says_nothing_it_should_not(client, incident, people):  # noqa: F811
    report = published(incident, people)
    page = client.get(reverse("reporting:published", args=[report.pk]), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "numbers/cases_new" not in page.content.decode()
    assert client.get(reverse("reporting:published_file", args=[report.pk, "csv"])).status_code == 200


def test_what_is_not_published_is_not_public(client, incident, people):  # noqa: F811
    report = draft(incident, people)
    assert client.get(reverse("reporting:published", args=[report.pk])).status_code == 404
    actions.review_reports(reports=[report], by=people["second"], at=NEXT_MORNING + timedelta(hours=1))
    assert client.get(reverse("reporting:published_file", args=[report.pk, "json"])).status_code == 404


@pytest.mark.parametrize("query", ["?by=nonsense&value=x", "?by=found_in&value=x"])
def test_no_such_number_is_said_kindly(client, incident, people, on_the_next_morning, query):  # noqa: F811
    report = draft(incident, people)
    client.force_login(people["duty"])
    answer = client.get(reverse("reporting:number", args=[incident.pk, report.pk, "deaths_new"]) + query)
    assert answer.status_code == 404
    assert CUTOFF  # the fixtures share their day
