"""How fast files come in and lists go out, beside the bare database doing nothing but writing the same rows.

    python -m bench.intake --quick                      10,000 persons, some seconds
    python -m bench.intake                              1,000,000 persons, then 100,000 rows against them
    SIZAO_DATABASE=postgresql://… python -m bench.intake

Three measurements, each as rows a second and as a share of a baseline run right after it in the same process:
a first load (received, parsed, keyed, sealed, written, indexed), a line list with duplicate check against the
register (a tenth of its people are known), and the export of the case list. The baselines are `executemany`
(SQLite) or COPY (PostgreSQL) of the same finished rows of persons and cases into tables without any index, and,
for the export, a plain SELECT written by Python's csv module. "rows" are rows of the file.
"""

import argparse
import csv
import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

REGISTER, LINE_LIST = 1_000_000, 100_000


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.intake", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--register", type=int, default=REGISTER)
    parser.add_argument("--rows", type=int, default=LINE_LIST)
    options = parser.parse_args(argv)
    if options.quick:
        options.register, options.rows = 10_000, 2_000
    with tempfile.TemporaryDirectory(prefix="sizao-bench-") as home:
        start_django(Path(home))
        from django.db import connection
        from django.test.utils import setup_databases, teardown_databases

        old = setup_databases(verbosity=0, interactive=False)
        print(f"database: {connection.vendor}; register {options.register:,}, line list {options.rows:,}")
        try:
            run(options)
        finally:
            teardown_databases(old, verbosity=0)
    return 0


def start_django(home: Path) -> None:
    os.environ["SIZAO_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sizao.config.settings"
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"]["TEST"] = {"NAME": str(home / "bench.sqlite3")}  # on disk, as in use
    import django

    django.setup()
    from sizao.ops.governance import keyring

    keyring.make(Path(settings.KEYRING))


def run(options: argparse.Namespace) -> None:
    from bench.people import line_list
    from sizao.ops.governance import bulk
    from sizao.ops.intake.actions import handing_on

    if options.quick:  # the same path as a million, at a size that takes seconds
        handing_on.REBUILD_FROM = bulk.REBUILD_FROM = options.register
    incident, by = installation()
    first = line_list(options.register, seed=1)
    measure("first load", options.register, lambda: bring_in(incident, by, first), lambda: bare_rows(0), rows_written=2)
    last = last_ids()
    rows = line_list(options.rows, seed=2, known=0.1, known_seed=1, known_n=options.register)
    measure("line list, duplicate check", options.rows, lambda: bring_in(incident, by, rows), lambda: bare_rows(*last))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    measure("export", options.register + options.rows, lambda: export(incident, by), lambda: bare_export())
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory the export and its baseline added to the process's peak: {grown:,.0f} MB")


def measure(name: str, n: int, work: Callable[[], None], bare: Callable[[], int], *, rows_written: int = 1) -> None:
    started, worked = time.perf_counter(), time.process_time()
    work()
    took, worked = time.perf_counter() - started, time.process_time() - worked
    started = time.perf_counter()
    bare()
    baseline = time.perf_counter() - started
    line = f"{name:<32} {n / took:>9,.0f} rows/s"
    if rows_written > 1:
        line += f" ({rows_written * n / took:,.0f} database rows/s)"
    line += f"   {took:.1f} s, of which {worked:.1f} s of this process's CPU"
    print(f"{line}; {took / baseline:.1f} × the bare database ({n / baseline:,.0f} rows/s)", flush=True)


def installation():
    """One city with its districts, an incident, and an officer who may import."""
    from datetime import UTC, datetime

    from sizao.ops.governance.actions import found_installation
    from sizao.ops.incidents.actions import open_incident
    from sizao.ops.registry.actions import load_shipped_areas
    from sizao.ops.registry.models import Area

    at = datetime(2015, 6, 10, 9, 0, tzinfo=UTC)
    system = found_installation(by=None, at=at)
    load_shipped_areas(country="cn", by=system, at=at)
    incident = open_incident(
        name_zh="测量", name_en="Measured", disease="mers", protocol="mers", time_zone="Asia/Shanghai",
        areas=[Area.objects.get(code="2301")], by=system, at=at,
    )  # fmt: skip
    return incident, system


def bring_in(incident, by, pieces: Iterable[bytes]) -> None:
    """What `sizao import FILE --yes` does, with the time of each step."""
    from sizao.ops.intake import actions

    at = incident.opened_at
    steps = []

    def step(name: str, work):
        started = time.perf_counter()
        answer = work()
        steps.append(f"{name} {time.perf_counter() - started:.1f} s")
        return answer

    delivery = step(
        "received",
        lambda: actions.receive(incident=incident, pieces=pieces, file_name="list.csv", by=by, at=at).delivery,
    )
    actions.choose(delivery=delivery, options={"format": "sizao-cases"}, by=by, at=at)
    step("read", lambda: actions.read_delivery(delivery=delivery, by=by, at=at))
    actions.begin_commit(delivery=delivery, by=by, at=at)
    done = step("handed on", lambda: actions.commit_to_the_end(delivery=delivery, by=by, at=at))
    print(f"  {', '.join(steps)}; {done.n_created:,} new cases, {done.n_problems} problems", flush=True)


def last_ids() -> tuple[int, int]:
    from django.db.models import Max

    from sizao.ops.cases.models import Case
    from sizao.ops.registry.models import Person

    return tuple(model.objects.aggregate(last=Max("id"))["last"] or 0 for model in (Person, Case))


def bare_rows(person: int = 0, case: int = 0) -> int:
    """The finished rows of persons and cases beyond these ids, written again into tables without an index."""
    from sizao.ops.cases.models import Case
    from sizao.ops.registry.models import Person

    return sum(bare_copy(model, after) for model, after in ((Person, person), (Case, case)))


def bare_copy(model, after: int) -> int:
    from django.db import connection, transaction

    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    table, bare = model._meta.db_table, f"bare_{model._meta.model_name}"
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"CREATE TABLE {bare} AS SELECT {', '.join(columns)} FROM {table} WHERE 1 = 0")
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE id > {after}")
        rows = cursor.fetchall()
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {bare} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["?"] * len(columns))
            connection.connection.executemany(f"INSERT INTO {bare} VALUES ({places})", rows)
        cursor.execute(f"DROP TABLE {bare}")
    return len(rows)


def export(incident, by) -> None:
    """The case list as the page's download writes it, names and all."""
    from sizao.exchange.writing import write_rows
    from sizao.ops.cases.export import case_frames, export_columns
    from sizao.ops.cases.models import Case
    from sizao.ops.governance import access

    names = access.reach(by, "person.identify", at=incident.opened_at)
    cases = case_frames(Case.objects.filter(incident=incident), names=names)
    written = sum(len(piece) for piece in write_rows(export_columns(identified=True), cases))
    print(f"  {written / 1e6:,.1f} MB", flush=True)


def bare_export() -> int:
    from django.db import connection

    out = io.StringIO()
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT c.*, p.identity_sealed, p.sex, p.language, p.occupation FROM cases_case c "
            "JOIN registry_person p ON p.id = c.person_id ORDER BY c.id"
        )
        while rows := cursor.fetchmany(5_000):
            csv.writer(out).writerows(rows)
            out.seek(0)
            out.truncate()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
