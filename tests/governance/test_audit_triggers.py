"""The database writes down every change of every row, whoever and whatever makes it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from sizao.ops.cases.actions import amend_cases
from sizao.ops.cases.models import Case
from sizao.ops.governance import audit, bulk, history
from sizao.ops.governance.audit_context import writing_as
from sizao.ops.governance.audit_triggers.install import missing
from sizao.ops.governance.models import AuditEntry, Grant, RowChange
from sizao.ops.governance.roles import Role
from sizao.ops.registry.models import Area, Person, Place
from tests import factories as make
from tests.governance.test_bulk import COLUMNS, person_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    make.areas()
    return make.user(Role.INVESTIGATOR)


def changes(model, **values):
    return list(RowChange.objects.filter(model=model, **values).select_related("deed").order_by("id"))


def test_a_row_inserted_changed_and_deleted(by):
    with writing_as(by, via="a page", request="r1"):
        place = Place.objects.create(**make.recorded(by, name="Market", kind="market"))
        Place.objects.filter(pk=place.pk).update(name="Old market", lat=1.5)
        Place.objects.filter(pk=place.pk).delete()
    inserted, changed, deleted = changes("registry.Place")
    assert [row.kind for row in (inserted, changed, deleted)] == ["I", "U", "D"]
    assert (inserted.row_id, inserted.last_id, inserted.before) == (place.pk, place.pk, None)
    assert changed.before == {"name": "Market", "lat": None}
    assert changed.after == {"name": "Old market", "lat": 1.5}
    assert deleted.before["name"] == "Old market" and deleted.before["kind"] == "market"
    assert {(row.deed.by_id, row.deed.via, row.deed.request) for row in (inserted, changed, deleted)} == {
        (by.pk, "a page", "r1")
    }


def test_bulk_writes_are_all_there(by, at):
    with writing_as(by, via="a load"):
        bulk.bulk_load(Person, COLUMNS, person_rows(by, at, 600))
        Place.objects.bulk_create([Place(**make.recorded(by, name=str(n), kind="x")) for n in range(50)])
        Place.objects.filter(kind="x").update(kind="y")
        Place.objects.filter(kind="y").delete()
    loaded = changes("registry.Person", kind="I")
    assert sum(row.last_id - row.row_id + 1 for row in loaded) == 600
    assert len(loaded) == 1  # rows one after the other are one line
    assert sum(row.last_id - row.row_id + 1 for row in changes("registry.Place", kind="I")) == 50
    assert len(changes("registry.Place", kind="U")) == len(changes("registry.Place", kind="D")) == 50
    assert {row.deed.by_id for row in changes("registry.Place")} == {by.pk}


def test_a_load_that_fails_leaves_the_triggers_and_no_line(by, at):
    rows = list(person_rows(by, at, 600))
    rows[-1] = rows[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.bulk_load(Person, COLUMNS, rows)
    assert (missing(connection), changes("registry.Person")) == ([], [])
    bulk.bulk_load(Person, COLUMNS, rows[:-1])
    assert missing(connection) == []
    assert sum(row.last_id - row.row_id + 1 for row in changes("registry.Person")) == 599


def test_a_load_without_keys_and_one_with_gaps(by, at):
    columns = [name for name in COLUMNS if name != "id"]
    bulk.bulk_load(Person, columns, [row[1:] for row in person_rows(by, at, 600)])
    every_second = list(person_rows(by, at, 1200))[::2]
    bulk.bulk_load(Person, COLUMNS, every_second)
    lines = changes("registry.Person")
    assert len(lines) == 1 + 600
    recorded = {key for line in lines for key in range(line.row_id, line.last_id + 1)}
    assert recorded == set(Person.objects.values_list("id", flat=True))


def test_raw_sql_is_written_down(by):
    place = Place.objects.create(**make.recorded(by, name="It's", kind="x"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_place SET name = 'x\"y\\z' WHERE id = %s", [place.pk])
        cursor.execute("DELETE FROM registry_place WHERE id = %s", [place.pk])
    _inserted, changed, deleted = changes("registry.Place")
    assert (changed.before, changed.after) == ({"name": "It's"}, {"name": 'x"y\\z'})
    assert deleted.before["name"] == 'x"y\\z'


def test_an_update_that_changes_nothing_is_no_change(by):
    place = Place.objects.create(**make.recorded(by, name="Market", kind="market"))
    Place.objects.filter(pk=place.pk).update(name="Market")
    assert [row.kind for row in changes("registry.Place")] == ["I"]


def test_what_is_sealed_stays_sealed_and_what_identifies_is_withheld(by):
    person = make.person(by, name="王小明", key_name=42)
    sealed = bytes(person.identity_sealed)
    Person.objects.filter(pk=person.pk).update(identity_sealed=b"\x01\x02", key_name=43)
    change = changes("registry.Person", kind="U")[0]
    assert change.before == {"identity_sealed": sealed.hex().upper(), "key_name": "…"}
    assert change.after == {"identity_sealed": "0102", "key_name": "…"}
    assert "王小明" not in str(change.before)


def test_a_password_is_never_in_a_picture(by):
    by.set_password("another long one")
    by.save()
    assert changes("governance.User", kind="U")[-1].after["password"] == "…"


def test_json_columns_are_json_and_areas_have_their_path_as_key(by):
    Area.objects.filter(path=make.DAOLI).update(aliases=["Dao Li", "道里"])
    change = changes("registry.Area", kind="U")[0]
    assert (change.row_key, change.row_id) == (make.DAOLI, None)
    assert (change.before, change.after) == ({"aliases": []}, {"aliases": ["Dao Li", "道里"]})


def test_rows_between_many_and_many(by):
    incident = make.incident(by)
    incident.areas.add(Area.objects.get(path="CN0022"))
    assert changes("incidents.Incident_areas", kind="I")


def test_an_action_says_who_acted_and_what_was_done(by, at):
    case = make.case(make.incident(by), by, area_id=make.DAOLI)
    amend_cases(cases=[case], reason="laboratory", changes={"age": 41.0}, by=by, at=at + timedelta(hours=1))
    change = changes("cases.Case", kind="U")[0]
    assert (change.before["age"], change.after["age"]) == (None, 41.0)
    assert change.deed.by_id == by.pk
    assert "case.amended" in change.deed.entries.values_list("action", flat=True)


def test_two_authors_in_one_transaction_are_two_deeds(by):
    other = make.user()
    with writing_as(by):
        Place.objects.create(**make.recorded(by, name="A", kind="x"))
    with writing_as(other):
        Place.objects.create(**make.recorded(by, name="B", kind="x"))
    assert [row.deed.by_id for row in changes("registry.Place")] == [by.pk, other.pk]


def test_a_deed_that_is_rolled_back_is_not_named_by_what_follows(by):
    class Undo(Exception):
        pass

    with writing_as(by):
        with pytest.raises(Undo), transaction.atomic():
            Place.objects.create(**make.recorded(by, name="A", kind="x"))
            raise Undo
        Place.objects.create(**make.recorded(by, name="B", kind="x"))
    (change,) = changes("registry.Place")
    assert change.deed.by_id == by.pk


def test_history_and_the_database_agree(by, at):
    case = make.case(make.incident(by), by)
    history.amend([case], age=41.0, note="x", by=by, at=at + timedelta(hours=1))
    change = changes("cases.Case", kind="U")[0]
    kept = history.past_of(case)[0].values
    assert {name: change.before[name] for name in kept} == kept
    assert Case.objects.get().age == change.after["age"]


def test_the_audit_itself_is_watched(by, at):
    entry = audit.record(by=by, at=at, action="case.viewed")
    AuditEntry.objects.filter(pk=entry.pk).update(action="nothing")
    Grant.objects.filter(user=by).update(role="analyst")
    assert changes("governance.AuditEntry")[0].before == {"action": "case.viewed"}
    assert changes("governance.Grant", kind="U")[0].after == {"role": "analyst"}
    AuditEntry.objects.filter(pk=entry.pk).delete()
    assert changes("governance.AuditEntry")[-1].kind == "D"


@pytest.mark.django_db(transaction=True)
def test_each_transaction_is_its_own_deed(by):
    with writing_as(by, via="a page"):
        for name in "AB":
            with transaction.atomic():
                Place.objects.create(**make.recorded(by, name=name, kind="x"))
                Place.objects.filter(name=name).update(kind="y")
        Place.objects.filter(name="A").update(kind="z")  # outside a transaction
    found = changes("registry.Place", kind__in="IU")
    assert len(found) == 5
    assert len({row.deed_id for row in found}) == 3
    assert {row.deed.by_id for row in found} == {by.pk}
