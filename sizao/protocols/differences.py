"""What differs between two protocols, key by key, readable, and complete: what the diff does not name is equal."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from sizao.protocols.figures import Days, Quantity, Sourced, Statement, Text
from sizao.protocols.naming import spelled
from sizao.protocols.persons import DayOneRule
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message, say

WHOLE = (Quantity, Days, Statement, DayOneRule, Text)
#: What a file says of itself; compared last, and sources only on request.
OF_THE_FILE = (
    "id", "name", "in_force", "until", "supersedes", "extends", "drop", "reason", "note", "authored_by",
    "checked_by", "reviewed_on", "next_review",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Change:
    """One key with its value before and after; None where it is not there."""

    key: str
    before: Any
    after: Any

    @property
    def message(self) -> Message:
        if self.before is None:
            return N_("{key}: new: {after}", key=spelled(self.key), after=display(self.after))
        if self.after is None:
            return N_("{key}: gone; was {before}", key=spelled(self.key), before=display(self.before))
        return N_(
            "{key}: {before} → {after}",
            key=spelled(self.key),
            before=display(self.before),
            after=display(self.after),
        )


def diff(before: Protocol, after: Protocol, *, with_sources: bool = False) -> tuple[Change, ...]:
    """Every rule that differs, in the order of `before`, new ones last."""
    ours, theirs = leaves(before), leaves(after)
    keys = [*ours, *(key for key in theirs if key not in ours)]
    skipped = OF_THE_FILE if with_sources else (*OF_THE_FILE, "source")
    return tuple(
        Change(key, ours.get(key), theirs.get(key))
        for key in keys
        if key.partition(".")[0] not in skipped and ours.get(key) != theirs.get(key)
    )


def summarised(before: Protocol, after: Protocol) -> tuple[Message, ...]:
    """The diff for a reader: a rule that is wholly new or gone is one line, the rest key by key."""
    changes = diff(before, after)
    ours, theirs = rules_of(before), rules_of(after)
    found: list[Message] = []
    seen: set[str] = set()
    for change in changes:
        rule = rule_of(change.key)
        if rule in ours and rule in theirs:
            found.append(change.message)
        elif rule not in seen:
            seen.add(rule)
            found.append(N_("{key}: gone", key=spelled(rule)) if rule in ours else new_rule(rule, changes))
    return tuple(found)


def rule_of(key: str) -> str:
    """The key of the whole rule, as zone.middle."""
    return ".".join(key.split(".")[:2])


def rules_of(protocol: Protocol) -> set[str]:
    return {rule_of(key) for key in leaves(protocol)}


def new_rule(rule: str, changes: tuple[Change, ...]) -> Message:
    """A new rule with everything it says."""
    parts = [change.after for change in changes if rule_of(change.key) == rule]
    return N_("{key}: new: {after}", key=spelled(rule), after=Listed(", ", {}, tuple(parts)))


def leaves(thing: Any, key: str = "") -> dict[str, Any]:
    """Every smallest part of a protocol by its dotted key. Parts that are empty are not there."""
    if thing is None or thing == () or thing == "":
        return {}
    if isinstance(thing, WHOLE):
        return {key: thing}
    if dataclasses.is_dataclass(thing):
        parts = ((field.name, getattr(thing, field.name)) for field in dataclasses.fields(thing))
    elif isinstance(thing, Mapping):
        parts = ((str(name), item) for name, item in thing.items())
    elif isinstance(thing, tuple) and dataclasses.is_dataclass(thing[0]):
        parts = ((getattr(item, "key", str(number)), item) for number, item in enumerate(thing, 1))
    else:
        return {key: thing}
    found: dict[str, Any] = {}
    for name, item in parts:
        found |= leaves(item, f"{key}.{name}" if key else name)
    return found


def display(value: Any) -> Any:
    """A leaf as a person reads it, with source and grade where it has them."""
    if isinstance(value, Quantity):
        return N_("{amount} ({source})", amount=value.amount, source=cited(value))
    if isinstance(value, Days):
        return N_("days {days} ({source})", days=", ".join(map(str, value.value)), source=cited(value))
    if isinstance(value, Statement):
        return N_("“{text}” ({source})", text=value.text, source=cited(value))
    if isinstance(value, DayOneRule):
        return N_("{rule} ({source})", rule=value.value.label, source=cited(value))
    if isinstance(value, tuple):
        return Listed(", ", {}, value)
    if isinstance(value, bool):
        return N_("yes") if value else N_("no")
    return value.isoformat() if isinstance(value, date) else value


@dataclasses.dataclass(frozen=True)
class Listed(Message):
    """Several values said one after another."""

    values: tuple[Any, ...] = ()

    def say(self, language: str) -> str:
        return (
            "、".join(said(v, language) for v in self.values)
            if language.startswith("zh")
            else ", ".join(said(v, language) for v in self.values)
        )

    def __str__(self) -> str:
        return self.say("en")

    def __hash__(self) -> int:
        return hash(self.values)


def said(value: Any, language: str) -> str:
    return str(say(display(value) if isinstance(value, Sourced) else value, language))
