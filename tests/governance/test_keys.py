"""Keys change while people work: both open meanwhile, a broken run goes on, and no key goes that is needed."""

import json
import shutil
from pathlib import Path

import pytest

from sizao.config.commands import keys
from sizao.ops.governance import keyring
from sizao.ops.governance.actions import found_installation
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import PastState
from sizao.ops.governance.sealed import key_of, seal, unseal
from sizao.ops.registry import actions
from sizao.ops.registry.actions import resealing
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Household, Person
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring(settings, tmp_path) -> Path:
    settings.KEYRING = tmp_path / "keyring.json"
    shutil.copy(make_ring(), settings.KEYRING)
    settings.KEYRING.chmod(0o600)
    return settings.KEYRING


def make_ring() -> Path:
    from tests.environment import HOME

    return HOME / "keys" / "keyring.json"


@pytest.fixture
def system(ring):
    return found_installation(by=None, at=now())


def people(by, n):
    rows = [make.person(by, name=f"某{i:03d}") for i in range(n)]
    house = Household(**make.recorded(by))
    house.address_sealed = seal({"address": "长江路1号"}, house.uuid)
    house.save()
    return rows, house


def keys_used():
    return {key_of(sealed) for sealed in Person.objects.values_list("identity_sealed", flat=True)}


def test_everything_is_sealed_anew_and_says_the_same(system, ring, capsys, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 3)
    rows, house = people(system, 7)
    before = Person.objects.values_list("key_name", "current_since").first()
    assert keys.main(["rotate"]) == 0
    assert keys_used() == {2}
    assert [Person.objects.get(pk=row.pk).identity.full_name for row in rows] == [f"某{i:03d}" for i in range(7)]
    assert unseal(Household.objects.get().address_sealed, house.uuid) == {"address": "长江路1号"}
    assert PastState.objects.count() == 0, "nothing it says has changed"
    assert Person.objects.values_list("key_name", "current_since").first() == before
    assert "key 1: seals nothing" in capsys.readouterr().out


def test_both_keys_open_while_it_runs_and_a_broken_run_goes_on(system, ring, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    rows, _house = people(system, 5)
    keyring.add_key(ring)
    n, _after = actions.reseal(after=0, kind=0, by=system, at=now())
    assert (n, keys_used()) == (2, {1, 2})
    assert [Person.objects.get(pk=row.pk).identity.full_name for row in rows] == [f"某{i:03d}" for i in range(5)]
    newest = make.person(system, name="新来的")
    assert key_of(newest.identity_sealed) == 2, "what is written meanwhile has the new key"
    assert keys.main(["reseal"]) == 0
    assert keys_used() == {2}


def test_a_key_that_is_needed_stays(system, ring, capsys):
    [row], _house = people(system, 1)
    keyring.add_key(ring)
    assert keys.main(["retire", "1"]) == 1
    assert "registry.Person 1" in capsys.readouterr().out
    identity = Identity(full_name="改名")
    actions.amend_persons(changes=[(row, {"identity": identity})], reason="x", by=make_editor(), at=now())
    keys.main(["reseal"])
    assert keys.main(["retire", "1"]) == 1
    assert "governance.PastState 1" in capsys.readouterr().out
    PastState.objects.all().delete()
    assert keys.main(["retire", "1"]) == 0
    assert list(keyring.keyring().seal) == [2]
    assert keys.main(["retire", "2"]) == 1, "the current key never goes"


def make_editor():
    from sizao.ops.governance.roles import Role

    return make.user(Role.DUTY_OFFICER)


def test_secrets_of_second_factors_move_too(system, ring):
    from allauth.mfa.models import Authenticator

    from sizao.config.accounts.adapters import Factors

    row = Authenticator.objects.create(user=system, type="totp", data={"secret": Factors().encrypt("JBSWY3DP")})
    keys.main(["rotate"])
    row.refresh_from_db()
    assert Factors().decrypt(row.data["secret"]) == "JBSWY3DP"
    assert resealing.uses_of_keys()["mfa.Authenticator"] == {2: 1}


def test_a_ring_others_can_read_is_refused_at_once(ring):
    from django.core.exceptions import ImproperlyConfigured

    keyring.keyring()
    ring.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        keyring.keyring()


def test_the_ring_may_come_from_the_environment(ring, settings):
    settings.KEYS = ring.read_text()
    settings.KEYRING = "/nowhere"
    assert keyring.keyring().current == 1
    assert keys.main(["rotate"]) == 1


def test_a_new_ring_is_private_and_written_whole(tmp_path):
    path = tmp_path / "new" / "ring.json"
    keyring.make(path)
    keyring.add_key(path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert json.loads(path.read_text())["current"] == "2"
    assert list(path.parent.iterdir()) == [path]
