"""Nobody of another county changes this county's rows: every address is posted to with plausible data."""

import logging
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import Role
from tests import factories as make
from tests.governance import scope_world as worlds
from tests.governance.scope_addresses import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    settings.STORE = tmp_path / "store"
    logging.disable(logging.ERROR)
    yield worlds.build()
    logging.disable(logging.NOTSET)


def plausible(world) -> dict:
    """One form for all addresses, full of A's numbers, posts, persons and areas."""
    a, rows = world.a, world.a.rows
    case, contact = rows["case_id"][0], rows["contact_id"][0]
    task, soon, today = rows["task_id"][0], (now() + timedelta(days=2)).isoformat()[:16], now().date().isoformat()
    post, unit, person = task.post_id, task.post.unit_id, a.people[0]
    return {
        "q": person.identity.full_name, "reason": "because", "back-reason": "because", "cancel-reason": "because",
        "to-reason": "because", "to-post": post, "post": post, "title": "do it", "due_at": soon, "outcome": "ok",
        "evidence": "seen", "what": "please", "legal_basis": "law", "from_unit": unit, "to_unit": unit, "answer": "yes",
        "mode": "emergency", "until": soon, "day": today, "text_zh": "x", "text_en": "x", "note": "changed",
        "classification": "discarded", "date_report": today, "date_listed": today, "found_in": "unknown",
        "origin": "unknown", "severity": "unknown", "contact_class": "close", "status": "under_follow_up",
        "full_name": "某某", "sex": "unknown", "setting": "unknown", "closeness": "unknown", "area": a.path,
        "person": person.pk, "source": case.number, "source_id": case.number, "ids": [case.pk], "step": "do",
        "seen_at": now().isoformat(), "read_at": case.current_since.isoformat(), "row-2": person.pk,
        "contact": contact.pk, "name": "mine", "query": "", "unit": unit, "role": "investigator", "title_zh": "x",
        "title_en": "x", "name_zh": "x", "name_en": "x", "user": rows["holding_id"][0].user_id,
        "protocol": "mers", "areas": a.path, "time_zone": "Asia/Shanghai", "pick-full_name": "right",
        "file": SimpleUploadedFile("x.csv", b"case_id,full_name\nZ1,Zed\n"),
    }  # fmt: skip


def snapshot(watched) -> dict:
    """Every column of the watched rows."""
    return {
        (model._meta.label, row["pk"]): row
        for model, ids in watched.items()
        for row in model._base_manager.filter(pk__in=ids).values(
            "pk", *(f.attname for f in model._meta.concrete_fields)
        )
    }


REFUSED = (403, 404, 405)
LOGS_OUT = ("login", "logout", "account_login", "account_logout")


def posted(client, world, user) -> tuple[int, list[str], list[str]]:
    """(how many posts, the addresses that changed a watched row, what broke). What is not refused is looked at at
    once and taken back; what is refused stands, and is looked at at the end."""
    client.raise_request_exception = False
    client.force_login(user)
    watched, guesses = worlds.watched(world), worlds.guesses(world, world.a)
    before, changes, broken, n = snapshot(watched), [], [], 0
    for address in addresses():
        for path in address.filled(guesses):
            with transaction.atomic():
                response = client.post(path, plausible(world))
                if response.status_code not in REFUSED:
                    if snapshot(watched) != before:
                        changes.append(path)
                    transaction.set_rollback(True)
            n += 1
            if response.status_code >= 500 or response.headers.get("Location", "").startswith("/log-in/?"):
                broken.append(f"{path} answers {response.status_code}")
            if address.name in LOGS_OUT:
                client.force_login(user)
    if snapshot(watched) != before:
        changes.append("one of those that were refused")
    return n, changes, broken


@pytest.mark.parametrize("role", list(Role))
def test_no_role_of_another_county_changes_anything(world, client, role, capsys):
    n, changes, broken = posted(client, world, make.user(role, worlds.B))
    with capsys.disabled():
        print(f"\nscope: {n} posts by {role} of {worlds.B}")
    assert (changes, broken) == ([], [])
    assert n >= 120


def test_the_posts_would_change_something(world, client):
    """Sent by whom the rows concern, the same posts do what they say."""
    _n, changes, _broken = posted(client, world, make.user(Role.DUTY_OFFICER, worlds.A))
    assert len(changes) >= 10, changes
