"""A real installation with the demonstration, served on loopback, and a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "sizao-demonstration"


@dataclass(frozen=True)
class Site:
    """A running installation: where it answers and where it keeps its data."""

    address: str
    home: Path

    def run(self, *command: str) -> str:
        """A `sizao` command in this installation."""
        done = subprocess.run(
            [sys.executable, "-m", "sizao", *command], env=environment(self.home), cwd=ROOT, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def environment(home: Path) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if not key.startswith("SIZAO_")}
    return {**plain, "SIZAO_HOME": str(home), "SIZAO_TASKS": "django_tasks.backends.immediate.ImmediateBackend"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(chromium, tmp_path_factory) -> Iterator[Site]:
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("site"))
    site.run("setup")
    site.run("demo", "--small")
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    server += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "error"]
    process = subprocess.Popen([*server, "sizao.config.wsgi:application"], env=environment(site.home), cwd=ROOT)
    try:
        wait_for(site.address + "/health/")
        yield site
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{address} did not answer within {seconds} s")


@pytest.fixture
def visit(site, chromium):
    """visit(user, language="zh-CN", width=1440) → a page of that user, logged in; script errors fail the test."""
    contexts, errors = [], []

    def open_page(user: str | None, language: str = "en-US", width: int = 1440):
        context = chromium.new_context(
            locale=language, viewport={"width": width, "height": 900}, base_url=site.address, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if user:
            log_in(page, user, language)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in errors if "status of 4" not in text] == []


def log_in(page, user: str, language: str) -> None:
    page.goto("/log-in/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/log-in/" not in url)
    code = "zh-hans" if language.startswith("zh") else "en"
    if page.locator("html").get_attribute("lang").lower() != code:
        page.locator(f"button[name=language][value={code}]").first.click()
        page.wait_for_load_state()
