"""Killed with kill -9 when everything is written but not committed: nothing is left, and the run is simply run."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def command(word, home):
    env = {key: value for key, value in os.environ.items() if not key.startswith("SIZAO_")}
    line = [sys.executable, "-m", "tests.surveillance.killed", word]
    return subprocess.Popen(line, cwd=ROOT, env={**env, "SIZAO_HOME": str(home)}, stdout=subprocess.PIPE, text=True)


def test_a_killed_run_leaves_nothing_and_is_run_again(tmp_path):
    waiting = command("wait", tmp_path)
    assert waiting.stdout.readline().strip() == "inside the run"
    waiting.send_signal(signal.SIGKILL)
    waiting.wait()
    with sqlite3.connect(tmp_path / "sizao.sqlite3") as database:
        tables = ("surveillance_run", "surveillance_alarm", "surveillance_signal")
        assert [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables] == [0, 0, 0]
    done = command("run", tmp_path)
    lines = [json.loads(line) for line in done.stdout]
    assert done.wait() == 0
    assert lines == [{"runs": 1, "alarms": 1, "signals": 1, "tasks": 1}] * 2
