"""Every edition can be read by anybody logged in, with unit, source and grade, and compared with another."""

import re

import pytest
from django.urls import reverse

from sizao.ops.governance.roles import Role
from sizao.protocols import available
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    make.areas()
    client.force_login(make.user())  # no post at all
    return client


def said(client, *address, language="en"):
    answer = client.get(reverse(address[0], args=address[1:]), headers={"accept-language": language})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_list_names_every_edition_and_says_that_none_is_checked(reader):
    text = said(reader, "incidents:protocols")
    assert all(name in text for name in available())
    assert text.count("not yet checked by an expert") == len(available())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("edition", available())
def test_every_edition_can_be_read(reader, edition, language):
    text = said(reader, "incidents:protocol", edition, language=language)
    assert ("not yet been checked by an expert" if language == "en" else "尚未经专家核对") in text


def test_a_figure_stands_with_its_unit_source_and_grade(reader):
    text = said(reader, "incidents:protocol", "cn-covid-9")
    assert "within: 2 hours (source S38, grade b)" in text or "within: 2 hours (source S38, grade a)" in text


def test_it_says_what_the_follow_up_misses(reader):
    text = said(reader, "incidents:protocol", "ebola")
    assert re.search(r"9\.\d %|10 %", text) and "of infections show symptoms only after day 21" in text
    assert "cannot be computed" in said(reader, "incidents:protocol", "meningococcal")


def test_two_editions_are_compared_rule_by_rule(reader):
    text = said(reader, "incidents:compare_protocols", "cn-covid-9", "cn-covid-9-plus20")
    assert "Quarantine" in text and "7 days" in text and "5 days" in text
    back = said(reader, "incidents:compare_protocols", "cn-covid-9-plus20", "cn-covid-9")
    assert "Restricts people more than before" in back
    assert "The two say the same." in said(reader, "incidents:compare_protocols", "mers", "mers")


def test_an_edition_that_does_not_exist_is_not_found(reader):
    assert reader.get(reverse("incidents:protocol", args=["nonsense"])).status_code == 404


def test_choosing_two_in_the_form_opens_the_comparison(reader):
    answer = reader.get(reverse("incidents:protocols"), {"before": "mers", "after": "ebola"})
    assert answer["Location"] == reverse("incidents:compare_protocols", args=["mers", "ebola"])


def test_an_incident_leads_to_its_edition(client):
    make.areas()
    by = make.user(Role.DUTY_OFFICER)
    incident = make.incident(by)
    client.force_login(by)
    page = client.get(reverse("incidents:incident", args=[incident.pk])).content.decode()
    assert reverse("incidents:protocol", args=["mers"]) in page
