"""The persons of a chunk: new ones are recorded, known ones completed, mere lookalikes noted to be decided."""

from datetime import datetime
from typing import Any

import polars as pl

from sizao.ops.governance.models import Batch, User
from sizao.ops.intake.resolving import Resolved
from sizao.ops.registry.actions import complete_persons, load_persons, note_pairs
from sizao.ops.registry.framing import FRAME

SAID = tuple(name for name in FRAME if name != "area")


def settle_persons(*, frame: pl.DataFrame, resolved: Resolved, by: User, at: datetime, batch: Batch) -> dict[int, int]:
    """The person of each row that is somebody."""
    new = [row for row, person in resolved.person_of.items() if person == -row]
    fresh = frame.filter(pl.col("row").is_in(new)) if len(new) < frame.height else frame
    made = dict(zip(fresh["row"].to_list(), load_persons(persons=fresh, by=by, at=at, batch=batch), strict=True))
    persons = {row: person if person > 0 else made[-person] for row, person in resolved.person_of.items()}
    again = [row for row in persons if row not in made]
    if again:
        complete_persons(found=_said(frame.filter(pl.col("row").is_in(again)), persons), by=by, at=at, batch=batch)
    pairs = [
        (made[each.row], other, each.likeness)
        for each in resolved.found
        if each.row in made and (other := each.other if each.other > 0 else persons.get(-each.other))
    ]
    if pairs:
        note_pairs(pairs=pairs, by=by, at=at)
    return persons


def _said(frame: pl.DataFrame, persons: dict[int, int]) -> dict[int, dict[str, Any]]:
    """What the rows say of each known person; of several rows, the first that says something."""
    said: dict[int, dict[str, Any]] = {}
    columns = [name for name in SAID if name in frame.columns]
    for row, *values in frame.select("row", *columns).iter_rows():
        about = said.setdefault(persons[row], {})
        for name, value in zip(columns, values, strict=True):
            if value is not None:
                about.setdefault(name, value)
    return said
