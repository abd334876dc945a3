"""Random records of our own lists, as the database would hold them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
from hypothesis import strategies as st

from sizao.exchange.parsing import schema_of
from sizao.exchange.reading import IDENTIFIERS, NO_TEXT
from sizao.vocabulary.columns import Column, Kind

#: No control characters, no lone surrogates, not the sign of damaged text; formulas and quotes are likely.
CHARACTERS = st.one_of(
    st.sampled_from("=+-@'\"，,;\t\n\r| ＝a1张"),
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffd\ufeff"),
)


def texts() -> st.SearchStrategy[str]:
    """Texts that are not blank at their ends: readers take blanks off there."""
    return st.text(CHARACTERS, min_size=1, max_size=12).filter(_is_kept)


def _is_kept(text: str) -> bool:
    stripped = pl.Series([text]).str.strip_chars()[0]
    return stripped == text and text not in NO_TEXT


def identifiers() -> st.SearchStrategy[str]:
    return st.from_regex(r"[A-Z]{1,3}-?[0-9]{1,6}", fullmatch=True)


def values(column: Column) -> st.SearchStrategy[Any]:
    if column.kind is Kind.DATE:
        return st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
    if column.code_list is not None:
        return st.sampled_from([code.value for code in column.code_list])
    if column.kind is Kind.NUMBER:
        return st.floats(0, 130).map(lambda value: round(value, 4))
    return identifiers() if column.name in IDENTIFIERS else texts()


@st.composite
def frames(draw: st.DrawFn, columns: Sequence[Column], required: Sequence[str]) -> pl.DataFrame:
    """One to five records; required columns are filled and hold each value once."""
    n = draw(st.integers(1, 5))
    cells = {
        column.name: draw(
            st.lists(values(column), min_size=n, max_size=n, unique=True)
            if column.name in required
            else st.lists(st.none() | values(column), min_size=n, max_size=n)
        )
        for column in columns
    }
    schema = {name: kind for name, kind in schema_of(columns).items() if name != "row"}
    return pl.DataFrame(cells, schema=schema)
