"""What differs between two protocols, key by key, readable, and complete: what the diff does not name is equal."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from sizao.protocols.figures import Days, Quantity, Statement, Text
from sizao.protocols.naming import FIELDS, spelled
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
    path: Message

    @property
    def message(self) -> Message:
        if self.before is None:
            return N_("{key}: new: {after}", key=self.path, after=display(self.after))
        if self.after is None:
            return N_("{key}: gone; was {before}", key=self.path, before=display(self.before))
        return N_(
            "{key}: {before} → {after}",
            key=self.path,
            before=display(self.before),
            after=display(self.after),
        )


def diff(before: Protocol, after: Protocol, *, with_sources: bool = False) -> tuple[Change, ...]:
    """Every rule that differs, in the order of `before`, new ones last."""
    ours, theirs = leaves(before), leaves(after)
    keys = [*ours, *(key for key in theirs if key not in ours)]
    skipped = OF_THE_FILE if with_sources else (*OF_THE_FILE, "source")
    return tuple(
        Change(key, ours.get(key), theirs.get(key), spelled(key, after, before))
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
            path = spelled(rule, after, before)
            found.append(gone_rule(rule, path, ours) if rule in ours else new_rule(rule, path, changes))
    return tuple(found)


def rule_of(key: str) -> str:
    """The key of the whole rule, as zone.middle."""
    return ".".join(key.split(".")[:2])


def rules_of(protocol: Protocol) -> dict[str, Any]:
    """Every rule by its key, with its first leaf."""
    found: dict[str, Any] = {}
    for key, leaf in leaves(protocol).items():
        found.setdefault(rule_of(key), leaf)
    return found


def gone_rule(rule: str, path: Message, before: Mapping[str, Any]) -> Message:
    """A rule that is gone, by its name; one that is only a sentence, by the sentence."""
    leaf = before[rule]
    if isinstance(leaf, Statement):
        return N_("{key}: gone; was {before}", key=path, before=display(leaf))
    return N_("{key}: gone", key=path)


def new_rule(rule: str, path: Message, changes: tuple[Change, ...]) -> Message:
    """A new rule with everything it says besides its name."""
    parts = [change for change in changes if rule_of(change.key) == rule and not change.key.endswith(".name")]
    return N_("{key}: new: {after}", key=path, after=Listed("; ", {}, tuple(labelled(part) for part in parts)))


def labelled(part: Change) -> Any:
    """What a new rule says of one thing, with the thing's name; a sentence speaks for itself."""
    label = FIELDS.get(part.key.rpartition(".")[2])
    if label is None or isinstance(part.after, Statement | DayOneRule):
        return part.after
    return N_("{first}: {second}", first=label, second=display(part.after))


def leaves(thing: Any, key: str = "") -> dict[str, Any]:
    """Every smallest part of a protocol by its dotted key. Parts that are empty are not there."""
    if thing is None or thing == () or thing == "":
        return {}
    if isinstance(thing, WHOLE):
        return {key: thing}
    if dataclasses.is_dataclass(thing):
        # The key of a kind of exposure stands in the path already.
        parts = ((f.name, getattr(thing, f.name)) for f in dataclasses.fields(thing) if f.name != "key")
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
        between = {", ": "、", "; ": "；"}[self.msgid] if language.startswith("zh") else self.msgid
        return between.join(said(value, language) for value in self.values)

    def __str__(self) -> str:
        return self.say("en")

    def __hash__(self) -> int:
        return hash(self.values)


def said(value: Any, language: str) -> str:
    return str(say(display(value), language))
