"""Which column of a file is which of ours, and what its words mean: proposed by name, corrected by a person, kept.

A mapping is plain data. Saved once for a source, it is used again for the next file of that source, whatever
the order of its columns: a column is known by its name and, when a name repeats, by which occurrence it is.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sizao.exchange.dates import DateOrder

LEFT_OUT = ""  # a word mapped to this is read as nothing


@dataclass(frozen=True)
class Field:
    """One column of the file and what is made of it.

    `target` is a name of the column dictionary, or None when the column is not read. `values` says what words
    mean that are not known by themselves (to a code's value, or LEFT_OUT). `likeness` is how sure the
    proposal is, 0 to 1. `confirmed`: a person has looked at it.
    """

    header: str
    occurrence: int = 1
    target: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    excel_days: bool = False
    likeness: float = 0.0
    confirmed: bool = False


@dataclass(frozen=True)
class Mapping:
    """The fields of one file, in its order, and the format they were proposed for."""

    fields: tuple[Field, ...]
    format_id: str = ""

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def targets(self) -> set[str]:
        return {each.target for each in self.fields if each.target}

    def of_target(self, target: str) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.target == target)

    def positions(self, headers: tuple[str, ...]) -> dict[str, list[tuple[int, Field]]]:
        """For each target, the columns of this file that give it, first to last."""
        known = {(each.header, each.occurrence): each for each in self.fields}
        found: dict[str, list[tuple[int, Field]]] = {}
        for position, key in enumerate(numbered(headers)):
            each = known.get(key)
            if each is not None and each.target:
                found.setdefault(each.target, []).append((position, each))
        return found

    def change(self, header: str, occurrence: int = 1, **changes: Any) -> "Mapping":
        """The mapping with one field changed by a person: `target`, `values`, `date_order`, `excel_days`."""
        changed = tuple(
            replace(each, confirmed=True, **changes) if (each.header, each.occurrence) == (header, occurrence) else each
            for each in self.fields
        )
        return replace(self, fields=changed)

    def confirm(self) -> "Mapping":
        """A person has seen every proposal and found it right."""
        return replace(self, fields=tuple(replace(each, confirmed=True) for each in self.fields))

    def fit(self, other: "Mapping") -> "Mapping":
        """This proposal, with what a saved mapping already says about columns of the same name."""
        saved = {(each.header, each.occurrence): each for each in other.fields}
        fields = tuple(saved.get((each.header, each.occurrence), each) for each in self.fields)
        return replace(self, fields=fields)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "Mapping":
        data = json.loads(text)
        fields = tuple(
            Field(**{**each, "date_order": DateOrder(each["date_order"]) if each["date_order"] else None})
            for each in data["fields"]
        )
        return Mapping(fields, data["format_id"])


def numbered(headers: tuple[str, ...]) -> list[tuple[str, int]]:
    """Each header with its occurrence: "lab", "lab" is ("lab", 1), ("lab", 2)."""
    seen: dict[str, int] = {}
    keys = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        keys.append((header, seen[header]))
    return keys
