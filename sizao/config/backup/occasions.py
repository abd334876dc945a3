"""When a backup is made without anybody asking: every night, and before a migration changes tables."""

import logging
from datetime import datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sizao.config.backup import copies
from sizao.config.backup.databases import Failed
from sizao.ops.governance.models import User

log = logging.getLogger("sizao.backup")


def nightly(by: User, at: datetime) -> str:
    """The job of the schedule. A failure is said in its result and in the log; the day's other work goes on."""
    try:
        path, manifest = copies.make(at=at, why="nightly")
    except (OSError, Failed) as error:
        log.error("the nightly backup failed: %s", error)
        return f"FAILED: {error}"
    gone = copies.thin_out()
    return f"{path.name}: {sum(manifest.counts.values())} rows, {manifest.n_files} files; {len(gone)} old ones gone"


def before_migrating(at: datetime) -> str:
    """A copy of what is there, if anything is and a migration is about to change it."""
    if "django_migrations" not in connection.introspection.table_names():
        return ""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ""
    path, _manifest = copies.make(at=at, why="before-migration")
    return str(path)
