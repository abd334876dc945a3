"""Every page, in both languages, wide and on a phone: it answers, fits, has a heading, is translated and touchable."""

from pathlib import Path

import pytest

from tests.browser.conftest import log_in
from tests.browser.pages import VISITORS, addresses, is_page

#: All share one installation, so they run in one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOK = (Path(__file__).parent / "look.js").read_text()
WIDTHS = (1440, 390)
#: Pages that must be among those walked: the walk itself could lose them.
AMONG_THEM = ("/", "/protocols/", "/incidents/1/clocks/", "/incidents/1/edition/", "/incidents/1/reports/1/")


@pytest.fixture(scope="module")
def shared_out(site, chromium) -> dict[str, list[str]]:
    """The pages each visitor walks: a page goes to the first who may see it."""
    left, out = list(addresses(site.home)), {}
    for user in VISITORS:
        context = chromium.new_context(base_url=site.address)
        page = context.new_page()
        log_in(page, user, "en-US")
        out[user] = [path for path in left if is_page(page.request.get(path, max_redirects=0))]
        left = [path for path in left if path not in out[user]]
        context.close()
    return out


def test_the_walk_misses_nothing_that_is_known(shared_out):
    walked = [path for paths in shared_out.values() for path in paths]
    assert set(AMONG_THEM) <= set(walked)
    assert len(walked) > 50


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_page(visit, shared_out, language):
    found = {}
    for user, paths in shared_out.items():
        page = visit(user, language)
        for path in paths:
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            page.goto(path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                wrong = page.evaluate(LOOK, {"chinese": language == "zh-CN", "phone": width < 600})
                found |= {f"{path} at {width}": wrong} if wrong else {}
    assert not found, "\n".join(f"{where}: {'; '.join(wrong)}" for where, wrong in found.items())
