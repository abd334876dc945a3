"""Writing a segment: visits sorted and joined, as Parquet parts and as a mapped copy."""

from pathlib import Path

import numpy as np
import polars as pl

from sizao.visits.compiled import njit
from sizao.visits.shapes import VISIT
from sizao.visits.store import mapped
from sizao.visits.store.manifest import Part, Segment
from sizao.visits.store.mapped import Int32, Int64, UInt32
from sizao.visits.store.store import Store, day_folder

#: Small row groups: a question touches few of them. Parts of a million rows: an erasure rewrites little.
ROW_GROUP, PART_ROWS = 8_192, 1 << 20
#: Files not yet listed begin so; Spark and DuckDB overlook names that begin with a line.
NEW = "_new-"


def write(store: Store, day: int, visits: pl.DataFrame, source: str) -> Segment:
    """Write `visits` (columns of `shapes.VISIT`, all beginning on `day`) beside the listed ones; not yet listed."""
    rows, by_person = joined(visits.select(VISIT.names()).cast(VISIT))
    name = store.manifest.next_name()
    parts = write_parts(store.folder / day_folder(day), name, rows, store.folder)
    first, last = rows.select(pl.col("start_s").min(), pl.col("end_s").max()).row(0)
    segment = Segment(name, day, parts, first, last, source)
    mapped.write(store.mapped(segment), rows, by_person)
    return segment


def write_parts(folder: Path, name: str, rows: pl.DataFrame, root: Path) -> list[Part]:
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for number, piece in enumerate(rows.iter_slices(PART_ROWS)):
        file = folder / f"{name}-{number:04d}.parquet"
        write_part(piece, fresh(file))
        parts.append(Part(str(file.relative_to(root)), piece.height, piece.height))
    return parts


def write_part(piece: pl.DataFrame, file: Path) -> None:
    piece.write_parquet(file, row_group_size=ROW_GROUP, compression="zstd", compression_level=1, statistics=True)


def fresh(file: Path) -> Path:
    return file.with_name(NEW + file.name)


def joined(visits: pl.DataFrame) -> tuple[pl.DataFrame, UInt32]:
    """Sorted by place, room and start, equal and overlapping visits of a person there joined; rows by person."""
    rows = visits.sort("place", "room", "start_s", "end_s", "person")
    order = by_person(rows)
    ends = rows["end_s"].to_numpy().copy()
    person, place, room, start = (rows[name].to_numpy() for name in ("person", "place", "room", "start_s"))
    keep = join(order, person, place, room, start, ends)
    if keep.all():
        return rows, order
    rows = rows.with_columns(pl.Series("end_s", ends)).filter(pl.Series(keep))
    return rows, by_person(rows)


def by_person(rows: pl.DataFrame) -> UInt32:
    return np.argsort(rows["person"].to_numpy(), kind="stable").astype(np.uint32)


@njit
def join(order: UInt32, person: Int32, place: Int32, room: Int32, start: Int64, end: Int64) -> np.ndarray:
    """Which rows stay; the ends of those that swallow others are moved. Runs along each person's rows in order."""
    keep = np.ones(len(order), np.bool_)
    head = 0
    for position in range(1, len(order)):
        row, last = order[position], order[head]
        alike = person[row] == person[last] and place[row] == place[last] and room[row] == room[last]
        if alike and start[row] < end[last]:
            end[last] = max(end[last], end[row])
            keep[row] = False
        else:
            head = position
    return keep
