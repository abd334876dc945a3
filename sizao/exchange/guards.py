"""Guards against formulas: a text that a spreadsheet would take for a formula gets one leading quote.

Who writes a list puts the guard on, who reads one takes exactly one off, so that a list written and read
again is the same list. A text that already begins with quotes before such a character gets one more.
(OWASP, "CSV Injection": = + - @, tab, carriage return, line feed, and their full-width forms.)
"""

import re

import polars as pl

FORMULA_STARTS = "=+\\-@\t\r\n＝＋－＠"
NEEDS_GUARD = rf"^'*[{FORMULA_STARTS}]"
HAS_GUARD = rf"^'+[{FORMULA_STARTS}]"


def guarded(text: pl.Expr) -> pl.Expr:
    """The text with a guard where it needs one."""
    return pl.when(text.str.contains(NEEDS_GUARD)).then(pl.lit("'") + text).otherwise(text)


def guard(text: str) -> str:
    return "'" + text if re.match(NEEDS_GUARD, text) else text


def without_guard(text: str) -> str:
    return text[1:] if re.match(HAS_GUARD, text) else text


def without_guards(grid: pl.DataFrame) -> pl.DataFrame:
    """The grid with one guard taken off each guarded cell. Columns without a leading quote cost nothing."""
    quoted = [name for name, kind in grid.schema.items() if kind == pl.String and grid[name].str.starts_with("'").any()]
    return grid.with_columns(
        pl.when(pl.col(name).str.contains(HAS_GUARD))
        .then(pl.col(name).str.slice(1))
        .otherwise(pl.col(name))
        .alias(name)
        for name in quoted
    )
