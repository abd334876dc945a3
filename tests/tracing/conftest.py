"""An outbreak in two counties with one case, and the people around it."""

from datetime import date

import polars as pl
import pytest

from sizao.ops.governance.roles import Role
from tests import factories as make


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


@pytest.fixture
def incident(by):
    return make.incident(by)


@pytest.fixture
def source(incident, by):
    """A confirmed case with onset on 1 June, counted in Daoli."""
    return make.case(
        incident, by, number="A1", area_id=make.DAOLI, classification="confirmed", date_onset=date(2015, 6, 1)
    )


def frame(*rows: dict) -> pl.DataFrame:
    """Rows numbered from 2, as in a file under its heading."""
    return pl.DataFrame([{"row": n} | row for n, row in enumerate(rows, 2)], infer_schema_length=None)
