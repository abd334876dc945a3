"""What a test needs beside Python: where it is missing the test is skipped, or fails where it must not be missing."""

import os

import pytest


def missing(what: str, sentence: str) -> None:
    """`SIZAO_REQUIRE=browser,shared,…` names what must be there, as it is where everything is checked."""
    if what in os.environ.get("SIZAO_REQUIRE", "").split(","):
        pytest.fail(f"{sentence}; SIZAO_REQUIRE says that it must be here")
    pytest.skip(sentence)
