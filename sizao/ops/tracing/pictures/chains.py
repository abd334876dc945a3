"""The chains of an incident: the whole forest, what the reader may see of it, what is drawn, its tables."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Any

import polars as pl

from sizao.epi.chains import (
    Forest,
    GammaDays,
    OffspringFit,
    Problem,
    fit_offspring,
    layered_layout,
    transmission_forest,
)
from sizao.protocols import ProtocolRefused, UnknownProtocol, load
from sizao.vocabulary.codes import Setting

#: Drawn at most; larger outbreaks show their largest clusters and say so.
MOST_DRAWN = 5_000
#: Days a case is given to infect others before it counts in R, where no serial interval is known.
TIME_TO_INFECT = 14


@dataclass(frozen=True)
class Chains:
    """The forest over the whole incident; `seen`: the same with the reader's own cases alone, for the tables."""

    forest: Forest
    seen: Forest
    cases: pl.DataFrame
    interval: GammaDays | None

    @property
    def n_outside(self) -> int:
        """Cases elsewhere that are drawn because they infected a case here or were infected by one."""
        return int((~self.cases["visible"]).sum())


def chains_of(cases: pl.DataFrame, links: pl.DataFrame, *, protocol: str) -> Chains:
    """Chains from `queries.chain_rows`. Cases the reader may not see stand under no number and without facts;
    those that touch none of the reader's cases are left out."""
    interval = serial_interval(protocol)
    forest = transmission_forest(for_forest(cases), pairs_of(cases, links), serial_interval=interval)
    visible = cases.filter("visible")
    shown = forest.cases.join(visible, on="case_id", how="semi")
    near = neighbours(forest, shown)
    facts = cases.select("case_id", "id", "area", "classification", "found_in", "visible", "date_onset")
    known = forest.cases.filter(
        pl.col("case_id").is_in(shown["case_id"].implode()) | pl.col("case_id").is_in(near.implode())
    )
    known = known.with_columns(pl.col("infection_setting").fill_null(Setting.UNKNOWN))
    return Chains(
        forest=forest,
        seen=seen_part(forest, set(shown["case_id"])),
        cases=veiled(known.join(facts, on="case_id", how="left", maintain_order="left")),
        interval=interval,
    )


def serial_interval(protocol: str) -> GammaDays | None:
    """The serial interval of the incident's protocol edition where it has one in gamma form."""
    try:
        distributions = load(protocol).distribution.values()
    except (UnknownProtocol, ProtocolRefused):
        return None
    intervals = [d for d in distributions if d.of == "serial_interval" and d.family == "gamma" and not d.shift]
    for each in sorted(intervals, key=lambda d: not d.primary):
        shape, scale = each.parameters.get("shape"), each.parameters.get("scale")
        if shape and scale:
            return GammaDays(mean=shape * scale, sd=shape**0.5 * scale)
    return None


def for_forest(cases: pl.DataFrame) -> pl.DataFrame:
    return cases.select("case_id", "date_onset", "date_report", "origin")


