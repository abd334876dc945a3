"""A row without an area belongs to all of its incident's areas; which record a row becomes is no way around it."""

import pytest

from sizao.ops.cases.actions import amend_cases
from sizao.ops.cases.queries import cases_in_reach
from sizao.ops.governance.access import NotAllowed
from sizao.ops.governance.roles import Role
from sizao.ops.intake import actions as intake
from sizao.ops.registry.models import Area
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("incident_areas", "post_area", "allowed"),
    [
        ([make.DAOLI, make.NANGANG], make.DAOLI, True),
        ([make.DAOLI, make.NANGANG], "CN0023", True),
        ([make.DAOLI], make.NANGANG, False),
        (["CN00230001"], make.DAOLI, False),  # a part of the incident's area is not the whole of it
        (["CN00230001"], "", True),
        ([], make.DAOLI, False),
        ([], "", True),
    ],
)
def test_who_sees_and_changes_a_case_without_an_area(incident_areas, post_area, allowed, at):
    make.areas()
    by = make.user()
    incident = make.incident(by)
    incident.areas.set(Area.objects.filter(path__in=incident_areas))
    case = make.case(incident, by)
    reader = make.user(Role.INVESTIGATOR, post_area)
    assert cases_in_reach(by=reader, incident=incident, at=at).filter(pk=case.pk).exists() is allowed
    if allowed:
        amend_cases(cases=[case], changes={"note": "seen"}, by=reader, at=at)
        case.refresh_from_db()
        assert case.note == "seen"
    else:
        with pytest.raises(NotAllowed):
            amend_cases(cases=[case], changes={"note": "seen"}, by=reader, at=at)


def test_a_guessed_person_cannot_be_read_by_importing_a_row_as_them(settings, tmp_path, at):
    settings.STORE = tmp_path / "store"
    make.areas()
    incident = make.incident(make.user())
    incident.areas.set([Area.objects.get(path="CN00230001")])
    theirs = make.person(make.user(), name="somebody elsewhere", area_id=make.DAOLI)
    mine = make.person(make.user(), name="somebody here", area_id=make.NANGANG)
    officer = make.user(Role.INVESTIGATOR, make.NANGANG)
    content = f"case_id,full_name,classification,date_report,area\nC1,X Y,confirmed,2015-06-01,{make.NANGANG}\n"
    row, _new = intake.receive(incident=incident, pieces=[content.encode()], file_name="x.csv", by=officer, at=at)
    intake.read_delivery(delivery=row, by=officer, at=at)
    intake.choose(delivery=row, choices={2: mine.pk}, by=officer, at=at)
    with pytest.raises(NotAllowed):
        intake.choose(delivery=row, choices={2: theirs.pk}, by=officer, at=at)
