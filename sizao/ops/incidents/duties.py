"""What is due: the frozen record that other rooms hand over to become a task of a post."""

from dataclasses import dataclass
from datetime import datetime

from sizao.ops.governance.roles import Role
from sizao.vocabulary.text import Message


@dataclass(frozen=True)
class Due:
    """One duty about one subject. The same (duty, subject, starts_at) is the same task, however often derived."""

    duty: str
    title: Message
    why: Message
    subject_kind: str
    subject_id: int
    area_id: str | None
    role: Role
    starts_at: datetime
    due_at: datetime


def stored(message: Message) -> dict:
    """A message as a row holds it."""
    return {"msgid": message.msgid, "params": {key: _plain(value) for key, value in message.params.items()}}


def _plain(value):
    if isinstance(value, Message):
        return stored(value)
    return value if isinstance(value, int | float | bool) or value is None else str(value)
