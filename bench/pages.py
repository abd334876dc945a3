"""How fast the case list answers over a million cases, for every width of area, first and later pages.

python -m bench.pages            1,000,000 cases (some minutes)      --quick   50,000 cases
SIZAO_DATABASE chooses the database, empty is SQLite in a folder that is removed afterwards. With PostgreSQL:
python tools/postgresql.py python -m bench.pages

50 clients ask without pause over loopback. CPU-ms is the processor time of server and database per answer;
"× trivial" is that time against the health page, measured in the same run. The goal is p95 under 100 ms and under
3 CPU-ms on an otherwise idle machine of two cores.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

CLIENTS, WORKERS, THREADS = 50, 2, 4
CHUNK = 50_000
QUICK = ("nation", "county")  # the widths of the quick size
FIRST_DAY, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 300
AT = FIRST_DAY + timedelta(days=DAYS)
PERMANENT = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, help="seconds each page is asked")
    options = parser.parse_args()
    n, seconds = (50_000, options.seconds or 0.5) if options.quick else (1_000_000, options.seconds or 5.0)
    with tempfile.TemporaryDirectory(prefix="sizao-bench-") as folder:
        os.environ |= {"SIZAO_HOME": folder, "SIZAO_TASKS": "django_tasks.backends.immediate.ImmediateBackend"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "sizao.config.settings"
        import django

        django.setup()
        measure(filled(n), seconds, QUICK if options.quick else None)


def filled(n: int) -> "Outbreak":
    """A database with `n` cases of as many persons in the townships of China, and readers of every width."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from sizao.ops.governance import keyring
    from sizao.ops.governance.actions import found_installation
    from sizao.ops.registry.actions import load_shipped_areas

    keyring.make(Path(settings.KEYRING))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    system = found_installation(by=None, at=PERMANENT)
    load_shipped_areas(country="cn", by=system, at=PERMANENT)
    outbreak = Outbreak(system)
    started = time.perf_counter()
    outbreak.fill(n)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {n:,} persons and cases in {outbreak.n_areas:,} townships of "
          f"{outbreak.n_counties:,} counties, written in {time.perf_counter() - started:.0f} s")  # fmt: skip
    return outbreak


