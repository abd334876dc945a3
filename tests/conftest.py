"""What every test may ask for."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.environment import HOME
from tests.required import missing

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure(config):
    from sizao.ops.governance import keyring
    from tools import messages

    keyring.make(HOME / "keys" / "keyring.json")
    if not hasattr(config, "workerinput"):  # once, not once a worker
        messages.compile_all()


def pytest_unconfigure(config):
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and reference answers beside the project."""
    if not SHARED.is_dir():
        missing("shared", "the shared data folder is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def chromium():
    """The one browser of a test process: Debian's chromium, with its own calls to the outside switched off."""
    program = shutil.which("chromium")
    if not program:
        missing("browser", "chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def at() -> datetime:
    """A fixed moment: 10 June 2015, 18:00 in Seoul."""
    return datetime(2015, 6, 10, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_attempts_yet():
    """Attempt limits are counted in the cache, which outlives a test."""
    from django.core.cache import cache

    cache.clear()
