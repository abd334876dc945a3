"""Every model field is classified: identifying, sensitive or operational, with its purpose and days kept.

Models declare `privacy = classify(...)`; a test fails on a field nobody classified. The retention job and
the person's right to know what is held both read this declaration.
"""

from dataclasses import dataclass

from sizao.vocabulary.text import Message

FOREVER = None  # no personal data: kept as long as the installation


@dataclass(frozen=True)
class Privacy:
    """Field names by class, why they are held and for how many days after the record is closed."""

    identifying: frozenset[str]
    sensitive: frozenset[str]
    operational: frozenset[str]
    purpose: Message
    days_kept: int | None

    def fields(self) -> frozenset[str]:
        return self.identifying | self.sensitive | self.operational


#: Columns every row has and that say nothing about a person's health or identity.
RECORD_FIELDS = "id recorded_at recorded_by current_since batch area l1 l2 l3 l4"


def classify(
    *,
    purpose: Message,
    days_kept: int | None,
    identifying: str = "",
    sensitive: str = "",
    operational: str = "",
) -> Privacy:
    """Field names separated by spaces, as people read them."""
    return Privacy(
        frozenset(identifying.split()),
        frozenset(sensitive.split()),
        frozenset((operational + " " + RECORD_FIELDS).split()),
        purpose,
        days_kept,
    )
