"""Numbers for persons, places and rooms that files call by name.

A column whose values are all whole numbers is kept as it is. Otherwise each name gets a number, kept in small files
beside the visits, so that the visits themselves hold no name.
"""

from pathlib import Path

import polars as pl

from sizao.visits.faults import VisitsError
from sizao.visits.store.store import Store
from sizao.vocabulary.text import N_

COLUMNS = ("person", "place", "room")
LARGEST = 2**31 - 2
DICTIONARY = pl.Schema({"code": pl.Int32, "name": pl.String})


def is_number(column: str) -> pl.Expr:
    """Whether the text is a whole number that can be kept as it is ("007" is a name)."""
    text = pl.col(column).cast(pl.String)
    plain = text.str.contains(r"^(0|[1-9]\d{0,9})$")
    return (plain & (text.cast(pl.Int64, strict=False) <= LARGEST)).fill_null(True)


def settle(store: Store, visits: pl.DataFrame) -> None:
    """The first visits decide, column by column, whether names are kept apart; later ones must agree."""
    numbers = visits.select(is_number(column).all().alias(column) for column in COLUMNS).row(0, named=True)
    if store.manifest.coded is None:
        store.manifest.coded = {column: not numbers[column] for column in COLUMNS}
    for column in COLUMNS:
        if not store.manifest.coded[column] and not numbers[column]:
            odd = visits.filter(~is_number(column))[column][0]
            raise VisitsError(
                N_(
                    "Column {column} holds whole numbers in this store, but {found} was found. Use the same numbers "
                    "as before, or keep these visits in another folder.",
                    column=column,
                    found=repr(odd),
                )
            )


def coded(store: Store, visits: pl.DataFrame) -> pl.DataFrame:
    """`visits` with numbers for names; new names are written down (listed with the next save)."""
    settle(store, visits)
    assert store.manifest.coded is not None
    for column in COLUMNS:
        if store.manifest.coded[column]:
            visits = named(store, visits, column)
        else:
            visits = visits.with_columns(pl.col(column).cast(pl.Int64).cast(pl.Int32))
    return visits.with_columns(pl.col("room").fill_null(0))


def named(store: Store, visits: pl.DataFrame, column: str) -> pl.DataFrame:
    known = dictionary(store, column)
    text = visits.with_columns(pl.col(column).cast(pl.String))
    new = text.select(pl.col(column).unique(maintain_order=True).drop_nulls()).to_series()
    new = new.filter(~new.is_in(known["name"].implode()))
    if len(new):
        known = pl.concat([known, extend(store, column, known, new)])
    codes = known.select(pl.col("name").alias(column), pl.col("code"))
    return text.join(codes, on=column, how="left", maintain_order="left").drop(column).rename({"code": column})


def extend(store: Store, column: str, known: pl.DataFrame, new: pl.Series) -> pl.DataFrame:
    """Number new names from 1 on (0 is the unknown room) and write them down."""
    largest = known["code"].max()
    first = (largest if isinstance(largest, int) else 0) + 1
    added = pl.DataFrame({"code": pl.int_range(first, first + len(new), eager=True), "name": new}, schema=DICTIONARY)
    write(store, column, added)
    return added


def write(store: Store, column: str, names: pl.DataFrame) -> None:
    file = f"{column}-{store.manifest.next_name()}.parquet"
    (store.folder / "names").mkdir(exist_ok=True)
    names.write_parquet(store.folder / "names" / file)
    store.manifest.dictionaries.setdefault(column, []).append(file)


def dictionary(store: Store, column: str) -> pl.DataFrame:
    """All names of a column with their numbers."""
    files: list[Path] = [store.folder / "names" / file for file in store.manifest.dictionaries.get(column, [])]
    return pl.concat([pl.read_parquet(file) for file in files]) if files else pl.DataFrame(schema=DICTIONARY)


def number_of(store: Store, column: str, name: object) -> int | None:
    """The number kept for one name; None where the store never met it."""
    if store.manifest.coded is None:
        return None
    if not store.manifest.coded[column]:
        return int(str(name)) if str(name).isdecimal() else None
    found = dictionary(store, column).filter(pl.col("name") == str(name))
    return int(found["code"][0]) if found.height else None


def numbered(store: Store, frame: pl.DataFrame, column: str, kind: str) -> pl.DataFrame:
    """`frame` with numbers in `column`; rows whose name the store never met are left out (they were nowhere)."""
    text = frame.with_columns(pl.col(column).cast(pl.String))
    if store.manifest.coded and store.manifest.coded[kind]:
        codes = dictionary(store, kind).select(pl.col("name").alias(column), pl.col("code"))
        return text.join(codes, on=column, how="inner", maintain_order="left").drop(column).rename({"code": column})
    return text.filter(is_number(column)).with_columns(pl.col(column).cast(pl.Int64).cast(pl.Int32))


def spelled(store: Store, frame: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """`frame` with names for numbers: `columns` says which column holds what kind."""
    order = frame.columns
    for column, kind in columns.items():
        if store.manifest.coded and store.manifest.coded[kind]:
            names = dictionary(store, kind).select(pl.col("code").alias(column), pl.col("name"))
            frame = frame.join(names, on=column, how="left", maintain_order="left")
            frame = frame.drop(column).rename({"name": column})
    return frame.select(order)
