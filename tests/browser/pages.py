"""Every page there is, found by walking the table of addresses, so that a new page is tried without a test written."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

#: A place in an address → the table whose first row stands in it. A page that needs anything else is not walked.
ROWS = {
    "incident_id": "incidents_incident",
    "case_id": "cases_case",
    "contact_id": "tracing_contact",
    "report_id": "reporting_report",
    "task_id": "incidents_task",
    "delivery_id": "intake_delivery",
    "user_id": "governance_user",
    "holding_id": "registry_holding",
}
FIXED = {
    "protocol": "cn-covid-9", "before": "cn-covid-8", "after": "cn-covid-9", "path": "KR", "measure": "cases_new",
    "level": 1,
}  # fmt: skip
#: One that ends the visit, and what belongs to allauth and is never linked.
NOT_WALKED = ("logout", "account_", "mfa_", "usersessions_", "socialaccount_")
#: Who tries a page, in this order; the first who may see it visits it.
VISITORS = ("duty", "administrator", "auditor", "signatory")


def addresses(home: Path) -> Iterator[str]:
    """The address of every GET page that needs no more than the rows of this installation."""
    known = values(home)
    for name, places in sorted(patterns(get_resolver().url_patterns)):
        if places <= known.keys() and not name.startswith(NOT_WALKED):
            yield reverse(name, kwargs={place: known[place] for place in places})


def patterns(table: list, room: str = "") -> set[tuple[str, frozenset[str]]]:
    """(name, places to fill) of every address."""
    found = set()
    for entry in table:
        if isinstance(entry, URLResolver):
            found |= patterns(entry.url_patterns, f"{room}{entry.namespace}:" if entry.namespace else room)
        elif isinstance(entry, URLPattern) and entry.name:
            found.add((room + entry.name, frozenset(entry.pattern.converters)))
    return found


def values(home: Path) -> dict:
    """What stands in the places of an address: rows of the installation's own database."""
    with sqlite3.connect(f"file:{home / 'sizao.sqlite3'}?mode=ro", uri=True) as database:
        first = {place: database.execute(f"SELECT min(id) FROM {table}").fetchone()[0] for place, table in ROWS.items()}
        [(person,)] = database.execute("SELECT uuid FROM registry_person ORDER BY id LIMIT 1").fetchall()
    return {place: row for place, row in first.items() if row} | FIXED | {"uuid": UUID(person)}


def is_page(answer) -> bool:
    """A whole page, neither a file nor a piece that another page fetches."""
    is_html = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
    return is_html and "<main" in answer.text()
