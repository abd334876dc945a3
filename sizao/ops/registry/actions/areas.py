"""Loading areas: shipped tables, or a table of any country. Loading the same again changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from sizao.exchange.areas.table import read_area_table
from sizao.ops.governance import access, audit
from sizao.ops.governance.bulk import bulk_load
from sizao.ops.governance.models import User
from sizao.ops.registry.models import Area

COLUMNS = (
    "path", "code", "parent_id", "level", "kind", "name_zh", "name_en", "name_local", "aliases", "lon", "lat",
    "population", "valid_from", "valid_to", "successor_id",
)  # fmt: skip
CHANGEABLE = tuple(name.removesuffix("_id") for name in COLUMNS[1:])


@dataclass(frozen=True)
class AreasLoaded:
    """What became of an area table's rows."""

    created: int
    updated: int
    unchanged: int


def shipped_table(country: str) -> Path:
    """The area table of a country (two letters) that comes with the software."""
    return Path(settings.CONFIG) / "data" / "areas" / f"{country.lower()}.parquet"


@transaction.atomic
def load_shipped_areas(*, country: str, by: User, at: datetime) -> int:
    """Load a shipped table unless the country is there already. Returns how many areas are new."""
    if Area.objects.filter(path=country.upper()).exists():
        return 0
    frame, _problems = read_area_table(shipped_table(country))
    return load_areas(areas=frame, by=by, at=at).created


@transaction.atomic
def load_areas(*, areas: pl.DataFrame, by: User, at: datetime) -> AreasLoaded:
    """Create or update areas from a table with the columns of `exchange.areas.shape.AREA_SCHEMA`.

    Areas that the table lacks stay: rows may belong to them. An area that has ended gets `valid_to`.
    """
    for country in areas["path"].str.head(2).unique():
        access.check(by, "area.manage", country, at=at)
    wanted = {row[0]: row for row in _rows(areas)}
    known = {area.path: area for area in Area.objects.filter(_compared(wanted)).defer("boundary")}
    new = sorted((row for path, row in wanted.items() if path not in known), key=lambda row: row[3])
    changed = [area for path, area in known.items() if path in wanted and _change(area, wanted[path])]
    bulk_load(Area, COLUMNS, new)
    Area.objects.bulk_update(changed, CHANGEABLE, batch_size=200)
    loaded = AreasLoaded(len(new), len(changed), len(wanted) - len(new) - len(changed))
    if new or changed:
        audit.record(by=by, at=at, action="areas.loaded", n_created=loaded.created, n_updated=loaded.updated)
    return loaded


@transaction.atomic
def load_boundaries(*, boundaries: Mapping[str, dict[str, Any]], by: User, at: datetime) -> int:
    """Give areas (by path) their boundary, a GeoJSON geometry. Returns how many areas were found."""
    areas = list(Area.objects.filter(path__in=list(boundaries)))
    for country in {area.path[:2] for area in areas}:
        access.check(by, "area.manage", country, at=at)
    for area in areas:
        area.boundary = boundaries[area.path]
    Area.objects.bulk_update(areas, ["boundary"], batch_size=50)
    audit.record(by=by, at=at, action="boundaries.loaded", n=len(areas))
    return len(areas)


def _rows(areas: pl.DataFrame) -> Iterator[tuple]:
    frame = areas.select(
        "path", "code", "parent", "level", "kind",
        *(pl.col(name).fill_null("") for name in ("name_zh", "name_en", "name_local")),
        pl.col("aliases"), "lon", "lat", "population", "valid_from", "valid_to", "successor",
    )  # fmt: skip
    for row in frame.iter_rows():
        yield (*row[:8], list(row[8] or ()), *row[9:])


def _compared(wanted: Iterable[str]) -> Q:
    """The areas to compare with: the wanted ones when they are few, else all of their countries."""
    paths = list(wanted)
    if len(paths) <= 1000:
        return Q(path__in=paths)
    return reduce(or_, (Q(path__startswith=country) for country in {path[:2] for path in paths}))


def _change(area: Area, row: tuple) -> bool:
    """Give an area the values of its row; whether that changed anything."""
    differs = False
    for name, value in zip(COLUMNS[1:], row[1:], strict=True):
        if getattr(area, name) != value:
            setattr(area, name, value)
            differs = True
    return differs
