"""The chains' page, data and files, and the page of the five views."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from sizao.epi.chains import (
    cluster_sizes,
    clusters,
    generations,
    offspring_distribution,
    serial_intervals,
    unlinked,
)
from sizao.ops.governance import access, audit
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.pages import incident_page
from sizao.ops.tracing.pictures import chains as chain_rules
from sizao.ops.tracing.pictures import queries, regions
from sizao.ops.tracing.pictures.chains import Chains, chains_of, drawn, edges, filtered, offspring
from sizao.ops.tracing.pictures.choices import ChainForm
from sizao.ops.tracing.pictures.five import five_views
from sizao.ops.tracing.pictures.numbers_file import csv_file
from sizao.vocabulary.codes import COUNTED, Classification, FoundIn, Setting

FILTERS = ("generation_from", "generation_until", "setting", "since", "until", "cluster")
CODED = {"setting": Setting, "found_in": FoundIn, "classification": Classification}
ROWS_SHOWN = 50
UNLINKED_SHOWN = 15
EXPORT = ("export.identified", "export.pseudonymous")


@dataclass(frozen=True)
class Shown:
    """What the page is about: all chains, and the cases the filter asks for, placed."""

    form: ChainForm
    chosen: dict[str, Any]
    chains: Chains
    rows: pl.DataFrame
    n_asked: int

    @property
    def is_filtered(self) -> bool:
        return any(self.chosen[name] is not None and self.chosen[name] != "" for name in FILTERS)


@incident_page("case.view")
def chains_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Who infected whom: the picture, and everything in it as tables."""
    shown = shown_of(request, incident)
    today = incident.date_at(request.at)
    seen = shown.chains.seen
    fit, fit_until, n_recent = offspring(shown.chains, on=today)
    intervals = serial_intervals(seen)
    without = unlinked(seen, on=today)
    rows_of_unlinked = without if request.GET.get("all") else without.head(UNLINKED_SHOWN)
    context = {
        "form": shown.form,
        "shown": shown,
        "counts": counts_of(shown.chains),
        "ids": dict(seen.cases.join(shown.chains.cases, on="case_id").select("case_id", "id").iter_rows()),
        "generations": dicts(generations(seen)),
        "clusters": dicts(clusters(seen).filter(pl.col("n_cases") > 1).head(ROWS_SHOWN)),
        "cluster_sizes": dicts(cluster_sizes(seen)),
        "offspring": dicts(offspring_distribution(seen.cases).filter(pl.col("n_cases") > 0))
        if seen.cases.height
        else [],
        "fit": fit,
        "fit_until": fit_until,
        "n_recent": n_recent,
        "intervals": chain_rules.interval_summary(intervals) if intervals.height else None,
        "interval_days": dicts(intervals.group_by("days").agg(n=pl.len()).sort("days")),
        "unlinked": dicts(rows_of_unlinked),
        "n_unlinked": without.height,
        "n_unlinked_old": without.filter(pl.col("age_days") > 1).height,
        "problems": chain_rules.problems_of(shown.chains)[:ROWS_SHOWN],
        "n_problems": len(chain_rules.problems_of(shown.chains)),
        "settings": Setting,
        "may_export": any(access.may(request.user, permission, at=request.at) for permission in EXPORT),
        "today": today,
    }
    return render(request, "tracing/pictures/chains.html", context)


@incident_page("case.view")
def chains_data(request: HttpRequest, incident: Incident) -> JsonResponse:
    """What the script draws: columns of facts, the links between places, the words of the codes. No names."""
    shown = shown_of(request, incident)
    return JsonResponse(picture_of(shown.chains, shown.rows, get_language() or "en"))


def picture_of(chains: Chains, rows: pl.DataFrame, language: str) -> dict[str, Any]:
    own = pl.col("visible")
    facts = rows.select(
        "id",
        number=pl.when(own).then("case_id"),
        date=pl.col("date").dt.to_string(),
        basis="date_basis",
        y="y",
        infector="infector",
        generation="generation",
        cluster=pl.when(pl.col("cluster_id").is_in(chains.seen.cases["case_id"].implode())).then("cluster_id"),
        cluster_key="cluster_id",
        size="cluster_size",
        setting="infection_setting",
        classification="classification",
        found_in="found_in",
        probability=pl.col("probability").round(3),
        n_candidates="n_candidates",
        n_secondary="n_secondary",
        n_contacts="n_contacts",
        linked="linked",
        imported="imported",
        area="area",
    ).with_columns(cluster_key=pl.col("cluster_key").rank("dense"))
    links = edges(chains, rows).select("source", "exposed", "chosen", pl.col("probability").round(3))
    return {
        "cases": facts.to_dict(as_series=False),
        "links": links.to_dict(as_series=False),
        "words": {name: {code.value: code.label.say(language) for code in codes} for name, codes in CODED.items()},
        "areas": regions.names(rows.filter(own)["area"].drop_nulls().unique().to_list(), language),
    }


