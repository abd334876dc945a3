"""What did not become a record, to be taken away, mended and sent again."""

from collections.abc import Iterator

import polars as pl

from sizao.exchange.format import Format
from sizao.exchange.parsing import Parsed
from sizao.exchange.problems import Problems
from sizao.exchange.tables import Table
from sizao.exchange.writing import BOM, csv_rows, guarded_cells, header_line
from sizao.vocabulary.text import N_

#: The last column of the refused rows; it is never read back as data.
PROBLEMS = N_("Sizao: problems")
LIST = (N_("Row in the file"), N_("Column in the file"), N_("What was found"), N_("Kind of problem"), N_("What to do"))
SEVERITIES = {"error": N_("Error"), "warning": N_("Warning")}


def write_refused(fmt: Format, table: Table, parsed: Parsed, language: str = "en") -> Iterator[bytes]:
    """The refused rows as CSV under their own header rows, and a last column that says what to mend."""
    table = fmt.interprets(table)
    yield BOM
    for _, cells in table.above():
        yield header_line([*cells, ""])
    yield header_line([*table.headers, PROBLEMS.say(language)])
    rows = table.body.join(parsed.refused.to_frame("row"), on="row", how="semi", maintain_order="left")
    errors = parsed.problems.sentences(language).filter(pl.col("row").is_not_null(), pl.col("severity") == "error")
    said = errors.group_by("row", maintain_order=True).agg(pl.col("problem").str.join(" / "))
    rows = rows.join(said, on="row", how="left", maintain_order="left").drop("row")
    if rows.height:
        yield csv_rows(guarded_cells(rows))


def write_problems(problems: Problems, language: str = "en") -> Iterator[bytes]:
    """All problems as CSV: row, column, what was found, severity, what to do."""
    yield BOM + header_line([title.say(language) for title in LIST])
    severity = pl.col("severity").replace_strict({key: label.say(language) for key, label in SEVERITIES.items()})
    listed = problems.sentences(language).with_columns(severity.cast(pl.String))
    if listed.height:
        yield csv_rows(guarded_cells(listed))
