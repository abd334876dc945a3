"""What `sizao serve` relies on: work with frames goes on in a fork of the loaded application."""

import subprocess
import sys

FORKED = """
from sizao.__main__ import main
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizao.config.settings")
django.setup()
from django.db import connections
from sizao.config.commands import serve

def work():
    import polars as pl
    frame = pl.DataFrame({"a": range(100_000)}).with_columns(b=pl.col("a") % 7)
    print(frame.group_by("b").agg(pl.col("a").sum())["a"].sum(), flush=True)

serve.loaded()
assert not any(each.connection for each in connections.all(initialized_only=True)), "a connection before the fork"
process = serve.forked(work)
process.join(60)
alive = process.is_alive()
serve.end(process)
raise SystemExit(alive or process.exitcode)
"""


def test_a_fork_of_the_loaded_application_computes():
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(sum(range(100_000)))
