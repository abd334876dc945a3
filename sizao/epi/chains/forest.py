"""The transmission forest: every case with its most likely infector, generation and cluster."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sizao.epi.chains import problems as found
from sizao.epi.chains.candidates import (
    TIMING_ORDER,
    GammaDays,
    rank_candidates,
    rank_in,
    tidy_cases,
    tidy_links,
)
from sizao.epi.chains.problems import Problem

Ints = npt.NDArray[np.integer[Any]]

FOREST_COLUMNS = pl.Schema(
    {
        "case_id": pl.String,
        "date": pl.Date,
        "date_basis": pl.String,
        "date_report": pl.Date,
        "imported": pl.Boolean,
        "infector_id": pl.String,
        "infection_setting": pl.String,
        "probability": pl.Float64,
        "n_candidates": pl.Int64,
        "generation": pl.Int64,
        "cluster_id": pl.String,
        "cluster_size": pl.Int64,
        "n_secondary": pl.Int64,
        "n_contacts": pl.Int64,
        "linked": pl.Boolean,
    }
)


@dataclass(frozen=True)
class Forest:
    """`cases`: a row per case (`FOREST_COLUMNS`); `candidates`: every link between two cases, `chosen` or not."""

    cases: pl.DataFrame
    candidates: pl.DataFrame
    problems: tuple[Problem, ...]


def transmission_forest(
    cases: pl.DataFrame,
    links: pl.DataFrame,
    *,
    serial_interval: GammaDays | None = None,
    incubation: GammaDays | None = None,
) -> Forest:
    """Who infected whom, from cases and exposures.

    In: `cases` with `case_id` and, where known, `date_onset, date_report, origin`; `links` with `source_id,
    exposed_id` and, where known, `setting, certainty, date_exposure_first, date_exposure_last, probability`.
    Exposed persons who are not cases are contacts: they count in `n_contacts` and are no problem.

    Among several candidates the most likely is the one with the highest probability (as stated on the link,
    times the serial interval and the incubation period where those are given); then the highest certainty; then
    a source that fell ill before the case; then the source that fell ill first; then the case number, so that
    the order of the rows never decides. All candidates are kept, with probability, rank and what decided.
    Links that would close a circle are left out, the least likely first, and the next candidate is tried.

    Out, per case: `infector_id` (null: not known), `generation` (0 for the first of a cluster), `cluster_id`
    (case number of its first case), `cluster_size`, `n_secondary`, `n_candidates`, `n_contacts`, `linked`
    (infector known or infected elsewhere). Nothing in the data raises; contradictions are in `problems`.

    >>> cases = pl.DataFrame({"case_id": ["a", "b", "c"]})
    >>> links = pl.DataFrame({"source_id": ["a", "b"], "exposed_id": ["b", "c"]})
    >>> transmission_forest(cases, links).cases["generation"].to_list()
    [0, 1, 2]
    """
    people, case_problems = tidy_cases(cases)
    pairs, link_problems = tidy_links(links)
    unknown = unknown_source_links(pairs, people)
    ranked = rank_candidates(pairs, people, serial_interval, incubation)
    chosen, cycle_problems = choose(ranked)
    later = chosen.filter(pl.col("timing") == "after").select("source_id", "exposed_id", "days")
    later = later.filter(pl.col("days") < 0).sort("exposed_id")
    table = people.join(describe_links(ranked, chosen), left_on="case_id", right_on="exposed_id", how="left")
    contacts = pairs.group_by("source_id").agg(n_contacts=pl.len().cast(pl.Int64))
    table = table.join(contacts, left_on="case_id", right_on="source_id", how="left", maintain_order="left")
    is_chosen = chosen.select("source_id", "exposed_id", chosen=pl.lit(True))
    return Forest(
        cases=with_positions(table.sort("date", "case_id", nulls_last=True)),
        candidates=ranked.join(is_chosen, on=["source_id", "exposed_id"], how="left", maintain_order="left")
        .with_columns(pl.col("chosen").fill_null(False))
        .sort("exposed_id", "rank"),
        problems=(
            *case_problems,
            *link_problems,
            *found.unknown_sources(unknown),
            *cycle_problems,
            *found.later_sources(later),
        ),
    )


def unknown_source_links(pairs: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Links to a case whose source is not on the case list."""
    to_cases = pairs.join(people, left_on="exposed_id", right_on="case_id", how="semi")
    lost = to_cases.join(people, left_on="source_id", right_on="case_id", how="anti")
    return lost.select("source_id", "exposed_id").sort("exposed_id", "source_id")


