"""Every sub-command exists, and asking for help never does anything."""

import importlib

import pytest

from sizao.__main__ import COMMANDS, main
from sizao.ops.governance.models import User


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module(name):
    module, _needs_database, sentence = COMMANDS[name]
    assert callable(importlib.import_module(module).main)
    assert sentence


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"manage"}))
def test_help_only_helps(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert "usage" in capsys.readouterr().out
    assert not User.objects.exists()


def test_an_unknown_command_lists_the_known(capsys):
    assert main(["nonsense"]) == 2
    assert "setup" in capsys.readouterr().out
