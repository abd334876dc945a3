"""A server started for a measurement; run as a program, how soon `sizao serve` answers and what memory it holds.

python -m bench.served      --quick asks for a shorter time      --home FOLDER uses a filled database again

Memory is the proportional set size: pages that forks share are divided among them, so that the sum is what the
machine gives. The goal is 500 MB for all that `make run` leaves running; Django with nothing in it is beside it.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

CASES, GOAL_MB = 2_000, 500
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


def memory_mb(pid: int) -> list[tuple[str, float]]:
    """(what it is, MB of proportional set size) of a process and its children."""
    found = []
    for each in sorted(family(pid)):
        try:
            sizes = Path(f"/proc/{each}/smaps_rollup").read_text()
            name = Path(f"/proc/{each}/comm").read_text().strip()
        except OSError:
            continue
        pss = next(line for line in sizes.splitlines() if line.startswith("Pss:"))
        found.append((f"{name} {each}" + (" (parent)" if each == pid else ""), int(pss.split()[1]) / 1024))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--home", type=Path, help="a folder that keeps the filled database, to be used again")
    options = parser.parse_args()
    with nullcontext(options.home) if options.home else TemporaryDirectory(prefix="sizao-bench-") as folder:
        os.environ |= {"SIZAO_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "sizao.config.settings"}
        import django

        django.setup()
        from django.db import connections

        from bench.outbreak import filled

        outbreak = filled(CASES)
        sessions = [key for keys in outbreak.readers().values() for key in keys]
        connections.close_all()
        measure(f"/incidents/{outbreak.incident.pk}/cases/", sessions, 1.0 if options.quick else 10.0)


def measure(address: str, sessions: list[str], seconds: float) -> None:
    from bench.pages import WORKERS, _asked, _request
    from sizao.config.commands.serve import THREADS

    with bare_django(workers=WORKERS, threads=THREADS) as (pid, port):
        _asked(port, seconds, [_request("/health/", "")])
        bare = sum(mb for _name, mb in memory_mb(pid))
    print(f"{'bare Django':34} {bare:7.0f} MB")
    began = time.perf_counter()
    with served() as (pid, port):
        print(f"sizao serve answers after {time.perf_counter() - began:.1f} s")
        answers = _asked(port, seconds, [_request(address, key) for key in sessions])
        each = memory_mb(pid)
        total = sum(mb for _name, mb in each)
        for name, mb in each:
            print(f"  {name:32} {mb:7.0f} MB")
        print(f"sizao serve after {answers['n']:,} pages   {total:7.0f} MB = {total / bare:.1f} × bare Django; "
              f"the goal is {GOAL_MB}")  # fmt: skip


if __name__ == "__main__":
    main()
