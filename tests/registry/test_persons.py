"""Recording persons: sealed, found again by their keys, completed but never overwritten."""

from datetime import date
from uuid import UUID

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.ops.governance import access, history
from sizao.ops.governance.models import AuditEntry
from sizao.ops.governance.roles import Role
from sizao.ops.registry import actions
from sizao.ops.registry.actions.persons import identity_keys
from sizao.ops.registry.framing import FRAME, KEYS, person_columns, split_phones
from sizao.ops.registry.identity import STORED, Identity
from sizao.ops.registry.lookup import person_keys
from sizao.ops.registry.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db
ZHANG = Identity(full_name="张伟", date_birth=date(1980, 2, 3), phones=("13800001111",), id_number="11010519491231002X")


@pytest.fixture
def officer(db):
    make.areas()
    return make.user(Role.DUTY_OFFICER, "CN0023")


def new(identity=ZHANG, **values):
    return actions.NewPerson(identity=identity, area_path=make.DAOLI, **values)


def test_a_person_is_sealed_and_has_keys(officer, at):
    [row] = actions.record_persons(persons=[new()], by=officer, at=at)
    stored = Person.objects.get(pk=row.pk)
    assert stored.identity == ZHANG
    assert "张伟".encode() not in bytes(stored.identity_sealed)
    expected = person_keys(full="张伟", birth=date(1980, 2, 3), phones="138 0000 1111", id_number="11010519491231002x")
    assert tuple(getattr(stored, name) for name in expected._fields) == tuple(expected)
    assert stored.year_birth == 1980
    assert AuditEntry.objects.filter(action="person.recorded", row_id=row.pk, by=officer).exists()


def test_one_by_one_and_by_file_are_the_same(officer, at):
    [single] = actions.record_persons(persons=[new()], by=officer, at=at)
    frame = pl.DataFrame(
        {"full_name": ["张伟", None], "date_birth": [date(1980, 2, 3), None], "phone": ["13800001111", None],
         "id_number": ["11010519491231002X", None], "sex": ["male", None], "area": [make.DAOLI] * 2}
    )  # fmt: skip
    ids = actions.load_persons(persons=frame, by=officer, at=at)
    loaded, empty = (Person.objects.get(pk=pk) for pk in ids)
    assert loaded.identity == single.identity
    names = person_keys()._fields
    assert [getattr(loaded, name) for name in names] == [getattr(single, name) for name in names]
    assert (loaded.sex, loaded.area_id, loaded.l3) == ("male", make.DAOLI, make.DAOLI)
    assert (empty.identity, empty.key_name, empty.sex) == (Identity(), None, "unknown")


def test_who_may_not_edit_or_import_records_nobody(at):
    analyst = make.user(Role.ANALYST)
    with pytest.raises(access.NotAllowed):
        actions.record_persons(persons=[new()], by=analyst, at=at)
    with pytest.raises(access.NotAllowed):
        actions.load_persons(persons=pl.DataFrame({"full_name": ["张伟"]}), by=analyst, at=at)
    assert not Person.objects.exists()


def test_a_changed_name_keeps_the_old_one_in_the_history(officer, at):
    [row] = actions.record_persons(persons=[new()], by=officer, at=at)
    renamed = Identity(full_name="章伟", date_birth=date(1980, 2, 3))
    actions.amend_persons(changes=[(row, {"identity": renamed})], by=officer, at=at)
    row = Person.objects.get()
    assert row.identity.name == "章伟"
    assert row.key_name == person_keys(full="章伟").key_name
    assert row.key_phone is None
    assert {"identity_sealed", "key_name", "key_phone"} <= history.past_of(row)[0].values.keys()
    assert actions.amend_persons(changes=[(row, {"identity": renamed})], by=officer, at=at) == []


def test_a_file_completes_and_does_not_overwrite(officer, at):
    [row] = actions.record_persons(persons=[new(sex="male")], by=officer, at=at)
    said = {"full_name": "张三", "sex": "female", "phone": "010-8888 9999; 138 0000 1111", "address": "和平路1号"}
    actions.complete_persons(found={row.pk: said}, by=officer, at=at)
    row = Person.objects.get()
    assert (row.identity.full_name, row.sex, row.identity.address) == ("张伟", "male", "和平路1号")
    assert row.identity.phones == ("13800001111", "010-8888 9999")
    assert row.key_phone_other == person_keys(phones="01088889999").key_phone
    assert actions.complete_persons(found={row.pk: said}, by=officer, at=at) == []


def test_households(officer, at):
    rows = actions.record_persons(persons=[new(), new(Identity(full_name="张小明"))], by=officer, at=at)
    [household] = actions.record_households(households=[rows], by=officer, at=at)
    assert set(household.members.values_list("pk", flat=True)) == {row.pk for row in rows}


text = st.none() | st.sampled_from(
    ["", "张伟", 'O"Hara\\', "王\n小明", "13800001111;010-2222 3333", "11010519491231002X", "Zoë"]
)


@given(
    st.fixed_dictionaries(
        {name: text for name, kind in FRAME.items() if kind == pl.String and name not in ("sex", "area", "year_birth")}
        | {"date_birth": st.none() | st.dates(date(1900, 1, 1), date(2015, 1, 1))}
    )
)
@settings(max_examples=150, deadline=None)
def test_by_column_or_one_by_one_the_same_is_kept(row):
    """The fast path of files keeps what the plain path of forms would keep."""
    frame = pl.DataFrame([row], schema_overrides={name: kind for name, kind in FRAME.items() if name in row})
    columns = {name: values[0] for name, values in person_columns(frame).items()}
    identity = Identity(
        **{name: row.get(name) or Identity.__dataclass_fields__[name].default for name in STORED if name != "phones"},
        phones=split_phones(row["phone"]),
    )
    uuid = UUID(columns["uuid"])
    assert uuid.version == 4
    assert Identity.unsealed(columns["identity_sealed"], uuid) == identity
    assert {name: columns[name] for name in KEYS} == identity_keys(identity)._asdict()
