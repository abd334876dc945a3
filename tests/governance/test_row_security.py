"""The second wall stands: unset is nothing, also after a reset and with parallel plans; a forgotten filter meets it."""

import psycopg
import pytest

from sizao.ops.governance import row_security
from sizao.ops.governance.access import NOWHERE
from sizao.ops.governance.row_security import policy, settings_of
from tests import factories as make
from tools import postgresql

ROWS = 60_000
#: 60 counties of three cities, and every hundredth row without an area.
TABLE = f"""
    CREATE TABLE people (
        id bigint PRIMARY KEY, area_id varchar(40), name text,
        l1 varchar(6) GENERATED ALWAYS AS (substr(area_id, 1, 6)) STORED,
        l2 varchar(10) GENERATED ALWAYS AS (substr(area_id, 1, 10)) STORED,
        l3 varchar(14) GENERATED ALWAYS AS (substr(area_id, 1, 14)) STORED,
        l4 varchar(18) GENERATED ALWAYS AS (substr(area_id, 1, 18)) STORED
    );
    INSERT INTO people (id, area_id, name)
        SELECT n, CASE WHEN n % 100 = 0 THEN NULL ELSE
            'CN0023' || lpad((n % 3)::text, 4, '0') || lpad((n % 60)::text, 4, '0') END, 'name ' || n
        FROM generate_series(1, {ROWS}) n;
    CREATE INDEX ON people (l3, id);
    CREATE ROLE web LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON people TO web;
    ANALYZE people;
"""
COUNTY = "CN002300010001"
PARALLEL = (
    "SET max_parallel_workers_per_gather = 4; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
    "SET min_parallel_table_scan_size = 0; SET enable_indexscan = off; SET enable_bitmapscan = off; "
    "SET enable_indexonlyscan = off"
)


@pytest.fixture(scope="module")
def address():
    if postgresql.binaries() is None:
        from tests.conftest import missing

        missing("postgresql", "PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgresql.server() as address:
        with psycopg.connect(address, autocommit=True) as owner:
            owner.execute(TABLE)
            for statement in policy("people"):
                owner.execute(statement)
        yield address


@pytest.fixture(params=[False, True], ids=["serial", "parallel"])
def web(address, request):
    """A connection as the web processes have it: not the owner."""
    with psycopg.connect(address.replace("sizao@", "web@"), autocommit=True) as connection:
        if request.param:
            connection.execute(PARALLEL)
            plan = str(connection.execute("EXPLAIN SELECT count(*) FROM people").fetchall())
            assert "Parallel" in plan, plan
        yield connection


def tell(connection, *paths):
    for name, value in settings_of(paths).items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))


def seen(connection) -> int:
    return connection.execute("SELECT count(*) FROM people").fetchone()[0]


def test_nothing_set_is_nothing_shown(web):
    assert seen(web) == 0


def test_a_setting_that_went_leaves_nothing_behind(web):
    """A transaction's own setting reverts to an empty text, not to nothing: where a pattern would match everything."""
    with web.transaction():
        for name, value in settings_of([COUNTY]).items():
            web.execute("SELECT set_config(%s, %s, true)", (name, value))
        assert seen(web) > 0
    assert web.execute("SELECT current_setting('sizao.l3', true)").fetchone()[0] == ""
    assert seen(web) == 0
    web.execute("RESET ALL")
    assert seen(web) == 0


@pytest.mark.parametrize(
    ("paths", "share"),
    [([COUNTY], 1 / 60), (["CN00230001"], 1 / 3), (["CN0023"], 1), (["CN"], 1), ([COUNTY, "CN002300020002"], 2 / 60)],
)
def test_a_scope_shows_its_rows_and_no_other(web, paths, share):
    tell(web, *paths)
    rows = web.execute("SELECT area_id FROM people").fetchall()
    assert all(any(area.startswith(path) for path in paths) for [area] in rows)
    owner_says = ROWS * share
    assert 0.97 * owner_says <= len(rows) <= owner_says


def test_rows_without_an_area_are_shown_to_whom_they_are_told(web):
    tell(web, COUNTY)
    assert web.execute("SELECT count(*) FROM people WHERE area_id IS NULL").fetchone()[0] == 0
    tell(web, NOWHERE)
    assert seen(web) == ROWS // 100
    tell(web, "")
    assert seen(web) == ROWS


def test_nothing_is_written_beyond_the_scope(web):
    tell(web, COUNTY)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("INSERT INTO people (id, area_id) VALUES (-1, 'CN002300020002')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("UPDATE people SET area_id = 'CN002300020002'")
    assert web.execute("UPDATE people SET name = 'x' WHERE area_id = 'CN002300020002'").rowcount == 0


def test_a_hostile_path_is_data():
    told = settings_of(["CN0023", "CN0023' OR 'a'='a"])
    assert "everywhere" not in [value for value in told.values() if value == "on"]
    assert told[row_security.EVERYWHERE] == ""


@pytest.mark.django_db
def test_every_table_that_says_of_whom_has_the_wall():
    """On PostgreSQL the migration built it; which tables it is to be is the same on both."""
    from django.apps import apps
    from django.db import connection

    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(row_security.TABLES) <= tables
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [row_security.POLICY])
            assert {table for [table] in cursor.fetchall()} >= set(row_security.TABLES)


@pytest.mark.django_db
def test_a_scope_ends_where_it_began():
    from django.db import connection

    make.areas()
    with row_security.scoped(connection, [COUNTY]), row_security.everywhere(connection, "the test says so"):
        pass
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('sizao.everywhere', true), current_setting('sizao.l3', true)")
            assert [value or "" for value in cursor.fetchone()] == ["", ""]
    with pytest.raises(ValueError, match="say why"), row_security.everywhere(connection, ""):
        pass


@pytest.mark.django_db
def test_a_request_is_held_to_its_readers_areas(client, settings, monkeypatch):
    """What a connection is told while a page is made: the reader's areas, and nothing before log-in."""
    from contextlib import nullcontext

    from sizao.config.accounts import row_scope
    from sizao.ops.governance.roles import Role

    told = []
    monkeypatch.setattr(row_scope, "scoped", lambda _connection, paths: told.append(set(paths)) or nullcontext())
    monkeypatch.setattr(row_scope, "is_held", lambda: settings.ROW_SECURITY)
    settings.ROW_SECURITY = True
    make.areas()
    client.get("/log-in/")
    client.force_login(make.user(Role.INVESTIGATOR, make.DAOLI))
    client.get("/language/")
    assert told == [set(), {make.DAOLI, NOWHERE}]
    settings.ROW_SECURITY = False
    client.get("/language/")
    assert len(told) == 2
