"""Who may do what where: the question both pages and actions ask."""

from datetime import timedelta

import pytest
from django.db.models import Q

from sizao.ops.cases.models import Case
from sizao.ops.governance import access
from sizao.ops.governance.deeds import DEEDS
from sizao.ops.governance.models import Grant
from sizao.ops.governance.roles import PERMISSIONS, ROLES, Role, holders_of
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


def test_every_permission_is_said_in_words():
    assert set(DEEDS) == PERMISSIONS


def test_a_refusal_says_the_deed_and_not_its_key(at):
    with pytest.raises(access.NotAllowed, match="do not include this here: sign daily reports") as refusal:
        access.check(make.user(Role.ANALYST), "report.sign", at=at)
    assert "签发日报" in refusal.value.message.say("zh-hans")
    assert holders_of("report.sign") == [Role.SIGNATORY]


def test_everywhere_or_anything_else_is_everywhere(at):
    by = make.user()
    make.areas()
    incident = make.incident(by)
    for path in (make.DAOLI, make.LONGSHA, None):
        make.case(incident, by, area_id=path)
    everywhere, nothing_else = access.within(("",)), Q(number="nobody")
    assert Case.objects.filter(everywhere).count() == 3
    assert Case.objects.filter(everywhere | nothing_else).count() == 3, "an empty condition would be dropped by OR"
    assert Case.objects.filter(nothing_else | access.inside("")).count() == 3
    assert not Case.objects.filter(access.within(()) | nothing_else).exists()


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
