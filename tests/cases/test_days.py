"""Days people type: what cannot be true is refused in a sentence, what is hardly true is asked about once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from sizao.ops.cases.days import began
from sizao.ops.cases.forms import initial_of
from sizao.ops.cases.models import Case
from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


@pytest.fixture
def case(by):
    """In an incident opened on 10 June 2015, on its own clock."""
    return make.case(make.incident(by), by, area_id=make.DAOLI, age=50.0, date_report=date(2015, 6, 10))


@pytest.fixture
def save(client, by, case):
    client.force_login(by)
    client.cookies["django_language"] = "en"

    def save(**changes):
        first = {name: "" if value is None else value for name, value in initial_of(case).items()}
        return client.post(reverse("cases:edit", args=[case.incident_id, case.pk]), first | changes)

    return save


def test_a_day_before_the_incident_is_asked_about_once(save, case):
    answer = save(date_report="2014-06-10")
    page = answer.content.decode()
    assert answer.status_code == 200 and "The incident began on 10 Jun 2015." in page
    assert 'type="checkbox" name="days_are_right"' in page
    assert save(date_report="2014-06-10", days_are_right="on").status_code == 302
    case.refresh_from_db()
    assert case.date_report == date(2014, 6, 10)


def test_days_that_stand_already_and_days_of_exposure_ask_nothing(save, case):
    make.Case.objects.filter(pk=case.pk).update(date_onset=date(2015, 6, 1))
    case.refresh_from_db()
    answer = save(date_exposure_last="2015-05-20", note="seen again")
    assert answer.status_code == 302


@pytest.mark.parametrize(("onset", "status"), [("2015-05-01", 302), ("2014-05-01", 200)])
def test_the_first_ill_fall_ill_before_there_is_an_incident(save, onset, status):
    assert save(date_onset=onset).status_code == status


def test_a_day_to_come_is_refused(save):
    assert "This day is still to come." in save(date_onset="2999-01-01").content.decode()


@pytest.mark.parametrize(
    ("known", "day"),
    [({}, date(2015, 6, 10)), ({"date_detection": date(2015, 5, 20)}, date(2015, 5, 20)),
     ({"date_emergence": date(2015, 5, 1), "date_detection": date(2015, 5, 20)}, date(2015, 5, 1))],
)  # fmt: skip
def test_the_incident_began_when_it_first_showed(by, known, day):
    assert began(make.incident(by, **known)) == day


def test_a_new_case_is_asked_about_too(client, by, case):
    client.force_login(by)
    form = {"full_name": "钱进", "sex": "male", "area": make.DAOLI, "classification": "confirmed",
            "date_report": "2014-12-31", "found_in": "unknown", "person": "new"}  # fmt: skip
    address = reverse("cases:new", args=[case.incident_id])
    assert client.post(address, form).status_code == 200 and Case.objects.count() == 1
    assert client.post(address, form | {"days_are_right": "on"}).status_code == 302
    assert Case.objects.count() == 2


def test_ages_are_written_as_people_write_them(client, by, case):
    client.force_login(by)
    assert initial_of(case)["age"] == 50
    edit = client.get(reverse("cases:edit", args=[case.incident_id, case.pk])).content.decode()
    assert 'value="50"' in edit and "50.0" not in edit
    file = b"".join(client.get(reverse("cases:export", args=[case.incident_id])).streaming_content).decode()
    assert "50.0" not in file and ",50," in file
    infant = make.case(case.incident, by, area_id=make.DAOLI, age=0.5, recorded_at=make.AT + timedelta(days=1))
    file = b"".join(client.get(reverse("cases:export", args=[case.incident_id])).streaming_content).decode()
    assert infant.number in file and ",0.5," in file
