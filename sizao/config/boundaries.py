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
KEPT_S = {True: 24 * 3600, False: 60}  # shipped files change with the software, loaded ones when somebody loads


@incident_page("case.view")
def boundaries(request: HttpRequest, incident: Incident, level: int) -> HttpResponse:
    """GeoJSON of one level: features by `path`, the country's line where it belongs, and the note in words."""
    within, language = tuple(roots(incident)), get_language() or "en"
    kept = shipped(within, level, language)
    response = HttpResponse(kept or loaded(within, level, language), content_type="application/geo+json")
    patch_cache_control(response, private=True, max_age=KEPT_S[bool(kept)])
    response["Vary"] = "Cookie, Accept-Language"
    return response


@lru_cache(maxsize=16)
def shipped(within: tuple[str, ...], level: int, language: str) -> bytes:
    """The answer from the shipped files; nothing where they have no area of this level here."""
    found, notes = [], set()
    for country in sorted({path[:2] for path in within} & {country for country, each in FILES if each == level}):
        own = tuple(path for path in within if path.startswith(country))
        inside = [feature for feature in features_of(FILES[country, level]) if is_of(feature, own, level)]
        found += inside
        notes |= {NOTES[country]} if inside else set()
    lines = [feature for path in within if path in LINES for feature in features_of(LINES[path])]
    return answer(found, lines, sorted(notes, key=str), language) if found else b""


def loaded(within: tuple[str, ...], level: int, language: str) -> bytes:
    """The answer from areas whose boundary was loaded with them, which may be none."""
    rows = Area.objects.filter(level=level, boundary__isnull=False).order_by("path")
    found = [
        {"type": "Feature", "properties": {"path": path, "code": code}, "geometry": geometry}
        for path, code, geometry in rows.values_list("path", "code", "boundary")
        if path.startswith(within)
    ]
    return answer(found, [], [LOADED if found else NONE], language)


def answer(features: list[Any], lines: list[Any], notes: list[Message], language: str) -> bytes:
    note = " ".join(each.say(language) for each in notes)
    found = {"type": "FeatureCollection", "features": features, "lines": lines, "note": note}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def is_of(feature: dict[str, Any], within: tuple[str, ...], level: int) -> bool:
    path = feature["properties"]["path"]
    return path.startswith(within) and level_of(path) == level


def features_of(name: str) -> list[dict[str, Any]]:
    with gzip.open(FOLDER / f"{name}.geojson.gz", "rt", encoding="utf-8") as file:
        return json.load(file)["features"]
