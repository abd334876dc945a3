"""How fast the case list answers over a million cases, for every width of area, first and later pages.

python -m bench.pages            1,000,000 cases (some minutes)      --quick   50,000 cases
SIZAO_DATABASE chooses the database, empty is SQLite in a folder that is removed afterwards. With PostgreSQL:
python tools/postgresql.py python -m bench.pages

50 clients ask `sizao serve` without pause over loopback. CPU-ms is the processor time of server and database per
answer; "× bare" is that time against Django with nothing in it behind the same server, measured in the same run.
The goal is p95 under 100 ms and under 3 CPU-ms on an otherwise idle machine of two cores.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from bench.outbreak import DAYS, FIRST_DAY, Outbreak
from bench.served import bare_django, cpu_seconds, family, served
from sizao.config.commands.serve import THREADS

CLIENTS, WORKERS = 50, 2
FORM_TOKEN = "abcdefghijklmnopqrstuvwxyz012345"  # as a browser has it after the first page
QUICK = ("nation", "county")  # the widths of the quick size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, help="seconds each page is asked")
    parser.add_argument("--home", type=Path, help="a folder that keeps the filled database, to be used again")
    parser.add_argument("--threads", type=int, default=THREADS, help="threads of each of the two processes")
    options = parser.parse_args()
    n, seconds = (50_000, options.seconds or 0.5) if options.quick else (1_000_000, options.seconds or 5.0)
    kept = nullcontext(options.home) if options.home else tempfile.TemporaryDirectory(prefix="sizao-bench-")
    with kept as folder:
        os.environ |= {"SIZAO_HOME": str(folder), "SIZAO_TASKS": "django_tasks.backends.immediate.ImmediateBackend"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "sizao.config.settings"
        import django

        django.setup()
        from bench.outbreak import filled

        measure(filled(n), seconds, QUICK if options.quick else None, options.threads)


def measure(outbreak: Outbreak, seconds: float, widths: tuple[str, ...] | None, threads: int) -> None:
    print(f"{'':32} {'p50 ms':>8} {'p95 ms':>8} {'req/s':>7} {'CPU-ms':>7} {'× bare':>7}")
    with bare_django(workers=WORKERS, threads=threads) as (pid, port):
        bare = _line("bare Django", pid, port, [_request("/health/", "")], seconds, 0.0)
    address = f"/incidents/{outbreak.incident.pk}/cases/"
    readers = {name: keys for name, keys in outbreak.readers().items() if widths is None or name in widths}
    with served("--no-worker", "--workers", str(WORKERS), "--threads", str(threads)) as (pid, port):
        scenes = [("health page", [_request("/health/", "")])]
        for name, keys in readers.items():
            later = {key: _later(port, address, key) for key in keys}
            scenes.append((f"{name}, first page", [_request(address, key) for key in keys]))
            scenes.append((f"{name}, fourth page", [_request(address + later[key], key) for key in keys]))
        middle = (FIRST_DAY + timedelta(days=DAYS // 2)).date().isoformat()
        deep = [_request(f"{address}?cursor={middle}_5000", key) for key in readers["nation"]]
        scenes.append(("nation, middle of the list", deep))
        for name, requests in scenes:
            _line(name, pid, port, requests, seconds, bare)
        _statement_cost(outbreak)
        print(f"load of the machine (1 minute): {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _statement_cost(outbreak: Outbreak) -> None:
    """One page of rows asked by a kept statement and by the ORM: why statements are kept."""
    from sizao.ops.cases.models import Case
    from sizao.ops.governance.statements import Prepared

    names, order = ("id", "number", "date_report", "area__name_zh", "person__uuid"), ("-date_report", "-id")
    written = Case.objects.filter(incident=outbreak.incident, l1="CN0001").order_by(*order).values(*names)
    kept = Prepared(Case).filter(incident=outbreak.incident.pk, l1="CN0001").order_by(*order).values(*names)
    least = []
    for rows in (kept, written):
        times = []
        for _ in range(50):
            began = time.process_time()
            list(rows.all()[:51] if rows is written else rows[:51])
            times.append(1000 * (time.process_time() - began))
        least.append(min(times))
    print(f"one page of rows in process: kept statement {least[0]:.2f} ms, written by the ORM {least[1]:.2f} ms "
          f"= {least[1] / least[0]:.1f} ×")  # fmt: skip


def _line(name: str, pid: int, port: int, requests: list[str], seconds: float, bare: float) -> float:
    """Ask one page, print what it took, and give the processor time of one answer."""
    _asked(port, min(seconds, 1.0), requests)  # warm
    processes = family(pid) | _database_processes()
    before = cpu_seconds(processes)
    answers = _asked(port, seconds, requests)
    cpu = 1000 * (cpu_seconds(processes) - before) / max(answers["n"], 1)
    if answers["n_wrong"]:
        raise SystemExit(f"{name}: {answers['n_wrong']} of {answers['n']} answers were not the page")
    print(f"{name:32} {answers['p50_ms']:8.1f} {answers['p95_ms']:8.1f} {answers['n'] / answers['seconds']:7.0f} "
          f"{cpu:7.2f} {cpu / (bare or cpu or 1e-9):7.1f}", flush=True)  # fmt: skip
    return cpu


def _request(address: str, session: str) -> str:
    cookies = f"Cookie: sessionid={session}; csrftoken={FORM_TOKEN}; django_language=zh-hans\r\n" if session else ""
    return f"GET {address} HTTP/1.1\r\nHost: localhost\r\n{cookies}\r\n"


def _later(port: int, address: str, session: str) -> str:
    """The query of the fourth page, reached as a reader reaches it; the last page there is where there are fewer."""
    import re
    import urllib.request

    query = ""
    for _ in range(3):
        headers = {"Cookie": f"sessionid={session}; django_language=zh-hans"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{address}{query}", headers=headers)
        with urllib.request.urlopen(request) as answer:
            found = re.search(r'rel="next" href="([^"]+)"', answer.read().decode())
        if not found:
            break
        query = found[1].replace("&amp;", "&")
    return query


def _asked(port: int, seconds: float, requests: list[str]) -> dict:
    command = [sys.executable, "-m", "bench.clients", str(port), str(seconds), str(CLIENTS)]
    done = subprocess.run(command, input=json.dumps(requests), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _database_processes() -> set[int]:
    """The database server's own processes, where it has any."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return {row[0] for row in cursor.fetchall()}


if __name__ == "__main__":
    main()
