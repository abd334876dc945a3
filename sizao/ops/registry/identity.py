"""What identifies a person: one document, sealed as a whole."""

from dataclasses import asdict, dataclass, field
from datetime import date
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
        if self.full_name:
            return self.full_name
        if is_han(self.family_name + self.given_name):
            return self.family_name + self.given_name
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    def sealed(self, row: UUID) -> bytes:
        """Encrypted for the person with this UUID; only what is known is stored."""
        document = {name: value for name, value in asdict(self).items() if value}
        if self.date_birth:
            document["date_birth"] = self.date_birth.isoformat()
        return seal(document, row)

    @classmethod
    def unsealed(cls, sealed: bytes, row: UUID) -> "Identity":
        if not sealed:
            return cls()
        document = unseal(sealed, row)
        if "date_birth" in document:
            document["date_birth"] = date.fromisoformat(document["date_birth"])
        return cls(**{**document, "phones": tuple(document.get("phones", ()))})


def is_han(text: str) -> bool:
    """Whether a name is written in Chinese characters."""
    return bool(text) and all("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U000323af" or c == "·" for c in text)
