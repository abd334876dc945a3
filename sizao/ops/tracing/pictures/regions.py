"""The areas a picture is divided into: where the incident is, how deep to look, what each area is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, log10

from sizao.ops.governance.access import SEGMENT
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Area
from sizao.vocabulary.codes import AreaKind

DEEPEST = 4
LONGEST = Area._meta.get_field("path").max_length or 0
#: The kind of area at each level, where the tables do not say otherwise.
LEVEL_KINDS = (AreaKind.COUNTRY, AreaKind.PROVINCE, AreaKind.CITY, AreaKind.COUNTY, AreaKind.TOWNSHIP)


@dataclass(frozen=True)
class Region:
    """One area of a picture; `point` is where its name is written (longitude, latitude)."""

    path: str
    name: str
    population: int | None
    point: tuple[float, float] | None = None


def n_chars(level: int) -> int:
    """Length of the path of an area at this level."""
    return 2 + SEGMENT * level


def level_of(path: str) -> int:
    return (len(path) - 2) // SEGMENT


def roots(incident: Incident) -> list[str]:
    """The areas of the incident, none inside another; failing those, the countries of its cases."""
    paths = sorted(incident.areas.values_list("path", flat=True))
    if not paths:
        known = incident.cases.filter(area__isnull=False).order_by().values_list("l1", flat=True).distinct()
        paths = sorted({path[:2] for path in known})
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def levels(within: list[str]) -> list[int]:
    """The levels that exist below these areas, not deeper than the township; theirs where nothing lies below."""
    if not within:
        return []
    own = min(level_of(path) for path in within)
    deeper = [level for level in range(own + 1, DEEPEST + 1) if _areas(within, level).exists()]
    return deeper or [own]


def level_label(level: int) -> AreaKind:
    return LEVEL_KINDS[min(level, DEEPEST)]


def regions(within: list[str], level: int, language: str) -> list[Region]:
    """The areas of one level inside these areas, in the order of their codes."""
    name = "name_zh" if language.startswith("zh") else "name_en"
    rows = _areas(within, level).order_by("path").values_list("path", name, "population", "lon", "lat")
    return [
        Region(path, called, population, None if lon is None or lat is None else (lon, lat))
        for path, called, population, lon, lat in rows
    ]


def names(paths: Iterable[str], language: str) -> dict[str, str]:
    """What these areas are called."""
    wanted = sorted({path for path in paths if path})
    name = "name_zh" if language.startswith("zh") else "name_en"
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 5_000):
        part = Area.objects.filter(path__in=wanted[start : start + 5_000])
        found |= dict(part.values_list("path", name))
    return found


def _areas(within: list[str], level: int):
    """Areas of a level by ranges of the key, so that its index is walked. Paths are digits and capital letters;
    nothing that begins with a path sorts after the path filled up with Z, in any collation."""
    condition = None
    for path in within:
        inside = Area.objects.filter(path__gte=path, path__lte=path.ljust(LONGEST, "Z"), level=level, successor=None)
        condition = inside if condition is None else condition | inside
    return (condition if condition is not None else Area.objects.none()).defer("boundary")


def class_breaks(values: Iterable[float], *, most: int = 5) -> list[float]:
    """Lower ends of the classes of a map above zero: 1, 2, 5, 10, 20, 50, … thinned to at most `most`.

    >>> class_breaks([1, 3, 40])
    [1, 2, 5, 10, 20]
    >>> class_breaks([0, 1])
    [1]
    """
    above = sorted(value for value in values if value > 0)
    if not above:
        return []
    start, end = floor(log10(above[0])), floor(log10(above[-1]))
    # From one power lower: the logarithm of 9,999.999… is a whole 4.
    ladder = [step * 10**power for power in range(start - 1, end + 1) for step in (1, 2, 5)]
    ladder = [tidy(step) for step in ladder if step <= above[-1]]
    reached = [step for step, following in zip(ladder, [*ladder[1:], None], strict=True)
               if following is None or following > above[0]]  # fmt: skip
    while len(reached) > most:
        reached = [reached[0], *reached[2::2]] if len(reached) > most + 1 else [reached[0], *reached[2:]]
    return reached


def tidy(value: float) -> float:
    """0.2 and not 0.2000000001; whole numbers as such."""
    rounded = round(value, 9)
    return int(rounded) if rounded == int(rounded) else rounded
