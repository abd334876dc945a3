"""Every page a duty officer opens, in both languages, wide and on a phone: it answers, fits, and says what it is."""

import re

import pytest

PAGES = [
    "/",
    "/my-tasks/",
    "{incident}",
    "{incident}cases/",
    "{incident}contacts/",
    "{incident}follow-up/",
    "{incident}clarities/",
    "{incident}chains/",
    "{incident}curve/",
    "{incident}map/",
    "{incident}tasks/",
    "{incident}tasks/new/",
    "{incident}requests/",
    "{incident}reports/",
    "{incident}imports/",
    "{incident}facts/",
]
CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1440), ("zh-CN", 390), ("en-US", 1440), ("en-US", 390)])
def test_pages_answer_and_fit(visit, language, width):
    page = visit("duty", language, width)
    for path in PAGES:
        answer = page.goto(path.format(incident="/incidents/1/"))
        assert answer.status == 200, path
        assert page.locator("h1").first.inner_text().strip(), path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width} px"
        said = page.locator("main").inner_text()
        assert bool(CHINESE.search(page.locator("h1").first.inner_text())) or not language.startswith("zh"), path
        assert said.strip(), path
