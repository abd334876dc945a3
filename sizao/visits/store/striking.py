"""Taking one person out of every file of a store."""

from pathlib import Path

import polars as pl

from sizao.visits.store import mapped, names, warming
from sizao.visits.store.manifest import Part, Segment, settle
from sizao.visits.store.segments import fresh, write_part
from sizao.visits.store.store import Store


def decide(store: Store, person: int) -> None:
    """Write down that this person goes, before the first file is changed."""
    store.manifest.pending = {"act": "erase", "person": person}
    store.save()


def strike(store: Store, person: int) -> int:
    """Rewrite the parts that hold the person; the rows taken out. Doing it again finishes what was begun."""
    rows = 0
    replaced: list[Path] = []
    for segment in store.manifest.segments:
        warming.warm(store, segment)
        found = mapped.rows_of(mapped.read(store.mapped(segment)), person)
        for number in mapped.touched_parts(segment, found):
            replaced.append(store.folder / segment.parts[number].file)
            segment.parts[number], gone = without(store, segment, segment.parts[number], person)
            rows += gone
    replaced += forget_name(store, person)
    store.save()
    for segment in store.manifest.segments:
        mapped.strike(store.mapped(segment), person)
    store.manifest.pending = None
    store.save()
    for path in replaced:
        path.unlink(missing_ok=True)
    return rows


def without(store: Store, segment: Segment, part: Part, person: int) -> tuple[Part, int]:
    """The part again under a new name, without the person."""
    old = store.folder / part.file
    kept = pl.read_parquet(old).filter(pl.col("person") != person)
    new = old.with_name(f"{segment.name}-{store.manifest.next_name()}.parquet")
    write_part(kept, fresh(new))
    fresh(new).rename(new)
    settle(new.parent)
    return Part(str(new.relative_to(store.folder)), kept.height, part.mapped_rows), part.rows - kept.height


def forget_name(store: Store, person: int) -> list[Path]:
    """Files of names written anew without the person; the old ones, to be removed once the list is saved."""
    old = []
    for file in list(store.manifest.dictionaries.get("person", [])):
        known = pl.read_parquet(store.folder / "names" / file)
        if (known["code"] == person).any():
            names.write(store, "person", known.filter(pl.col("code") != person))
            store.manifest.dictionaries["person"].remove(file)
            old.append(store.folder / "names" / file)
    return old
