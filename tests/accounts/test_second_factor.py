"""Whoever sees who people are proves themselves twice; everybody else may."""

import re
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import ROLES, Role
from tests import factories as make
from tests.accounts.codes import code_of
from tests.accounts.codes import test_the_published_example as test_codes_are_those_of_the_standard  # noqa: F401
from tests.accounts.conftest import log_in

pytestmark = pytest.mark.django_db
HOME = "/"


@contextmanager
def at_once(execute: bool):
    """Where the test commits, what waits for the commit runs in the request itself."""
    yield


def set_up_codes(client, run_on_commit) -> str:
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)[1]
    with run_on_commit(execute=True):
        response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes"), response.content.decode()[:500]
    return secret


@pytest.mark.parametrize("role", list(Role))
def test_who_must_have_one_is_led_to_it(english, role):
    user = make.user(role)
    assert log_in(english, user.username).status_code == 302
    response = english.get(HOME)
    if ROLES[role].needs_second_factor:
        assert response["Location"] == reverse("mfa_index")
        assert "Codes from an app" in english.get(response["Location"]).content.decode()
    else:
        assert response.status_code == 200


def test_who_needs_none_sees_no_names():
    free = [powers for powers in ROLES.values() if not powers.needs_second_factor]
    assert free
    assert not any("identif" in name and name != "person.pseudonym" for powers in free for name in powers.permissions)


def test_every_role_that_sees_names_or_manages_accounts_needs_one():
    for role, powers in ROLES.items():
        if powers.permissions & {"person.identify", "person.search", "export.identified", "user.manage"}:
            assert powers.needs_second_factor, role


def test_until_it_is_set_up_nothing_else_opens(english):
    incident = make.incident(make.user())
    user = make.user(Role.DUTY_OFFICER)
    log_in(english, user.username)
    for path in (HOME, f"/incidents/{incident.pk}/cases/", "/search/", "/account/", "/people/", "/persons/x/"):
        response = english.get(path)
        assert response.status_code in (302, 404), path
        if response.status_code == 302:
            assert response["Location"] == reverse("mfa_index")


@pytest.mark.django_db(transaction=True)
def test_a_full_round_with_codes(english):
    user = make.user(Role.DUTY_OFFICER)
    log_in(english, user.username)
    secret = set_up_codes(english, at_once)
    assert english.get(HOME).status_code == 200, "this session has just proved it"
    codes = re.search(
        r'<pre class="codes">(.*?)</pre>', english.get(reverse("mfa_view_recovery_codes")).content.decode(), re.S
    )
    spare = codes[1].split()[0]
    english.post("/log-out/")

    cache.clear()  # the code of this half minute was used above
    assert log_in(english, user.username)["Location"] == reverse("mfa_authenticate")
    assert english.get(HOME)["Location"].startswith("/log-in/"), "the password alone opens nothing"
    wrong = english.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200 and "_auth_user_id" not in english.session
    assert english.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302
    assert english.get(HOME).status_code == 200
    english.post("/log-out/")

    log_in(english, user.username)
    assert english.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 200, "a code works once"
    assert english.post(reverse("mfa_authenticate"), {"code": spare}).status_code == 302
    assert english.get(HOME).status_code == 200
    english.post("/log-out/")
    log_in(english, user.username)
    assert english.post(reverse("mfa_authenticate"), {"code": spare}).status_code == 200, "a recovery code works once"

    actions = set(AuditEntry.objects.filter(by=user).values_list("action", flat=True))
    assert {"log_in", "log_out", "factor.added", "factor.failed"} <= actions


def test_a_session_older_than_the_factor_must_show_it(english):
    user = make.user(Role.DUTY_OFFICER)
    log_in(english, user.username)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    assert english.get(HOME)["Location"].startswith(reverse("mfa_reauthenticate"))


def test_secrets_of_codes_are_sealed(english, django_capture_on_commit_callbacks):
    user = make.user(Role.DUTY_OFFICER)
    log_in(english, user.username)
    secret = set_up_codes(english, django_capture_on_commit_callbacks)
    stored = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert secret not in stored
    [totp] = Authenticator.objects.filter(user=user, type="totp")
    assert totp.wrap().validate_code(code_of(secret)) in (True, False)  # opens without error
    from sizao.config.accounts.adapters import Factors

    assert Factors().decrypt(totp.data["secret"]) == secret


@pytest.mark.parametrize(("at_home", "status"), [(True, 200), (False, 302)])
def test_a_demonstration_user_is_excused_in_the_demonstrations_own_home_alone(english, settings, at_home, status):
    settings.DEMONSTRATION = at_home
    user = make.user(Role.DUTY_OFFICER, is_demonstration=True)
    log_in(english, user.username)
    assert english.get(HOME).status_code == status


def test_the_last_factor_cannot_be_put_aside_quietly(english, django_capture_on_commit_callbacks):
    """It may be removed, and then the next page asks for a new one."""
    user = make.user(Role.DUTY_OFFICER)
    log_in(english, user.username)
    secret = set_up_codes(english, django_capture_on_commit_callbacks)
    page, again = reverse("mfa_deactivate_totp"), reverse("account_reauthenticate")
    english.post("/log-out/")
    log_in(english, user.username)
    english.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    session = english.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - 600} for record in session["account_authentication_methods"]
    ]
    session.save()
    assert english.get(page)["Location"].startswith(again), "ten minutes later it is asked once more"
    english.post(f"{again}?next={page}", {"password": "a long password"})
    assert english.post(page).status_code == 302
    english.post("/log-out/")
    log_in(english, user.username)
    assert english.get(HOME)["Location"] == reverse("mfa_index")
