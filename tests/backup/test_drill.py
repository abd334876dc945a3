"""The restore drill: a backup restored elsewhere has every row, every file and the same chain of decisions."""

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from sizao.config.backup import copies, databases
from sizao.config.backup.databases import Failed
from sizao.config.backup.sealing import Damaged
from sizao.config.commands import backup as backup_command
from sizao.config.commands import restore as restore_command
from sizao.config.settings import HOME
from sizao.ops.governance import audit, ledger
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def installation(settings, tmp_path, at):
    """Rows, a file and decisions, in a home of its own."""
    settings.HOME, settings.STORE, settings.BACKUPS = tmp_path, tmp_path / "store", tmp_path / "backups"
    (tmp_path / "store" / "files").mkdir(parents=True)
    (tmp_path / "store" / "files" / "a").write_bytes(b"a delivered file" * 1000)
    make.areas()
    by = make.user()
    incident = make.incident(by)
    for n in range(30):
        make.case(incident, by, person=make.person(by, name=f"Person {n}"))
        audit.record(by=by, at=at, action="case.classified", reason="laboratory", n=n)
    return tmp_path


@pytest.fixture
def empty_database(tmp_path):
    """Where to restore to: "" for SQLite, else the address of a new PostgreSQL database."""
    address = os.environ.get("SIZAO_DATABASE", "")
    if not address:
        yield ""
        return
    import psycopg

    name = f"restored_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    yield urlsplit(address)._replace(path=f"/{name}").geturl()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_everything_is_there_again(installation, empty_database, at, tmp_path, capsys):
    path, manifest = copies.make(at=at, why="drill")
    elsewhere = tmp_path / "elsewhere"
    restored, found = copies.restore(path, home=elsewhere, address=empty_database)
    assert found == []
    assert restored == manifest
    assert (manifest.counts["cases_case"], manifest.n_files, manifest.head) == (30, 2, str(ledger.head()))
    assert (elsewhere / "store" / "files" / "a").read_bytes() == b"a delivered file" * 1000
    code, out = verified(elsewhere, empty_database)
    assert code == 0 and str(ledger.head()) in out, out
    with capsys.disabled():
        print(
            f"\nrows restored {sum(manifest.counts.values())}, tables {len(manifest.counts)}, differences {len(found)}"
        )


def verified(home: Path, address: str) -> tuple[int, str]:
    """`sizao audit verify` run against the restored installation."""
    environment = {**os.environ, "SIZAO_HOME": str(home), "SIZAO_KEYRING": str(HOME / "keys" / "keyring.json")}
    done = subprocess.run(
        [sys.executable, "-m", "sizao", "audit", "verify"], cwd=ROOT, env=environment | {"SIZAO_DATABASE": address},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_difference_is_said(installation, at, tmp_path, monkeypatch):
    path, manifest = copies.make(at=at, why="drill")
    counts = manifest.counts | {"cases_case": 29}
    monkeypatch.setattr(databases, "put_back", lambda *_args, **_given: (counts, "9:x"))
    address = "somewhere" if connection.vendor == "postgresql" else ""
    found = copies.restore(path, home=tmp_path / "elsewhere", address=address)[1]
    assert found == ["cases_case: 30 rows were saved, 29 restored", f"the chain's head was {manifest.head}, it is 9:x"]


def test_nobody_else_reads_it_and_nothing_is_readable_in_it(installation, at):
    path, _manifest = copies.make(at=at, why="drill")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert b"SQLite format" not in content and b"a delivered file" not in content and b"PGDMP" not in content
    assert [file.name for file in path.parent.iterdir()] == [path.name]  # nothing else is left lying


def test_restoring_never_overwrites(installation, at):
    path, _manifest = copies.make(at=at, why="drill")
    with pytest.raises(Failed, match="never overwrites"):
        copies.restore(path, home=installation, address="x" if connection.vendor == "postgresql" else "")


def test_a_damaged_backup_is_refused_whole(installation, at, tmp_path):
    path, _manifest = copies.make(at=at, why="drill")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(Damaged):
        copies.restore(path, home=tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / "sizao.sqlite3").exists()


def test_only_the_newest_are_kept(installation, at):
    for n in range(5):
        (copies.folder()).mkdir(exist_ok=True)
        (copies.folder() / f"{at + timedelta(days=n):%Y%m%d-%H%M%S}-x{copies.ENDING}").touch()
    gone = copies.thin_out(keep=2)
    assert len(gone) == 3
    assert sorted(path.name[:8] for path in copies.folder().iterdir()) == ["20150613", "20150614"]


def test_the_commands(installation, empty_database, tmp_path, capsys):
    assert backup_command.main([]) == 0
    (path,) = copies.folder().iterdir()
    assert restore_command.main([str(path), "--check", "--database", empty_database]) == 0
    assert "everything is there" in capsys.readouterr().out
    assert restore_command.main([str(path), "--home", str(installation)]) == 1
    assert "not restored" in capsys.readouterr().err


def test_it_is_whole_while_others_write(tmp_path):
    """SQLite: a writer that commits pairs all the time is never copied in the middle of one."""
    source = tmp_path / "source.sqlite3"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(source)], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout.readline() == "writing\n"
        reader = sqlite3.connect(source)
        for n in range(5):
            databases.copy_sqlite(reader, tmp_path / f"copy{n}")
            copy = sqlite3.connect(tmp_path / f"copy{n}")
            (pairs, odd) = copy.execute("SELECT count(*), count(*) % 2 FROM t").fetchone()
            copy.close()
            assert pairs > 0 and odd == 0
        reader.close()
    finally:
        writer.kill()
        writer.wait()


WRITER = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA journal_mode=WAL"); c.execute("CREATE TABLE t (x)")
c.execute("INSERT INTO t VALUES (1), (2)"); print("writing", flush=True)
while True:
    for said in ("BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)", "COMMIT"):
        c.execute(said)
"""
