"""Tells the database who is writing, so that its triggers can say so.

Before the first write of a transaction to one of our tables a row of `Deed` is written: who, when, from which page
or command. SQLite's triggers ask a function of the connection for its number, PostgreSQL's a setting of the
transaction. A deed lasts as long as its transaction and its author, and goes with them when they are rolled back.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import connection as default_connection

WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|WITH|COPY|TRUNCATE|MERGE)\b", re.IGNORECASE)
BEGINS_ANEW = ("BEGIN", "ROLLBACK TO")
OWN = ("governance_deed", "governance_rowchange")


@dataclass(frozen=True)
class Author:
    """Who writes (a user's id), from which page or command, in which request."""

    by: int | None = None
    via: str = ""
    request: str = ""


_author: ContextVar[Author] = ContextVar("author", default=Author())  # noqa: B039 (it is frozen)


@contextmanager
def writing_as(by=None, *, via: str = "", request: str = "") -> Iterator[None]:
    """Everything written inside is this author's; a page, a command and a task each open one."""
    token = _author.set(Author(getattr(by, "pk", by), via[:80], request[:36]))
    try:
        yield
    finally:
        _author.reset(token)


def acts(user) -> None:
    """From here on `user` acts, for whoever asked: said by `access.check`, which every action asks first."""
    known = _author.get()
    if known.by != user.pk:
        _author.set(replace(known, by=user.pk))


def opened(via: str, user_id: int | None) -> None:
    """The page of this request is known now, and who asked for it."""
    _author.set(replace(_author.get(), by=user_id, via=via[:80]))


def author() -> Author:
    return _author.get()


def current_deed(connection=default_connection) -> int | None:
    """The deed of this transaction, begun if need be."""
    if connection.in_atomic_block:
        watching(connection).begin()
    return watching(connection).deed


class Watch:
    """Stands before every statement of one connection and announces the author of writes to our tables."""

    def __init__(self, connection):
        self.connection, self.announced, self.deed = connection, None, None
        self.can_announce = False  # not before the migration that makes the table

    def __call__(self, execute, sql, params, many, context) -> Any:
        text = str(sql)
        if text.startswith(BEGINS_ANEW) or self._is_idle():
            self.announced = self.deed = None
        if WRITES.match(text) and _our_tables().search(text) and not any(name in text[:60] for name in OWN):
            self.begin()
        return execute(sql, params, many, context)

    def begin(self) -> None:
        """Announce the author unless this transaction knows of them already."""
        if self._is_idle():
            self.announced = None
        wanted = _author.get()
        if self.announced != wanted and self._has_table():
            self.deed = self._write(wanted)
            self.announced = wanted

    def _is_idle(self) -> bool:
        raw = self.connection.connection
        if raw is None:
            return True
        return raw.info.transaction_status == 0 if self.connection.vendor == "postgresql" else not raw.in_transaction

    def _has_table(self) -> bool:
        if not self.can_announce:
            self.connection.ensure_connection()
            asked = (
                "SELECT 1 FROM pg_class WHERE oid = to_regclass('governance_deed')"
                if self.connection.vendor == "postgresql"
                else "SELECT 1 FROM sqlite_master WHERE name = 'governance_deed'"
            )
            self.can_announce = self.connection.connection.execute(asked).fetchone() is not None
        return self.can_announce

    def _write(self, who: Author) -> int:
        raw = self.connection.connection
        if self.connection.vendor == "postgresql":
            statement = (
                "WITH made AS (INSERT INTO governance_deed (at, by_id, via, request) "
                "VALUES (clock_timestamp(), %s, %s, %s) RETURNING id) "
                "SELECT set_config('sizao.deed', id::text, %s) FROM made"
            )
            values = (who.by, who.via, who.request, self.connection.in_atomic_block)
            with raw.cursor() as cursor:
                return int(cursor.execute(statement, values).fetchone()[0])
        statement = (
            "INSERT INTO governance_deed (at, by_id, via, request) "
            "VALUES (strftime('%Y-%m-%d %H:%M:%f', 'now'), ?, ?, ?)"
        )
        return raw.execute(statement, (who.by, who.via, who.request)).lastrowid


def prepare(sender, connection, **_) -> None:
    """On every new connection: its statements are watched, and SQLite's triggers can ask for the deed."""
    watch = watching(connection)
    if connection.vendor == "sqlite":
        connection.connection.create_function("sizao_deed", 0, lambda: watch.deed)


def watching(connection) -> Watch:
    """The watch of a connection."""
    found = next((wrapper for wrapper in connection.execute_wrappers if isinstance(wrapper, Watch)), None)
    if found is None:
        found = Watch(connection)
        connection.execute_wrappers.append(found)
    return found


def _our_tables() -> re.Pattern[str]:
    global _pattern
    if _pattern is None:
        labels = [config.label for config in apps.get_app_configs() if config.name.startswith("sizao.ops.")]
        _pattern = re.compile(rf"\b(?:{'|'.join(labels)})_\w")
    return _pattern


_pattern: re.Pattern[str] | None = None
