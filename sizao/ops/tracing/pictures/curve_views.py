"""The epidemic curve's page, data and file."""

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.tracing.pictures import queries, regions
from sizao.ops.tracing.pictures.chains import chains_of
from sizao.ops.tracing.pictures.choices import CurveDate, CurveForm, CurvePart, Which
from sizao.ops.tracing.pictures.curve import REST, UNKNOWN, Curve, draw_curve
from sizao.ops.tracing.pictures.five import page
from sizao.ops.tracing.pictures.numbers_file import csv_file
from sizao.vocabulary.codes import COUNTED
from sizao.vocabulary.text import say

#: The first colours stand on the page without script; more would not be told apart there.
PARTS_WITHOUT_SCRIPT = 5


@incident_page("case.view")
def curve_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The curve, its switches, and the numbers in a table."""
    form = CurveForm(request.GET.dict())
    chosen = form.chosen
    curve = curve_of(request, incident, chosen)
    context = {
        "form": form,
        "chosen": chosen,
        "curve": curve,
        "bars": bars_of(curve),
        "parts": [part.label for part in curve.parts[:PARTS_WITHOUT_SCRIPT]],
        "n_left_out": n_left_out(request, incident) if chosen["which"] == Which.COUNTED else 0,
        "hrefs": hrefs(curve, chosen, incident),
        "undated_href": cases_page(incident, chosen, onset_known="no"),
        "today": incident.date_at(request.at),
    }
    return render(request, "tracing/pictures/curve.html", context)


@incident_page("case.view")
def curve_data(request: HttpRequest, incident: Incident) -> JsonResponse:
    """What the script draws: counts and addresses, nobody's name."""
    chosen = CurveForm(request.GET.dict()).chosen
    curve = curve_of(request, incident, chosen)
    links = hrefs(curve, chosen, incident)
    language = get_language() or "en"
    parts = [
        {"key": part.key, "label": str(say(part.label, language)), "n": part.counts, "href": [row[i] for row in links]}
        for i, part in enumerate(curve.parts)
    ]
    return JsonResponse({"days": [day.isoformat() for day in curve.periods], "every": curve.every, "parts": parts})


@incident_page("case.view")
def curve_csv(request: HttpRequest, incident: Incident) -> HttpResponse:
    chosen = CurveForm(request.GET.dict()).chosen
    return csv_file(
        curve_frame(curve_of(request, incident, chosen)), picture="curve", incident=incident,
        day=incident.date_at(request.at),
    )  # fmt: skip