def pairs_of(cases: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Exposures with the numbers of both cases; an exposed person who is no case stands as a person."""
    source = cases.select("id", source_id="case_id")
    exposed = cases.sort("id").unique("person_id", keep="last").select("person_id", exposed_case="case_id")
    joined = links.join(source, left_on="source", right_on="id").join(exposed, on="person_id", how="left")
    person = pl.format("~person {}", "person_id")
    return joined.select(
        "source_id",
        pl.coalesce("exposed_case", person).alias("exposed_id"),
        pl.when(pl.col("setting") != "unknown").then("setting").alias("setting"),
        "certainty",
        "date_exposure_first",
        "date_exposure_last",
    )


def neighbours(forest: Forest, shown: pl.DataFrame) -> pl.Series:
    """Cases that infected one of `shown` or were infected by one, along the chosen links."""
    chosen = forest.candidates.filter("chosen")
    own = shown["case_id"].implode()
    sources = chosen.filter(pl.col("exposed_id").is_in(own))["source_id"]
    exposed = chosen.filter(pl.col("source_id").is_in(own))["exposed_id"]
    return pl.concat([sources, exposed]).unique()


def seen_part(forest: Forest, own: set[str]) -> Forest:
    """The forest's rows about these cases: sources elsewhere keep them linked, but are not counted."""
    mine = pl.col("exposed_id").is_in(own) & pl.col("source_id").is_in(own)
    problems = tuple(problem for problem in forest.problems if own.issuperset(problem.case_ids))
    return replace(
        forest,
        cases=forest.cases.filter(pl.col("case_id").is_in(own)),
        candidates=forest.candidates.filter(mine),
        problems=problems,
    )


def veiled(cases: pl.DataFrame) -> pl.DataFrame:
    """Cases outside the reader's areas: the place in the chain and the date stay, who and what go."""
    hidden = {name: pl.when("visible").then(name) for name in
              ("id", "area", "classification", "found_in", "infection_setting", "n_contacts")}  # fmt: skip
    return cases.with_columns(**hidden)


def filtered(
    chains: Chains,
    *,
    generation_from: int | None = None,
    generation_until: int | None = None,
    setting: str | None = None,
    since: date | None = None,
    until: date | None = None,
    cluster: str | None = None,
) -> pl.DataFrame:
    """The cases that are asked for; `cluster` is the number of any case in it. A setting is of a link, so who infected
    those of the setting is asked for too."""
    rows = chains.cases
    if generation_from is not None:
        rows = rows.filter(pl.col("generation") >= generation_from)
    if generation_until is not None:
        rows = rows.filter(pl.col("generation") <= generation_until)
    if setting:
        there = rows.filter(pl.col("infection_setting") == setting)
        rows = rows.filter(pl.col("case_id").is_in(pl.concat([there["case_id"], there["infector_id"]]).implode()))
    if since:
        rows = rows.filter(pl.col("date") >= since)
    if until:
        rows = rows.filter(pl.col("date") <= until)
    if cluster:
        meant = chains.cases.filter(pl.col("visible") & (pl.col("case_id") == cluster))["cluster_id"]
        rows = rows.filter(pl.col("cluster_id").is_in(meant.implode()))
    return rows


def drawn(chains: Chains, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with their row `y` on the page and the place `infector` of the infector among them, largest clusters
    first and at most `MOST_DRAWN`. Rows of the layout that nobody stands in are closed up."""
    wanted = rows.sort("cluster_size", "cluster_id", "generation", descending=[True, False, False]).head(MOST_DRAWN)
    places = layered_layout(replace(chains.forest, cases=laid_out(chains.forest, wanted)))
    placed = wanted.join(places.select("case_id", "y"), on="case_id").sort("y", "date", "case_id")
    placed = placed.with_columns(pl.col("y").rank("dense").cast(pl.Int64) - 1).with_row_index("place")
    source = placed.select(infector_id="case_id", infector="place")
    return placed.join(source, on="infector_id", how="left", maintain_order="left")


def laid_out(forest: Forest, wanted: pl.DataFrame) -> pl.DataFrame:
    """The forest's rows of the wanted cases, each a first case where its infector is not among them."""
    rows = forest.cases.join(wanted, on="case_id", how="semi", maintain_order="left")
    return rows.with_columns(
        infector_id=pl.when(pl.col("infector_id").is_in(rows["case_id"].implode())).then("infector_id"),
        cluster_size=pl.when(pl.col("cluster_size") > 1).then("cluster_size").otherwise(1),
    ).with_columns(generation=pl.when(pl.col("infector_id").is_null()).then(0).otherwise("generation"))


def edges(chains: Chains, shown: pl.DataFrame) -> pl.DataFrame:
    """All candidate links between the shown cases, the chosen ones marked: `source, exposed` are places."""
    source = shown.select(source_id="case_id", source="place", source_seen="visible")
    exposed = shown.select(exposed_id="case_id", exposed="place", exposed_seen="visible")
    joined = chains.forest.candidates.join(source, on="source_id").join(exposed, on="exposed_id")
    may_know = pl.col("chosen") | (pl.col("source_seen") & pl.col("exposed_seen"))
    return joined.filter(may_know).sort("source", "exposed")


def offspring(chains: Chains, *, on: date) -> tuple[OffspringFit | None, date, int]:
    """R and k of the cases that have had time to infect: (fit, last day of those cases, how many were too recent)."""
    days = ceil(chains.interval.mean + 2 * chains.interval.sd) if chains.interval else TIME_TO_INFECT
    last = on - timedelta(days=days)
    cases = chains.seen.cases
    old = cases.filter(pl.col("date").is_null() | (pl.col("date") <= last))
    return (fit_offspring(old) if old.height else None), last, cases.height - old.height


def interval_summary(intervals: pl.DataFrame) -> dict[str, Any]:
    """n, mean, median, standard deviation and how many are not positive."""
    days = intervals["days"]
    return {
        "n": days.len(),
        "mean": days.mean(),
        "median": days.median(),
        "sd": days.std(),
        "not_positive": int((days <= 0).sum()),
    }


def problems_of(chains: Chains) -> tuple[Problem, ...]:
    """What contradicts itself in the cases and links the reader may see."""
    return chains.seen.problems
