"""The desk's pages, as their readers meet them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.models import Task
from sizao.ops.registry.actions.persons import NewPerson, record_persons
from sizao.ops.registry.identity import Identity
from tests import factories as make
from tests.desk.conftest import TODAY, earlier, later

pytestmark = pytest.mark.django_db


def page(desk, name, *args, **query):
    response = desk.client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def tiles(html: str) -> dict[str, str]:
    """What the tiles of a page say, by label."""
    found = re.findall(r'tile-label">(.*?)</span>\s*<span class="tile-value">(.*?)</span>', html)
    return dict(found)


def test_the_first_page_counts_each_incident_on_its_own_clock(desk):
    make.case(desk.incident, desk.officer, date_report=TODAY)
    make.case(desk.incident, desk.officer)
    make.task(desk.incident, desk.officer, due_at=earlier(hours=1))
    make.task(desk.incident, desk.officer, due_at=later(hours=9))
    said = tiles(page(desk, "home"))
    assert said == {"Cases": "2", "Reported today": "1", "Open tasks": "2", "Overdue tasks": "1"}


def test_the_first_page_shows_what_is_late_or_due_today_for_my_posts(desk):
    for name, due_at in (("Late", earlier(days=2)), ("Tonight", later(hours=2)), ("Next week", later(days=7))):
        make.task(desk.incident, desk.officer, title={"msgid": name}, post=desk.post, due_at=due_at)
    make.task(desk.incident, desk.officer, title={"msgid": "Another post's"}, due_at=earlier(days=2))
    html = page(desk, "home")
    assert html.index("Late") < html.index("Tonight")
    assert "Next week" not in html
    assert "Another post" not in html


def test_my_tasks_are_grouped_by_urgency(desk):
    for due_at in (earlier(days=2), later(hours=2), later(days=7)):
        make.task(desk.incident, desk.officer, post=desk.post, due_at=due_at)
    headings = re.findall(r"<h2>(.*?) <span", page(desk, "desk:my_tasks"))
    assert headings == ["Overdue", "Due today", "Later"]


def test_whom_to_call_today_stands_on_the_first_page_and_under_my_tasks(desk, client):
    for done in ({}, {}, {"outcome": "ok", "done_at": desk.at}):
        make.follow_up(make.contact(desk.incident, desk.officer), desk.officer, date_due=TODAY, **done)
    make.follow_up(make.contact(desk.incident, desk.officer), desk.officer, date_due=TODAY + timedelta(days=1))
    for name in ("home", "desk:my_tasks"):
        html = page(desk, name)
        assert tiles(html.split("Follow-ups still to do today")[1])[desk.incident.name("en")] == "2"
        assert reverse("tracing:follow_up", args=[desk.incident.pk]) in html
        assert "Well done" not in html
    client.force_login(make.user(Role.ANALYST))
    assert "Follow-ups still to do" not in page(desk, "home")


def test_a_reader_without_a_post_is_told_so(desk, client):
    client.force_login(make.user())
    assert "You see no incident" in page(desk, "home")
    assert "You hold no post" in page(desk, "desk:my_tasks")
    assert "No power at the moment" in page(desk, "desk:me")


def test_the_board_says_what_the_rows_say(desk):
    for _ in range(3):
        contact = make.contact(desk.incident, desk.officer)
        make.follow_up(contact, desk.officer, date_due=TODAY)
    make.case(desk.incident, desk.officer, date_report=TODAY, date_onset=TODAY)
    make.task(desk.incident, desk.officer, due_at=earlier(hours=1))
    said = tiles(page(desk, "desk:board", desk.incident.pk))
    assert said["Cases"] == said["Reported today"] == said["Without a known source"] == "1"
    assert said["Contacts under follow-up"] == "3"
    assert said["Follow-ups today"] == "0 / 3"
    assert said["Overdue tasks"] == said["Without an owner"] == "1"


def linked_counts(html: str) -> list[tuple[str, str]]:
    """(number, address of its list) of every number on a page that leads to a list of cases or contacts."""
    tiles = re.findall(r'<a class="tile[^"]*" href="([^"]+)">.*?<span class="tile-value">([\d,]+)</span>', html, re.S)
    cells = re.findall(r'<td class="number"[^>]*><a href="([^"]+)">([\d,]+)</a>', html)
    clarities = re.findall(r'<dt><a href="([^"]+)">.*?<span>([\d,]+) /', html, re.S)
    return [(n, unescape(href)) for href, n in tiles + cells + clarities if "/cases/" in href or "/contacts/?" in href]


@pytest.mark.parametrize("area", ["", make.DAOLI])
def test_every_number_equals_the_list_behind_it(desk, client, area):
    for code in ("confirmed", "confirmed", "probable", "suspected", "asymptomatic", "discarded"):
        for place in (make.ZHAOLIN, make.LONGSHA):
            for day in (TODAY, TODAY.replace(day=9)):
                make.case(desk.incident, desk.officer, classification=code, area_id=place, date_report=day)
    for status in ("under_follow_up", "under_follow_up", "completed", "lost"):
        make.contact(desk.incident, desk.officer, area_id=make.ZHAOLIN, status=status)
    client.force_login(make.user(Role.INVESTIGATOR, area))
    counts = linked_counts(page(desk, "desk:board", desk.incident.pk) + page(desk, "home"))
    assert len(counts) >= 14
    for said, address in counts:
        behind = client.get(address).content.decode()
        assert re.search(r'<div class="list-head"><p><strong>([\d,]+)', behind)[1] == said, address


def test_the_board_asks_the_database_a_handful_of_questions(desk, django_assert_max_num_queries):
    for _ in range(8):
        make.case(desk.incident, desk.officer, area_id=make.DAOLI)
        make.contact(desk.incident, desk.officer, area_id=make.DAOLI)
        make.task(desk.incident, desk.officer, post=desk.post, due_at=earlier(hours=1))
    with django_assert_max_num_queries(20):
        page(desk, "desk:board", desk.incident.pk)


def test_the_board_of_a_demonstration_says_so_and_tells_its_time(desk):
    html = page(desk, "desk:board", desk.incident.pk)
    assert "Nothing here is a real emergency" in html
    assert "10 Jun 2015 18:0" in html


def test_an_unknown_incident_is_no_page(desk):
    response = desk.client.get("/incidents/999/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_today_counts_tasks_by_area_and_post(desk):
    for area, due_at, post in (
        (make.DAOLI, earlier(hours=1), desk.post),
        (make.ZHAOLIN, later(hours=1), None),
        (make.LONGSHA, later(days=3), None),
        ("CN0023", later(days=3), desk.post),
    ):
        make.task(desk.incident, desk.officer, area_id=area, due_at=due_at, post=post)
    html = page(desk, "desk:today", desk.incident.pk, area="CN0023")
    said = tiles(html)
    assert said == {
        "Overdue": "1",
        "Due today": "1",
        "Open in all": "4",
        "To be verified": "0",
        "Without an owner": "2",
    }
    assert "Heilongjiang itself" in html
    assert html.index("Harbin") < html.index("Qiqihar")
    assert "Nobody" in html


@pytest.mark.parametrize("inside", ["", "CN", "CN0023", "CN00230001", "CN002300010002"])
def test_the_lines_sum_to_the_areas_total(desk, inside):
    for area in (make.DAOLI, make.ZHAOLIN, make.NANGANG, make.LONGSHA, "CN0023", None):
        make.task(desk.incident, desk.officer, area_id=area, due_at=later(hours=1))
    html = page(desk, "desk:today", desk.incident.pk, **({"area": inside} if inside else {}))
    by_area = html[html.index("By area</h2>") : html.index("By post</h2>")]
    lines = re.findall(r'data-label="Open in all">\s*(?:<a[^>]*>)?(\d+)', by_area)
    rows = Task.objects.filter(area__path__startswith=inside) if inside else Task.objects.all()
    assert sum(map(int, lines)) == rows.count() == int(tiles(html)["Open in all"])


@pytest.mark.parametrize("inside", ["", "CN0023"])
def test_every_number_of_today_opens_to_as_many_tasks(desk, inside):
    for area, post in ((make.DAOLI, desk.post), (make.LONGSHA, None), ("CN0023", None), ("CN0023", desk.post)):
        make.task(desk.incident, desk.officer, area_id=area, post=post, due_at=later(hours=1))
    html = page(desk, "desk:today", desk.incident.pk, **({"area": inside} if inside else {}))
    links = set(re.findall(r'<a[^>]* href="([^"]+/tasks/\?[^"]+)">(\d+)</a>', html))
    assert len(links) > 5
    for href, shown in links:
        listed = desk.client.get(unescape(href)).content.decode()
        assert len(re.findall(r'data-label="Task"', listed)) == int(shown), href


@pytest.mark.parametrize(
    ("role", "said"), [(Role.AUDITOR, "You change no record"), (Role.ADMINISTRATOR, "You manage accounts")]
)
def test_who_works_on_no_incident_is_told_what_they_do(desk, client, role, said):
    client.force_login(make.user(role))
    html = page(desk, "home")
    assert said in html and "for your posts" not in html


def search(desk, text):
    return desk.client.post(reverse("desk:search"), {"q": text}).content.decode()


def test_search_finds_numbers_by_their_beginning_in_any_case_of_letters(desk):
    case = make.case(desk.incident, desk.officer, number="HRB-0012")
    make.contact(desk.incident, desk.officer, number="HRB-0013")
    make.case(desk.incident, desk.officer, number="QQ-1")
    html = search(desk, "hrb-00")
    assert "HRB-0012" in html and "HRB-0013" in html and "QQ-1" not in html
    assert case.person.pseudonym in html


def test_search_answers_only_within_reach(desk, client):
    make.case(desk.incident, desk.officer, number="X-1", area_id=make.DAOLI)
    make.case(desk.incident, desk.officer, number="X-2", area_id=make.LONGSHA)
    client.force_login(make.user(Role.INVESTIGATOR, make.DAOLI))
    html = search(desk, "X-")
    assert "X-1" in html and "X-2" not in html
    client.force_login(make.user(Role.ADMINISTRATOR))
    assert "X-1" not in search(desk, "X-")


def test_search_shows_names_only_to_those_who_may_see_them(desk, client):
    person = make.person(desk.officer, name="王秀英")
    make.case(desk.incident, desk.officer, number="N-1", person=person)
    assert "王秀英" in search(desk, "N-1")
    client.force_login(make.user(Role.ANALYST))
    html = search(desk, "N-1")
    assert "王秀英" not in html and person.pseudonym in html


@pytest.fixture
def wang(desk):
    """Wang Xiuying of Daoli, a case and a contact."""
    new = NewPerson(Identity(full_name="王秀英", phones=("13900001111",)), area_path=make.DAOLI)
    person = record_persons(persons=[new], by=desk.officer, at=desk.at)[0]
    make.case(desk.incident, desk.officer, number="W-1", person=person, area_id=make.DAOLI)
    make.contact(desk.incident, desk.officer, number="W-2", person=person, area_id=make.DAOLI)
    return person


@pytest.mark.parametrize(
    ("text", "why"),
    [("王秀英", "Same name"), ("wang xiuying", "Name sounds alike"), ("王", "Part of the name"),
     ("139 0000 1111", "Telephone")],
)  # fmt: skip
def test_search_finds_a_person_with_their_rows_and_says_why(desk, wang, text, why):
    html = search(desk, text)
    assert "王秀英" in html and "W-1" in html and "W-2" in html and why in html
    entry = AuditEntry.objects.get(action="person.searched")
    assert entry.by == desk.officer and entry.details == {"n_persons": 1}


@pytest.mark.parametrize(("role", "area"), [(Role.ANALYST, ""), (Role.INVESTIGATOR, make.LONGSHA)])
def test_a_name_is_not_found_by_those_who_may_not_search_it(desk, client, wang, role, area):
    client.force_login(make.user(role, area))
    html = search(desk, "王秀英")
    assert "W-1" not in html and "Nothing within" in html


def test_an_empty_search_and_an_odd_one_are_answered(desk):
    assert "Nothing within" not in search(desk, "  ")
    assert "Nothing within" in search(desk, "\x00%_'\"<b>" * 20)


def test_the_switcher_lists_incidents(desk):
    html = page(desk, "desk:switcher")
    assert "Test outbreak" in html and "All incidents" in html
    assert "<html" not in html


def test_my_posts_say_what_they_allow(desk):
    html = page(desk, "desk:me")
    assert "Duty officer" in html and "Runs the command room" in html


@pytest.mark.parametrize("name", ["home", "desk:my_tasks", "desk:me", "desk:search", "desk:board", "desk:today"])
def test_every_page_is_said_in_chinese(desk, name):
    make.task(desk.incident, desk.officer, post=desk.post)
    desk.client.cookies["django_language"] = "zh-hans"
    html = page(desk, name, *([desk.incident.pk] if name in ("desk:board", "desk:today") else []))
    assert '<html lang="zh-Hans">' in html
    words = re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("<footer")])
    assert set(re.findall(r"[A-Za-z]{4,}", words)) <= {"user"}  # the name a test gives its users