@incident_page("case.view")
def chains_cases_csv(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The cases of the chains, one row each; asks for the power to export and is written down."""
    shown = exported(request, incident, "cases")
    return csv_file(nodes_frame(shown), picture="chain-cases", incident=incident, day=incident.date_at(request.at))


@incident_page("case.view")
def chains_links_csv(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The links between cases, the chosen ones marked; asks for the power to export and is written down."""
    shown = exported(request, incident, "links")
    return csv_file(links_frame(shown), picture="chain-links", incident=incident, day=incident.date_at(request.at))


def exported(request: HttpRequest, incident: Incident, what: str) -> Shown:
    permission = EXPORT[0] if access.may(request.user, EXPORT[0], at=request.at) else EXPORT[1]
    access.check(request.user, permission, at=request.at)
    shown = shown_of(request, incident)
    audit.record(
        by=request.user, at=request.at, action="chains.exported", about=incident, what=what, n=shown.rows.height
    )
    return shown


def nodes_frame(shown: Shown) -> pl.DataFrame:
    """Own cases only: a source elsewhere is said to be elsewhere."""
    own = shown.chains.seen.cases["case_id"].implode()
    source = pl.col("infector_id")
    return shown.rows.filter("visible").select(
        "case_id",
        "date",
        "date_basis",
        source_id=pl.when(source.is_in(own)).then(source),
        source_elsewhere=source.is_not_null() & ~source.is_in(own),
        setting="infection_setting",
        probability="probability",
        n_candidates="n_candidates",
        generation="generation",
        cluster_id=pl.when(pl.col("cluster_id").is_in(own)).then("cluster_id"),
        cluster_size="cluster_size",
        n_secondary="n_secondary",
        n_contacts="n_contacts",
        classification="classification",
        found_in="found_in",
        area="area",
        imported="imported",
        linked="linked",
    )


def links_frame(shown: Shown) -> pl.DataFrame:
    joined = edges(shown.chains, shown.rows)
    both = joined.filter(pl.col("source_seen") & pl.col("exposed_seen"))
    columns = ["source_id", "exposed_id", "chosen", "probability", "setting", "certainty", "date_exposure_first",
               "date_exposure_last", "days"]  # fmt: skip
    return both.select(columns)


def shown_of(request: HttpRequest, incident: Incident) -> Shown:
    form = ChainForm(request.GET.dict())
    chosen = form.chosen
    rows = queries.chain_rows(by=request.user, incident=incident, at=request.at)
    chains = chains_of(*rows, protocol=incident.protocol)
    asked = filtered(chains, **{name: chosen[name] for name in FILTERS})
    return Shown(form, chosen, chains, drawn(chains, asked), asked.height)


def counts_of(chains: Chains) -> dict[str, int]:
    """How many cases, of these counted, with a source, without one, infected elsewhere; and clusters."""
    own = chains.cases.filter("visible")
    imported = own.filter("imported").height
    return {
        "n": own.height,
        "counted": own.filter(pl.col("classification").is_in([str(code) for code in COUNTED])).height,
        "linked": own.filter(pl.col("infector_id").is_not_null()).height,
        "imported": imported,
        "clusters": own.filter(pl.col("cluster_size") > 1)["cluster_id"].n_unique(),
        "alone": own.filter(pl.col("cluster_size") == 1).height,
        "largest": int(own["cluster_size"].max() or 0),  # type: ignore[arg-type]
        "longest": int(own["generation"].max() or 0),  # type: ignore[arg-type]
        "outside": chains.n_outside,
    }


def dicts(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dicts()


@incident_page("case.view")
def five_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """点线界面链: five views of the outbreak, each with what is unresolved in it."""
    views = five_views(by=request.user, incident=incident, at=request.at)
    return render(request, "tracing/pictures/five.html", {"views": views, "today": incident.date_at(request.at)})
