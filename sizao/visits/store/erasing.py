"""What goes: a person on a decision, days when their time is over."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from sizao.visits.faults import VisitsError
from sizao.visits.store import names, publishing, striking
from sizao.visits.store.store import EPOCH, Store
from sizao.visits.store.writing import held
from sizao.vocabulary.text import N_


@dataclass(frozen=True)
class Erased:
    """Visits taken out, and how many the whole store still held of that person afterwards (0, or it is refused)."""

    rows: int
    left: int


def erase(folder: Path | str, person: object) -> Erased:
    """Take every visit and the name of `person` out of the store, and look through all files that nothing is left.

    Raises `VisitsError` when the store never met the person.
    """
    Store.existing(folder)
    with held(folder) as store:
        number = names.number_of(store, "person", person)
        if number is None:
            raise VisitsError(N_("No visit of person {person} is kept here.", person=str(person)))
        striking.decide(store, number)
        rows = striking.strike(store, number)
        return Erased(rows, remaining(store, number))


def remaining(store: Store, number: int) -> int:
    """Rows of this person in all listed files, read anew."""
    files = store.files()
    if not files:
        return 0
    return int(pl.scan_parquet(files).filter(pl.col("person") == number).select(pl.len()).collect().item())


def retain(folder: Path | str, since: date) -> int:
    """Drop the visits that began before `since`; how many rows went. Names nobody needs any more go with them."""
    Store.existing(folder)
    with held(folder) as store:
        first = (since - EPOCH).days
        gone = [segment for segment in store.manifest.segments if segment.day < first]
        rows = sum(segment.rows for segment in gone)
        store.manifest.segments = [segment for segment in store.manifest.segments if segment.day >= first]
        if gone:
            unused = forget_unused(store)
            store.save()
            publishing.forget(store, gone)
            for path in unused:
                path.unlink()
        return rows


def forget_unused(store: Store) -> list[Path]:
    """Names of persons with visits, written anew; the old files, to be removed once the list is saved."""
    files = store.manifest.dictionaries.get("person", [])
    if not files:
        return []
    known = names.dictionary(store, "person")
    seen = store.frame().select(pl.col("person").unique().alias("code"))
    store.manifest.dictionaries["person"] = []
    names.write(store, "person", known.join(seen, on="code", how="semi"))
    return [store.folder / "names" / file for file in files]
