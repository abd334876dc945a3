"""The header rows of SORMAS files, and the columns put together from several of theirs.

Up to three rows stand above the data: the entity a column belongs to, the column's id, and a caption beginning
with "##". Any later line beginning with "##" is a comment.
"""

import polars as pl

from sizao.exchange.foreign import cells_of, joined
from sizao.exchange.problems import Problems
from sizao.exchange.tables import Table

COMMENT = "##"
#: Made here from several columns; no SORMAS column is called so.
BIRTH, AGE, ADDRESS, AREA = "= date of birth", "= age", "= address", "= area"
BIRTH_PARTS = ("person.birthdateYYYY", "person.birthdateMM", "person.birthdateDD")
#: Where a person lives comes before who is responsible; within each, the smallest unit first.
AREA_PARTS = (
    ("person.address.community", "person.address.district", "person.address.region"),
    ("community", "district", "region"),
    ("responsibleCommunity", "responsibleDistrict", "responsibleRegion"),
)
STREET = ("person.address.street", "person.address.houseNumber", "person.address.additionalInformation")
TOWN = ("person.address.postalCode", "person.address.city")


def under_ids(table: Table, known: frozenset[str]) -> Table:
    """The table read under the row that holds column ids, without the captions and comments."""
    top = table.grid.head(3).rows()
    ids = max(top, key=lambda row: len(known & {cell for cell in row[1:] if cell}))
    starts = table.grid.filter(pl.col("c0").str.starts_with(COMMENT))["row"]
    return table.under(int(ids[0]), frozenset(starts.to_list()))


def entities(table: Table) -> tuple[str, ...] | None:
    """Which entity each column belongs to ("CaseData", "Person", "Sample"), where the file says so."""
    above = [cells for _, cells in table.above() if not cells[0].startswith(COMMENT)]
    return above[-1] if above else None


def with_made_columns(table: Table) -> Table:
    """Date of birth, age, address and area as one column each."""
    made = {
        BIRTH: _birth_dates(table),
        AGE: joined(table, ("person.approximateAge", "person.approximateAgeType"), " "),
        ADDRESS: _addresses(table),
        AREA: _areas(table),
    }
    for header, cells in made.items():
        if cells is not None:
            table = table.plus(header, cells)
    return table


def incomplete_births(table: Table) -> Problems:
    """Dates of birth of which the day or the month is missing."""
    if not set(BIRTH_PARTS) <= set(table.headers):
        return Problems.none()
    found = joined(table, BIRTH_PARTS, "-")
    born = _birth_dates(table)
    assert found is not None and born is not None
    cells = pl.DataFrame({"row": table.body["row"], "found": found, "born": born})
    return Problems.of("birth_date_incomplete", cells.filter(pl.col("born").is_null() & pl.col("found").is_not_null()))


def _birth_dates(table: Table) -> pl.Series | None:
    year, month, day = (cells_of(table, header) for header in BIRTH_PARTS)
    if year is None or month is None or day is None:
        return None
    parts = pl.DataFrame({"y": year, "m": month.str.zfill(2), "d": day.str.zfill(2)})
    return parts.select(pl.concat_str("y", "m", "d", separator="-")).to_series()


def _addresses(table: Table) -> pl.Series | None:
    street, town = joined(table, STREET, " "), joined(table, TOWN, " ")
    parts = [part.alias(name) for name, part in (("street", street), ("town", town)) if part is not None]
    if not parts:
        return None
    text = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=", ", ignore_nulls=True)).to_series()
    return text.replace("", None)


def _areas(table: Table) -> pl.Series | None:
    found: pl.Series | None = None
    for parts in AREA_PARTS:
        cells = joined(table, parts, ", ")
        found = cells if found is None else found.fill_null(cells) if cells is not None else found
    return found
