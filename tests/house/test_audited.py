"""Every table of the operation is watched by the database itself, on both databases."""

import pytest
from django.apps import apps
from django.db import connection

from sizao.ops.governance.audit_triggers import postgresql, sqlite
from sizao.ops.governance.audit_triggers.install import install, missing, present, take_off
from sizao.ops.governance.audit_triggers.tables import APPEND_ONLY, NOT_WATCHED, watched_tables

TABLES = {table.label: table for table in watched_tables()}
OURS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("sizao.") and model._meta.managed
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_table_is_watched(model):
    assert model._meta.label in TABLES.keys() | NOT_WATCHED


def test_what_is_not_watched_is_the_record_itself():
    assert {"governance.RowChange"} == NOT_WATCHED
    assert TABLES.keys() >= APPEND_ONLY


@pytest.mark.parametrize("make", [sqlite.triggers, postgresql.triggers])
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_changes_and_deletions_of_every_table_and_insertions_of_most(table, make):
    events = {name.split("_")[2] for name, _statement in make(table)}
    assert events >= {"update", "delete"}
    assert ("insert" in events) == (table.label not in APPEND_ONLY)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_picture_holds_every_column(table):
    model = apps.get_model(table.label)
    own = {field.column for field in model._meta.concrete_fields if not field.generated}
    assert {column.name for column in table.columns} == own


@pytest.mark.django_db
def test_the_database_has_them_all():
    assert missing(connection) == []
    assert len(present(connection)) > 2 * len(TABLES)


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_off_is_seen_and_put_back():
    take_off(connection)
    assert len(missing(connection)) > 2 * len(TABLES)
    install(connection)
    assert missing(connection) == []
