"""A passkey in a real browser, with the device it lives in played by the browser itself; and no outside word."""

import pytest

from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(live_server, chromium):
    """A browser with a device in it that keeps passkeys."""
    context = chromium.new_context(locale="en-US", base_url=live_server.url.replace("127.0.0.1", "localhost"))
    context.add_cookies([{"name": "django_language", "value": "en", "domain": "localhost", "path": "/"}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
              "isUserVerified": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    yield page
    context.close()


def test_a_passkey_is_made_and_lets_in_without_a_password(page, settings):
    settings.SECOND_FACTOR = "required"
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    user = make.user(Role.DUTY_OFFICER, username="chen", language="en")
    page.goto("/log-in/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", "a long password")
    page.click("form:not([hidden]) button.primary")
    page.wait_for_url("**/account/second-factor/")
    page.click("text=Add a passkey")
    page.check("[name=passwordless]")
    page.click("button.primary")
    page.wait_for_url("**/recovery-codes/")
    assert len(page.inner_text("pre.codes").split()) == 10
    page.goto("/")
    assert page.url.endswith("/"), "the passkey just made counts as shown"
    page.click("details.user summary")
    page.click("details.user button")
    page.wait_for_url("**/log-in/")

    page.click("text=Log in with a passkey")
    page.wait_for_url(lambda url: "/log-in/" not in url and "login" not in url)
    page.goto("/")
    assert "chen" in page.inner_text("header")
    assert [text for text in errors if "status of 4" not in text] == []
    assert user.authenticator_set.filter(type="webauthn").get().last_used_at is not None
