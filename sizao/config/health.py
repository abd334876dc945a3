"""Whether this process lives, and whether it can serve: the database answers and knows all migrations."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from sizao.ops.governance.keyring import keyring


def health(request: HttpRequest) -> JsonResponse:
    """Alive: the process answers and the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Ready for people: nothing is missing that a page would need. A proxy sends nobody here while it says 503."""
    missing = [name for name, check in CHECKS.items() if not check()]
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


def _database() -> bool:
    try:
        connection.ensure_connection()
        return not _unapplied()
    except DatabaseError:
        return False


def _unapplied() -> bool:
    """Asked until all are applied, then kept: an older version serves on while a newer one migrates."""
    global _was_complete
    if not _was_complete:
        executor = MigrationExecutor(connection)
        _was_complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not _was_complete


_was_complete = False


def _keys() -> bool:
    return bool(keyring().seal)


def _store() -> bool:
    return settings.STORE.is_dir()


CHECKS = {"database": _database, "keys": _keys, "store": _store}
