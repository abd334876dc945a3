"""A browser for the tests that need one: Debian's chromium, with its own calls to the outside switched off."""

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


@pytest.fixture
def browser(transactional_db):
    """Started after the database and ended before it is emptied: Playwright's loop and Django's guard exclude
    each other."""
    if not CHROMIUM:
        assert "browser" not in os.environ.get("SIZAO_REQUIRE", ""), "chromium is required here and not installed"
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()
