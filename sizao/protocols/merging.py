"""A file that extends another writes only the difference: tables merge by key, anything else is replaced."""

from typing import Any

from sizao.protocols.refusals import Notes
from sizao.vocabulary.text import N_

#: What a file says of itself and never takes from the file it extends.
OWN = (
    "id", "name", "in_force", "until", "supersedes", "extends", "drop", "reason", "note",
    "authored_by", "checked_by", "reviewed_on", "next_review",
)  # fmt: skip


def merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """`base` with `change` laid over it, table by table. A figure or sentence is replaced whole."""
    result = dict(base)
    for key, value in change.items():
        result[key] = merged_value(result.get(key), value)
    return result


def merged_value(old: Any, new: Any) -> Any:
    tables = isinstance(old, dict) and isinstance(new, dict)
    return merged(old, new) if tables and not is_leaf(old) and not is_leaf(new) else new


def is_leaf(table: dict[str, Any]) -> bool:
    """A figure or a sentence: half of an old one must never stay under a new one's source."""
    return "value" in table or "en" in table


def without(table: dict[str, Any], dotted: list[Any], notes: Notes) -> dict[str, Any]:
    """`table` without the dropped keys; dropping what is not there is refused."""
    result: dict[str, Any] = copy(table)
    for key in dotted:
        *path, last = str(key).split(".")
        place: Any = result
        for step in path:
            place = place.get(step) if isinstance(place, dict) else None
        if isinstance(place, dict) and last in place:
            del place[last]
        else:
            notes.refuse("drop", key, N_("a key of the extended protocol, as deadline.zone_published"))
    return result


def copy(value: Any) -> Any:
    return {key: copy(item) for key, item in value.items()} if isinstance(value, dict) else value


def extended(base: dict[str, Any], change: dict[str, Any], notes: Notes) -> dict[str, Any]:
    """The whole table of a file that extends `base`."""
    inherited = {key: value for key, value in base.items() if key not in OWN}
    drop = change.get("drop", [])
    return merged(without(inherited, drop if isinstance(drop, list) else [], notes), change)
