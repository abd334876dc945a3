"""What DuckDB and Spark do alike: put the tables there, ask the text, bring the rows back in one shape.

A runner is a function `(store's files, tables by name, SQL) -> frame`; everything else is shared.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from sizao.visits.engines import text
from sizao.visits.shapes import CASE, CASE_DAY, CONTACT, FOOTFALL, PRESENT, SECONDARY, STAY
from sizao.visits.store.store import Store
from sizao.visits.windows import disjoint

Runner = Callable[[list[Path], Mapping[str, pl.DataFrame], str], pl.DataFrame]


class SqlEngine:
    """An engine that answers by SQL."""

    def __init__(self, run: Runner) -> None:
        self.run = run

    def contacts(self, store: Store, cases: pl.DataFrame, env_s: int) -> pl.DataFrame:
        windows = disjoint(cases)
        rows = self.run(reached(store, windows, env_s), {"windows": windows}, text.contacts(env_s))
        return shaped(rows, CONTACT)

    def secondary(self, store: Store, contacts: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
        windows = disjoint(contacts)
        tables = {"windows": windows, "hidden": hidden.select(pl.col("person").cast(pl.Int32))}
        return shaped(self.run(reached(store, windows), tables, text.secondary()), SECONDARY)

    def place(self, store: Store, place: int, room: int, since: int, until: int) -> pl.DataFrame:
        return shaped(self.run(store.files(since, until), {}, text.place(place, room, since, until)), PRESENT)

    def where(self, store: Store, persons: list[int], since: int, until: int) -> pl.DataFrame:
        asked = pl.DataFrame({"person": persons}).with_columns(infectious_from=since, infectious_to=until)
        tables = {"windows": asked.cast(CASE)}
        return shaped(self.run(store.files(), tables, text.where(since, until)), STAY)

    def case_days(self, store: Store, windows: pl.DataFrame) -> pl.DataFrame:
        asked = disjoint(windows)
        return shaped(self.run(reached(store, asked), {"windows": asked}, text.case_days()), CASE_DAY)

    def footfall(self, store: Store, since_day: int, until_day: int) -> tuple[pl.DataFrame, int]:
        files = store.files_of_days(since_day, until_day)
        counted = shaped(self.run(files, {}, text.footfall(since_day, until_day)), FOOTFALL)
        return counted, int(self.run(files, {}, text.population(since_day, until_day)).item())


def reached(store: Store, windows: pl.DataFrame, env_s: int = 0) -> list[Path]:
    """The files that the windows can touch."""
    if windows.is_empty():
        return []
    since, until = windows["infectious_from"].min(), windows["infectious_to"].max()
    assert isinstance(since, int) and isinstance(until, int)
    return store.files(since, until + env_s)


def shaped(rows: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    named = rows.rename(dict(zip(rows.columns, schema.names(), strict=True)))
    return named.cast(schema).sort(pl.all())
