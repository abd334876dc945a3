"""A change of a row said field by field: labels for columns, names for codes, days and moments as people write them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import get_language

from sizao.ops.cases.forms import LABELS
from sizao.ops.governance.models import RowChange, User
from sizao.ops.oversight.sentences import thing
from sizao.ops.registry.models import Area
from sizao.vocabulary import columns
from sizao.vocabulary.text import N_, Message

COLUMNS = {column.name: column for column in (*columns.PERSON, *columns.CASE, *columns.EXPOSURE, *columns.CONTACT)}
SEALED, WITHHELD = N_("(sealed)"), N_("(not shown)")
KINDS = {
    RowChange.INSERTED: N_("added"),
    RowChange.UPDATED: N_("changed"),
    RowChange.DELETED: N_("deleted"),
    RowChange.EMPTIED: N_("table emptied"),
}
#: Technical columns that every change touches and that say nothing to a reader.
SILENT = frozenset({"current_since", "recorded_at", "recorded_by_id", "batch_id", "id", "class_reason"})
OWN_LABELS = {
    "identity_sealed": N_("Identity"), "area_id": N_("Area"), "note": N_("Note"), "status": N_("State"),
    "merged_into_id": N_("Merged into"), "role": N_("Role"), "until": N_("Until"), "last_login": N_("Last log-in"),
    "password": N_("Password"), "is_active": N_("Account in use"),
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One column before and after."""

    label: Any
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """One row's change in words."""

    what: Message
    key: str
    kind: Message
    differences: tuple[Difference, ...]
    more: int = 0  # further rows added with it


def told(change: RowChange) -> Change:
    """A change as a reader sees it."""
    model = apps.get_model(change.model)
    before, after = change.before or {}, change.after or {}
    names = [name for name in {**before, **after} if name not in SILENT]
    differences = tuple(
        Difference(label(model, name), shown(model, name, before.get(name)), shown(model, name, after.get(name)))
        for name in names
        if change.kind == RowChange.UPDATED or before.get(name) not in (None, "", [], {})
    )
    more = (change.last_id or 0) - (change.row_id or 0)
    return Change(
        thing(change.model), change.row_key or str(change.row_id or ""), KINDS[change.kind], differences, more
    )


def label(model: type[models.Model], column: str) -> Any:
    name = column.removesuffix("_id")
    known = OWN_LABELS.get(column) or LABELS.get(name) or (COLUMNS[name].label if name in COLUMNS else None)
    return known or name.replace("_", " ")


def shown(model: type[models.Model], column: str, value: Any) -> Any:
    """A stored value for a reader; what is sealed or withheld is said to be so."""
    field = next((field for field in model._meta.concrete_fields if field.column == column), None)
    if value in (None, "") or field is None:
        return value
    if isinstance(field, models.BinaryField):
        return SEALED
    if value == "…":
        return WITHHELD
    code_list = getattr(field, "code_list", None)
    if code_list:
        return next((code.label for code in code_list if code == value), value)
    if field.is_relation:
        return _named(field.related_model, value)
    if isinstance(field, models.BooleanField):
        return N_("yes") if value else N_("no")
    if isinstance(field, models.JSONField):
        return _plain(value)
    value = field.to_python(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _named(model: type[models.Model], key: Any) -> str:
    if model is Area:
        area = Area.objects.filter(pk=key).first()
        return area.name(get_language() or "en") if area else str(key)
    if model is User:
        return str(User.objects.filter(pk=key).first() or key)
    return str(key)


def _plain(value: Any) -> Any:
    if isinstance(value, dict) and "msgid" in value:
        return value  # a stored sentence; the page says it
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
