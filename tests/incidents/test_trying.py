"""Trying a protocol on facts typed in; an installation's own rules; editions by date."""

from datetime import date

import pytest
from django.urls import reverse

from sizao.ops.governance.roles import Role
from sizao.protocols import in_force_on, library, load
from tests import factories as make

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
LOCAL = """id = "our-city"
name = { en = "Our city", zh = "本市" }
extends = "cn-covid-9-plus20"
issuer = "local"
authored_by = "City CDC"
reviewed_on = 2022-11-20
next_review = 2022-12-04
in_force = 2022-11-20
until = 2022-12-04
reason = { en = "Two chains without a source.", zh = "两条传播链来源不明。" }
[contact.close]
lookback = { value = 4, unit = "day", grade = "m" }
"""


@pytest.fixture
def reader(client):
    make.areas()
    client.force_login(make.user(Role.DUTY_OFFICER, "CN0023"))
    return client


@pytest.fixture
def own(tmp_path):
    yield lambda text, name="our-city": [(tmp_path / f"{name}.toml").write_text(text), library.read_own(tmp_path)][1]
    library.read_own(tmp_path / "none")


def page(reader, name, *args, **query):
    return reader.get(reverse(f"incidents:{name}", args=args), query, headers=EN)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"subject": "close", "exposed": "2022-10-01", "found": "2022-10-04"}, ["central quarantine", "8 Oct 2022"]),
        ({"subject": "close", "exposed": "2022-10-01", "found": "2022-10-20"}, ["only missing days", "No quarantine."]),
        ({"subject": "close", "exposed": "2024-02-28", "found": "2024-02-28"}, ["6 Mar 2024"]),  # over a leap day
        ({"subject": "close", "exposed": "", "found": "2022-10-20"}, ["required"]),
        ({"subject": "nobody", "exposed": "2022-10-01", "found": "2022-10-20"}, ["not one of the available"]),
        ({"subject": "close", "exposed": "0001-01-01", "found": "2022-10-20"}, ["between 1900 and 2200"]),
    ],
)
def test_one_person(reader, query, said):
    found = page(reader, "try_protocol", "cn-covid-9", about="person", on="2022-10-04", **query).content.decode()
    assert all(words in found for words in said), [words for words in said if words not in found]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"date_last_new": "2022-10-02"}, ["not yet", "9 Oct 2022", "a negative round of the whole area"]),
        ({"full_negative": "2022-10-08"}, ["may step down", "middle-risk zone"]),
        ({"date_last_new": "2022-10-09"}, ["not yet", "8 Oct 2022"]),  # found after the day asked: not known yet
    ],
)
def test_one_zone(reader, query, said):
    told = {"about": "zone", "level": "high", "date_set": "2022-10-01", "on": "2022-10-08"}
    found = page(reader, "try_protocol", "cn-covid-9", **told, **query).content.decode()
    assert all(words in found for words in said), [words for words in said if words not in found]


def test_an_edition_without_rules_to_try(reader):
    assert "neither quarantine nor zones" in page(reader, "try_protocol", "mers").content.decode()
    assert page(reader, "try_protocol", "nothing").status_code == 404


def test_own_rules_are_listed_and_flagged_where_they_are_stricter(reader, own):
    assert own(LOCAL) == []
    assert "local rules, stricter in 1 figures" in page(reader, "protocols").content.decode()
    found = page(reader, "protocol", "our-city").content.decode()
    assert "Stricter than the edition it builds on" in found and "Two chains without a source." in found
    assert load("our-city").contact["close"].lookback.value == 4
    assert in_force_on(date(2022, 11, 30), disease="covid19") == ("cn-covid-9-plus20", "our-city")


def test_a_faulty_own_file_is_left_out_and_told(reader, own):
    (refusal,) = own(LOCAL.replace("reason", "note"))
    assert "a written reason: stricter than cn-covid-9-plus20" in str(refusal)
    assert "our-city" not in library.available()
    assert page(reader, "protocols").status_code == 200


def test_an_own_file_never_takes_the_place_of_a_shipped_one(own):
    (refusal,) = own(LOCAL, "cn-covid-8")
    assert refusal.key == "id"
    assert load("cn-covid-8").name.say("en") == "China COVID-19 control plan, 8th edition"


@pytest.mark.parametrize(
    ("day", "editions"),
    [
        (date(2020, 9, 14), ()),
        (date(2020, 9, 15), ("cn-covid-7",)),
        (date(2022, 6, 27), ("cn-covid-8",)),
        (date(2022, 6, 28), ("cn-covid-9",)),
        (date(2022, 11, 11), ("cn-covid-9-plus20",)),
        (date(2022, 12, 7), ("cn-covid-9-plus10",)),
        (date(2023, 1, 8), ()),
    ],
)
def test_editions_by_date(reader, day, editions):
    found = tuple(name for name in in_force_on(day) if name.startswith("cn-"))
    assert found == editions
    listed = page(reader, "protocols", on=day.isoformat()).content.decode().partition('<form class="form two"')[0]
    assert [name for name in library.shipped() if f">{name}<" in listed and name.startswith("cn-")] == list(editions)
