"""The map's page, data and file."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zlib import crc32

import polars as pl
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from sizao.ops.governance import access
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.tracing.pictures import queries, regions
from sizao.ops.tracing.pictures.areas import PER, AreaNumbers, MapNumbers, map_numbers
from sizao.ops.tracing.pictures.choices import MapForm, Measure, Window
from sizao.ops.tracing.pictures.curve_views import cases_page, classes, n_left_out
from sizao.ops.tracing.pictures.numbers_file import csv_file
from sizao.vocabulary.text import say


@dataclass(frozen=True)
class Chosen:
    """The form of the map's page and the numbers it leads to."""

    form: MapForm
    values: dict[str, Any]
    within: list[str]
    numbers: MapNumbers


@incident_page("case.view")
def map_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Cases by area: the map where there are boundaries, and always the table."""
    asked = numbers_of(request, incident)
    numbers, level = asked.numbers, asked.values["level"]
    context = {
        "form": asked.form,
        "chosen": asked.values,
        "numbers": numbers,
        "rows": [row for row in numbers.rows if row.n],
        "n_without": sum(1 for row in numbers.rows if not row.n and row.in_reach),
        "n_unseen": sum(1 for row in numbers.rows if not row.in_reach),
        "no_population": any(row.n and not row.region.population for row in numbers.rows),
        "n_left_out": n_left_out(request, incident) if asked.values["which"] == "counted" else 0,
        "hrefs": {row.region.path: area_href(incident, asked.values, row, request.at) for row in numbers.rows if row.n},
        "boundaries": boundaries_href(incident, asked.within, level),
        "level_label": regions.level_label(level),
        "today": incident.date_at(request.at),
    }
    return render(request, "tracing/pictures/map.html", context)


@incident_page("case.view")
def map_data(request: HttpRequest, incident: Incident) -> JsonResponse:
    """What the script colours: numbers per area, class breaks."""
    asked = numbers_of(request, incident)
    columns = ("path", "name", "n", "n_7", "n_14", "value", "in_reach", "href", "point")
    rows = [
        [row.region.path, row.region.name, row.n, row.n_7, row.n_14, row.value, row.in_reach,
         area_href(incident, asked.values, row, request.at) if row.n else "", row.region.point]
        for row in asked.numbers.rows
    ]  # fmt: skip
    return JsonResponse({"columns": columns, "rows": rows, "breaks": asked.numbers.breaks})


@incident_page("case.view")
def map_csv(request: HttpRequest, incident: Incident) -> HttpResponse:
    asked = numbers_of(request, incident)
    return csv_file(map_frame(asked.numbers), picture="map", incident=incident, day=incident.date_at(request.at))


def map_frame(numbers: MapNumbers) -> pl.DataFrame:
    """One row per area the reader sees: `area, name, population, n, n_7, n_14, cases_per_100k`."""
    rows = [
        (row.region.path, row.region.name, row.region.population, row.n, row.n_7, row.n_14,
         round(row.n * PER / row.region.population, 4) if row.region.population else None)
        for row in numbers.rows
        if row.in_reach
    ]  # fmt: skip
    schema = {
        "area": pl.String, "name": pl.String, "population": pl.Int64, "n": pl.Int64, "n_7": pl.Int64,
        "n_14": pl.Int64, "cases_per_100k": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def numbers_of(request: HttpRequest, incident: Incident) -> Chosen:
    """The numbers of the areas of the chosen level, as far as the reader reaches."""
    language = get_language() or "en"
    within = regions.roots(incident)
    levels = regions.levels(within) or [0]
    choices = [(str(level), say(regions.level_label(level), language)) for level in levels]
    form = MapForm(request.GET.dict(), levels=choices, level=levels[0])
    values = form.chosen
    cases = queries.cases_in_reach(by=request.user, incident=incident, at=request.at)
    counts = queries.case_counts(cases.filter(classification__in=classes(values)), by=["area", "date_report"])
    numbers = map_numbers(
        counts,
        regions.regions(within, values["level"], language),
        level=values["level"],
        within=within,
        window=Window(values["window"]),
        measure=Measure(values["measure"]),
        today=incident.date_at(request.at),
        reach=access.reach(request.user, "case.view", at=request.at),
    )
    return Chosen(form, values, within, numbers)


def area_href(incident: Incident, values: dict[str, Any], row: AreaNumbers, at) -> str:
    """The list of the cases of an area in the chosen window."""
    days: dict[str, str] = {}
    if values["window"] != Window.ALL:
        today = incident.date_at(at)
        first = today - timedelta(days=int(values["window"]) - 1)
        days = {"reported_from": first.isoformat(), "reported_until": today.isoformat()}
    return cases_page(incident, values, area=row.region.path, **days)


def boundaries_href(incident: Incident, within: list[str], level: int) -> str:
    """Where the boundaries of this level come from; the frame of the house serves them. The address changes with
    the incident's areas, because browsers keep what they got."""
    address = reverse("boundaries", kwargs={"incident_id": incident.pk, "level": level})
    return f"{address}?of={crc32('.'.join(within).encode())}"
