"""Real lists lie beside the repository, not in it: where they are not, the tests that read them are not collected."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
collect_ignore = [] if SHARED.exists() else ["test_real_lists.py"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    return SHARED
