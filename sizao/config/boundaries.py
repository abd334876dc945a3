"""Boundaries for the map: the shipped files and those of loaded areas, only inside the incident's areas."""

import gzip
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.registry.models import Area
from sizao.ops.tracing.pictures.regions import level_of, roots
from sizao.vocabulary.text import N_, Message

FOLDER = settings.CONFIG / "data" / "areas"
#: The shipped file of a country's level.
FILES = {
    ("CN", 1): "cn_provinces",
    ("CN", 2): "cn_cities",
    ("CN", 3): "cn_counties",
    ("KR", 1): "kr",
}
#: Drawn whenever a map shows the whole country.
LINES = {"CN": "cn_maritime_line"}
NOTES = {
    "CN": N_(
        "Boundaries: Amap, 2021 to 2022, simplified. They have no approval number (审图号): "
        "for work inside the response, not for publication."
    ),
    "KR": N_("Boundaries: Natural Earth, simplified; they claim nothing about where borders run."),
}
LOADED = N_("Boundaries: as loaded into this installation.")
NONE = N_("There are no boundaries of this level here; the table below holds all numbers.")
KEPT_S = 24 * 3600


@incident_page("case.view")
def boundaries(request: HttpRequest, incident: Incident, level: int) -> HttpResponse:
    """GeoJSON of one level: features by `path`, the country's line where it belongs, and the note in words."""
    content = collection(tuple(roots(incident)), level, get_language() or "en")
    response = HttpResponse(content, content_type="application/geo+json")
    patch_cache_control(response, private=True, max_age=KEPT_S)
    response["Vary"] = "Cookie, Accept-Language"
    return response


@lru_cache(maxsize=16)
def collection(within: tuple[str, ...], level: int, language: str) -> bytes:
    """The answer, kept: the files do not change while the software runs, loaded boundaries seldom."""
    features, note = shipped(within, level)
    if not features:
        features = loaded(within, level)
        note = LOADED if features else NONE
    lines = [feature for path in within if len(path) == 2 and path in LINES for feature in features_of(LINES[path])]
    found = {"type": "FeatureCollection", "features": features, "lines": lines, "note": note.say(language)}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def shipped(within: tuple[str, ...], level: int) -> tuple[list[dict[str, Any]], Message]:
    """Features of the shipped files inside these areas."""
    found, note = [], LOADED
    for country in sorted({path[:2] for path in within}):
        name = FILES.get((country, level))
        own = tuple(path for path in within if path.startswith(country))
        for feature in features_of(name) if name else ():
            path = feature["properties"]["path"]
            if path.startswith(own) and level_of(path) == level:
                found.append(feature)
                note = NOTES[country]
    return found, note


def loaded(within: tuple[str, ...], level: int) -> list[dict[str, Any]]:
    """Features of areas whose boundary was loaded with them."""
    rows = Area.objects.filter(level=level, boundary__isnull=False).order_by("path")
    return [
        {"type": "Feature", "properties": {"path": path, "code": code}, "geometry": geometry}
        for path, code, geometry in rows.values_list("path", "code", "boundary")
        if path.startswith(within)
    ]


def features_of(name: str) -> list[dict[str, Any]]:
    with gzip.open(FOLDER / f"{name}.geojson.gz", "rt", encoding="utf-8") as file:
        return json.load(file)["features"]
