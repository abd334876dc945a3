"""The triggers as SQLite wants them: one call a row."""

from collections.abc import Iterator

from sizao.ops.governance.audit_triggers.tables import Column, Table

PREFIX = "sizao_audit_"


def triggers(table: Table) -> Iterator[tuple[str, str]]:
    """(name, statement) of each trigger of a table."""
    if table.insertions:
        yield _trigger(table, "insert", _inserted(table))
    yield _trigger(table, "update", _updated(table))
    yield _trigger(table, "delete", _deleted(table))


def _trigger(table: Table, event: str, body: str) -> tuple[str, str]:
    name = f"{PREFIX}{event}_{table.name}"
    return name, f'CREATE TRIGGER "{name}" AFTER {event.upper()} ON "{table.name}" BEGIN\n{body}END'


def _inserted(table: Table) -> str:
    """Rows inserted one after the other are one line: it grows while the keys do."""
    if not table.key_is_number:
        return _line(table, "NEW", "'I'", "NULL", "NULL")
    key = f"NEW.{_quoted(table.key)}"
    grows = (
        f"UPDATE governance_rowchange SET last_id = {key} WHERE id = (SELECT max(id) FROM governance_rowchange) "
        f"AND last_id = {key} - 1 AND kind = 'I' AND model = '{table.label}' AND deed_id IS sizao_deed();\n"
    )
    return grows + _line(table, "NEW", "'I'", "NULL", "NULL", only_if=" WHERE changes() = 0")


def _updated(table: Table) -> str:
    before, after = (_picture(table, row, changed_only=True) for row in ("OLD", "NEW"))
    return _line(table, "OLD", "'U'", before, after, only_if=f" WHERE {_differs(table)}")


def _deleted(table: Table) -> str:
    return _line(table, "OLD", "'D'", _picture(table, "OLD", changed_only=False), "NULL")


def _line(table: Table, row: str, kind: str, before: str, after: str, only_if: str = "") -> str:
    key = f"{row}.{_quoted(table.key)}"
    keys = f"{key}, {key}, ''" if table.key_is_number else f"NULL, NULL, {key}"
    return (
        "INSERT INTO governance_rowchange (deed_id, model, row_id, last_id, row_key, kind, before, after)\n"
        f"SELECT sizao_deed(), '{table.label}', {keys}, {kind}, {before}, {after}{only_if};\n"
    )


def _picture(table: Table, row: str, *, changed_only: bool) -> str:
    """A JSON object made by joining texts: cheaper than SQLite's JSON functions, and unchanged columns cost a look."""
    parts = []
    for column in table.columns:
        told = f"""',"{column.name}":' || {_value(column, row)}"""
        parts.append(f"CASE WHEN {_changed(column)} THEN {told} ELSE '' END" if changed_only else told)
    return f"'{{' || substr({' || '.join(parts)}, 2) || '}}'"


def _value(column: Column, row: str) -> str:
    name = f"{row}.{_quoted(column.name)}"
    if column.withheld:
        return """'"…"'"""
    if column.is_bytes:
        return f"""coalesce('"' || hex({name}) || '"', 'null')"""
    return f"coalesce({name}, 'null')" if column.is_json else f"json_quote({name})"


def _changed(column: Column) -> str:
    return f"OLD.{_quoted(column.name)} IS NOT NEW.{_quoted(column.name)}"


def _differs(table: Table) -> str:
    return " OR ".join(_changed(column) for column in table.columns)


def _quoted(name: str) -> str:
    return f'"{name}"'
