"""The second wall, on PostgreSQL alone: the database itself shows a connection no row outside its scope.

The first wall are the queries (`access.within`). A query that forgot its scope meets this one, if the web processes
log in as a role that does not own the tables; the owner, who migrates, backs up and runs commands, is not held by it.

A row is shown where a generated column of its area equals one of the scope's. Equality, because a pattern would match
everything once a setting is empty, which is what PostgreSQL leaves behind on a connection that had one; `nullif` says
the same of an empty list. Nothing set is nothing shown.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sizao.ops.governance.access import NOWHERE, SEGMENT

#: The tables held: those that say of whom something is known.
TABLES = (
    "registry_person", "registry_household", "registry_lookalike", "cases_case", "tracing_contact", "incidents_task",
)  # fmt: skip
#: A setting of the connection for each depth of area, country first.
SETTINGS = ("sizao.l0", "sizao.l1", "sizao.l2", "sizao.l3", "sizao.l4")
UNPLACED, EVERYWHERE = "sizao.unplaced", "sizao.everywhere"
POLICY = "sizao_scope"


def policy(table: str) -> list[str]:
    """The statements that put the wall around a table."""
    columns = ("left(area_id, 2)", "l1", "l2", "l3", "l4")
    within = [
        f"{column} = ANY (string_to_array(nullif(current_setting('{name}', true), ''), ','))"
        for column, name in zip(columns, SETTINGS, strict=True)
    ]
    shown = " OR ".join(
        [
            f"current_setting('{EVERYWHERE}', true) = 'on'",
            *within,
            f"(area_id IS NULL AND current_setting('{UNPLACED}', true) = 'on')",
        ]
    )
    return [
        f"DROP POLICY IF EXISTS {POLICY} ON {table}",
        f"CREATE POLICY {POLICY} ON {table} USING ({shown}) WITH CHECK ({shown})",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    ]


def no_policy(table: str) -> list[str]:
    return [f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", f"DROP POLICY IF EXISTS {POLICY} ON {table}"]


def settings_of(paths: Iterable[str]) -> dict[str, str]:
    """What a connection is told of these areas; an area below the township counts as its township."""
    found: dict[str, list[str]] = {name: [] for name in SETTINGS}
    told = dict.fromkeys((*SETTINGS, UNPLACED, EVERYWHERE), "")
    for path in paths:
        if path == "":
            told[EVERYWHERE] = "on"
        elif path == NOWHERE:
            told[UNPLACED] = "on"
        else:
            level = min((len(path) - 2) // SEGMENT, 4)
            found[SETTINGS[level]].append(path[: 2 + SEGMENT * level])
    return told | {name: ",".join(sorted(values)) for name, values in found.items()}


@contextmanager
def scoped(connection, paths: Iterable[str]) -> Iterator[None]:
    """Inside, this connection sees the rows of these areas; what it saw before it sees again afterwards."""
    if connection.vendor != "postgresql":
        yield
        return
    before = _told(connection)
    _tell(connection, settings_of(paths))
    try:
        yield
    finally:
        _tell(connection, before)


@contextmanager
def everywhere(connection, why: str) -> Iterator[None]:
    """A read across all areas, spelled out: `why` stands in the code for whoever reads it."""
    if not why:
        raise ValueError("say why this read goes beyond every scope")
    with scoped(connection, ("",)):
        yield


def _told(connection) -> dict[str, str]:
    names = (*SETTINGS, UNPLACED, EVERYWHERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in names))
        return dict(zip(names, cursor.fetchone(), strict=True))


def _tell(connection, told: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        settings = ", ".join("set_config(%s, %s, false)" for _name in told)
        cursor.execute(f"SELECT {settings}", [each for pair in told.items() for each in pair])
