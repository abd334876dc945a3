"""The generated reference says what the code says."""

import pytest

from tools import reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_current(name):
    page = (reference.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert page == reference.PAGES[name](), "run: make docs"
