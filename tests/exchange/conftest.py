"""Real lists lie beside the repository, not in it: where they are not, the tests that read them are not collected."""

from pathlib import Path

import polars as pl
import pytest

from sizao.exchange.areas import read_area_table, resolve_names

SHIPPED = Path(__file__).parents[2] / "sizao/config/data/areas"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"
collect_ignore = [] if SHARED.exists() else ["test_real_lists.py"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    return SHARED


@pytest.fixture(scope="session")
def china() -> pl.DataFrame:
    return read_area_table(SHIPPED / "cn.parquet")[0]


@pytest.fixture(scope="session")
def korea() -> pl.DataFrame:
    return read_area_table(SHIPPED / "kr.parquet")[0]


@pytest.fixture(scope="session")
def names(china, korea):
    return resolve_names(pl.concat([china, korea]))
