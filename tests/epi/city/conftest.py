"""One small city of two areas, built once."""

import pytest

from sizao.epi.city import build, china_2020


@pytest.fixture(scope="session")
def city():
    return build(china_2020([20_000, 10_000]), seed=5)
