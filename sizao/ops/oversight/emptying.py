"""What a row loses when its days are over, as its model's classification says.

What identifies and what somebody wrote in free words goes; codes, days and numbers stay, because without the person
they point to nobody, and reports of the past must still add up. A model whose rows only make sense whole is
destroyed instead.
"""

from typing import Any

from django.apps import apps
from django.db import models

from sizao.ops.governance.fields import CodeField

GONE = "…"  # stands where a text may not be empty
#: Models whose rows are destroyed when their days are over.
DESTROYED = frozenset(
    {
        "governance.PastState", "governance.RowChange", "governance.OneTimeLink",
        "intake.Problem", "intake.SourceNumber", "registry.Lookalike",
    }
)  # fmt: skip
#: Columns that have days but are kept with the row for as long as it is needed to answer for what was done.
ANSWERED_FOR = {"governance.User": {"username"}}
#: Which moment a row's days are counted from: the first of these that its model has.
SINCE = (
    "current_since", "closed_at", "undone_at", "ended_at", "until", "ends_at", "expires_at", "decided_at", "made_at",
    "last_login", "found_at", "at", "deed__at", "delivery__current_since", "recorded_at", "updated_at", "date",
)  # fmt: skip


def models_with_days() -> list[type[models.Model]]:
    """Models that hold something that has to go one day."""
    ours = (model for model in apps.get_models() if hasattr(model, "privacy"))
    found = [model for model in ours if model.privacy.days_kept is not None and (emptied(model) or is_destroyed(model))]
    return sorted(found, key=lambda model: model._meta.label)


def is_destroyed(model: type[models.Model]) -> bool:
    return model._meta.label in DESTROYED


def since(model: type[models.Model]) -> str | None:
    """The look-up of the moment a row's days are counted from."""
    names = {field.name for field in model._meta.get_fields()}
    return next((name for name in SINCE if name.split("__")[0] in names), None)


def emptied(model: type[models.Model]) -> dict[str, Any]:
    """Column → what it holds afterwards."""
    privacy = model.privacy
    kept = ANSWERED_FOR.get(model._meta.label, set())
    found = {}
    for field in model._meta.concrete_fields:
        goes = field.name in privacy.identifying or (field.name in privacy.sensitive and _is_words(field))
        if goes and field.name not in kept and not field.primary_key:
            found[field.attname] = _nothing(field)
    return found


def _is_words(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField | models.JSONField) and not isinstance(
        field, CodeField
    )


def _nothing(field: models.Field) -> Any:
    if field.null:
        return None
    if isinstance(field, models.BinaryField):
        return b""
    if isinstance(field, models.JSONField):
        return field.get_default() if field.has_default() else {}
    return "" if field.blank else GONE
