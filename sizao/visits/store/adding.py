"""Visits coming in: read, checked, cut by day, listed all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sizao.visits.faults import VisitsError
from sizao.visits.shapes import DAY_S, VISIT
from sizao.visits.store import names, publishing, segments
from sizao.visits.store.manifest import Source
from sizao.visits.store.reading import PROBLEM, checked, read
from sizao.visits.store.writing import held
from sizao.vocabulary.text import N_


@dataclass(frozen=True)
class Added:
    """What came in: rows kept, rows that were the same stay as another, days touched, and rows to mend.

    `problems`: file, row, column, found, problem, one row for each row of a file that could not be kept.
    """

    rows: int
    joined: int
    days: int
    problems: pl.DataFrame


def add(
    folder: Path | str, files: Sequence[Path | str], *, source: Source | None = None, max_stay_s: int | None = None
) -> Added:
    """Add the visits of CSV or Parquet files (`person, place, room, start, end`), all of them or none.

    Times are UTC seconds or ISO date-times (UTC unless they say otherwise). Rows that cannot be kept are returned as
    problems. `max_stay_s`: a missing start or end is set this many seconds apart and marked. `source` says whose
    visits these are and by what right they are kept. Raises `VisitsError` for a file that cannot be read at all.
    """
    if source and "phone" in source.name.casefold():
        raise VisitsError(N_("Locations of telephones are not kept here."))
    read_in = [checked(read(Path(file)), str(file), max_stay_s) for file in files]
    good = pl.concat([rows for rows, _ in read_in], how="vertical_relaxed")
    problems = pl.concat([bad for _, bad in read_in]) if read_in else pl.DataFrame(schema=PROBLEM)
    with held(folder) as store:
        if good.is_empty():
            store.save()
            return Added(0, 0, 0, problems)
        remember(store.manifest.sources, source)
        visits = names.coded(store, good).select(VISIT.names()).cast(VISIT)
        days = visits.with_columns(day=pl.col("start_s") // DAY_S).partition_by("day", as_dict=True, include_key=False)
        written = [
            segments.write(store, int(str(day)), rows, source.name if source else "")
            for (day,), rows in sorted(days.items())
        ]
        publishing.decide(store, written, set())
    kept = sum(segment.rows for segment in written)
    return Added(kept, good.height - kept, len(written), problems)


def remember(known: list[Source], source: Source | None) -> None:
    if source and source not in known:
        known.append(source)
