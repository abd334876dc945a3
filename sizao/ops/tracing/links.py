"""One exposure as a row says it, its two ends found, or why they cannot be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sizao.ops.tracing.incoming import RowProblem, dates_reversed, unknown_number
from sizao.ops.tracing.queries import Numbered
from sizao.vocabulary.text import N_

#: Column of the dictionary → column of the table.
COLUMNS = {
    "date_exposure_first": "date_first", "date_exposure_last": "date_last", "setting": "setting",
    "closeness": "closeness", "certainty": "certainty", "relation": "relation",
}  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A source, the person it exposed, where that person is counted if known, and what the row says of it."""

    row: int
    source: Numbered
    person_id: int
    area_id: str | None
    values: dict[str, Any]

    @property
    def key(self) -> tuple[int | None, int | None, int]:
        """Two rows with one key tell of the same exposure."""
        from_contact = None if self.source.case_id else self.source.contact_id
        return self.source.case_id, from_contact, self.person_id


def link_of(row: dict[str, Any], people: Mapping[str, Numbered]) -> Link | RowProblem:
    """The exposure a row tells of; `people` are those whose numbers the rows name."""
    source, exposed = people.get(row["source_id"]), people.get(row["exposed_id"])
    person = row["person_id"] or (exposed and exposed.person_id)
    if source is None:
        return unknown_number(row["row"], "source_id", row["source_id"])
    if person is None:
        return unknown_number(row["row"], "exposed_id", row["exposed_id"])
    if person == source.person_id:
        why = N_("The source and the exposed person are the same. Correct one of the two numbers.")
        return RowProblem(row["row"], "exposed_id", row["exposed_id"] or row["source_id"], why)
    area = row["area"] or (exposed and exposed.area_id)
    return dates_reversed(row) or Link(row["row"], source, person, area, said_of(row))


def said_of(row: dict[str, Any]) -> dict[str, Any]:
    """What the row says of the exposure; words of the source that fit none of our codes are kept as a note."""
    said = {field: row[column] for column, field in COLUMNS.items() if row[column] is not None}
    words = [row[f"{key}_as_written"] for key in ("setting", "closeness") if not row[key]]
    if any(words):
        said["note"] = " · ".join(word for word in words if word)
    return said


def joined(links: Iterable[Link]) -> dict[tuple[int | None, int | None, int], Link]:
    """Links of the same two people become one: of each fact, the last said."""
    found: dict[tuple[int | None, int | None, int], Link] = {}
    for link in links:
        before = found.get(link.key)
        values = {**before.values, **link.values} if before else link.values
        found[link.key] = Link(link.row, link.source, link.person_id, link.area_id, values)
    return found
