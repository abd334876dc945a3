"""Compaction: the additions of a day become one."""

from itertools import groupby
from pathlib import Path

import polars as pl

from sizao.visits.store import publishing, segments
from sizao.visits.store.store import Store
from sizao.visits.store.writing import held


def compact(folder: Path | str) -> int:
    """Join the segments of each day that has several (late arrivals); how many days were joined."""
    Store.existing(folder)
    with held(folder) as store:
        by_day = groupby(store.segments(), key=lambda segment: segment.day)
        days = [(day, list(several)) for day, several in by_day]
        late = [(day, several) for day, several in days if len(several) > 1]
        for day, several in late:
            rows = pl.concat(pl.read_parquet(store.folder / part.file) for segment in several for part in segment.parts)
            whole = segments.write(store, day, rows, several[0].source)
            publishing.decide(store, [whole], {segment.name for segment in several})
        return len(late)
