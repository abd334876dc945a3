"""The frame around every page: where one can go, who one is, how one gets in, and what is said when it fails."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from sizao.config import frame
from sizao.config.demonstration.people import PASSWORD
from sizao.ops.governance.roles import Role
from tests import factories as make

STATIC = settings.CONFIG / "static" / "sizao"
TEMPLATES = sorted(path for folder in (settings.CONFIG, settings.PACKAGE / "ops") for path in folder.rglob("*.html"))


@pytest.fixture
def reader(db, client):
    """Logs a user with a role in, and gives the client."""

    def log_in(role, **values):
        client.force_login(make.user(role, **values))
        client.cookies["django_language"] = "en"
        return client

    return log_in


def navigation_of(html: str) -> list[str]:
    bar = re.search(r'<nav class="incident-nav".*?</nav>', html, re.S)
    return re.findall(r"<a [^>]*>(.*?)</a>", bar[0]) if bar else []


def board(client):
    incident = make.incident(make.user())
    return client.get(reverse("desk:board", args=[incident.pk])).content.decode()


def test_an_auditor_is_shown_the_board_alone(reader):
    assert navigation_of(board(reader(Role.AUDITOR))) == ["Board"]


def test_a_duty_officer_is_shown_every_page_that_is_installed(reader):
    shown = navigation_of(board(reader(Role.DUTY_OFFICER)))
    assert shown == [str(entry.label) for entry in frame.NAVIGATION if frame.installed(entry.page)]
    assert {"Board", "Tasks"} <= set(shown)


@pytest.mark.parametrize(("role", "shown"), [(Role.INVESTIGATOR, True), (Role.ANALYST, False)])
def test_the_menu_offers_duplicates_to_those_who_may_merge(reader, role, shown):
    html = reader(role).get("/").content.decode()
    assert ("Possible duplicates" in html) is shown
    assert "Units and posts" in html


def test_the_page_one_is_on_is_marked_once(reader):
    html = board(reader(Role.DUTY_OFFICER))
    marked = re.findall(r'aria-current="page">(.*?)</a>', html)
    assert marked == ["Board"]


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("incidents:task", "incidents:tasks"),
        ("incidents:incident", "desk:board"),
        ("tracing:curve", "tracing:curve"),
        ("tracing:contact", "tracing:list"),
        ("tracing:five_views", "tracing:chains"),
    ],
)
def test_a_page_belongs_to_its_rooms_entry(page, marked):
    assert frame.current(page).page == marked


def test_a_room_without_an_entry_marks_nothing():
    assert frame.current("registry:person") is None
    assert frame.current("") is None


def test_a_page_that_is_not_installed_is_left_out():
    assert not frame.installed("nowhere:list")
    assert frame.installed("home")


def test_a_real_incident_has_no_banner(reader):
    assert "Nothing here is a real emergency" not in board(reader(Role.DUTY_OFFICER))


def test_what_a_reader_typed_as_their_name_is_escaped(reader):
    html = board(reader(Role.DUTY_OFFICER, display_name="<script>x</script>"))
    assert "<script>x" not in html


def test_demonstration_log_ins_are_shown_only_when_there_are_some(db, client):
    make.user(Role.DUTY_OFFICER, username="real-one")
    client.cookies["django_language"] = "en"
    assert PASSWORD not in client.get("/log-in/").content.decode()
    make.user(Role.ANALYST, username="demo-analyst", is_demonstration=True)
    html = client.get("/log-in/").content.decode()
    assert PASSWORD in html and "demo-analyst" in html
    assert "real-one" not in html


@pytest.mark.parametrize(("production", "status"), [(False, 302), (True, 200)])
def test_a_demonstration_user_does_not_get_into_production(db, client, settings, production, status):
    settings.PRODUCTION = production
    make.user(Role.ANALYST, username="demo", is_demonstration=True)
    assert ("demo</code>" in client.get("/log-in/").content.decode()) is not production
    assert client.post("/log-in/", {"username": "demo", "password": "a long password"}).status_code == status


def test_the_first_log_in_takes_the_language_of_the_account(db, client):
    make.user(Role.ANALYST, username="anna", language="en")
    response = client.post("/log-in/", {"username": "anna", "password": "a long password"})
    assert response.status_code == 302
    assert response.cookies["django_language"].value == "en"


def test_who_tries_the_demonstration_keeps_the_language_of_the_log_in_page(db, client):
    make.user(Role.ANALYST, username="demo", language="zh-hans", is_demonstration=True)
    typed = {"username": "demo", "password": "a long password"}
    response = client.post("/log-in/", typed, headers={"accept-language": "en"})
    assert response.cookies["django_language"].value == "en"


def test_a_language_once_chosen_is_kept_at_log_in(db, client):
    make.user(Role.ANALYST, username="anna", language="en")
    client.cookies["django_language"] = "zh-hans"
    response = client.post("/log-in/", {"username": "anna", "password": "a long password"})
    assert "django_language" not in response.cookies


def test_a_wrong_password_is_said_without_saying_which_was_wrong(db, client):
    client.cookies["django_language"] = "en"
    html = client.post("/log-in/", {"username": "nobody", "password": "x"}).content.decode()
    assert "User name and password do not match" in html


@pytest.mark.parametrize(("language", "sentence"), [("en", "There is no such page"), ("zh-hans", "没有这个页面")])
def test_an_unknown_address_is_answered_in_the_readers_language(db, client, language, sentence):
    client.cookies["django_language"] = language
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert sentence in response.content.decode()


def test_a_refusal_says_in_words_what_is_missing_what_one_holds_and_whom_to_ask(reader):
    client = reader(Role.ADMINISTRATOR)
    response = client.get(reverse("desk:board", args=[make.incident(make.user()).pk]))
    html = response.content.decode()
    assert response.status_code == 403
    assert "Your posts do not allow this" in html and "see an incident" in html and "incident.view" not in html
    held, asked = html.split("You hold")[1].split("Posts that may do it")
    assert "Administrator" in held and "Duty officer" in asked and "Administrator" not in asked


def test_a_stale_form_says_that_nothing_was_saved(db):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    response = client.post("/log-in/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "This form is no longer valid" in response.content.decode()


def test_a_crash_is_answered_without_the_database(client, monkeypatch):
    """No database fixture: a page that asked for a row would fail this test."""
    from sizao.config import health

    def crash(*_):
        raise RuntimeError

    monkeypatch.setattr(health.connection, "cursor", crash)
    client.raise_request_exception = False
    client.cookies["django_language"] = "en"
    response = client.get("/health/")
    assert response.status_code == 500
    assert "What you last saved is kept" in response.content.decode()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_keep_the_content_security_policy(path: Path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text), "no inline style"
    assert not re.search(r"\son[a-z]+\s*=", text), "no inline handler"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag
    assert not re.search(r"""(?:src|href|action)=["']https?://(?!www\.w3\.org)""", text), "no outside host is loaded"


def test_the_style_is_small_and_asks_no_outside_host():
    style = STATIC / "sizao.css"
    assert len(gzip.compress(style.read_bytes())) < 8_000, "it travels compressed"
    assert "url(" not in style.read_text(encoding="utf-8")


def test_every_class_of_badge_and_tile_is_in_the_style():
    style = (STATIC / "sizao.css").read_text(encoding="utf-8")
    for tone in ("good", "warn", "bad", "info", "violet"):
        assert f".badge.{tone}" in style and f".tile.{tone}" in style and f".timeline .{tone}" in style
