"""The questions, in names people use; each is handed to an engine in numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import polars as pl

from sizao.visits import sources as ranking
from sizao.visits.engines import duck, fast, reference, spark
from sizao.visits.faults import VisitsError
from sizao.visits.shapes import CASE, DAY_S, UNKNOWN_ROOM
from sizao.visits.store import names
from sizao.visits.store.store import Store
from sizao.visits.store.writing import opened
from sizao.vocabulary.text import N_


class Engine(Protocol):
    """What every engine answers; the reference's docstrings say what."""

    def contacts(self, store: Store, cases: pl.DataFrame, env_s: int) -> pl.DataFrame: ...
    def secondary(self, store: Store, contacts: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame: ...
    def place(self, store: Store, place: int, room: int, since: int, until: int) -> pl.DataFrame: ...
    def where(self, store: Store, persons: list[int], since: int, until: int) -> pl.DataFrame: ...
    def case_days(self, store: Store, windows: pl.DataFrame) -> pl.DataFrame: ...
    def footfall(self, store: Store, since_day: int, until_day: int) -> tuple[pl.DataFrame, int]: ...


ENGINES: Mapping[str, Engine] = {
    "fast": fast.ENGINE,
    "duckdb": duck.ENGINE,
    "spark": spark.ENGINE,
    "reference": reference,
}


def contacts(folder: Path | str, cases: pl.DataFrame, *, env_minutes: float = 30, engine: str = "fast") -> pl.DataFrame:
    """Who shared a place with each case while it was infectious, or within `env_minutes` after it had left.

    `cases`: person, infectious_from, infectious_to (UTC seconds, half-open; several rows a person allowed). Answer:
    case, person, n (exposures), direct_s, indirect_s, first_at, last_at, sorted. A person the store never met is
    nobody's contact and has none.
    """
    store = opened(folder)
    answer = chosen(engine).contacts(store, asked(store, cases), seconds(env_minutes))
    return names.spelled(store, answer, {"case": "person", "person": "person"})


def secondary(
    folder: Path | str,
    cases: pl.DataFrame,
    *,
    until: int,
    managed: pl.DataFrame | None = None,
    env_minutes: float = 30,
    engine: str = "fast",
) -> pl.DataFrame:
    """Contacts of contacts: who met a contact between its first exposure and its management.

    `managed`: person, managed_at (UTC seconds) of contacts already under management; the others count until `until`.
    Cases and contacts are not listed. Answer: person, n, direct_s, first_at, last_at.
    """
    store = opened(folder)
    numbered = asked(store, cases)
    met = chosen(engine).contacts(store, numbered, seconds(env_minutes))
    ring = met.group_by("person").agg(infectious_from=pl.col("first_at").min()).with_columns(infectious_to=until)
    ring = ring.filter(~pl.col("person").is_in(numbered["person"].implode()))
    if managed is not None:
        ends = names.numbered(store, managed, "person", "person").group_by("person").agg(pl.col("managed_at").min())
        ring = ring.join(ends, on="person", how="left").with_columns(
            infectious_to=pl.min_horizontal("managed_at", "infectious_to")
        )
    hidden = pl.concat([ring.select("person"), numbered.select("person")]).unique()
    answer = chosen(engine).secondary(store, ring.select(CASE.names()).cast(CASE), hidden)
    return names.spelled(store, answer, {"person": "person"})


def place(
    folder: Path | str, place: object, *, since: int, until: int, room: object = None, engine: str = "fast"
) -> pl.DataFrame:
    """Everybody at the place (and room) within `[since, until)`: person, n (visits), seconds, first_at, last_at."""
    store = opened(folder)
    number = known(store, "place", place)
    inside = UNKNOWN_ROOM if room in (None, "", 0) else known(store, "room", room)
    answer = chosen(engine).place(store, number, inside, since, until)
    return names.spelled(store, answer, {"person": "person"})


def where(
    folder: Path | str, persons: Sequence[object], *, since: int, until: int, engine: str = "fast"
) -> pl.DataFrame:
    """All stays of these persons that touch `[since, until)`: person, place, room, start_s, end_s."""
    store = opened(folder)
    numbers = [number for person in persons if (number := names.number_of(store, "person", person)) is not None]
    answer = chosen(engine).where(store, numbers, since, until)
    return names.spelled(store, answer, {"person": "person", "place": "place", "room": "room"})


def sources(
    folder: Path | str,
    cases: pl.DataFrame,
    *,
    incubation: tuple[float, float],
    window: tuple[int, int],
    engine: str = "fast",
) -> pl.DataFrame:
    """Places that several cases visited before onset, the least likely by chance first.

    `cases`: person, onset_s (UTC seconds). `incubation`: mean and standard deviation in days (gamma). `window`:
    shortest and longest incubation considered, whole days. Answer: columns of `sources.SOURCE`.
    """
    store = opened(folder)
    shortest, longest = window
    onsets = names.numbered(store, cases, "person", "person").cast({"onset_s": pl.Int64})
    mass = ranking.weights(*incubation, longest)
    mass = [share if day >= shortest else 0.0 for day, share in enumerate(mass)]
    mass = [share / sum(mass) for share in mass]
    if onsets.is_empty():
        return pl.DataFrame(schema=ranking.SOURCE)
    found = chosen(engine).case_days(store, ranking.windows(onsets, shortest, longest))
    days = onsets.select(
        (pl.col("onset_s") // DAY_S).min().alias("low"), (pl.col("onset_s") // DAY_S).max().alias("high")
    )
    low, high = days.row(0)
    footfall, population = chosen(engine).footfall(store, low - longest, high - shortest + 1)
    answer = ranking.ranked(found, footfall, population, onsets, mass)
    return names.spelled(store, answer, {"place": "place"})


def chosen(engine: str) -> Engine:
    if engine not in ENGINES:
        raise VisitsError(N_("There is no engine {engine}. Known: {known}.", engine=engine, known=", ".join(ENGINES)))
    return ENGINES[engine]


def asked(store: Store, cases: pl.DataFrame) -> pl.DataFrame:
    """The cases in the store's numbers: columns of `shapes.CASE`."""
    missing = [name for name in CASE.names() if name not in cases.columns]
    if missing:
        raise VisitsError(N_("The cases have no column {missing}.", missing=", ".join(missing)))
    return names.numbered(store, cases, "person", "person").select(CASE.names()).cast(CASE)


def known(store: Store, column: str, name: object) -> int:
    number = names.number_of(store, column, name)
    if number is None:
        raise VisitsError(N_("Nobody was ever recorded at {place}.", place=str(name)))
    return number


def seconds(minutes: float) -> int:
    if not 0 <= minutes <= 24 * 60:
        raise VisitsError(N_("The time after a case has left must be 0 to 1440 minutes, not {found}.", found=minutes))
    return round(minutes * 60)
