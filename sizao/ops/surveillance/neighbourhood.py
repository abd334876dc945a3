"""Which areas are neighbours: from the centres of the areas around an incident's streams."""

from collections.abc import Iterable

import polars as pl

from sizao.epi.detection.signals import neighbours
from sizao.ops.registry.models import Area

#: Centres of neighbouring counties lie closer than this almost everywhere; in deserts they do not.
MAX_KM = 120.0


def near_areas(homes: Iterable[str]) -> dict[str, frozenset[str]]:
    """Neighbours of these areas among the areas of the same level in the same provinces."""
    levels = frozenset((path[:6], len(path)) for path in homes)
    found: dict[str, frozenset[str]] = {}
    for length in sorted({length for _province, length in levels}):
        provinces = tuple(sorted({province for province, own in levels if own == length}))
        found |= _of_level(provinces, length)
    return found


def _of_level(provinces: tuple[str, ...], length: int) -> dict[str, frozenset[str]]:
    level = max(0, (length - 2) // 4)
    rows: list[tuple[str, float | None, float | None]] = []
    for province in provinces:
        inside = Area.objects.filter(path__startswith=province, level=level, successor=None)
        rows += inside.order_by("path").values_list("path", "lon", "lat")
    places = pl.DataFrame(rows, schema={"area": pl.String, "lon": pl.Float64, "lat": pl.Float64}, orient="row")
    return neighbours(places, max_km=MAX_KM)
