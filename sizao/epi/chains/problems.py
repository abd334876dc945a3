"""What is wrong with a list of cases and links, as sentences; a problem never stops the tree from being built."""

from dataclasses import dataclass

import polars as pl

from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_, Message


class ProblemKind(Code):
    """Kinds of contradiction between the cases and the links, so that a page can group and count them."""

    NO_NUMBER = "no_number", N_("Row without a number")
    DUPLICATE_CASE = "duplicate_case", N_("Case listed twice")
    DUPLICATE_LINK = "duplicate_link", N_("Link listed twice")
    SELF_LINK = "self_link", N_("Case linked to itself")
    UNKNOWN_SOURCE = "unknown_source", N_("Source is not on the case list")
    CYCLE = "cycle", N_("Cases infect each other in a circle")
    SOURCE_LATER = "source_later", N_("Source fell ill after the person it infected")


@dataclass(frozen=True)
class Problem:
    """One contradiction: the case numbers it concerns and a sentence that says what was done about it."""

    kind: ProblemKind
    case_ids: tuple[str, ...]
    message: Message


def rows_without_number(n_cases: int, n_links: int) -> list[Problem]:
    problems = []
    if n_cases:
        said = N_("{n} rows of the case list have no case number and are left out.", n=n_cases)
        problems.append(Problem(ProblemKind.NO_NUMBER, (), said))
    if n_links:
        said = N_("{n} links lack the number of the source or of the exposed person and are left out.", n=n_links)
        problems.append(Problem(ProblemKind.NO_NUMBER, (), said))
    return problems


def duplicate_cases(repeated: pl.DataFrame) -> list[Problem]:
    """`repeated`: case_id, n."""
    return [
        Problem(
            ProblemKind.DUPLICATE_CASE,
            (case,),
            N_("Case {case} is listed {n} times; its first row is used.", case=case, n=n),
        )
        for case, n in repeated.iter_rows()
    ]


def duplicate_links(repeated: pl.DataFrame) -> list[Problem]:
    """`repeated`: source_id, exposed_id, n."""
    return [
        Problem(
            ProblemKind.DUPLICATE_LINK,
            (source, exposed),
            N_(
                "The link from {source} to {exposed} is listed {n} times; it counts once, "
                "with the widest exposure and the highest certainty.",
                source=source,
                exposed=exposed,
                n=n,
            ),
        )
        for source, exposed, n in repeated.iter_rows()
    ]


def self_links(cases: list[str]) -> list[Problem]:
    return [
        Problem(ProblemKind.SELF_LINK, (case,), N_("Case {case} is named as its own source; left out.", case=case))
        for case in cases
    ]


def unknown_sources(links: pl.DataFrame) -> list[Problem]:
    """`links`: source_id, exposed_id."""
    return [
        Problem(
            ProblemKind.UNKNOWN_SOURCE,
            (source, exposed),
            N_(
                "{source} is named as the source of case {exposed} but is not on the case list; "
                "the link waits until it is.",
                source=source,
                exposed=exposed,
            ),
        )
        for source, exposed in links.iter_rows()
    ]


def later_sources(links: pl.DataFrame) -> list[Problem]:
    """`links`: source_id, exposed_id, days (negative)."""
    return [
        Problem(
            ProblemKind.SOURCE_LATER,
            (source, exposed),
            N_(
                "{source} is named as the source of {exposed} but fell ill {days} days later; check both dates.",
                source=source,
                exposed=exposed,
                days=-days,
            ),
        )
        for source, exposed, days in links.iter_rows()
    ]


def broken_cycle(circle: list[str]) -> Problem:
    """`circle` runs along the infections and would close from its last case back to its first."""
    return Problem(
        ProblemKind.CYCLE,
        tuple(circle),
        N_(
            "The links say that {cases} infected each other in a circle; the link from {last} to {first}, "
            "the least likely, is not used.",
            cases=", ".join(circle),
            last=circle[-1],
            first=circle[0],
        ),
    )
