"""A contact's days of follow-up as a strip: what was found, what was missed, what is still to come and what was past
before anybody knew of the contact."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sizao.ops.tracing.models import Contact, FollowUp
from sizao.vocabulary.codes import Code, ContactStatus, FollowUpOutcome
from sizao.vocabulary.text import N_

MOST_DAYS = 42  # shown before listing; a contact found later than that has no strip of them


class DayState(Code):
    """What one day of the strip says."""

    BEFORE_LISTING = "before_listing", N_("Before listing")
    OK = "ok", FollowUpOutcome.OK.label
    ILL = "ill", FollowUpOutcome.ILL.label
    NOT_REACHED = "not_reached", FollowUpOutcome.NOT_REACHED.label
    REFUSED = "refused", FollowUpOutcome.REFUSED.label
    MISSED = "missed", N_("Missed: nobody tried")
    DUE = "due", N_("Due today")
    NOT_DUE = "not_due", N_("Not due yet")
    NOT_ASKED = "not_asked", N_("No longer asked")


#: One sign each, so that the strip does not speak by colour alone.
SIGNS = {
    DayState.BEFORE_LISTING: "·", DayState.OK: "✓", DayState.ILL: "!", DayState.NOT_REACHED: "×",
    DayState.REFUSED: "–", DayState.MISSED: "?", DayState.DUE: "○", DayState.NOT_DUE: "□", DayState.NOT_ASKED: "/",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One day."""

    day: date
    state: DayState
    temperature_c: float | None = None

    @property
    def sign(self) -> str:
        return SIGNS[self.state]


def strip_of(contact: Contact, days: Iterable[FollowUp], *, today: date) -> list[Cell]:
    """The days from the first that the edition asks for to the last, in order. A planned day that fell out of the
    span and was not used is left out."""
    cells = [*_before_listing(contact)]
    past = {cell.day for cell in cells}
    for row in days:
        is_used, until = row.outcome != FollowUpOutcome.NOT_TRIED, contact.date_follow_up_until
        if is_used or (row.date_due not in past and (until is None or row.date_due <= until)):
            cells = [cell for cell in cells if cell.day != row.date_due]
            cells.append(Cell(row.date_due, state_of(row, contact, today), row.temperature_c))
    return sorted(cells, key=lambda cell: cell.day)


def _before_listing(contact: Contact) -> Iterator[Cell]:
    """From the day after the last exposure until listing: nobody could have come."""
    exposed, until = contact.date_last_exposure, contact.date_follow_up_until
    if exposed is None or until is None:
        return
    first, end = exposed + timedelta(days=1), min(contact.date_listed, until + timedelta(days=1))
    for n in range(max((end - first).days, 0)) if (end - first).days <= MOST_DAYS else ():
        yield Cell(first + timedelta(days=n), DayState.BEFORE_LISTING)


def state_of(row: FollowUp, contact: Contact, today: date) -> DayState:
    """What one planned day says today."""
    if row.outcome != FollowUpOutcome.NOT_TRIED:
        return DayState(str(row.outcome))
    if row.date_due < contact.date_listed:
        return DayState.BEFORE_LISTING
    if contact.status != ContactStatus.UNDER_FOLLOW_UP:
        return DayState.NOT_ASKED
    if row.date_due < today:
        return DayState.MISSED
    return DayState.DUE if row.date_due == today else DayState.NOT_DUE
