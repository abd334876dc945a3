"""Sessions end by themselves, from elsewhere, and under too many guesses."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sizao.config.accounts import standing
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from tests import factories as make
from tests.accounts.conftest import log_in

pytestmark = pytest.mark.django_db


def age(client, minutes: float) -> None:
    session = client.session
    session[standing.SEEN] = (now() - timedelta(minutes=minutes)).timestamp()
    session.save()


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 302)])
def test_an_idle_session_ends(english, minutes, status):
    user = make.user(Role.ANALYST)
    log_in(english, user.username)
    age(english, minutes)
    response = english.get("/account/")
    assert response.status_code == status
    if status == 302:
        assert "ended=idle" in response["Location"]
        assert "Nobody used this session" in english.get(response["Location"]).content.decode()


def test_use_keeps_a_session_and_is_written_seldom(english, django_assert_max_num_queries):
    log_in(english, make.user(Role.ANALYST).username)
    age(english, 30)
    english.get("/account/")
    seen = english.session[standing.SEEN]
    assert now().timestamp() - seen < 5
    english.get("/account/")
    assert english.session[standing.SEEN] == seen


def test_log_out_everywhere(english):
    user = make.user(Role.ANALYST)
    others = [Client() for _ in range(2)]
    for client in (*others, english):
        log_in(client, user.username)
    assert english.get(reverse("usersessions_list")).content.decode().count("127.0.0.1") == 3
    english.post(reverse("end_other_sessions"))
    assert [client.get("/account/").status_code for client in (*others, english)] == [302, 302, 200]


def test_nobody_ends_anothers_session(english):
    mine, other = make.user(Role.ANALYST), make.user(Role.ANALYST)
    there = Client()
    log_in(there, other.username)
    log_in(english, mine.username)
    assert english.post(reverse("end_session", args=[other.usersession_set.get().pk])).status_code == 404
    assert there.get("/account/").status_code == 200


def test_guessing_is_stopped_and_written_down(english):
    user = make.user(Role.ANALYST)
    for _ in range(5):
        assert log_in(english, user.username, "wrong").status_code == 200
    page = log_in(english, user.username).content.decode()
    assert "Too many wrong attempts" in page, "the right password comes too late"
    assert log_in(english, make.user(Role.ANALYST).username).status_code == 302, "others are not held up"
    assert AuditEntry.objects.filter(action="log_in.failed", by=user).count() == 5


def test_what_was_typed_as_a_name_is_not_kept(english):
    log_in(english, "my password by mistake", "x")
    assert "my password by mistake" not in str(list(AuditEntry.objects.values()))


def test_a_changed_password_ends_the_other_sessions(english):
    user = make.user(Role.ANALYST)
    elsewhere = Client()
    log_in(elsewhere, user.username)
    log_in(english, user.username)
    new = "correct horse battery"
    said = {"oldpassword": "a long password", "password1": new, "password2": new}
    assert english.post(reverse("account_change_password"), said).status_code == 302
    assert [client.get("/account/").status_code for client in (elsewhere, english)] == [302, 200]
