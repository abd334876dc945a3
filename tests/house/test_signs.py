"""A newcomer reads the house from its signs."""

import pytest

from tools import map as house_map


@pytest.mark.parametrize("package", house_map.packages(), ids=lambda path: path.name)
def test_every_package_has_a_sign_of_at_most_ten_words(package):
    assert 1 <= len(house_map.sign(package).split()) <= 10


def test_the_map_is_current():
    assert house_map.PAGE.read_text(encoding="utf-8") == house_map.page(), "run: make docs"
