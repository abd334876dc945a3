"""Who may do what where: the question both pages and actions ask."""

from datetime import timedelta

import pytest

from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.models import Grant
from sizao.ops.governance.roles import ROLES, Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        (Role.SIGNATORY, "report.sign", True),
        (Role.DUTY_OFFICER, "report.sign", False),
        (Role.ANALYST, "person.identify", False),
        (Role.ADMINISTRATOR, "case.view", False),
        (Role.AUDITOR, "case.edit", False),
        (Role.TOWNSHIP_OFFICER, "follow_up.record", True),
    ],
)
def test_roles_as_a_truth_table(role, permission, allowed, at):
    assert access.may(make.user(role), permission, "CN0023", at=at) is allowed


def test_every_role_has_powers():
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(
    ("own", "asked", "allowed"),
    [
        ("", "CN0023", True),
        ("CN0023", make.DAOLI, True),
        (make.DAOLI, make.DAOLI, True),
        (make.DAOLI, make.NANGANG, False),
        (make.DAOLI, "CN0023", False),
        (make.DAOLI, None, True),  # anywhere at all
    ],
)
def test_a_grant_reaches_its_area_and_below(own, asked, allowed, at):
    assert access.may(make.user(Role.INVESTIGATOR, own), "case.view", asked, at=at) is allowed


def test_grants_begin_and_end(at):
    user = make.user()
    Grant.objects.create(user=user, role=Role.ANALYST, since=at, until=at + timedelta(days=1))
    moments = {at - timedelta(seconds=1): False, at: True, at + timedelta(days=1): False}
    assert {when: access.may(user, "case.view", at=when) for when in moments} == moments


def test_an_unknown_permission_is_a_mistake_of_ours(at):
    with pytest.raises(ValueError, match="unknown permission"):
        access.may(make.user(Role.ANALYST), "case.veiw", at=at)


@pytest.mark.parametrize("path", ["CN", "CN0023", "CN00230001", make.DAOLI, make.ZHAOLIN])
def test_rows_inside_an_area(path, at):
    make.areas()
    by = make.user()
    incident = make.incident(by)
    for where in (make.ZHAOLIN, make.NANGANG, make.LONGSHA, "CN0022"):
        make.case(incident, by, area_id=where)
    found = set(Case.objects.filter(access.inside(path)).values_list("area_id", flat=True))
    assert found == {where for where in (make.ZHAOLIN, make.NANGANG, make.LONGSHA, "CN0022") if where.startswith(path)}
