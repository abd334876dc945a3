"""Spark: the same questions where one machine is not enough. Local mode here, a cluster by its own settings.

Needs Java 17 and `requirements/spark.txt`; a site with a cluster names it in `SIZAO_SPARK_MASTER`.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from sizao.visits.engines.sql import SqlEngine
from sizao.visits.faults import VisitsError
from sizao.visits.shapes import VISIT
from sizao.vocabulary.text import N_

COMMON = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
}
#: Without a cluster nothing listens beyond this machine.
LOCAL = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "4"}


def run(files: list[Path], tables: Mapping[str, pl.DataFrame], question: str) -> pl.DataFrame:
    with TemporaryDirectory(prefix="sizao-visits-") as folder:
        if not files:
            tables = {**tables, "visits": pl.DataFrame(schema=VISIT)}
        for name, frame in tables.items():
            path = Path(folder) / f"{name}.parquet"
            frame.write_parquet(path)
            session().read.parquet(str(path)).createOrReplaceTempView(name)
        if files:
            session().read.parquet(*map(str, files)).createOrReplaceTempView("visits")
        answer = Path(folder) / "answer"
        session().sql(question).write.parquet(str(answer))
        return pl.read_parquet(answer / "*.parquet")


@cache
def session() -> Any:
    """One session for the process; starting it takes some ten seconds."""
    master = os.environ.get("SIZAO_SPARK_MASTER")
    try:
        from pyspark.sql import SparkSession  # optional: a site without Spark never needs it
    except ImportError as missing:
        raise VisitsError(
            N_("Spark is not installed: install requirements/spark.txt and Java 17, or choose another engine.")
        ) from missing
    settings = SparkSession.builder.appName("sizao-visits")
    for key, value in (COMMON | ({} if master else LOCAL)).items():
        settings = settings.config(key, value)
    settings = settings.master(master or "local[*]")
    built = settings.getOrCreate()
    built.sparkContext.setLogLevel("ERROR")
    return built


ENGINE = SqlEngine(run)
