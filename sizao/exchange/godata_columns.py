"""The columns of Go.Data files: which kind a file is, whose name means which of ours, and columns put together."""

import tomllib
from collections.abc import Mapping as Map
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from sizao.exchange.foreign import by_candidates
from sizao.exchange.mapping import Mapping
from sizao.exchange.proposals import normal
from sizao.exchange.tables import Table

FILE = Path(__file__).parent / "godata_columns.toml"
YEARS = ("Age Years", "Age years", "age age.years", "age.years", "age_years")
MONTHS = ("Age Months", "Age months", "age age.months", "age.months", "age_months")
#: Stays, by the styles of the column names; {n} counts them.
STAY_TYPE = ("Dates Hospitalization / Isolation type [{n}]", "dateRanges typeId [{n}]")
STAY_START = ("Dates Start date [{n}]", "dateRanges startDate [{n}]")
STAY_PLACE = ("Dates Center name [{n}]", "Dates Centre name [{n}]", "dateRanges centerName [{n}]")
STAYS = range(1, 11)
HOSPITAL, ISOLATION = r"(?i)hospitali", r"(?i)isolation$"
FEW = 2  # telling names that are proof


@lru_cache
def names() -> Map[str, Map[str, list[str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def likely_kind(table: Table) -> str | None:
    """Which of the kinds the telling column names say."""
    headers = {normal(header) for header in table.headers}
    hits = {
        kind: len(headers & {normal(name) for name in columns["telling"]})
        for kind, columns in names().items()
        if "telling" in columns
    }
    if hits["contacts_of_contacts"] or _says_contact_of_contact(table):
        return "contacts_of_contacts"
    kind = max(hits, key=lambda each: hits[each])
    return kind if hits[kind] >= FEW else None


def _says_contact_of_contact(table: Table) -> bool:
    types = _cells(table, "type")
    return types is not None and types.count() > 0 and types.drop_nulls().str.ends_with("CONTACT_OF_CONTACT").all()


def propose(table: Table, kind: str, format_id: str) -> Mapping:
    """The mapping of a table with its made columns."""
    person = names()["person"] if kind in ("cases", "contacts", "contacts_of_contacts") else {}
    wanted = {**person, **{target: each for target, each in names()[kind].items() if target != "telling"}}
    return by_candidates(table, wanted, format_id, normal)


def with_made_columns(table: Table) -> Table:
    """One column each for age, address, place, stays, and for the numbers of the persons a row joins."""
    made: dict[str, pl.Series | None] = {"= years of age": _ages(table)}
    for header, sources in names()["first_of"].items():
        made[header] = _first_of(table, sources)
    for header, sources in names()["side_by_side"].items():
        made[header] = _side_by_side(table, sources)
    made |= _stays(table)
    for header, cells in made.items():
        if cells is not None and cells.count():
            table = table.plus(header, cells)
    return table


def _cells(table: Table, name: str) -> pl.Series | None:
    wanted = normal(name)
    position = next((i for i, header in enumerate(table.headers) if normal(header) == wanted), None)
    return None if position is None else table.column(position)


def _found(table: Table, sources: list[str] | tuple[str, ...]) -> list[pl.Series]:
    cells = {normal(name): series for name in sources if (series := _cells(table, name)) is not None}
    return [series.alias(name) for name, series in cells.items()]


def _first_of(table: Table, sources: list[str]) -> pl.Series | None:
    found = _found(table, sources)
    return pl.DataFrame(found).select(pl.coalesce(pl.all())).to_series() if found else None


def _side_by_side(table: Table, sources: list[str]) -> pl.Series | None:
    found = _found(table, sources)
    if not found:
        return None
    text = pl.DataFrame(found).select(pl.concat_str(pl.all(), separator=", ", ignore_nulls=True)).to_series()
    return text.replace("", None)


def _ages(table: Table) -> pl.Series | None:
    """Years, or months where the years are none."""
    years, months = _first_of(table, list(YEARS)), _first_of(table, list(MONTHS))
    if years is None and months is None:
        return None
    empty = pl.Series([None] * table.n_rows, dtype=pl.String)
    ages = pl.DataFrame({"y": years if years is not None else empty, "m": months if months is not None else empty})
    in_months = pl.col("m").is_not_null() & (pl.col("m") != "0") & (pl.col("y").is_null() | (pl.col("y") == "0"))
    return ages.select(pl.when(in_months).then(pl.col("m") + pl.lit(" months")).otherwise(pl.col("y"))).to_series()


def _stays(table: Table) -> dict[str, pl.Series | None]:
    """First day in hospital and in isolation, and the place of the first stay that names one."""
    if (days := _cells(table, "hospitalization_startdate")) is not None:
        return {"= admission": days, "= isolation": _cells(table, "isolation_startdate"),
                "= centre": _cells(table, "hospitalization_centername")}  # fmt: skip
    stays = [_stay(table, n) for n in STAYS]
    found = [stay for stay in stays if stay is not None]
    return {
        "= admission": _started(found, HOSPITAL),
        "= isolation": _started(found, ISOLATION),
        "= centre": _earliest([stay["place"] for stay in found]),
    }


def _stay(table: Table, n: int) -> dict[str, pl.Series] | None:
    kind = _first_of(table, [name.format(n=n) for name in STAY_TYPE])
    start = _first_of(table, [name.format(n=n) for name in STAY_START])
    place = _first_of(table, [name.format(n=n) for name in STAY_PLACE])
    if kind is None or start is None:
        return None
    empty = pl.Series([None] * table.n_rows, dtype=pl.String)
    return {"kind": kind, "start": start, "place": place if place is not None else empty}


def _started(stays: list[dict[str, pl.Series]], kind: str) -> pl.Series | None:
    days = [
        pl.DataFrame(stay).select(pl.when(pl.col("kind").str.contains(kind)).then("start")).to_series()
        for stay in stays
    ]
    return _earliest(days)


def _earliest(cells: list[pl.Series]) -> pl.Series | None:
    frame = pl.DataFrame([each.alias(str(i)) for i, each in enumerate(cells)])
    return frame.select(pl.coalesce(pl.all())).to_series() if cells else None


def without_prefix(text: pl.Series) -> pl.Series:
    """A reference code without the name of its category: "LNG_…_OCCUPATION_FARMER" is "FARMER"."""
    categories: Any = (
        "OCCUPATION|TYPE_OF_SAMPLE|TYPE_OF_LAB_TEST|LAB_NAME|LAB_TEST_RESULT|CENTRE_NAME|CONTEXT_OF_TRANSMISSION"
    )
    return text.str.replace(rf"^LNG_REFERENCE_DATA_CATEGORY_(?:{categories})_", "")
