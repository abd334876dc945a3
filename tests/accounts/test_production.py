"""The production check says each thing that is wrong, and how to mend it."""

import shutil
from pathlib import Path

import pytest

from sizao.config import checks
from sizao.config.commands import administrator, check
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.governance.queries import link_of, may_administer
from sizao.ops.governance.roles import Role
from tests import factories as make


@pytest.fixture
def production(settings, tmp_path):
    """An installation as it should be."""
    settings.PRODUCTION, settings.DEBUG, settings.SECOND_FACTOR = True, False, "required"
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = "k3y" * 20 + "äöü-random", ["cdc.example"]
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    shutil.copy(settings.KEYRING, keys / "keyring.json")
    settings.HOME, settings.STORE, settings.KEYRING = tmp_path, tmp_path / "store", keys / "keyring.json"
    settings.STORE.mkdir(mode=0o700)
    tmp_path.chmod(0o700)
    return settings


def ids(found) -> list[str]:
    return [message.id.removeprefix("sizao.") for message in found]


def test_a_good_installation_has_no_fault(production):
    assert ids(checks.check_settings()) == []
    assert ids(checks.check_files()) == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("PRODUCTION", False, "E101"),
        ("DEBUG", True, "E102"),
        ("SECRET_KEY", "short", "E103"),
        ("SECRET_KEY", "not-secret-outside-production" * 3, "E103"),
        ("ALLOWED_HOSTS", ["*"], "E104"),
        ("SECOND_FACTOR", "off", "E105"),
    ],
)
def test_each_wrong_setting_is_found(production, name, value, fault):
    setattr(production, name, value)
    assert ids(checks.check_settings()) == [fault]


def test_the_demonstrations_home_is_no_production(production):
    (production.HOME / "demonstration").touch()
    assert ids(checks.check_settings()) == ["E106"]


def test_files_others_can_read_are_found(production):
    production.STORE.chmod(0o755)
    assert ids(checks.check_files()) == ["E112"]


def test_a_key_ring_others_can_read_is_refused(production):
    Path(production.KEYRING).chmod(0o640)
    assert ids(checks.check_files()) == ["E111"]
    Path(production.KEYRING).unlink()
    assert ids(checks.check_files()) == ["E111"]


@pytest.mark.django_db
def test_users_of_the_demonstration_are_refused_and_an_administrator_is_wanted(production):
    assert ids(checks.check_users(databases=["default"])) == ["E123"]
    make.user(Role.ADMINISTRATOR)
    assert ids(checks.check_users(databases=["default"])) == []
    make.user(Role.ANALYST, is_demonstration=True)
    assert ids(checks.check_users(databases=["default"])) == ["E122"]


@pytest.mark.django_db
def test_the_command_says_what_is_wrong(capsys):
    assert check.main(["--production"]) == 1
    said = capsys.readouterr().out
    assert "SIZAO_MODE=production" in said and "sizao administrator NAME" in said
    assert check.main([]) == 0


@pytest.mark.django_db
def test_the_first_administrator_comes_by_a_link(capsys):
    from sizao.ops.governance.actions import found_installation

    assert administrator.main(["wang"]) == 1
    found_installation(by=None, at=now())
    assert administrator.main(["wang", "--name", "王", "--address", "https://cdc.example/"]) == 0
    link = capsys.readouterr().out.strip().splitlines()[-1]
    assert link.startswith("https://cdc.example/welcome/")
    user = User.objects.get(username="wang")
    assert may_administer(user, now()) and not user.has_usable_password()
    assert link_of(link.rstrip("/").split("/")[-1], now()).user == user
    assert administrator.main(["wang"]) == 0, "a lost link is made anew"
    make.user(Role.ANALYST, username="li")
    assert administrator.main(["li"]) == 1
