"""The frame in a real browser, wide and on a phone, in both languages."""

import pytest

from sizao.config.demonstration.people import PASSWORD
from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def incidents(transactional_db):
    """Two incidents and a demonstration user, made before the browser starts."""
    officer = make.user(Role.DUTY_OFFICER, username="duty", is_demonstration=True)
    officer.set_password(PASSWORD)
    officer.save()
    return [
        make.incident(
            officer, name_en="A rather long name of an outbreak in a city far away", name_zh="甲疫情", kind="drill"
        ),
        make.incident(officer, name_en="Second outbreak", name_zh="乙疫情", kind="drill"),
    ]


@pytest.fixture
def visit(incidents, chromium, live_server):
    """A page of the given width and language, logged in, that remembers what the console complained about."""
    contexts = []

    def open_page(width: int, language: str):
        context = chromium.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{live_server.url}/log-in/")
        page.click(".demonstration button")
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_of_the_desk_is_wider_than_a_phone(visit, incidents, live_server, language):
    page = visit(390, language)
    board = f"/incidents/{incidents[1].pk}/"
    for address in ("/", "/my-tasks/", "/me/", "/search/", board, f"{board}today/", "/nowhere/"):
        page.goto(live_server.url + address)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, address
    bar = page.goto(live_server.url + board) and page.locator(".incident-nav").bounding_box()
    assert bar["y"] + bar["height"] == pytest.approx(800, abs=1), "the navigation lies under the thumb"
    assert not [line for line in page.complaints if "404" not in line]


def test_the_menus_work_by_keyboard_and_the_switcher_fills_itself(visit, incidents, live_server):
    page = visit(1440, "en")
    page.goto(f"{live_server.url}/incidents/{incidents[1].pk}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.focus(".switcher summary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".switcher .panel a:nth-of-type(3)")
    assert "A rather long name" in page.inner_text(".switcher .panel")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".switcher[open]").count() == 0
    page.click(".languages button")
    page.wait_for_load_state("networkidle")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert page.complaints == []


def test_one_logs_out_by_the_menu(visit):
    page = visit(390, "en")
    page.click(".user summary")
    page.click("text=Log out")
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("/log-in/")
