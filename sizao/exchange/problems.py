"""What is wrong with which cell, in a sentence that says what to do. All problems are listed at once.

A hundred thousand problems are one frame of a few megabytes; sentences are said only when somebody reads them.
An `error` keeps its row from becoming a record, a `warning` does not. A problem without a row is about a
whole column or the whole file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from sizao.exchange.rules import RULES, Rule, Severity
from sizao.vocabulary.text import Message

SCHEMA: dict[str, Any] = {
    "row": pl.UInt32,
    "column": pl.String,
    "found": pl.String,
    "rule": pl.String,
    "detail": pl.String,
}
FOUND_LENGTH = 80  # characters of a cell that a sentence quotes


@dataclass(frozen=True)
class Problem:
    """One problem: its row in the file, its column as written there, what was found, and the sentence."""

    row: int | None
    column: str | None
    found: str | None
    message: Message
    severity: Severity


@dataclass(frozen=True)
class Problems:
    """Many problems as one frame (row, column, found, rule, detail)."""

    frame: pl.DataFrame

    @staticmethod
    def none() -> "Problems":
        return Problems(pl.DataFrame(schema=SCHEMA))

    @staticmethod
    def of(rule: str, cells: pl.DataFrame, *, column: str | None = None, detail: str | None = None) -> "Problems":
        """One problem of a rule per row of `cells` ("row", and if they are known "found", "detail")."""
        known = cells.columns
        return Problems(
            cells.select(
                pl.col("row").cast(pl.UInt32),
                column=pl.lit(column, dtype=pl.String),
                found=pl.col("found").cast(pl.String) if "found" in known else pl.lit(None, dtype=pl.String),
                rule=pl.lit(rule),
                detail=pl.col("detail") if "detail" in known else pl.lit(detail, dtype=pl.String),
            )
        )

    @staticmethod
    def about(
        rule: str, *, column: str | None = None, found: str | None = None, detail: str | None = None
    ) -> "Problems":
        """One problem of a whole column or file."""
        row = pl.DataFrame({"row": [None], "found": [found]}, schema={"row": pl.UInt32, "found": pl.String})
        return Problems.of(rule, row, column=column, detail=detail)

    def __add__(self, other: "Problems") -> "Problems":
        if other.frame.is_empty():
            return self
        return other if self.frame.is_empty() else Problems(pl.concat([self.frame, other.frame]))

    def __len__(self) -> int:
        return self.frame.height

    def __iter__(self) -> Iterator[Problem]:
        for row, column, found, rule, detail in self.frame.iter_rows():
            told = RULES[rule]
            yield Problem(row, column, found, _message(told, column, found, detail), told.severity)

    def in_order(self) -> "Problems":
        """Whole-file problems first, then by row."""
        return Problems(self.frame.sort("row", nulls_last=False, maintain_order=True))

    def refused_rows(self) -> pl.Series:
        """Row numbers that have at least one error, each once."""
        errors = [name for name, rule in RULES.items() if rule.severity is Severity.ERROR]
        rows = self.frame.filter(pl.col("rule").is_in(errors))["row"].drop_nulls()
        return rows.unique().sort()

    def severities(self) -> pl.Series:
        return self.frame["rule"].replace_strict(
            {name: rule.severity.value for name, rule in RULES.items()}, return_dtype=pl.String
        )

    def n_errors(self) -> int:
        return int((self.severities() == Severity.ERROR).sum()) if len(self) else 0

    def sentences(self, language: str = "en") -> pl.DataFrame:
        """The problems as people read them: row, column, found, severity, problem."""
        said = [problem.message.say(language) for problem in self]
        return self.frame.select("row", "column", "found").with_columns(
            severity=self.severities(), problem=pl.Series(said, dtype=pl.String)
        )


def _message(rule: Rule, column: str | None, found: str | None, detail: str | None) -> Message:
    quoted = found if found is None or len(found) <= FOUND_LENGTH else found[: FOUND_LENGTH - 1] + "…"
    read: Callable[[str], Any] = rule.detail
    return Message(
        rule.sentence.msgid,
        {"column": column or "", "found": quoted or "", "detail": "" if detail is None else read(detail)},
    )
