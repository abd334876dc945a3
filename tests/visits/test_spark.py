"""Spark answers with the rows of the reference, and reads the folder without us."""

import importlib.util
import os
import random
import shutil

import pytest

from sizao import visits
from sizao.visits.shapes import DAY_S
from tests.required import missing
from tests.visits.test_engines_agree import questions


@pytest.fixture(scope="module")
def _spark():
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        missing("spark", "Spark or Java 17 is not installed (make setup-spark)")
    # Short questions spend their time starting: the quick compiler, few partitions.
    os.environ["PYSPARK_SUBMIT_ARGS"] = "--driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell"
    yield
    from sizao.visits.engines import spark

    if spark.session.cache_info().currsize:
        spark.session().stop()
        spark.session.cache_clear()


@pytest.mark.usefixtures("_spark")
def test_spark_agrees(store_of):
    chance = random.Random(20210105)
    rows = [
        (
            chance.randrange(1, 30),
            chance.randrange(1, 6),
            chance.randrange(3),
            start := DAY_S // 2 + chance.randrange(2 * DAY_S),
            start + chance.randrange(60, 6 * 3600),
        )
        for _ in range(400)
    ]
    store = store_of(rows[:300], rows[250:])
    asked = [(1, 0, 3 * DAY_S), (2, DAY_S, 2 * DAY_S), (77, 0, DAY_S)]
    for question in questions(store, asked, 30):
        assert question("spark").equals(question("reference"))


@pytest.mark.usefixtures("_spark")
def test_spark_reads_the_folder_as_it_is(store_of):
    from sizao.visits.engines.spark import session

    store = store_of([(1, 1, 0, 0, 60), (2, 1, 0, DAY_S, DAY_S + 60)])
    days = session().read.parquet(str(store / "visits")).groupBy("day").count().collect()
    assert {str(row["day"]): row["count"] for row in days} == {"1970-01-01": 1, "1970-01-02": 1}
    assert visits.Store(store).rows == 2
