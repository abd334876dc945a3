"""When two records are proposed as one person: a truth table, then the register's answers."""

from datetime import date

import pytest

from sizao.ops.registry.likeness import CERTAIN, Described, likeness
from sizao.ops.registry.lookup import person_keys
from sizao.ops.registry.matching import keys_of, shelf_of
from sizao.ops.registry.models import Person
from tests import factories as make

DAOLI, NANGANG = make.DAOLI, make.NANGANG
BORN, OTHER = date(1980, 2, 3), date(1980, 3, 2)
ID, OTHER_ID = "11010519491231002X", "110105194912310055"


def described(full="张伟", birth=None, phones="", number="", sex=None, year=None, area=DAOLI, pk=1):
    found = person_keys(full=full, birth=birth, phones=phones, id_number=number)
    return Described(pk, *found, sex, birth.year if birth else year, area)


CASES = [
    # a, b, score (None: not proposed)
    ({"number": ID}, {"number": ID}, 100),
    ({"number": ID, "full": "李四"}, {"number": ID}, 85),
    ({"number": ID, "birth": BORN}, {"number": OTHER_ID, "birth": BORN}, None),
    (
        {"number": ID, "birth": BORN, "phones": "13800001111"},
        {"number": OTHER_ID, "birth": BORN, "phones": "13800001111"},
        50,
    ),
    ({"birth": BORN, "phones": "13800001111"}, {"birth": BORN, "phones": "+8613800001111"}, 99),
    ({"birth": BORN}, {"birth": BORN}, 95),
    ({"birth": BORN}, {"birth": BORN, "area": NANGANG}, 88),
    ({"birth": BORN, "sex": "male"}, {"birth": BORN, "sex": "female"}, None),
    ({"birth": BORN}, {"birth": OTHER}, None),
    ({"phones": "13800001111"}, {"phones": "010-88889999;13800001111"}, 93),
    ({"phones": "13800001111", "full": "章薇"}, {"phones": "13800001111"}, 85),
    ({"phones": "13800001111", "birth": BORN, "full": "李四"}, {"phones": "13800001111", "birth": BORN}, 75),
    ({"birth": BORN, "full": "臧卫"}, {"birth": BORN}, 70),
    ({"year": 1980}, {"year": 1981}, 65),
    ({"year": 1980}, {"year": 1983}, None),
    ({"year": 1980}, {"year": 1980, "area": NANGANG}, None),
    ({"phones": "13800001111", "year": 1980}, {"phones": "13800001111", "year": 1950}, 60),
    ({"phones": "13800001111", "full": "张小", "year": 1980}, {"phones": "13800001111", "year": 1980}, 55),
    ({"phones": "13800001111", "full": "张小"}, {"phones": "13800001111"}, None),  # a household's telephone
    ({}, {"year": 1980}, 45),
    ({}, {}, 45),
    ({}, {"area": NANGANG}, None),  # a common name proves nothing
    ({"full": "张三", "year": 1980}, {"full": "张伟", "year": 1980}, None),  # a family name even less
    ({"full": ""}, {"full": ""}, None),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "score"), CASES)
def test_likeness_as_a_truth_table(a, b, score):
    one, other = described(**a), described(**b, pk=2)
    found, back = likeness(one, other), likeness(other, one)
    assert (found and found.score, back and back.score) == (score, score)


def test_only_strong_reasons_are_certain():
    weak = [case for case in CASES if case[2] and case[2] < CERTAIN]
    assert all("number" in a or "birth" in a or "phones" in a for a, _b, score in CASES if score and score >= CERTAIN)
    assert len(weak) > 5


@pytest.mark.django_db
@pytest.mark.parametrize(("a", "b", "score"), CASES)
def test_the_register_finds_what_the_table_says(a, b, score):
    make.areas()
    by = make.user()
    record = described(**a, pk=-1)
    person = person_row(by, **b)
    found = shelf_of([record]).alike(record, keys_of(record))
    assert [(each.person_id, each.likeness.score) for each in found] == ([(person.pk, score)] if score else [])


@pytest.mark.django_db
def test_merged_persons_are_not_proposed():
    make.areas()
    by = make.user()
    kept = person_row(by, full="李四", birth=OTHER)
    person_row(by, birth=BORN, merged_into=kept)
    record = described(birth=BORN, pk=-1)
    assert shelf_of([record]).alike(record, keys_of(record)) == []


@pytest.mark.django_db
def test_a_name_that_hundreds_share_is_still_found_with_its_birth_date():
    make.areas()
    by = make.user()
    for number in range(70):
        person_row(by, birth=date(1980, 6, 1 + number % 28))
    person = person_row(by, birth=BORN)
    record = described(birth=BORN, pk=-1)
    found = shelf_of([record]).alike(record, keys_of(record))
    assert [each.person_id for each in found] == [person.pk]


def person_row(by, merged_into=None, **values):
    about = described(**values)
    columns = {name: value for name, value in about._asdict().items() if name not in ("id", "area", "sex")}
    return Person.objects.create(
        **make.recorded(by), **columns, sex=about.sex or "unknown", area_id=about.area, merged_into=merged_into
    )
