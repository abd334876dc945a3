"""Making a segment's mapped copy again when it was deleted."""

import polars as pl

from sizao.visits.store import mapped
from sizao.visits.store.manifest import Segment
from sizao.visits.store.segments import by_person
from sizao.visits.store.store import Store


def warm(store: Store, segment: Segment) -> None:
    """The mapped copy exists when this returns. Call it on a held store: the manifest may change."""
    if store.mapped(segment).exists():
        return
    rows = pl.concat(pl.read_parquet(store.folder / part.file) for part in segment.parts)
    mapped.write(store.mapped(segment), rows, by_person(rows))
    for part in segment.parts:
        part.mapped_rows = part.rows
    store.save()


def is_warm(store: Store, segment: Segment) -> bool:
    return store.mapped(segment).exists()
