"""Contacts in a city's visits: the fast engine against other ways of asking the same, in one run.

python -m bench.visits [--quick] [--rows N] [--with-postgresql] [--with-spark] [--keep DIR]

Adds 14 days of simulated visits (10 million by default, 1 million quick), then asks for the contacts of 10, 200 and
5,000 cases. Baselines: reading just what the question touches, DuckDB with the cases' places first (our general
engine), DuckDB's naive overlap join, PostgreSQL with a GiST index on place and period (started here, ended here),
Spark on this machine. Seconds are wall, warm, best of three for ours; memory is the process's peak.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from bench.city_visits import FIRST_DAY, cases, days
from sizao import visits
from sizao.visits.engines.fast.copies import compiled, copies
from sizao.visits.engines.fast.stays import clip, gather
from sizao.visits.shapes import DAY_S
from sizao.visits.windows import disjoint
from tools.postgresql import server

ENV_S = 1800
NAIVE = """
SELECT COUNT(*), SUM(LEAST(b.end_s, a.end_s, c.infectious_to) - GREATEST(b.start_s, a.start_s, c.infectious_from))
FROM cases c JOIN {visits} a ON a.person = c.person AND a.start_s < c.infectious_to AND a.end_s > c.infectious_from
JOIN {visits} b ON a.place = b.place AND b.start_s < LEAST(a.end_s, c.infectious_to)
    AND b.end_s > GREATEST(a.start_s, c.infectious_from) AND a.person <> b.person
    AND (a.room = b.room OR a.room = 0 OR b.room = 0)"""
GIST = """
SELECT COUNT(*), SUM(LEAST(b.end_s, a.end_s, c.infectious_to) - GREATEST(b.start_s, a.start_s, c.infectious_from))
FROM cases c JOIN visits a ON a.person = c.person AND a.start_s < c.infectious_to AND a.end_s > c.infectious_from
JOIN visits b ON a.place = b.place AND b.during && int8range(GREATEST(a.start_s, c.infectious_from),
                                                             LEAST(a.end_s, c.infectious_to))
    AND a.person <> b.person AND (a.room = b.room OR a.room = 0 OR b.room = 0)"""


def main() -> None:
    options = read_options()
    rows = options.rows or (1_000_000 if options.quick else 10_000_000)
    sizes = (10, 200) if options.quick else (10, 200, 5_000)
    with tempfile.TemporaryDirectory(prefix="sizao-bench-") as scratch:
        folder = options.keep or Path(scratch) / "store"
        if not (folder / "manifest.json").exists():
            fill(folder, rows, Path(scratch))
        visits.contacts(folder, cases(rows, 1))  # the compiler's and the disk's first time
        visits.secondary(folder, cases(rows, 1), until=(FIRST_DAY + 14) * DAY_S)
        for size in sizes:
            compare(folder, cases(rows, size), size, options)
        other_questions(folder, rows)
        if options.with_postgresql:
            postgresql(folder, rows, [size for size in sizes if size <= 200])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--with-postgresql", action="store_true")
    parser.add_argument("--with-spark", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the store here and use it again")
    return parser.parse_args()


def fill(folder: Path, rows: int, scratch: Path) -> None:
    added, spent, cpu = 0, 0.0, 0.0
    for day in days(rows):
        file = scratch / "day.parquet"
        day.write_parquet(file)
        began, busy = time.perf_counter(), time.process_time()
        added += visits.add(folder, [file]).rows
        spent, cpu = spent + time.perf_counter() - began, cpu + time.process_time() - busy
    size = sum(path.stat().st_size for path in (folder / "visits").rglob("*.parquet"))
    print(f"added {added:,} visits: {added / spent:,.0f} rows/s, {cpu:.1f} s of CPU; {size / added:.1f} bytes a visit")


def best(act: Callable[[], object], times: int = 3) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append(time.perf_counter() - began)
    return min(spent)


def compare(folder: Path, asked: pl.DataFrame, size: int, options: argparse.Namespace) -> None:
    met = visits.contacts(folder, asked)
    ours = best(lambda: visits.contacts(folder, asked))
    print(f"contacts of {size:,} cases: {met.height:,} rows in {ours:.3f} s")
    touched = best(lambda: read_touched(folder, asked))
    print(f"  reading only what is touched: {touched:.3f} s (ours {ours / touched:.1f} times that)")
    slower("DuckDB, the cases' places first", best(lambda: visits.contacts(folder, asked, engine="duckdb"), 1), ours)
    same = visits.contacts(folder, asked, env_minutes=0)
    began = time.perf_counter()
    naive = duck_naive(folder, asked)
    slower("DuckDB, naive overlap join (no air after)", time.perf_counter() - began, ours)
    agreed = (int(same["n"].sum()), int(same["direct_s"].sum())) == naive
    print(f"  exposures and seconds equal to the naive join: {'yes' if agreed else 'NO'}")
    if options.with_spark:
        visits.contacts(folder, asked.head(1), engine="spark")
        slower("Spark on this machine", best(lambda: visits.contacts(folder, asked, engine="spark"), 1), ours)


def slower(name: str, seconds: float, ours: float) -> None:
    print(f"  {name}: {seconds:.2f} s, {seconds / ours:.1f} times ours")


def read_touched(folder: Path, asked: pl.DataFrame) -> int:
    """Add up the mapped rows of every place (and day) that a case visited: a floor for any method."""
    windows = disjoint(asked)
    total = 0
    for copy in copies(visits.Store(folder)):
        stays = clip(gather(compiled([copy]), windows["person"].to_numpy()), windows)
        for place in np.unique(stays.place):
            low, high = np.searchsorted(copy.place, [place, place + 1])
            rows = slice(copy.first[low], copy.first[high])
            total += int(copy.person[rows].sum(dtype=np.int64) + copy.start[rows].sum() + copy.end[rows].sum())
    return total


def duck_naive(folder: Path, asked: pl.DataFrame) -> tuple[int, int]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect() as connection:
        asked.write_parquet(file.name)
        connection.execute(f"CREATE TABLE cases AS SELECT * FROM read_parquet('{file.name}')")
        source = f"read_parquet('{folder}/visits/*/*.parquet', hive_partitioning=false)"
        count, seconds = connection.execute(NAIVE.format(visits=source)).fetchall()[0]
        return int(count), int(seconds or 0)


def other_questions(folder: Path, rows: int) -> None:
    until = (FIRST_DAY + 14) * DAY_S
    one = cases(rows, 1)
    print(f"one more case: {1000 * best(lambda: visits.contacts(folder, one), 5):.0f} ms")
    for size in (1, 10, 200):
        asked = cases(rows, size)
        found = visits.secondary(folder, asked, until=until)
        spent = best(lambda asked=asked: visits.secondary(folder, asked, until=until), 1)
        print(f"contacts of contacts of {size:,} cases: {found.height:,} persons in {spent:.2f} s")
    onsets = cases(rows, 50).select("person", onset_s=pl.col("infectious_to"))
    spent = best(lambda: visits.sources(folder, onsets, incubation=(5.5, 2.4), window=(1, 10)), 1)
    print(f"common places of 50 cases: {spent:.2f} s")
    began = time.perf_counter()
    erased = visits.erase(folder, one["person"][0])
    print(f"one person erased: {erased.rows} visits, {erased.left} left, {time.perf_counter() - began:.2f} s")


def postgresql(folder: Path, rows: int, sizes: list[int]) -> None:
    """The same question in PostgreSQL, loaded with COPY, indexed by place and period."""
    with server() as address:
        for name, statement in (
            ("", "CREATE EXTENSION IF NOT EXISTS btree_gist"),
            ("", "CREATE UNLOGGED TABLE visits (person int, place int, room int, start_s bigint, end_s bigint)"),
            ("", "CREATE TABLE cases (person int, infectious_from bigint, infectious_to bigint)"),
        ):
            psql(address, statement, name)
        psql(address, "COPY visits FROM STDIN (FORMAT csv)", visits.Store(folder).frame().drop("assumed").write_csv(
            include_header=False))  # fmt: skip
        began = time.perf_counter()
        psql(address, "ALTER TABLE visits ADD during int8range; UPDATE visits SET during = int8range(start_s, end_s)")
        psql(address, "CREATE INDEX ON visits USING gist (place, during); CREATE INDEX ON visits (person); ANALYZE")
        print(f"PostgreSQL: index built in {time.perf_counter() - began:.0f} s")
        for size in sizes:
            asked = cases(rows, size)
            psql(address, "TRUNCATE cases")
            psql(address, "COPY cases FROM STDIN (FORMAT csv)", asked.write_csv(include_header=False))
            psql(address, GIST)
            spent = best(lambda: psql(address, GIST), 1)
            ours = best(lambda asked=asked: visits.contacts(folder, asked, env_minutes=0))
            slower(f"PostgreSQL with GiST, {size} cases (no air after)", spent, ours)


def psql(address: str, statement: str, given: str = "") -> str:
    done = subprocess.run(
        ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", address, "-c", statement],
        input=given, capture_output=True, text=True, check=False, env={**os.environ, "PGOPTIONS": "-c jit=off"},
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
