"""A kept statement answers exactly what the ORM would, whatever it is asked."""

from datetime import date, timedelta

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sizao.ops.cases.models import Case
from sizao.ops.cases.scoping import Branches
from sizao.ops.governance import access
from sizao.ops.governance.paging import keyset
from sizao.ops.governance.statements import Prepared, _statement
from tests import factories as make

NAMES = ("id", "number", "date_report", "area_id", "area__name_zh", "person__uuid", "age")
FIRST = date(2015, 6, 1)
days = st.dates(FIRST, FIRST + timedelta(days=9))
paths = st.sampled_from(["", "CN", "CN0023", "CN00230001", make.DAOLI, make.ZHAOLIN, make.LONGSHA])
plain = st.one_of(
    st.builds(lambda day: Q(date_report__gte=day), days),
    st.builds(lambda day: ~Q(date_report=day), days),
    st.builds(lambda path: access.within((path,)), paths),
    st.builds(lambda text: Q(number__startswith=text), st.sampled_from(["A", "A_", "A%", "B\\", "a"])),
    st.builds(lambda known: Q(date_onset__isnull=known), st.booleans()),
    st.builds(lambda codes: Q(classification__in=codes), st.lists(st.sampled_from(["confirmed", "suspected"]))),
)
conditions = st.recursive(plain, lambda inner: st.builds(lambda a, b: a | b, inner, inner), max_leaves=4)


class KeptStatements(TestCase):
    @classmethod
    def setUpTestData(cls):
        make.areas()
        by = make.user()
        cls.incident, other = make.incident(by), make.incident(by)
        areas = [make.DAOLI, make.ZHAOLIN, make.NANGANG, make.LONGSHA, None]
        signs = ("_", "%", "\\", "-")
        for n in range(20):
            make.case(
                cls.incident if n % 7 else other, by, number=f"{'AaB'[n % 3]}{signs[n % 4]}{n}",
                area_id=areas[n % 5], date_report=FIRST + timedelta(days=n // 3), age=n or None,
                date_onset=FIRST if n % 2 else None, classification=("confirmed", "suspected")[n % 2],
            )  # fmt: skip

    @settings(max_examples=60, deadline=None)
    @given(st.lists(conditions, max_size=3), st.integers(1, 25))
    def test_same_rows_same_count(self, asked, stop):
        kept = Prepared(Case).filter(incident=self.incident.pk)
        orm = Case.objects.filter(incident=self.incident)
        for condition in asked:
            kept, orm = kept.filter(condition), orm.filter(condition)
        order = ("-date_report", "-id")
        assert kept.values(*NAMES).order_by(*order)[:stop] == list(orm.values(*NAMES).order_by(*order)[:stop])
        assert kept.count_up_to(stop) == min(orm.count(), stop)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(paths.filter(len), min_size=2, max_size=4, unique=True), st.integers(1, 6))
    def test_walking_several_areas_meets_every_case_once_in_order(self, wanted, size):
        apart = [path for path in wanted if not any(path != o and path.startswith(o) for o in wanted)]
        rows = Branches([Prepared(Case).filter(access.inside(path), incident=self.incident.pk) for path in apart])
        seen, cursor = [], ""
        while True:
            page = keyset(rows.values(*NAMES), by="date_report", cursor=cursor, size=size)
            seen += [row["id"] for row in page.rows]
            if not (cursor := page.after):
                break
        within = Case.objects.filter(access.within(tuple(apart)), incident=self.incident)
        assert seen == list(within.order_by("-date_report", "-id").values_list("id", flat=True))
        assert rows.count_up_to(1_000) == len(seen)


@pytest.mark.django_db
def test_pages_of_one_shape_share_one_statement():
    _statement.cache_clear()
    for number in range(5):
        rows = Prepared(Case).filter(Q(date_report__lte=FIRST + timedelta(days=number)), incident=number)
        assert rows.values("id").order_by("id")[:51] == []
    assert _statement.cache_info().misses == 1
