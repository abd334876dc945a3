"""People come in by invitation, get a new password by a link, and nobody takes over an account above them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sizao.ops.governance import access, queries
from sizao.ops.governance.actions import LinkClosed, give_roles, hand_link, use_link
from sizao.ops.governance.clock import now
from sizao.ops.governance.entry import LinkPurpose, OneTimeLink
from sizao.ops.governance.models import AuditEntry, User
from sizao.ops.governance.roles import Role
from sizao.ops.registry import actions as registry
from tests import factories as make
from tests.accounts.conftest import log_in

pytestmark = pytest.mark.django_db
NEW = "correct horse battery"


@pytest.fixture
def invited(administrator):
    post = make.post(Role.INVESTIGATOR, make.DAOLI)
    said = {"username": "li.na", "display_name": "李娜", "language": "en", "post": post, "until": None}
    return registry.invite(**said, by=administrator, at=now())


def follow(token: str, **said) -> tuple[Client, object]:
    client = Client()
    client.cookies["django_language"] = "en"
    response = client.get(reverse("welcome", args=[token]))
    assert response["Location"] == reverse("choose_password")
    data = {"display_name": "Li Na", "password": NEW, "again": NEW} | said
    return client, client.post(reverse("choose_password"), data)


def test_an_invitation_opens_once(invited):
    user, token = invited
    assert not user.has_usable_password()
    client, response = follow(token)
    assert response["Location"] == "/log-in/"
    assert "Your password is set" in client.get("/log-in/").content.decode()
    assert log_in(client, "li.na", NEW).status_code == 302
    user.refresh_from_db()
    assert user.display_name == "Li Na"
    assert Client().get(reverse("welcome", args=[token])).status_code == 404
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert {"user.invited", "post.held", "link.handed", "link.used"} <= set(actions)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"again": "another thing"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_stays_open(invited, said, sentence):
    _user, token = invited
    _client, response = follow(token, **said)
    assert response.status_code == 200 and sentence in response.content.decode()
    assert queries.link_of(token, now())


def test_a_link_is_stored_only_as_a_digest(invited):
    _user, token = invited
    assert token not in str(list(OneTimeLink.objects.values()))
    assert token not in str(list(AuditEntry.objects.values()))


def test_a_link_expires_and_a_newer_one_closes_it(invited, administrator):
    user, token = invited
    assert queries.link_of(token, now() + timedelta(days=7)) is None
    other = hand_link(user=user, purpose=LinkPurpose.PASSWORD, by=administrator, at=now())
    assert queries.link_of(token, now()) is None
    assert queries.link_of(other, now() + timedelta(hours=25)) is None
    with pytest.raises(LinkClosed):
        use_link(link=OneTimeLink.objects.filter(user=user).first(), password=NEW, by=user, at=now())


def test_a_new_password_ends_the_sessions(administrator):
    user = make.user(Role.ANALYST)
    inside = Client()
    log_in(inside, user.username)
    assert inside.get("/account/").status_code == 200
    follow(hand_link(user=user, purpose=LinkPurpose.PASSWORD, by=administrator, at=now()))
    assert inside.get("/account/").status_code == 302


def test_an_administrator_invites_on_the_page(administrator, english, settings):
    settings.SECOND_FACTOR = "off"
    post = make.post(Role.INVESTIGATOR, make.DAOLI)
    english.force_login(administrator)
    form = {"username": "wang", "display_name": "Wang", "language": "en", "post": post.pk}
    page = english.post(reverse("registry:invite"), form).content.decode()
    token = re.search(r"/welcome/([\w-]+)/", page)[1]
    client, _response = follow(token)
    assert log_in(client, "wang", NEW).status_code == 302
    assert english.post(reverse("registry:invite"), form).content.decode().count("This user name is taken") >= 1
    assert token not in english.get(reverse("registry:people")).content.decode()


def test_nobody_gives_powers_to_themselves(administrator):
    with pytest.raises(access.NotAllowed):
        give_roles(
            user=administrator, roles=[Role.DUTY_OFFICER], area_path="", since=now(), until=None,
            by=administrator, at=now(),
        )  # fmt: skip


def test_a_countys_administrator_touches_no_account_beyond_the_county(administrator, english, settings):
    settings.SECOND_FACTOR = "off"
    local = make.user(Role.ADMINISTRATOR, make.DAOLI)
    inside, above = make.user(Role.ANALYST, make.ZHAOLIN), make.user(Role.ANALYST, "CN0023")
    both = make.user(Role.ANALYST, make.DAOLI)
    give_roles(
        user=both, roles=[Role.ANALYST], area_path=make.NANGANG, since=now(), until=None, by=administrator, at=now()
    )
    assert inside in queries.managed_users(local, now())
    assert not {above, both, administrator} & set(queries.managed_users(local, now()))
    for user in (above, both, administrator, local):
        with pytest.raises(access.NotAllowed):
            hand_link(user=user, purpose=LinkPurpose.PASSWORD, by=local, at=now())
    english.force_login(local)
    assert english.get(reverse("registry:account", args=[inside.pk])).status_code == 200
    assert english.get(reverse("registry:account", args=[above.pk])).status_code == 404
    assert (
        english.post(reverse("registry:account_act", args=[above.pk, "password"]), {"reason": "x"}).status_code == 404
    )


@pytest.mark.parametrize("act", ["password", "factor", "close"])
def test_what_an_administrator_does_asks_why(administrator, english, settings, act):
    settings.SECOND_FACTOR = "off"
    user = make.user(Role.ANALYST)
    english.force_login(administrator)
    page = reverse("registry:account_act", args=[user.pk, act])
    assert english.get(page).status_code == 200
    before = AuditEntry.objects.count()
    assert "This field is required" in english.post(page, {"reason": ""}).content.decode()
    assert AuditEntry.objects.count() == before
    english.post(page, {"reason": "telephone lost"})
    assert AuditEntry.objects.count() > before


def test_a_closed_account_is_out_at_once(administrator, english, settings):
    settings.SECOND_FACTOR = "off"
    user = make.user(Role.ANALYST)
    inside = Client()
    log_in(inside, user.username)
    english.force_login(administrator)
    english.post(reverse("registry:account_act", args=[user.pk, "close"]), {"reason": "left"})
    assert inside.get("/account/").status_code == 302
    assert log_in(Client(), user.username).status_code in (200, 403)
    assert not User.objects.get(pk=user.pk).is_active


def test_nobody_signs_up(client):
    for path in ("/signup/", "/account/signup/", "/accounts/signup/", "/account/second-factor/webauthn/signup/"):
        assert client.get(path).status_code == 404
