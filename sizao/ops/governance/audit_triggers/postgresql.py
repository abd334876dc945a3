"""The triggers as PostgreSQL wants them: one call a statement, over all the rows it changed."""

from sizao.ops.governance.audit_triggers.tables import Column, Table

PREFIX = "sizao_audit_"
DEED = "nullif(current_setting('sizao.deed', true), '')::bigint"
INTO = "INSERT INTO governance_rowchange (deed_id, model, row_id, last_id, row_key, kind, before, after)"
#: event → the names under which a statement's rows are handed over
HANDED_OVER = {
    "insert": "REFERENCING NEW TABLE AS new_rows ",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows ",
    "delete": "REFERENCING OLD TABLE AS old_rows ",
    "truncate": "",
}


def function(table: Table) -> str:
    """One function for all events of a table."""
    return (
        f'CREATE OR REPLACE FUNCTION "{PREFIX}{table.name}"() RETURNS trigger LANGUAGE plpgsql AS $sizao$\n'
        "BEGIN\n"
        f"IF TG_OP = 'INSERT' THEN\n{_inserted(table)};\n"
        f"ELSIF TG_OP = 'UPDATE' THEN\n{_updated(table)};\n"
        f"ELSIF TG_OP = 'DELETE' THEN\n{_deleted(table)};\n"
        f"ELSE\n{INTO} VALUES ({DEED}, '{table.label}', NULL, NULL, '', 'T', NULL, NULL);\n"
        "END IF;\n"
        "RETURN NULL;\n"
        "END $sizao$"
    )


def triggers(table: Table) -> list[tuple[str, str]]:
    """(name, statement) of each trigger of a table."""
    events = [event for event in HANDED_OVER if table.insertions or event != "insert"]
    return [(f"{PREFIX}{event}_{table.name}", _trigger(table, event)) for event in events]


def _trigger(table: Table, event: str) -> str:
    return (
        f'CREATE TRIGGER "{PREFIX}{event}_{table.name}" AFTER {event.upper()} ON "{table.name}" '
        f'{HANDED_OVER[event]}FOR EACH STATEMENT EXECUTE FUNCTION "{PREFIX}{table.name}"()'
    )


def _inserted(table: Table) -> str:
    """Rows with keys one after the other are one line."""
    key = _quoted(table.key)
    if not table.key_is_number:
        return f"{INTO} SELECT {DEED}, '{table.label}', NULL, NULL, {key}, 'I', NULL, NULL FROM new_rows"
    return (
        f"{INTO} SELECT {DEED}, '{table.label}', min({key}), max({key}), '', 'I', NULL, NULL\n"
        f"FROM (SELECT {key}, {key} - row_number() OVER (ORDER BY {key}) AS run FROM new_rows) AS numbered\n"
        "GROUP BY run ORDER BY 3"
    )


def _updated(table: Table) -> str:
    """Old and new rows meet by key; a key that itself changed shows as one row gone and one come."""
    key = _quoted(table.key)
    keys = f"coalesce(o.{key}, n.{key})"
    differs = " OR ".join(_changed(column) for column in table.columns)
    return (
        f"{INTO} SELECT {DEED}, '{table.label}', {_keys(table, keys)},\n"
        f"CASE WHEN o.{key} IS NULL THEN 'I' WHEN n.{key} IS NULL THEN 'D' ELSE 'U' END,\n"
        f"{_picture(table, 'o', changed_only=True)},\n{_picture(table, 'n', changed_only=True)}\n"
        f"FROM old_rows o FULL JOIN new_rows n ON o.{key} = n.{key}\nWHERE {differs}"
    )


def _deleted(table: Table) -> str:
    key = f"o.{_quoted(table.key)}"
    picture = _picture(table, "o", changed_only=False)
    return f"{INTO} SELECT {DEED}, '{table.label}', {_keys(table, key)}, 'D',\n{picture}, NULL FROM old_rows o"


def _keys(table: Table, key: str) -> str:
    return f"{key}, {key}, ''" if table.key_is_number else f"NULL, NULL, {key}"


def _picture(table: Table, row: str, *, changed_only: bool) -> str:
    parts = []
    for column in table.columns:
        told = f"""'"{column.name}":' || {_value(column, row)}"""
        parts.append(f"CASE WHEN {_changed(column)} THEN {told} END" if changed_only else told)
    return f"('{{' || concat_ws(',', {', '.join(parts)}) || '}}')::jsonb"


def _value(column: Column, row: str) -> str:
    name = f"{row}.{_quoted(column.name)}"
    if column.withheld:
        return """'"…"'"""
    if column.is_bytes:
        return f"""coalesce('"' || upper(encode({name}, 'hex')) || '"', 'null')"""
    return f"coalesce(to_json({name})::text, 'null')"


def _changed(column: Column) -> str:
    return f"o.{_quoted(column.name)} IS DISTINCT FROM n.{_quoted(column.name)}"


def _quoted(name: str) -> str:
    return f'"{name}"'
