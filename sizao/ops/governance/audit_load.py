"""Rows written many at once are recorded once a stretch of keys, not once a row.

On SQLite the mere presence of a trigger doubles what a row of a bulk load costs, whatever the trigger does. So it is
taken off for the length of one statement and the load writes the same lines itself. Both happen inside the one
transaction that may write: nobody else can use the gap, and if anything fails the trigger was never gone.
PostgreSQL's trigger sees the whole load at once anyway; it only has to be told whose it is, because COPY passes by
the cursor's wrappers.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from django.db import connection, models

from sizao.ops.governance.audit_context import watching

WORTH_IT = 500  # rows from which taking the trigger off and putting it back is cheaper than suffering it


@contextmanager
def recorded_load(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple]) -> Iterator[None]:
    """Around the statement that inserts `rows`, whose values stand in the order of `columns`."""
    watch = watching(connection)
    watch.begin()
    insertion = _insertion_trigger(model) if connection.vendor == "sqlite" and len(rows) >= WORTH_IT else None
    if insertion is None:
        yield
        return
    name, statement = insertion
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        cursor.execute(statement)
    _write_lines(model, watch.deed, columns, rows)


def _insertion_trigger(model: type[models.Model]) -> tuple[str, str] | None:
    """Name and statement of the trigger in the way, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name LIKE %s",
            [model._meta.db_table, "sizao_audit_insert_%"],
        )
        return cursor.fetchone()


def _write_lines(model: type[models.Model], deed: int | None, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    key = model._meta.pk
    keys = [row[columns.index(key.column)] for row in rows] if key.column in columns else None
    if isinstance(key, models.IntegerField):
        lines = [(deed, model._meta.label, first, last, "") for first, last in _stretches(model, keys, len(rows))]
    else:
        lines = [(deed, model._meta.label, None, None, str(each)) for each in keys or ()]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO governance_rowchange (deed_id, model, row_id, last_id, row_key, kind) "
            "VALUES (%s, %s, %s, %s, %s, 'I')",
            lines,
        )


def _stretches(model: type[models.Model], keys: list[int] | None, n: int) -> list[tuple[int, int]]:
    """First and last of the keys that follow each other; keys the database gave are one stretch."""
    if keys is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            last = cursor.fetchone()[0]
        return [(last - n + 1, last)]
    runs = groupby(enumerate(sorted(keys)), key=lambda pair: pair[1] - pair[0])
    return [(run[0][1], run[-1][1]) for run in (list(pairs) for _offset, pairs in runs)]
