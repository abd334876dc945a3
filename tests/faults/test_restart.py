"""A restart that nobody notices: a new worker serves before the old one stops."""

import http.client
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path


def test_no_request_fails_while_the_server_restarts(installation, capsys):
    took = installation.serve()
    installation.kill()
    installation.serve(respawn_s=2 * took + 1)  # the old worker stays until the new one has surely begun to serve
    answers, ended = [], threading.Event()

    def ask() -> None:
        while not ended.is_set():
            try:
                answers.append(installation.get("/health/"))
            except (OSError, http.client.HTTPException) as error:
                answers.append(repr(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    before = workers_of(installation.server.pid)
    try:
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        os.kill(installation.server.pid, signal.SIGHUP)
        deadline = time.monotonic() + 120
        while workers_of(installation.server.pid) & before:
            assert time.monotonic() < deadline, "the old workers did not go"
            time.sleep(0.1)
        time.sleep(0.3)
    finally:
        ended.set()
        for thread in threads:
            thread.join(20)
        after = workers_of(installation.server.pid)
        installation.kill()
    failed = [answer for answer in answers if answer != 200]
    with capsys.disabled():
        print(f"\nrestart: requests {len(answers)}, failed {len(failed)}, workers replaced {len(after - before)}")
    assert failed == []
    assert after and not after & before


def workers_of(pid: int) -> set[int]:
    """The processes a server began that serve; its bookkeeping process does not change with a restart."""
    found = set()
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):
            if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(int(child))
    return found
