"""An installation of its own in a folder, its programs, and a load of writers that note what was acknowledged."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).parents[2]


class Installation:
    """A home, and what runs in it."""

    def __init__(self, home: Path, address: str = ""):
        self.home, self.port = home, free_port()
        self.environment = {
            **os.environ, "SIZAO_HOME": str(home), "SIZAO_KEYRING": str(home / "keys" / "keyring.json"),
            "SIZAO_DATABASE": address, "SIZAO_SECOND_FACTOR": "off", "SIZAO_LOG": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }  # fmt: skip
        code, out, err = self.run("prepare")
        assert code == 0, err
        self.known = json.loads(out.splitlines()[-1])
        self.server = None

    def start(self, *arguments: str, **options) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.faults.parts", *map(str, arguments)]
        options = {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "start_new_session": True,
        } | options
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, **options)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out.strip(), err

    def serve(self, respawn_s: float = 4) -> float:
        """Start the server and wait until it is ready; answers how many seconds that took."""
        began = time.monotonic()
        self.server = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port), "--no-ws",
             "--workers", "1", "--respawn-interval", str(respawn_s), "--blocking-threads", "4",
             "--log-level", "critical",
             "sizao.config.wsgi:application"], cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if self.get("/ready/") == 200:
                    return time.monotonic() - began
            time.sleep(0.1)
        raise AssertionError("the server did not become ready")

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9 of the server and all its workers."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Writers:
    """Threads that give tasks by the page's form, each with a title of its own, and note which were acknowledged."""

    def __init__(self, installation: Installation, n: int = 3):
        self.installation, self.acknowledged, self.tried, self.ended = installation, [], 0, threading.Event()
        self.threads = [threading.Thread(target=self._write, args=(number,)) for number in range(n)]

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(20)

    def wait_for(self, n: int, seconds: float = 60) -> None:
        """Until so many more were acknowledged."""
        wanted, deadline = len(self.acknowledged) + n, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {wanted} writes in {seconds} s"
            time.sleep(0.02)

    def _write(self, number: int) -> None:
        known, n = self.installation.known, 0
        token = "a" * 32
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={known['session']}; csrftoken={token}", "X-CSRFToken": token,
        }  # fmt: skip
        while not self.ended.is_set():
            n += 1
            title = f"task {number}.{n}"
            values = {"title": title, "post": known["post"], "due_at": "2099-01-01T00:00", "reason": "a test"}
            self.tried += 1
            with suppress(OSError, http.client.HTTPException):
                if self._post(f"/incidents/{known['incident']}/tasks/new/", urlencode(values), headers) == 302:
                    self.acknowledged.append(title)
                    continue
            time.sleep(0.05)

    def _post(self, path: str, body: str, headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=10)
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()


def lost_and_doubled(acknowledged: list[str], rows: list[dict]) -> tuple[set[str], set[str]]:
    """Acknowledged titles that no row has, and titles that two rows have. A row's title is a stored sentence."""
    titles = [
        title
        for row in rows
        for title in [row["msgid"], *row.get("params", {}).values()]
        if str(title).startswith("task ")
    ]
    return set(acknowledged) - set(titles), {title for title in titles if titles.count(title) > 1}


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """One SQLite installation for all faults; each leaves it whole or shows that it does not."""
    made = Installation(tmp_path_factory.mktemp("installation"))
    yield made
    if made.server and made.server.poll() is None:
        made.kill()