def curve_frame(curve: Curve) -> pl.DataFrame:
    """One row per period and part: `date_first, date_last, part, n`."""
    rows = [
        (curve.first_day(index), curve.last_day(index), part.key.lstrip("~"), part.counts[index])
        for index in range(len(curve.periods))
        for part in curve.parts
    ]
    schema = {"date_first": pl.Date, "date_last": pl.Date, "part": pl.String, "n": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def curve_of(request: HttpRequest, incident: Incident, chosen: dict[str, Any]) -> Curve:
    """The curve of the cases the reader sees, as chosen."""
    counts, names = counts_of(request, incident, chosen)
    return draw_curve(
        counts, part=CurvePart(chosen["part"]), every=chosen["every"], today=incident.date_at(request.at),
        since=chosen["since"], until=chosen["until"], area_names=names,
    )  # fmt: skip


def counts_of(request: HttpRequest, incident: Incident, chosen: dict[str, Any]) -> tuple[pl.DataFrame, dict[str, str]]:
    """`day, part, n` and the names of areas where the parts are areas."""
    cases = queries.cases_in_reach(by=request.user, incident=incident, at=request.at)
    cases = cases.filter(classification__in=classes(chosen))
    day, part = day_column(chosen), chosen["part"]
    if part == CurvePart.SETTING:
        return by_setting(request, incident, chosen, day), {}
    if part == CurvePart.AREA:
        return by_area(cases, incident, day)
    if part == CurvePart.NONE:
        counts = queries.case_counts(cases, by=[day])
        return counts.select(day=day, part=pl.lit("all"), n="n"), {}
    return queries.case_counts(cases, by=[day, part]).rename({day: "day", part: "part"}), {}


def by_area(cases, incident: Incident, day: str) -> tuple[pl.DataFrame, dict[str, str]]:
    within = regions.roots(incident)
    level = (regions.levels(within) or [1])[0]
    counts = queries.case_counts(cases, by=[day, "area"], n_chars=regions.n_chars(level))
    names = regions.names(counts["area"].drop_nulls().to_list(), get_language() or "en")
    return counts.rename({day: "day", "area": "part"}), names


def by_setting(request: HttpRequest, incident: Incident, chosen: dict[str, Any], day: str) -> pl.DataFrame:
    """A case's setting is that of the most likely infection in the chains."""
    cases, links = queries.chain_rows(by=request.user, incident=incident, at=request.at)
    chains = chains_of(cases, links, protocol=incident.protocol)
    setting = chains.cases.select("case_id", part="infection_setting")
    seen = cases.filter(pl.col("visible") & pl.col("classification").is_in(classes(chosen)))
    rows = seen.join(setting, on="case_id", how="left").rename({day: "day"})
    return rows.group_by("day", pl.col("part").fill_null("unknown")).agg(n=pl.len().cast(pl.Int64))


def classes(chosen: dict[str, Any]) -> list[str]:
    return [str(code) for code in (COUNTED if chosen["which"] == Which.COUNTED else queries.OPEN)]


def day_column(chosen: dict[str, Any]) -> str:
    return "date_onset" if chosen["date"] == CurveDate.ONSET else "date_report"


def n_left_out(request: HttpRequest, incident: Incident) -> int:
    """Suspected and unclassified cases, which the picture of counted cases does not hold."""
    cases = queries.cases_in_reach(by=request.user, incident=incident, at=request.at)
    return cases.filter(classification__in=set(queries.OPEN) - set(COUNTED)).count()


def bars_of(curve: Curve) -> list[dict[str, Any]]:
    """Columns of the drawing without script; parts beyond the first few are one."""
    head = PARTS_WITHOUT_SCRIPT - 1 if len(curve.parts) > PARTS_WITHOUT_SCRIPT else PARTS_WITHOUT_SCRIPT
    columns = []
    for index in range(len(curve.periods)):
        values = [part.counts[index] for part in curve.parts]
        values = values[:head] + ([sum(values[head:])] if len(values) > head else [])
        columns.append({"day": curve.first_day(index), "values": values})
    return columns


def hrefs(curve: Curve, chosen: dict[str, Any], incident: Incident) -> list[list[str]]:
    """For each period and part the case list of exactly these cases; "" where the list cannot be narrowed so."""
    word = "onset" if chosen["date"] == CurveDate.ONSET else "reported"
    return [
        [
            part_page(incident, chosen, part.key, {
                f"{word}_from": curve.first_day(index).isoformat(), f"{word}_until": curve.last_day(index).isoformat()
            }) if part.counts[index] else ""
            for part in curve.parts
        ]
        for index in range(len(curve.periods))
    ]  # fmt: skip


def part_page(incident: Incident, chosen: dict[str, Any], key: str, days: dict[str, str]) -> str:
    """The list of a part's cases on some days. The list knows no setting and no rest: there it is the days' list."""
    narrowed: dict[str, Any] = {}
    if key not in (REST, UNKNOWN) and chosen["part"] in (CurvePart.CLASSIFICATION, CurvePart.FOUND_IN, CurvePart.AREA):
        narrowed = {chosen["part"]: key}
    return cases_page(incident, chosen, **days, **narrowed)


def cases_page(incident: Incident, chosen: dict[str, Any], **query: Any) -> str:
    return page("cases:list", incident, **{"classification": classes(chosen), **query})
