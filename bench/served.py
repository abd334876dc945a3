"""A server started for a measurement, and the processor time that it and its database use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def served(*options: str) -> Iterator[tuple[int, int]]:
    """`sizao serve` with these options on a free port: (process, port). Ended with the block."""
    with _started(lambda port: [sys.executable, "-m", "sizao", "serve", "--port", str(port), *options]) as answers:
        yield answers


@contextmanager
def bare_django(*, workers: int, threads: int) -> Iterator[tuple[int, int]]:
    """Django without anything of ours behind the same server, to compare with."""
    with _started(
        lambda port: [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", str(workers), "--blocking-threads", str(threads), "--backpressure", "256", "--no-ws",
            "--log-level", "warning", "bench.hello:application",
        ]
    ) as answers:  # fmt: skip
        yield answers


@contextmanager
def _started(command: Callable[[int], list[str]]) -> Iterator[tuple[int, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(command(port), stdout=subprocess.DEVNULL)
    try:
        _wait_until_answering(port)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_answering(port: int) -> None:
    for _ in range(900):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def family(pid: int) -> set[int]:
    """A process and all its children."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = stat.read_text().rsplit(")", 1)
        except OSError:  # it ended while we looked
            continue
        children.setdefault(int(rest.split()[1]), []).append(int(name.split()[0]))
    found, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting += children.get(one, [])
    return found


def cpu_seconds(pids: set[int]) -> float:
    """Processor time used so far by processes that are still there."""
    used = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        used += int(fields[11]) + int(fields[12])
    return used / TICK
