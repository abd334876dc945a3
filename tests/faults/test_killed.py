"""kill -9: what was acknowledged is there, nothing is there twice, and work goes on."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.faults.conftest import Installation, Writers, lost_and_doubled
from tools import postgresql

KILLS = 2
TITLES = "SELECT title FROM incidents_task"


def test_the_web_process_is_killed_under_write_load(installation, capsys):
    installation.serve()
    with Writers(installation) as writers:
        for _kill in range(KILLS):
            writers.wait_for(15)
            installation.kill()
            installation.serve()
        writers.wait_for(5)
    installation.kill()
    database = sqlite3.connect(installation.home / "sizao.sqlite3")
    rows = [json.loads(title) for (title,) in database.execute(TITLES)]
    whole = database.execute("PRAGMA integrity_check").fetchone()[0]
    database.close()
    lost, doubled = lost_and_doubled(writers.acknowledged, rows)
    with capsys.disabled():
        print(f"\nweb: kills survived {KILLS}, writes acknowledged {len(writers.acknowledged)}, lost {len(lost)}, "
              f"doubled {len(doubled)}")  # fmt: skip
    assert (lost, doubled, whole) == (set(), set(), "ok")
    assert len(writers.acknowledged) >= 15 * KILLS


def test_the_worker_is_killed_and_the_task_is_done_once(installation, tmp_path, capsys):
    mark = tmp_path / "mark"
    assert installation.run("task", mark)[0] == 0
    worker = installation.start("worker", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 40
    while not mark.exists():
        assert time.monotonic() < deadline and worker.poll() is None
        time.sleep(0.05)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert mark.read_text() == ""
    code, _out, err = installation.run("worker")
    with capsys.disabled():
        print(f"\nworker: kills survived 1, tasks taken up and done {mark.read_text().count('done')}")
    assert code == 0, err
    assert mark.read_text() == "done\n"


@pytest.mark.skipif(postgresql.binaries() is None, reason="PostgreSQL is not installed")
def test_postgresql_is_killed_under_write_load(tmp_path, capsys):
    settings = "-c listen_addresses= -c max_connections=40 -c shared_buffers=16MB"  # with fsync, as in production
    with postgresql.server(settings) as address:
        folder = Path(parse_qs(urlsplit(address).query)["host"][0])
        installation = Installation(tmp_path / "home", address)
        installation.serve()
        try:
            with Writers(installation) as writers:
                for _kill in range(KILLS):
                    writers.wait_for(15)
                    _kill_server(folder, settings)
                writers.wait_for(5)
        finally:
            installation.kill()
        import psycopg

        with psycopg.connect(address) as session:
            rows = [title for (title,) in session.execute(TITLES)]
    lost, doubled = lost_and_doubled(writers.acknowledged, rows)
    with capsys.disabled():
        print(f"\nPostgreSQL: kills survived {KILLS}, writes acknowledged {len(writers.acknowledged)}, "
              f"lost {len(lost)}, doubled {len(doubled)}")  # fmt: skip
    assert (lost, doubled) == (set(), set())


def _kill_server(folder: Path, settings: str) -> None:
    pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    control = [str(postgresql.binaries() / "pg_ctl"), "-D", str(folder / "data"), "-w", "-l", str(folder / "log")]
    options = f"{settings} -c unix_socket_directories={folder}"
    for _try in range(20):  # until the killed server's children have let go
        time.sleep(0.3)
        command = postgresql.as_server_user(*control, "-o", options, "start")
        if subprocess.run(command, stdout=subprocess.DEVNULL, cwd=folder, check=False).returncode == 0:
            return
    raise AssertionError("PostgreSQL did not start again")
