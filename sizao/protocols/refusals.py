"""Why a protocol file is refused: each refusal names file, key, what was found and what was expected."""

from dataclasses import dataclass
from typing import Any

from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class Refusal:
    """One thing wrong in one file."""

    file: str
    key: str
    found: str
    expected: Message

    @property
    def message(self) -> Message:
        return N_(
            "{file}: {key} is {found}; expected {expected}.",
            file=self.file,
            key=self.key,
            found=self.found,
            expected=self.expected,
        )

    def __str__(self) -> str:
        return str(self.message)


class ProtocolRefused(Exception):
    """A protocol file says something it may not; `refusals` lists everything found at once."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(str(refusal) for refusal in refusals))


class UnknownProtocol(LookupError):
    """There is no protocol of this name; `known` lists those there are."""

    def __init__(self, identifier: str, known: tuple[str, ...]) -> None:
        self.identifier, self.known = identifier, known
        super().__init__(str(self.message))

    @property
    def message(self) -> Message:
        return N_(
            "There is no protocol {identifier}. Known: {known}.",
            identifier=self.identifier,
            known=", ".join(self.known),
        )


class Notes:
    """Collects the refusals of one file, so that all are told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.refusals: list[Refusal] = []

    def refuse(self, key: str, found: Any, expected: Message) -> None:
        self.refusals.append(Refusal(self.file, key or "file", shown(found), expected))


def shown(value: Any) -> str:
    """A value as it stands in a sentence: short, never a page of text."""
    text = "missing" if value is None else repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
