"""What hangs on a person in the other rooms, by name only: the registry does not know the rooms above it.

A room's rows appear on a person's page when its model stands in PANELS: the permission that shows a row, and the
address of its page with the name of its key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from sizao.ops.governance import access
from sizao.ops.governance.models import User
from sizao.ops.registry.models import Person
from sizao.vocabulary.text import N_, Message

AT_MOST = 200


@dataclass(frozen=True)
class Panel:
    """One kind of row of a person."""

    label: Message
    permission: str
    page: str
    key: str


PANELS = {
    "cases.Case": Panel(N_("Cases"), "case.view", "cases:case", "case_id"),
    "tracing.Contact": Panel(N_("Contacts"), "contact.view", "tracing:contact", "contact_id"),
}


@dataclass(frozen=True)
class Belonging:
    """A row of the person: what it is called, its incident, since when, its page ("" where there is none)."""

    name: str
    incident: Model
    recorded_at: datetime
    href: str


def belongings(person: Person, *, by: User, at: datetime) -> Iterator[tuple[Message, list[Belonging]]]:
    """The rows the reader may see, by kind."""
    for label, panel in PANELS.items():
        mine = access.within(access.reach(by, panel.permission, at=at).paths)
        rows = apps.get_model(label)._base_manager.filter(mine, person=person).select_related("incident")
        yield panel.label, [_belonging(row, panel) for row in rows.order_by("-id")[:AT_MOST]]


def _belonging(row: Model, panel: Panel) -> Belonging:
    try:
        href = reverse(panel.page, kwargs={"incident_id": row.incident_id, panel.key: row.pk})
    except NoReverseMatch:
        href = ""
    return Belonging(str(row), row.incident, row.recorded_at, href)
