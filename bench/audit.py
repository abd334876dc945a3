"""What the database's own record of changes costs: bulk writes with its triggers and without, in one run.

python -m bench.audit            20,000 rows a round
python -m bench.audit --quick     2,000 rows a round

Each kind of write is done by turns without and with triggers, in one table of persons with all its indexes, and
judged by the processor time of this process and, on PostgreSQL, of the clock (the server is another process).
SIZAO_DATABASE names a PostgreSQL (tools/postgresql.py starts one); without it SQLite in a temporary folder.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

AT = datetime(2026, 11, 22, tzinfo=UTC)
ROUNDS = 3
COLUMNS = ("id", "uuid", "sex", "identity_sealed", "recorded_at", "recorded_by_id", "current_since", "key_name", "area")
#: What the house promises for writes of many rows, by database.
BAR = {"sqlite": 1.5, "postgresql": 3.0}


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="bench.audit", description=__doc__)
    options.add_argument("--quick", action="store_true")
    n = 2_000 if options.parse_args(argv).quick else 20_000
    with tempfile.TemporaryDirectory(prefix="sizao-bench-") as home:
        by = _installation(Path(home))
        _report(n, by)
    return 0


def _installation(home: Path):
    os.environ["SIZAO_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sizao.config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from sizao.ops.governance import keyring
    from sizao.ops.governance.actions import found_installation

    keyring.make(Path(settings.KEYRING))
    call_command("migrate", verbosity=0)
    return found_installation(by=None, at=AT)


def _report(n: int, by) -> None:
    from django.db import connection

    bar = BAR[connection.vendor]
    print(f"{connection.vendor}, {n:,} rows a write, {ROUNDS} rounds by turns, median; bar for bulk writes: ×{bar}")
    print(f"{'':42}{'without':>12}{'with':>12}{'ratio':>8}")
    for name, counted, prepare, write in _writes(n, by):
        plain, watched = _measured(prepare, write)
        promise = "" if not counted else ("within" if watched <= bar * plain else "BEYOND")
        print(f"{name:42}{plain / n * 1e6:9.1f} µs{watched / n * 1e6:9.1f} µs   ×{watched / plain:4.2f}  {promise}")


def _measured(prepare: Callable, write: Callable) -> tuple[float, float]:
    """Seconds without and with triggers."""
    from django.db import connection

    from sizao.ops.governance.audit_triggers.install import install, take_off

    seconds: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(2 * ROUNDS):
        watched = bool(turn % 2)
        (install if watched else take_off)(connection)
        given = prepare()
        seconds[watched].append(_timed(write, given))
    install(connection)
    return statistics.median(seconds[False]), statistics.median(seconds[True])


def _timed(write: Callable, given) -> float:
    from django.db import connection, transaction

    from sizao.ops.governance.audit_context import writing_as

    clock = time.perf_counter if connection.vendor == "postgresql" else time.process_time
    begun = clock()
    with writing_as(1, via="bench"), transaction.atomic():
        write(given)
    return clock() - begun


def _writes(n: int, by):
    """(what, whether the promise is about it, what is prepared, what is timed)."""
    from django.db import connection

    from sizao.ops.governance import bulk, history
    from sizao.ops.registry.models import Person

    def rows():
        ids = bulk.reserve_ids(Person, n)
        return [(id_, uuid4(), "female", b"x" * 200, AT, by.pk, AT, id_ * 7919, None) for id_ in ids]

    def people():
        return [Person(**dict(zip(COLUMNS, row, strict=True)) | {"area": None}) for row in rows()]

    def kept():
        bulk.bulk_load(Person, COLUMNS, rows())
        return list(Person.objects.order_by("-id")[:n])

    def amend(given):
        history.amend_each([(row, {"year_birth": 1990, "sex": "male"}) for row in given], by=by, at=AT)

    def update(given):
        Person.objects.filter(pk__gte=given[-1].pk).update(year_birth=1991)

    def raw(given):
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE registry_person SET occupation = %s WHERE id = %s", [("x", r.pk) for r in given])

    def delete(given):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_person WHERE id >= %s", [given[-1].pk])

    yield "insert, bulk_load (imports)", True, rows, lambda given: bulk.bulk_load(Person, COLUMNS, given)
    yield "insert, bulk_create", True, people, lambda given: Person.objects.bulk_create(given, batch_size=1000)
    yield "change, history.amend_each (actions)", True, kept, amend
    yield "change, one statement for all (forbidden)", False, kept, update
    yield "change, raw SQL row by row (forbidden)", False, kept, raw
    yield "delete, one statement (retention)", False, kept, delete


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
