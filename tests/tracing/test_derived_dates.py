"""The dates on a contact's and a case's page follow from the edition, and say why."""

from datetime import date

import pytest
from django.urls import reverse

from sizao.ops.governance.roles import Role
from sizao.ops.tracing.derived import of_case, of_contact
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2015, 6, 10)


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


def spans(derived):
    return [(each.label.say("en"), each.first, each.last) for each in derived.dates]


def test_found_late_only_the_missing_days_are_served(by):
    incident = make.incident(by, protocol="cn-covid-9")
    contact = make.contact(incident, by, date_last_exposure=date(2015, 6, 6), date_listed=date(2015, 6, 9))
    derived = of_contact(contact, incident=incident, at=TODAY)
    found = spans(derived)
    assert found[0] == ("Follow-up", date(2015, 6, 9), date(2015, 6, 16))
    assert [(first, last) for _label, first, last in found[1:]] == [
        (date(2015, 6, 9), date(2015, 6, 13)), (date(2015, 6, 14), date(2015, 6, 16)),
    ]  # fmt: skip
    assert derived.tests and all(date(2015, 6, 9) <= day <= date(2015, 6, 16) for day in derived.tests)
    assert "found on 9 Jun 2015" in derived.dates[1].why.say("en")


def test_where_the_onset_is_not_known_the_next_best_day_counts_and_the_page_says_so(by):
    incident = make.incident(by, protocol="cn-covid-9")
    diagnosed = make.case(incident, by, date_diagnosis=date(2015, 6, 8), date_report=date(2015, 6, 9))
    assert of_case(diagnosed, incident=incident).dates[0].first == date(2015, 6, 6)
    reported = of_case(make.case(incident, by, date_report=date(2015, 6, 9)), incident=incident)
    assert reported.dates[0].first == date(2015, 6, 7)
    assert "report on 9 Jun 2015" in reported.dates[0].why.say("en")
    assert "onset" in reported.remarks[0].say("en") and "report" in reported.remarks[0].say("en")


def test_a_class_the_edition_drops_has_no_days(by):
    incident = make.incident(by, protocol="cn-covid-9-plus20")
    contact = make.contact(
        incident, by, contact_class="contact_of_contact", date_last_exposure=date(2015, 6, 8)
    )  # fmt: skip
    derived = of_contact(contact, incident=incident, at=TODAY)
    assert all(each.first is None and each.last is None for each in derived.dates)
    assert "asks none" in derived.dates[-1].why.say("en") and not derived.tests


def test_without_an_exposure_nothing_is_made_up(by):
    incident = make.incident(by)
    derived = of_contact(make.contact(incident, by), incident=incident, at=TODAY)
    assert derived.dates == () and "last exposure" in derived.remarks[0].say("en")


def test_a_case_shows_whom_it_made_contacts_and_from_which_day(by):
    incident = make.incident(by, protocol="cn-covid-9")
    case = make.case(incident, by, date_onset=date(2015, 6, 5), date_isolation=date(2015, 6, 8))
    close = of_case(case, incident=incident).dates[0]
    assert (close.first, close.last) == (date(2015, 6, 3), date(2015, 6, 8))
    assert "2 days before" in close.why.say("en") and "contact.close" not in close.why.say("en")
    silent = make.case(incident, by, classification="asymptomatic", date_diagnosis=date(2015, 6, 9))
    assert of_case(silent, incident=incident).dates[0].first == date(2015, 6, 7)
    assert not of_case(make.case(incident, by, classification="discarded"), incident=incident).dates


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_show_them(client, by, language):
    incident = make.incident(by)
    case = make.case(incident, by, area_id=make.DAOLI, date_onset=date(2015, 6, 5))
    contact = make.contact(incident, by, area_id=make.DAOLI, date_last_exposure=date(2015, 6, 8))
    client.force_login(by)
    for name, row in [("cases:case", case), ("tracing:contact", contact)]:
        page = client.get(reverse(name, args=[incident.pk, row.pk]), headers={"accept-language": language})
        said = "What follows by the protocol" if language == "en" else "按方案推算"
        assert page.status_code == 200 and said in page.content.decode()
