"""Keyset pages show every row once, forwards and backwards."""

from datetime import date, timedelta

import pytest

from sizao.ops.cases.models import Case
from sizao.ops.governance import paging
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases():
    by = make.user()
    incident = make.incident(by)
    days = [date(2015, 6, 1) + timedelta(days=n // 3) for n in range(23)]  # ties on the day
    return [make.case(incident, by, date_report=day) for day in days]


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("as_values", [True, False])
def test_forwards_then_backwards_shows_the_same(cases, descending, as_values):
    rows = Case.objects.values("id", "date_report") if as_values else Case.objects.all()
    ids = lambda page: [row["id"] if as_values else row.pk for row in page.rows]  # noqa: E731
    wanted = [case.pk for case in sorted(cases, key=lambda c: (c.date_report, c.pk), reverse=descending)]

    pages, cursor = [], ""
    while True:
        page = paging.keyset(rows, by="date_report", cursor=cursor, size=5, descending=descending)
        pages.append(ids(page))
        if not page.after:
            break
        cursor = page.after
    assert [i for p in pages for i in p] == wanted

    back = [pages[-1]]
    while page.before:
        page = paging.keyset(rows, by="date_report", cursor=page.before, size=5, descending=descending)
        back.insert(0, ids(page))
    assert [i for p in back for i in p] == wanted


@pytest.mark.parametrize("cursor", ["nonsense", "2015-06-01", "_3", "2015-06-01_x", "-", "2015-13-01_2"])
def test_an_unreadable_cursor_is_the_first_page(cases, cursor):
    first = paging.keyset(Case.objects.all(), by="date_report", size=5)
    assert paging.keyset(Case.objects.all(), by="date_report", cursor=cursor, size=5).rows == first.rows


def test_counting_stops(cases, monkeypatch):
    assert paging.count_capped(Case.objects.all()) == (23, False)
    monkeypatch.setattr(paging, "COUNT_UP_TO", 10)
    assert paging.count_capped(Case.objects.all()) == (10, True)
