"""Which days have a report, and what a report of a day freezes."""

from datetime import date, datetime
from typing import Any

from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.reporting.numbers import day_numbers
from sizao.ops.reporting.queries import cutoff_before, first_day
from sizao.vocabulary.text import N_


def check_day(incident: Incident, day: date) -> None:
    """There is nothing to report of a day before the incident."""
    began = first_day(incident)
    if day < began:
        raise NotNow(N_("The incident began on {began}; there is no report of {day}.", began=began, day=day))


def frozen(incident: Incident, *, day: date, cutoff_at: datetime) -> dict[str, Any]:
    """What a report of that day freezes: its cut-off, the one before, the numbers and the revisions."""
    compared_at = cutoff_before(incident, day=day, cutoff_at=cutoff_at)
    numbers, revisions = day_numbers(incident, day=day, cutoff_at=cutoff_at, compared_at=compared_at)
    return {"cutoff_at": cutoff_at, "compared_at": compared_at, "numbers": numbers, "revisions": revisions}
