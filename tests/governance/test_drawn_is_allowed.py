"""What a page draws is what an action allows: every form and link drawn for a role works for it, and what works for it
is drawn somewhere. Tried over all pages and all roles of the county that owns the rows."""

import logging
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from sizao.ops.governance.roles import Role
from tests import factories as make
from tests.governance import scope_world as worlds
from tests.governance.scope_addresses import addresses
from tests.governance.test_scope_posts import LOGS_OUT, plausible

pytestmark = pytest.mark.django_db
#: Allowed without being drawn on any page: sent by scripts and by a browser that knows the address.
NOT_DRAWN = {"account_reauthenticate"}


@pytest.fixture
def world(settings, tmp_path):
    settings.STORE = tmp_path / "store"
    logging.disable(logging.ERROR)
    yield worlds.build()
    logging.disable(logging.NOTSET)


class Drawn(HTMLParser):
    """The addresses a page offers: to go to, and to send to."""

    def __init__(self, here: str):
        super().__init__()
        self.here, self.links, self.forms = here, set(), set()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        said = dict(attrs)
        if tag == "a" and (said.get("href") or "").startswith("/"):
            self.links.add(urlsplit(said["href"]).path)
        if tag == "form" and said.get("method", "").lower() == "post":
            self.forms.add(urlsplit(said.get("action") or self.here).path)
        for name in ("hx-post", "formaction"):
            if said.get(name):
                self.forms.add(urlsplit(said[name]).path)


def drawn(client, paths) -> tuple[set[str], set[str], dict[str, int]]:
    """(links, forms, status of each page) over all pages a reader can open."""
    links, forms, statuses = set(), set(), {}
    for path in paths:
        response = client.get(path)
        statuses[path] = response.status_code
        if response.status_code == 200 and "text/html" in response.headers.get("Content-Type", ""):
            page = Drawn(path)
            page.feed(response.content.decode())
            links, forms = links | page.links, forms | page.forms
    return links, forms, statuses


def answers_to(client, user, world, paths) -> dict[str, int]:
    """What each address answers when this user sends to it; what it did is taken back."""
    answers = {}
    for path in paths:
        client.force_login(user)
        with transaction.atomic():
            answers[path] = client.post(path, plausible(world)).status_code
            transaction.set_rollback(True)
    return answers


def test_what_is_drawn_is_what_is_allowed(world, client, capsys):
    client.raise_request_exception = False
    guesses = worlds.guesses(world, world.a)
    table = [address for address in addresses() if address.name not in LOGS_OUT]
    paths = [filled for address in table for filled in address.filled(guesses)[:1]]
    names = {filled: address.name for address in table for filled in address.filled(guesses)}
    seen, wrong, n = {}, [], 0
    for role in Role:
        user = make.user(role, worlds.A)
        client.force_login(user)
        links, forms, statuses = drawn(client, paths)
        wrong += [f"{role}: a link to {path}, which is refused" for path in links if statuses.get(path) == 403]
        seen[role] = (user, forms & set(names))
    every = sorted(set().union(*(forms for _user, forms in seen.values())))
    for role, (user, forms) in seen.items():
        answers = answers_to(client, user, world, every)
        n += len(answers)
        wrong += [f"{role}: draws a form to {path}, which is refused" for path in forms if answers[path] == 403]
        wrong += [
            f"{role}: may send to {path} ({names[path]}), and no page draws it"
            for path in set(every) - forms
            if answers[path] == 302 and names[path] not in NOT_DRAWN
        ]
    with capsys.disabled():
        print(f"\ndrawn is allowed: {len(paths)} pages × {len(Role)} roles read, {n} forms sent")
    assert wrong == [], "\n".join(sorted(wrong))
    assert len(every) >= 20
