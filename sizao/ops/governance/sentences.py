"""Sentences that rows keep as data, so that each reader is told in the own language."""

import re
from datetime import date, datetime
from typing import Any

from sizao.protocols.figures import Text
from sizao.vocabulary.text import Message

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


def stored(message: Message) -> dict[str, Any]:
    """A message, and the messages inside it, as JSON. A protocol's own sentences keep both their languages."""
    kept: dict[str, Any] = {"msgid": message.msgid}
    if isinstance(message, Text):
        kept["zh"] = message.zh
    if message.params:
        kept["params"] = {key: _plain(value) for key, value in message.params.items()}
    return kept


def rebuilt(kept: dict[str, Any]) -> Message:
    """The message that `stored` kept."""
    if "zh" in kept:
        return Text(kept["msgid"], {}, kept["zh"])
    params = kept.get("params", {})
    return Message(kept.get("msgid", ""), {key: _rebuilt(value) for key, value in params.items()})


def _rebuilt(value: Any) -> Any:
    """A message inside a message; a day or a wall clock's time, kept as ISO text, is said as such are."""
    if isinstance(value, dict):
        return rebuilt(value)
    if isinstance(value, str) and DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return stored(value)
    return value if isinstance(value, int | float | bool) or value is None else str(value)
