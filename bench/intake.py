"""How fast files come in and lists go out, beside the bare database doing nothing but writing the same rows.

    python -m bench.intake --quick                      10,000 persons, some seconds
    python -m bench.intake                              1,000,000 persons, then 100,000 rows against them
    SIZAO_DATABASE=postgresql://… python -m bench.intake

Each is given as rows a second, in wall-clock time and by this process's CPU time alone (other programs on the
machine do not change the latter much), and as a multiple of a baseline run right after it in the same process:
a first load (received, parsed, keyed, sealed, written, indexed), a line list with duplicate check against the
register (a tenth of its people are known), and the export of the case list. The baselines are `executemany`
(SQLite) or COPY (PostgreSQL) of the same finished rows of persons and cases into tables without any index, and,
for the export, a plain SELECT written by Python's csv module. "rows" are rows of the file. The parts follow by
themselves: reading a file, areas by name and by code, recording cases whose persons are known.
"""

import argparse
import csv
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
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
    home = Path(os.environ["SIZAO_HOME"])
    first = kept(home / "first.csv", line_list(options.register, seed=1))
    rows = kept(home / "list.csv", line_list(options.rows, seed=2, known=0.1, known_seed=1, known_n=options.register))
    measure("first load", options.register, lambda: bring_in(incident, by, first), lambda: bare_rows(0), rows_written=2)
    last = last_ids()
    measure("line list, duplicate check", options.rows, lambda: bring_in(incident, by, rows), lambda: bare_rows(*last))
    forget_peak()
    before = memory("VmRSS")
    measure("export", options.register + options.rows, lambda: export(incident, by), lambda: bare_export())
    print(f"memory the export and its baseline needed beside what was there: {memory('VmHWM') - before:,.0f} MB")
    parts(incident, by, rows, options)


def kept(path: Path, pieces: Iterable[bytes]) -> Path:
    """The file of a list, made before anything is measured."""
    with path.open("wb") as file:
        file.writelines(pieces)
    return path


def forget_peak() -> None:
    """Linux: the highest memory is counted anew from here."""
    Path("/proc/self/clear_refs").write_text("5")


def memory(kind: str) -> float:
    """Megabytes of this process: VmRSS now, VmHWM at most."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(kind))
    return int(line.split()[1]) / 1024


def measure(name: str, n: int, work: Callable[[], None], bare: Callable[[], int], *, rows_written: int = 1) -> None:
    took, worked = timed(work)
    baseline, baseline_worked = timed(bare)
    line = f"{name:<28} {n / took:>9,.0f} rows/s, {n / worked:>9,.0f} a second of CPU"
    if rows_written > 1:
        line += f" ({rows_written * n / worked:,.0f} database rows)"
    print(f"{line}; {took:.1f} s, CPU {worked:.1f} s", flush=True)
    print(
        f"  the bare database: {baseline:.1f} s, CPU {baseline_worked:.1f} s, {n / baseline_worked:,.0f} rows a second"
        f" of CPU; we take {took / baseline:.1f} × its time, {worked / baseline_worked:.1f} × its CPU", flush=True,
    )  # fmt: skip


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of this process's CPU."""
    started, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - worked


def parts(incident, by, file: Path, options: argparse.Namespace) -> None:
    """What the whole is made of, each alone."""
    from sizao.exchange.formats import FORMATS
    from sizao.exchange.tables import read_table
    from sizao.ops.registry.models import Area
    from sizao.ops.registry.queries import areas_meant

    n = options.rows
    line("exchange: a file read into records", n, lambda: FORMATS["sizao-cases"].parse(read_table(file)))
    names = list(Area.objects.filter(level=3).order_by("path").values_list("parent__name_zh", "name_zh")[:3_000])
    texts = [above + below for above, below in names]
    line("areas found by name", len(texts), lambda: areas_meant(texts, near=["CN"]))
    codes = list(Area.objects.filter(level=3).order_by("path").values_list("code", flat=True)[:3_000])
    line("areas found by code", len(codes), lambda: areas_meant(codes, near=["CN"]))
    records = known_people(n)
    line("record_cases, persons known", n, lambda: record(incident, by, records))


def line(name: str, n: int, work: Callable[[], object]) -> None:
    took, worked = timed(work)
    print(f"{name:<36} {n / took:>9,.0f} /s, {n / worked:>9,.0f} a second of CPU", flush=True)


def known_people(n: int):
    """Records of new cases of people of the register."""
    from datetime import date

    import polars as pl

    from sizao.ops.registry.models import Person

    ids = list(Person.objects.order_by("id").values_list("id", flat=True)[:n])
    return pl.DataFrame({"row": range(len(ids)), "person_id": ids}).with_columns(
        case_id=pl.format("again-{}", "row"), classification=pl.lit("confirmed"),
        date_report=pl.lit(date(2014, 5, 1)), area=pl.lit("CN002300010002"),
    )  # fmt: skip


def record(incident, by, records) -> None:
    from sizao.ops.cases.actions import record_cases

    for start in range(0, records.height, 5_000):
        record_cases(incident=incident, records=records.slice(start, 5_000), by=by, at=incident.opened_at)


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


def bring_in(incident, by, file: Path) -> None:
    """What `sizao import FILE --yes` does, with the time of each step."""
    from sizao.ops.intake import actions

    at = incident.opened_at
    steps = []

    def step(name: str, work):
        started, worked = time.perf_counter(), time.process_time()
        answer = work()
        steps.append(f"{name} {time.perf_counter() - started:.1f} s (CPU {time.process_time() - worked:.1f})")
        return answer

    delivery = step(
        "received",
        lambda: actions.receive(incident=incident, pieces=pieces_of(file), file_name=file.name, by=by, at=at).delivery,
    )
    actions.choose(delivery=delivery, options={"format": "sizao-cases"}, by=by, at=at)
    step("read", lambda: actions.read_delivery(delivery=delivery, by=by, at=at))
    actions.begin_commit(delivery=delivery, by=by, at=at)
    done = step("handed on", lambda: actions.commit_to_the_end(delivery=delivery, by=by, at=at))
    print(f"  {', '.join(steps)}; {done.n_created:,} new cases, {done.n_problems} problems", flush=True)


def pieces_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(1024 * 1024):
            yield piece


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
