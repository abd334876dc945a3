"""The day's round by keyboard and on a phone: one press, and the next contact is in hand; fingers have room."""

from datetime import date

import pytest

from sizao.config.demonstration.people import PASSWORD
from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: What on the page is lower than a finger is wide.
SMALL = """() => [...document.querySelectorAll("main a, main button, main summary, main select, main input")]
    .filter((each) => each.checkVisibility() && each.type !== "hidden")
    .filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)"""


@pytest.fixture
def page(transactional_db, chromium, live_server, settings):
    """The round of three contacts, on a phone."""
    settings.DEMONSTRATION = True
    make.areas()
    officer = make.user(Role.DUTY_OFFICER, username="duty", is_demonstration=True)
    officer.set_password(PASSWORD)
    officer.save()
    behind = int((now() - make.AT).total_seconds())
    incident = make.incident(officer, kind="demonstration", clock_behind_s=behind)
    for n in range(3):
        contact = make.contact(incident, officer, number=f"K{n}", area_id=make.DAOLI)
        make.follow_up(contact, officer, date_due=date(2015, 6, 10))
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/log-in/")
    page.click(".demonstration button")
    page.wait_for_load_state("networkidle")
    page.goto(f"{live_server.url}/incidents/{incident.pk}/follow-up/")
    yield page
    context.close()


def in_hand(page) -> int:
    """Which card holds the focus."""
    return page.evaluate("[...document.querySelectorAll('.visit')].indexOf(document.activeElement.closest('.visit'))")


def test_one_press_and_the_next_contact_is_in_hand(page):
    assert page.evaluate(SMALL) == []
    for nth in range(2):
        page.locator(".visit").nth(nth).locator(".outcome.ok").focus()
        page.keyboard.press("Enter")
        page.locator(".visit.done").nth(nth).wait_for()
        page.wait_for_timeout(200)
        assert in_hand(page) == nth + 1
    page.locator(".visit").nth(2).locator(".outcome.ok").press("Enter")
    page.locator(".visit.done").nth(2).wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.id") == "round-status"
    page.locator(".visit").nth(1).locator("button").press("Enter")  # taken back
    page.locator(".visit .outcomes").wait_for()
    page.wait_for_timeout(200)
    assert in_hand(page) == 1
