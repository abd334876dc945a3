"""Nothing that says who somebody is stands in a log, an address, a fault or a measure, whatever is opened or sent."""

import logging

import pytest
from django.db import transaction

from sizao.ops.governance.roles import Role
from tests import factories as make
from tests.governance import scope_world as worlds
from tests.governance.scope_addresses import addresses
from tests.governance.test_drawn_is_allowed import Drawn
from tests.governance.test_scope_posts import LOGS_OUT, plausible

pytestmark = pytest.mark.django_db


class Kept(logging.Handler):
    """Everything any part says, faults with their traces."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        extra = {key: str(value) for key, value in vars(record).items() if key not in ("request", "args", "exc_info")}
        self.lines.append(self.format(record) + str(extra))


@pytest.fixture
def world(settings, tmp_path):
    settings.STORE = tmp_path / "store"
    return worlds.build()


@pytest.fixture
def kept():
    handler, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


def test_logs_addresses_and_measures_name_nobody(world, client, kept, capsys):
    client.raise_request_exception = False
    user = make.user(Role.DUTY_OFFICER, worlds.A)
    client.force_login(user)
    guesses = worlds.guesses(world, world.a)
    said, places, n = [], set(), 0
    for address in addresses():
        if address.name in LOGS_OUT:
            continue
        for path in address.filled(guesses)[:1]:
            response = client.get(path)
            n += 1
            places.add(response.headers.get("Location", ""))
            if "text/html" in response.headers.get("Content-Type", "") and not response.streaming:
                page = Drawn(path)
                page.feed(response.content.decode())
                places |= page.links | page.forms
            if address.name.endswith("metrics"):
                said.append(response.content.decode())
            with transaction.atomic():
                places.add(client.post(path, plausible(world)).headers.get("Location", ""))
                transaction.set_rollback(True)
            client.force_login(user)
    names = world.a.names | world.b.names
    text = "\n".join([*kept.lines, *places, *said])
    found = sorted(name for name in names if name in text)
    with capsys.disabled():
        print(f"\nleaks: {n} pages, {len(kept.lines)} log lines, {len(places)} addresses; {len(names)} identifiers")
    assert found == []
    assert len(kept.lines) > 20 and len(places) > 50


def test_a_fault_says_no_name(world, client, kept, monkeypatch):
    """A crash in the middle of a search for a name: the trace tells where, not whom."""
    from sizao.ops.desk import views

    name = world.a.people[0].identity.full_name

    def crash(*_asked, **_told):
        raise RuntimeError("the search failed")

    monkeypatch.setattr(views.finds, "found", crash)
    client.raise_request_exception = False
    client.force_login(make.user(Role.DUTY_OFFICER, worlds.A))
    response = client.post("/search/", {"q": name})
    assert response.status_code == 500
    text = "\n".join(kept.lines)
    assert "the search failed" in text
    assert name not in text and name not in response.content.decode()


def test_the_test_would_see_a_leak(world, kept):
    logging.getLogger("sizao.somewhere").info("looked at %s", world.a.people[0].identity.full_name)
    assert world.a.people[0].identity.full_name in "\n".join(kept.lines)
