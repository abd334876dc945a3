"""Looks for words through the whole database and the file store: the proof that an erasure erased.

Every column of every table that can hold text or bytes, and every stored file (also unpacked and in the encodings
files come in). Slow on purpose: it believes no index and no model.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

ENCODINGS = ("utf-8", "gb18030", "utf-16-le")


def traces(words: Iterable[str]) -> list[str]:
    """Where any of the words stands: "table.column" or a file's name. Empty is what one wants to see."""
    plain = [word for word in words if word]
    wanted = sorted({*plain, *(json.dumps(word)[1:-1] for word in plain)})  # as JSON columns write them
    return sorted({*_in_tables(wanted), *_in_files(wanted)})


def searched() -> int:
    """How many columns a search looks at."""
    return len(columns())


def _in_tables(words: list[str]) -> Iterator[str]:
    with connection.cursor() as cursor:
        for table, column in columns():
            if any(_stands_in(cursor, table, column, word) for word in words):
                yield f"{table}.{column}"


def _stands_in(cursor, table: str, column: str, word: str) -> bool:
    if connection.vendor == "postgresql":
        as_text, as_bytes = f'"{column}"::text', "encode(convert_to(%s, 'UTF8'), 'hex')"
        condition = f"position(%s in {as_text}) > 0 OR position({as_bytes} in {as_text}) > 0"
    else:
        condition = f'instr("{column}", %s) > 0 OR instr("{column}", CAST(%s AS BLOB)) > 0'
    cursor.execute(f'SELECT 1 FROM "{table}" WHERE {condition} LIMIT 1', [word, word])
    return cursor.fetchone() is not None


def columns() -> list[tuple[str, str]]:
    """(table, column) of everything the database holds, as it tells it itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = current_schema() ORDER BY 1, 2"
            )
        else:
            cursor.execute(
                "SELECT t.name, c.name FROM sqlite_master t, pragma_table_xinfo(t.name) c "
                "WHERE t.type = 'table' ORDER BY 1, 2"
            )
        return cursor.fetchall()


def _in_files(words: list[str]) -> Iterator[str]:
    patterns = [word.encode(encoding, "ignore") for word in words for encoding in ENCODINGS]
    for path in sorted(Path(settings.STORE).rglob("*")):
        if path.is_file() and any(
            pattern and pattern in content for content in _contents(path) for pattern in patterns
        ):
            yield path.name


def _contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield packed.read(name)
    elif path.suffix == ".parquet":
        import polars as pl

        yield pl.read_parquet(path).write_csv().encode()
