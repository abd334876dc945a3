"""Killed with kill -9 in the middle of handing on: nothing is lost, nothing doubled, and it goes on."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.intake.files import many_cases

ROOT = Path(__file__).parents[2]
N = 170  # three chunks of fifty and a rest


@pytest.fixture
def program(tmp_path):
    """Run tests/intake/killed.py against an installation of its own."""
    address = os.environ.get("SIZAO_DATABASE", "")
    environment = {**os.environ, "SIZAO_HOME": str(tmp_path / "home"), "SIZAO_KEYRING": str(tmp_path / "keyring.json")}
    scratch = _scratch_database(address) if address else None
    if scratch:
        environment["SIZAO_DATABASE"] = scratch

    def start(*arguments, **options):
        command = [sys.executable, "-m", "tests.intake.killed", *map(str, arguments)]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
        )

    def run(*arguments):
        process = start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out.strip(), err

    yield start, run
    if scratch:
        _drop(address, scratch)


def test_killed_twice_and_resumed(program, tmp_path):
    start, run = program
    file = tmp_path / "list.csv"
    file.write_bytes(many_cases(N))
    code, incident, errors = run("prepare")
    assert code == 0, errors

    for chunk, there_before in ((2, 0), (1, 50)):  # killed inside the second chunk, then at once inside the next
        process = start("import", file, incident, chunk)
        lines = iter(process.stdout.readline, "")
        assert json.loads(next(lines)).get("cases", 0) == there_before
        assert any("inside a chunk" in line for line in lines)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

    code, out, errors = run("import", file, incident, 99)
    assert code == 0, errors
    before, after = (json.loads(line) for line in out.splitlines() if line.startswith("{"))
    assert before == {
        "cases": 50, "numbers": 50, "persons": 50, "linked": 50, "handed_on": 50, "status": "committing", "batches": 1,
    }  # fmt: skip
    assert after == {
        "cases": N, "numbers": N, "persons": N, "linked": N, "handed_on": N, "status": "committed", "batches": 1,
    }  # fmt: skip
    assert "known already" in out.splitlines()[-1]


def _scratch_database(address: str) -> str:
    import psycopg

    name = f"{urlsplit(address).path.lstrip('/')}_killed"
    with psycopg.connect(_server(address), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def _drop(address: str, scratch: str) -> None:
    import psycopg

    with psycopg.connect(_server(address), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{urlsplit(scratch).path.lstrip("/")}" WITH (FORCE)')


def _server(address: str) -> str:
    return urlsplit(address)._replace(path="/postgres").geturl()