class Outbreak:
    """One incident of the nation, its cases and readers."""

    def __init__(self, system):
        from sizao.ops.governance.models import Grant, User
        from sizao.ops.incidents.actions import open_incident
        from sizao.ops.registry.models import Area

        self.writer = User.objects.create(username="writer")
        for role in ("investigator", "duty_officer"):
            Grant.objects.create(user=self.writer, role=role, since=PERMANENT)
        self.incident = open_incident(
            name_zh="测速", name_en="Benchmark", disease="mers", protocol="mers", time_zone="Asia/Shanghai",
            areas=[Area.objects.get(path="CN")], by=self.writer, at=PERMANENT,
        )  # fmt: skip
        paths = Area.objects.filter(path__startswith="CN", level=4).order_by("path").values_list("path", flat=True)
        self.townships = list(paths)
        self.n_areas, self.n_counties = len(self.townships), len({path[:14] for path in self.townships})

    def fill(self, n: int) -> None:
        """Persons through the registry's bulk load, cases through the action every import uses."""
        import numpy as np

        from sizao.ops.cases.models import Case
        from sizao.ops.governance.bulk import indexes_built_after
        from sizao.ops.registry.models import Person

        rng = np.random.default_rng(20251122)
        with indexes_built_after(Person, Case, n=n):
            for start in range(0, n, CHUNK):
                self._fill_part(start, min(CHUNK, n - start), rng)

    def _fill_part(self, start: int, size: int, rng) -> None:
        import polars as pl

        from sizao.ops.cases.actions import record_cases
        from sizao.ops.registry.actions import load_persons

        area = [self.townships[i] for i in rng.integers(len(self.townships), size=size)]
        families, given = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静磊洋勇艳杰娟涛明超秀霞平刚桂英"
        name = [families[i] + given[j] + given[k] for i, j, k in rng.integers(20, size=(size, 3))]
        sex = [("male", "female")[i] for i in rng.integers(2, size=size)]
        age = rng.integers(1, 95, size=size)
        people = pl.DataFrame({"full_name": name, "sex": sex, "year_birth": 2025 - age, "area": area})
        persons = load_persons(persons=people, by=self.writer, at=AT)
        reported = [(FIRST_DAY + timedelta(days=int(d))).date() for d in rng.integers(DAYS - 30, size=size)]
        late = rng.integers(7, size=size)
        cases = pl.DataFrame({
            "row": range(size), "person_id": persons, "area": area, "age": age.astype(float),
            "case_id": [f"B{start + i:08d}" for i in range(size)], "date_report": reported,
            "date_onset": [day - timedelta(days=int(d)) for day, d in zip(reported, late, strict=True)],
            "classification": [("confirmed", "suspected", "asymptomatic")[i] for i in rng.integers(3, size=size)],
        })  # fmt: skip
        record_cases(incident=self.incident, records=cases, by=self.writer, at=AT)

    def readers(self) -> dict[str, list[str]]:
        """Session keys of readers of each width, several of a kind so that no one page is measured alone."""
        step = len(self.townships) // 5
        some = self.townships[::step][:5]
        widths = {
            "nation, all areas": [""], "nation": ["CN"], "province": [path[:6] for path in some],
            "county": [path[:14] for path in some], "township": some,
        }  # fmt: skip
        found = {
            name: [self._session(f"{name} {n}", [path]) for n, path in enumerate(paths)]
            for name, paths in widths.items()
        }
        found["three counties"] = [self._session("three counties", [path[:14] for path in some[:3]])]
        return found

    def _session(self, name: str, paths: list[str]) -> str:
        from django.test import Client

        from sizao.ops.governance.models import Grant, User

        user = User.objects.create(username=name, language="zh-hans")
        for path in paths:
            Grant.objects.create(user=user, role="investigator", area_path=path, since=PERMANENT)
        client = Client()
        client.force_login(user)
        return client.cookies["sessionid"].value


def measure(outbreak: "Outbreak", seconds: float, widths: tuple[str, ...] | None) -> None:
    from bench.served import cpu_seconds, family, granian

    address = f"/incidents/{outbreak.incident.pk}/cases/"
    readers = {name: keys for name, keys in outbreak.readers().items() if widths is None or name in widths}
    with granian(workers=WORKERS, threads=THREADS) as (pid, port):
        later = {key: _later(port, address, key) for keys in readers.values() for key in keys}
        scenes = [("trivial page", [_request("/health/", "")])]
        for name, keys in readers.items():
            scenes.append((f"{name}, first page", [_request(address, key) for key in keys]))
            scenes.append((f"{name}, fourth page", [_request(address + later[key], key) for key in keys]))
        middle = (FIRST_DAY + timedelta(days=DAYS // 2)).date().isoformat()
        deep = [_request(f"{address}?cursor={middle}_5000", key) for key in readers["nation"]]
        scenes.append(("nation, middle of the list", deep))
        trivial = None
        print(f"{'':32} {'p50 ms':>8} {'p95 ms':>8} {'req/s':>7} {'CPU-ms':>7} {'× trivial':>9}")
        for name, requests in scenes:
            _asked(port, min(seconds, 1.0), requests)  # warm
            processes = family(pid) | _database_processes()
            before = cpu_seconds(processes)
            answers = _asked(port, seconds, requests)
            cpu = 1000 * (cpu_seconds(processes) - before) / max(answers["n"], 1)
            trivial = trivial or cpu or 1e-9
            if answers["n_wrong"]:
                raise SystemExit(f"{name}: {answers['n_wrong']} of {answers['n']} answers were not the page")
            print(f"{name:32} {answers['p50_ms']:8.1f} {answers['p95_ms']:8.1f} "
                  f"{answers['n'] / answers['seconds']:7.0f} {cpu:7.2f} {cpu / trivial:9.1f}", flush=True)  # fmt: skip


def _request(address: str, session: str) -> str:
    cookies = f"Cookie: sessionid={session}; django_language=zh-hans\r\n" if session else ""
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
