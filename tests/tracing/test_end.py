"""Is it over: the edition's rule and the silence, from the cases in reach."""

import re
from datetime import date

import pytest
from django.urls import reverse

from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023", is_demonstration=True)


def opened(client, by, protocol, onsets, **query):
    behind = int((now() - make.AT).total_seconds())
    incident = make.incident(by, protocol=protocol, disease=protocol, clock_behind_s=behind, kind="demonstration")
    for onset in onsets:
        make.case(incident, by, area_id=make.DAOLI, date_onset=onset)
    make.case(incident, by, area_id=make.DAOLI, classification="discarded", date_onset=date(2015, 6, 10))
    client.force_login(by)
    answer = client.get(reverse("tracing:end", args=[incident.pk]), query, headers={"accept-language": "en"})
    return answer, answer.content.decode()


@pytest.mark.parametrize(
    ("protocol", "onset", "query", "said"),
    [
        ("measles", date(2015, 6, 1), {}, ["13 Jul 2015", "not yet"]),
        ("measles", date(2015, 4, 1), {}, ["over by the rule"]),
        ("mers", date(2015, 6, 1), {}, ["cannot be said", "probability that no case is still to come"]),
        ("ebola", date(2015, 4, 1), {}, ["cannot be said", "not known yet"]),
        ("ebola", date(2015, 4, 1), {"second_negative": "2015-04-20", "reporting": "50"}, ["1 Jun 2015", "50%"]),
        ("cn-covid-9", date(2015, 6, 1), {}, ["no rule for the end", "no probability"]),
        ("mers", None, {}, ["No case with a day of onset"]),
        ("mers", date(2015, 6, 1), {"reporting": "0"}, ["greater than or equal to 1"]),
    ],
)
def test_both_answers(client, by, protocol, onset, query, said):
    answer, found = opened(client, by, protocol, [onset], **query)
    assert answer.status_code == 200
    assert all(words in found for words in said), [words for words in said if words not in found]


def test_the_fewer_are_reported_the_less_silence_proves(client, by):
    pages = [opened(client, by, "mers", [date(2015, 5, 1)], reporting=share)[1] for share in ("100", "40")]
    sure = [float(re.search(r"<strong>([\d.]+)%</strong> probability", page)[1]) for page in pages]
    assert sure[0] > sure[1]


def test_cases_outside_ones_areas_do_not_count(client, by):
    reader = make.user(Role.INVESTIGATOR, make.LONGSHA, is_demonstration=True)
    opened(client, by, "mers", [date(2015, 6, 1)])
    client.force_login(reader)
    incident = make.Incident.objects.get()
    page = client.get(reverse("tracing:end", args=[incident.pk]), headers={"accept-language": "en"})
    assert "No case with a day of onset" in page.content.decode()
