"""DuckDB in process: answers any question over the files, larger than memory if need be."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from sizao.visits.engines.sql import SqlEngine
from sizao.visits.shapes import VISIT


def run(files: list[Path], tables: Mapping[str, pl.DataFrame], question: str) -> pl.DataFrame:
    """Frames travel as Parquet files: DuckDB and Polars share memory only through a third library."""
    with TemporaryDirectory(prefix="sizao-visits-") as folder, duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        if not files:
            tables = {**tables, "visits": pl.DataFrame(schema=VISIT)}
        for name, frame in tables.items():
            path = Path(folder) / f"{name}.parquet"
            frame.write_parquet(path)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}')")
        if files:
            connection.read_parquet([str(path) for path in files], hive_partitioning=False).create_view("visits")
        answer = Path(folder) / "answer.parquet"
        connection.execute(f"COPY ({question}) TO '{answer}' (FORMAT parquet)")
        return pl.read_parquet(answer)


ENGINE = SqlEngine(run)
