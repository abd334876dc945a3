"""What identifies a person: one document, sealed as a whole."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sizao.ops.governance.sealed import seal, unseal


@dataclass(frozen=True)
class Identity:
    """Names, birth date, numbers and where to reach a person. Empty means not known."""

    family_name: str = ""
    given_name: str = ""
    full_name: str = ""
    date_birth: date | None = None
    id_number: str = ""
    phones: tuple[str, ...] = field(default=())
    email: str = ""
    address: str = ""
    nationality: str = ""

    @property
    def name(self) -> str:
        """The name as it is said: family name first without a space where it is written in Chinese."""
        return said_name(self.full_name, self.family_name, self.given_name)

    def sealed(self, row: UUID) -> bytes:
        """Encrypted for the person with this UUID; only what is known is stored."""
        return seal(document(*(getattr(self, name) for name in STORED)), row)

    @classmethod
    def unsealed(cls, sealed: bytes, row: UUID) -> "Identity":
        if not sealed:
            return cls()
        document = unseal(sealed, row)
        if "date_birth" in document:
            document["date_birth"] = date.fromisoformat(document["date_birth"])
        return cls(**{**document, "phones": tuple(document.get("phones", ()))})


def said_name(full: str, family: str, given: str) -> str:
    """A name from what is known of it."""
    if full:
        return full
    return family + given if is_han(family + given) else " ".join(part for part in (given, family) if part)


def sealed_name(sealed: bytes, row: UUID) -> str:
    """The name alone of a sealed identity: lists need no more."""
    if not sealed:
        return ""
    known = unseal(sealed, row)
    return said_name(known.get("full_name", ""), known.get("family_name", ""), known.get("given_name", ""))


#: Order of the values `document` takes.
STORED = (
    "family_name", "given_name", "full_name", "date_birth", "id_number", "phones", "email", "address", "nationality",
)  # fmt: skip


def document(*values: Any) -> dict[str, Any]:
    """What is known of somebody, as it is sealed; the values stand in the order of STORED."""
    known = {name: value for name, value in zip(STORED, values, strict=True) if value}
    if "date_birth" in known:
        known["date_birth"] = known["date_birth"].isoformat()
    return known


def is_han(text: str) -> bool:
    """Whether a name is written in Chinese characters."""
    return bool(text) and all("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U000323af" or c == "·" for c in text)
