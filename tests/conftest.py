"""What every test may ask for."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.environment import HOME

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
        pytest.skip("the shared data folder is not beside this checkout")
    return SHARED


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
