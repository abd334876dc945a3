"""Finding a record in the lists that showed it.

A page of a list writes one entry with the numbers of its rows, and no more: it is read all day. The rows that answer
"who saw this record" (`AuditSubject`) are made from such entries afterwards, by the schedule and before the question
is asked.
"""

import json
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from sizao.ops.governance.models import AuditEntry, AuditSubject

#: Details that list the records an entry showed, and of what model they are.
LISTED = {"cases": "cases.Case", "contacts": "tracing.Contact", "persons": "registry.Person"}
#: Entries that pages write; their subjects are made later.
PAGES = {"cases.listed", "contacts.listed", "round.viewed"}
#: Entries are numbered before they are kept, so a lower number may appear after a higher one: look back this far.
LOOK_BACK = 1_000


def write_subjects(entry_id: int, details: dict) -> None:
    """The records that an entry's details list, one statement for each kind."""
    for model, rows in _listed(details):
        is_postgresql = connection.vendor == "postgresql"
        listed = "unnest(%s::bigint[])" if is_postgresql else "value FROM json_each(%s)"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {AuditSubject._meta.db_table} (entry_id, model, row_id) SELECT %s, %s, {listed}",
                [entry_id, model, rows if is_postgresql else json.dumps(rows)],
            )


@transaction.atomic
def index_pages() -> int:
    """Make the subjects of the pages written since the last time; how many pages that were."""
    seen = Exists(AuditSubject.objects.filter(entry=OuterRef("pk")))
    pages = AuditEntry.objects.filter(action__in=PAGES)
    newest = pages.filter(seen).order_by("-pk").values_list("pk", flat=True).first() or 0
    waiting = pages.filter(~seen, pk__gt=newest - LOOK_BACK).values_list("pk", "details")
    done = 0
    for entry_id, details in waiting:
        write_subjects(entry_id, details)
        done += 1
    return done


def _listed(details: dict) -> Iterator[tuple[str, list[int]]]:
    for name, model in LISTED.items():
        ids = details.get(name)
        if isinstance(ids, list | tuple | set) and (rows := sorted({each for each in ids if isinstance(each, int)})):
            yield model, rows
