"""The pictures in a real browser: drawn under the strict policy, clickable, kept as files."""

from datetime import date

import pytest

from sizao.config.demonstration.people import PASSWORD
from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: The centre of a case of the tree on the page: the first point of the first group of cases.
FIRST_CASE = """() => {
    const chart = echarts.getInstanceByDom(document.querySelector(".canvas.drawn"));
    const series = chart.getOption().series.findIndex((each) => each.type === "scatter");
    const [x, y] = chart.convertToPixel({ seriesIndex: series }, chart.getOption().series[series].data[0].value);
    const box = document.querySelector(".canvas.drawn").getBoundingClientRect();
    return [box.left + x, box.top + y];
}"""


@pytest.fixture
def incident(transactional_db):
    """Six cases in a line in one city."""
    make.areas()
    officer = make.user(Role.DUTY_OFFICER, username="duty", is_demonstration=True)
    officer.set_password(PASSWORD)
    officer.save()
    behind = int((now() - make.AT).total_seconds())
    incident = make.incident(officer, kind="demonstration", clock_behind_s=behind)
    incident.areas.add("CN0023")
    cases = [
        make.case(incident, officer, number=f"N{n}", area_id=make.DAOLI, date_onset=date(2015, 5, 20 + 2 * n))
        for n in range(6)
    ]
    for n in range(5):
        make.exposure(cases[n], cases[n + 1].person, officer)
    return incident


@pytest.fixture
def page(incident, chromium, live_server):
    context = chromium.new_context(viewport={"width": 1200, "height": 1000}, accept_downloads=True)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{live_server.url}/log-in/")
    page.click(".demonstration button")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


def test_pictures_are_drawn_and_kept(page, incident, live_server):
    for name in ("chains/", "chains/?view=network", "curve/", "map/"):
        page.goto(f"{live_server.url}/incidents/{incident.pk}/{name}")
        page.wait_for_selector("figure.picture[data-drawn]")
        with page.expect_download() as kept:
            page.click("text=Picture, SVG")
        text = kept.value.path().read_text(encoding="utf-8")
        assert text.startswith("<svg")
        assert "Test outbreak" in text
        with page.expect_download() as kept:
            page.click("text=Picture, PNG")
        assert kept.value.path().read_bytes().startswith(b"\x89PNG")
    assert page.complaints == []


def test_a_case_says_its_facts_and_opens_its_page(page, incident, live_server):
    page.goto(f"{live_server.url}/incidents/{incident.pk}/chains/")
    page.wait_for_selector("figure.picture[data-drawn]")
    page.mouse.move(*page.evaluate(FIRST_CASE))
    page.wait_for_selector(".picture-facts")
    assert "Case N0" in page.inner_text(".picture-facts")
    page.mouse.click(*page.evaluate(FIRST_CASE))
    page.wait_for_url(f"**/cases/{incident.cases.get(number='N0').pk}/")


def test_without_script_the_numbers_are_there(incident, chromium, live_server, page):
    context = chromium.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{live_server.url}/incidents/{incident.pk}/curve/")
    assert plain.locator(".bars rect[class^=part]").count() == 6
    plain.goto(f"{live_server.url}/incidents/{incident.pk}/chains/")
    assert "N0" in plain.inner_text("#unlinked")
    assert plain.locator("#generations tbody tr").count() == 6
    context.close()
