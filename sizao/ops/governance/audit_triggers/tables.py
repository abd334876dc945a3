"""Which tables are watched, and which of their columns a picture of a row holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

#: Written once and never changed: their insertion is itself the record, a later change is recorded.
APPEND_ONLY = {
    "governance.AuditEntry",
    "governance.AuditSubject",
    "governance.Deed",
    "governance.LedgerEntry",
    "governance.PastState",
}
#: The record itself. A trigger on it would record recording.
NOT_WATCHED = {"governance.RowChange"}
#: Whose identifying columns are shown: those who work here answer for what they do by name.
STAFF = {"governance.User"}
SECRET = {"password"}
#: A memory of rows is not remembered a second time: what goes from it must be gone.
MEMORIES = {"governance.PastState": {"values"}, "governance.AuditEntry": {"reason"}}


@dataclass(frozen=True)
class Column:
    """A column of a picture. A withheld one is named when it changes, its value is not kept."""

    name: str
    is_bytes: bool
    is_json: bool
    withheld: bool


@dataclass(frozen=True)
class Table:
    """A watched table: its model's label, its name, its key, and the columns of a picture."""

    label: str
    name: str
    key: str
    key_is_number: bool
    insertions: bool
    columns: tuple[Column, ...]


def watched_models() -> list[type[models.Model]]:
    """Every model of the operation with a table of its own, those between many and many included."""
    found = (model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("sizao.ops."))
    real = (model for model in found if model._meta.managed and not model._meta.proxy)
    return sorted((model for model in real if model._meta.label not in NOT_WATCHED), key=lambda m: m._meta.label)


def watched_tables() -> list[Table]:
    return [_table(model) for model in watched_models()]


def _table(model: type[models.Model]) -> Table:
    key = model._meta.pk
    number = isinstance(key.target_field if key.is_relation else key, models.IntegerField)
    label = model._meta.label
    return Table(label, model._meta.db_table, key.column, number, label not in APPEND_ONLY, tuple(_columns(model)))


def _columns(model: type[models.Model]) -> Iterator[Column]:
    privacy = getattr(model, "privacy", None)
    identifying = privacy.identifying if privacy and model._meta.label not in STAFF else frozenset()
    hidden = SECRET | MEMORIES.get(model._meta.label, set())
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        is_bytes = isinstance(field, models.BinaryField)
        withheld = field.name in hidden or (field.name in identifying and not is_bytes)
        yield Column(field.column, is_bytes, isinstance(field, models.JSONField), withheld)
