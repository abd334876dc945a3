"""Problems of a delivery as they are kept: where, what was found, how grave, and the sentence."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sizao.exchange.problems import Problem as ReadProblem
from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import Message

ERROR, WARNING = "error", "warning"


class Fault(NamedTuple):
    """A problem not yet kept."""

    row: int | None
    column: str
    found: str
    severity: str
    message: Message


def of_reading(problems: Iterable[ReadProblem]) -> list[Fault]:
    return [Fault(each.row, each.column or "", each.found or "", str(each.severity), each.message) for each in problems]


def stored(message: Message) -> dict[str, Any]:
    """A message as JSON; messages and labelled codes inside it too."""
    return {"msgid": message.msgid, "params": {name: _plain(value) for name, value in message.params.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Code):
        value = value.label
    return stored(value) if isinstance(value, Message) else value


def spoken(kept: dict[str, Any]) -> Message:
    """The message again."""
    params = {
        name: spoken(value) if isinstance(value, dict) and "msgid" in value else value
        for name, value in kept.get("params", {}).items()
    }
    return Message(kept.get("msgid", ""), params)
