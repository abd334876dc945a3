"""Puts the triggers onto the tables the models describe now, after every migration and on demand.

What is already there and the same is left alone, so that asking again costs one query.
"""

from django.db import connections, transaction

from sizao.ops.governance.audit_triggers import postgresql, sqlite
from sizao.ops.governance.audit_triggers.tables import watched_tables


def wanted(vendor: str) -> dict[str, str]:
    """Trigger name → statement, for every watched table."""
    make = postgresql.triggers if vendor == "postgresql" else sqlite.triggers
    return {name: statement for table in watched_tables() for name, statement in make(table)}


def present(connection) -> dict[str, str]:
    """Trigger name → what it was made of; on PostgreSQL "" where somebody switched it off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, CASE WHEN t.tgenabled IN ('O', 'A') THEN p.prosrc ELSE '' END FROM pg_trigger t "
                "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE t.tgname LIKE 'sizao\\_audit\\_%' AND c.relnamespace = current_schema()::regnamespace"
            )
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 12) = 'sizao_audit_'"
            )
        return dict(cursor.fetchall())


def missing(connection) -> list[str]:
    """Triggers that are not there or not as they should be; empty is what `sizao audit verify` wants."""
    found = present(connection)
    should = _sources() if connection.vendor == "postgresql" else wanted(connection.vendor)
    return sorted(name for name, made_of in should.items() if found.get(name) != made_of)


def install(connection) -> list[str]:
    """Make what is missing, take off what no model asks for. Returns the names of what was made."""
    make = missing(connection)
    left_over = present(connection).keys() - wanted(connection.vendor).keys()
    if not make and not left_over:
        return []
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _take_off(connection, cursor, [*left_over, *(present(connection).keys() & set(make))])
        statements = wanted(connection.vendor)
        if connection.vendor == "postgresql":
            for table in watched_tables():
                cursor.execute(postgresql.function(table))
        for name in make:
            cursor.execute(statements[name])
    return make


def take_off(connection) -> None:
    """SQLite remakes a table to alter it and refuses while triggers name what is not there yet."""
    with connection.cursor() as cursor:
        _take_off(connection, cursor, present(connection))


def _take_off(connection, cursor, names) -> None:
    tables = {name: table.name for table in watched_tables() for name in _names(table)}
    for name in names:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [name])
            for (table,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}" ON {tables.get(name, table)}')
        else:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def _names(table) -> list[str]:
    return [name for name, _statement in postgresql.triggers(table)]


def _sources() -> dict[str, str]:
    """On PostgreSQL a trigger's substance is its function's body."""
    sources = {}
    for table in watched_tables():
        body = postgresql.function(table).split("$sizao$")[1]
        sources |= dict.fromkeys(_names(table), body)
    return sources


def before_migrating(sender, using, plan=(), **_) -> None:
    """On SQLite only, and only when something will be altered."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        take_off(connection)


def after_migrating(sender, using, apps=None, **_) -> None:
    """As soon as the tables are as the models say."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if {table.name for table in watched_tables()} | {"governance_rowchange", "governance_deed"} <= tables:
        install(connection)
