"""Every visible string is translated into Chinese, none fuzzy, none twice."""

import pytest

from tools import messages


@pytest.mark.parametrize("language", messages.languages())
def test_complete(language):
    assert messages.faults(language) == []


def test_the_check_sees_what_is_said():
    said = messages.said()
    assert "Confirmed" in said
    assert any("codes.py" in place for place in said["Confirmed"])
