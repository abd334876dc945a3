"""The two kinds of database: copy one as it is at one moment, count its rows, put a copy back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from sizao.config.database import database

Counts = dict[str, int]


class Failed(Exception):
    """A copy could not be made or put back; says what the database's own tool said."""


def copy(place: Path) -> tuple[Counts, str]:
    """Write the database as it is now to `place`; its rows by table and the head of the chain at that moment."""
    if connection.in_atomic_block:
        raise Failed("a copy cannot be made inside a transaction")
    connection.ensure_connection()
    return _copy_postgresql(place) if connection.vendor == "postgresql" else _copy_sqlite(place)


def put_back(place: Path, *, address: str, home: Path) -> tuple[Counts, str]:
    """Make a database of a copy: SQLite in `home`, or in the empty PostgreSQL database at `address`."""
    if address:
        return _put_back_postgresql(place, address)
    target = home / "sizao.sqlite3"
    if target.exists():
        raise Failed(f"{target} exists; restoring never overwrites")
    place.replace(target)
    return _counted_sqlite(target)


def _copy_sqlite(place: Path) -> tuple[Counts, str]:
    copy_sqlite(connection.connection, place)
    return _counted_sqlite(place)


def copy_sqlite(source: sqlite3.Connection, place: Path) -> None:
    """All pages in one step: with a write-ahead log nobody waits for it, and no writer makes it begin again."""
    place.touch(mode=0o600)
    target = sqlite3.connect(place)
    try:
        source.backup(target)
    except sqlite3.Error as error:
        raise Failed(f"the database could not be copied: {error}") from None
    finally:
        target.close()


def _counted_sqlite(place: Path) -> tuple[Counts, str]:
    copied = sqlite3.connect(place)
    try:
        damage = copied.execute("PRAGMA integrity_check").fetchone()[0]
        if damage != "ok":
            raise Failed(f"{place}: {damage}")
        names = copied.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        return _counted(lambda sql: copied.execute(sql).fetchone(), [name for (name,) in names.fetchall()])
    finally:
        copied.close()


def _copy_postgresql(place: Path) -> tuple[Counts, str]:
    """The dump and the counts look at one snapshot."""
    import psycopg

    parameters = settings.DATABASES["default"]
    with psycopg.connect(**_login(parameters)) as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = session.execute("SELECT pg_export_snapshot()").fetchone()[0]
        dump = ["pg_dump", "--format=custom", "--compress=0", "--no-owner", f"--snapshot={snapshot}"]
        place.touch(mode=0o600)
        _run([*dump, f"--file={place}"], parameters)
        return _counted_postgresql(session)


def _put_back_postgresql(place: Path, address: str) -> tuple[Counts, str]:
    import psycopg

    parameters = database(address, Path(settings.HOME))
    with psycopg.connect(**_login(parameters)) as session:
        if _tables(session):
            raise Failed("the database is not empty; restoring never overwrites")
    _run(["pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={parameters['NAME']}",
          str(place)], parameters)  # fmt: skip
    with psycopg.connect(**_login(parameters)) as session:
        return _counted_postgresql(session)


def _counted_postgresql(session) -> tuple[Counts, str]:
    return _counted(lambda sql: session.execute(sql).fetchone(), _tables(session))


def _tables(session) -> list[str]:
    return [name for (name,) in session.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")]


def _counted(ask: Callable[[str], Any], names: list[str]) -> tuple[Counts, str]:
    counts = {name: ask(f'SELECT count(*) FROM "{name}"')[0] for name in sorted(names)}
    newest = "SELECT number, hash FROM governance_ledgerentry ORDER BY number DESC LIMIT 1"
    head = ask(newest) if "governance_ledgerentry" in counts else None
    return counts, f"{head[0]}:{head[1]}" if head else ""


def _login(parameters: dict[str, Any]) -> dict[str, Any]:
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {name: parameters[ours] for name, ours in known.items() if parameters.get(ours)}


def _run(command: list[str], parameters: dict[str, Any]) -> None:
    """One of PostgreSQL's own programs; the password goes by the environment, where nobody lists it."""
    login = _login(parameters)
    given = {"PGHOST": login.get("host"), "PGPORT": str(login.get("port", "")), "PGUSER": login.get("user"),
             "PGPASSWORD": login.get("password"), "PGDATABASE": login.get("dbname")}  # fmt: skip
    environment = os.environ | {name: value for name, value in given.items() if value}
    command = [_program(command[0]), *command[1:]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(done.stderr.strip()[-400:] or f"{command[0]} ended with {done.returncode}")


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if not found:
        raise Failed(f"{name} is not installed (Debian: apt-get install postgresql-client)")
    return found