def choose(ranked: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """One infector for each case such that no circle closes.

    Links are taken best first: first choices before second ones, sources that fell ill earlier before those that
    did not, then the more probable. A link that would close a circle is passed over and reported.
    """
    order = ranked.with_columns(timing_rank=rank_in(pl.col("timing"), TIMING_ORDER, "unknown")).sort(
        "rank", "timing_rank", -pl.col("probability"), "exposed_id", "source_id"
    )
    infector: dict[str, str] = {}
    leader: dict[str, str] = {}
    circles: list[Problem] = []
    kept: list[bool] = []
    for source, exposed in order.select("source_id", "exposed_id").iter_rows():
        fits = exposed not in infector and first_of(leader, source) != exposed
        if fits:
            infector[exposed] = leader[exposed] = source
        elif exposed not in infector:
            circles.append(found.broken_cycle(path_between(infector, exposed, source)))
        kept.append(fits)
    return order.filter(pl.Series(kept, dtype=pl.Boolean)), circles


def first_of(leader: dict[str, str], case: str) -> str:
    """The first case of the chain that `case` stands in; shortens the way for the next time."""
    passed = []
    while case in leader:
        passed.append(case)
        case = leader[case]
    for other in passed:
        leader[other] = case
    return case


def path_between(infector: dict[str, str], first: str, last: str) -> list[str]:
    """The cases from `first` to `last` along the infections."""
    path = [last]
    while path[-1] != first:
        path.append(infector[path[-1]])
    return path[::-1]


def describe_links(ranked: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Per exposed case: number of candidates, and infector, setting and probability of the chosen one."""
    counts = ranked.group_by("exposed_id").agg(n_candidates=pl.len().cast(pl.Int64))
    picked = chosen.select("exposed_id", "probability", infector_id="source_id", infection_setting="setting")
    return counts.join(picked, on="exposed_id", how="left")


def with_positions(table: pl.DataFrame) -> pl.DataFrame:
    """Adds generation, cluster and number of secondary cases."""
    parent = parent_rows(table["case_id"], table["infector_id"])
    generation, first = depth_and_first(parent)
    has_parent = parent >= 0
    secondary = np.bincount(parent[has_parent], minlength=len(parent))
    sizes = np.bincount(first, minlength=len(parent))
    done = table.with_columns(
        pl.col("n_candidates", "n_contacts").fill_null(0),
        generation=pl.Series(generation, dtype=pl.Int64),
        cluster_id=table["case_id"].gather(first),
        cluster_size=pl.Series(sizes[first], dtype=pl.Int64),
        n_secondary=pl.Series(secondary, dtype=pl.Int64),
        linked=pl.col("infector_id").is_not_null() | pl.col("imported"),
    )
    return done.select(list(FOREST_COLUMNS)).cast(FOREST_COLUMNS)


def parent_rows(cases: Iterable[str], infectors: Iterable[str | None]) -> Ints:
    """Row number of each case's infector, -1 where none is known."""
    row = {case: index for index, case in enumerate(cases)}
    return np.array([-1 if who is None else row[who] for who in infectors], dtype=np.int64)


def depth_and_first(parent: Ints) -> tuple[Ints, Ints]:
    """Steps to the first case of the chain and its row, by jumping twice as far each time."""
    own = np.arange(len(parent))
    jump = np.where(parent >= 0, parent, own)
    depth = (parent >= 0).astype(np.int64)
    while len(parent) and (jump[jump] != jump).any():
        depth = depth + depth[jump]
        jump = jump[jump]
    return depth, jump
