"""The floors of the house hold: who may import whom, and no circles."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_import_contracts():
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
