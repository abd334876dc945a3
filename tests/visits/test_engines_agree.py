"""Every engine gives the rows of the plain reference, on visits that hypothesis makes awkward."""

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao import visits
from sizao.visits.shapes import DAY_S
from tests.visits.conftest import cases, frame

#: Few persons, places and moments, around two midnights, so that everything collides.
moments = st.integers(0, 24).map(lambda step: DAY_S - 6 * 600 + step * 600) | st.integers(0, 12).map(
    lambda step: 2 * DAY_S - 6 * 600 + step * 600
)
visit = st.tuples(
    st.integers(1, 6), st.integers(1, 3), st.integers(0, 2), moments, st.integers(1, 30).map(lambda step: step * 300)
).map(lambda row: (*row[:4], row[3] + row[4]))
deliveries = st.lists(st.lists(visit, min_size=1, max_size=12), min_size=1, max_size=3)
window = st.tuples(st.integers(1, 7), moments, st.integers(-2, 400).map(lambda step: step * 300)).map(
    lambda row: (row[0], row[1], row[1] + row[2])
)
windows = st.lists(window, min_size=1, max_size=4)


def check_all(parts, asked, minutes, engine):
    with tempfile.TemporaryDirectory() as folder:
        for number, rows in enumerate(parts):
            file = Path(folder) / f"{number}.parquet"
            frame(rows).write_parquet(file)
            visits.add(Path(folder) / "store", [file])
        store = Path(folder) / "store"
        for question in questions(store, asked, minutes):
            expected, found = question("reference"), question(engine)
            assert found.equals(expected), f"{expected}\n{found}"


def questions(store, asked, minutes):
    onsets = cases(*asked).select("person", onset_s="infectious_to").unique("person", maintain_order=True)
    late = 3 * DAY_S
    yield lambda engine: visits.contacts(store, cases(*asked), env_minutes=minutes, engine=engine)
    yield lambda engine: visits.secondary(
        store, cases(*asked), until=late, env_minutes=minutes, managed=managed(), engine=engine
    )
    yield lambda engine: visits.place(store, 1, since=DAY_S - 900, until=DAY_S + 1500, engine=engine)
    yield lambda engine: visits.place(store, 1, room=1, since=DAY_S - 900, until=DAY_S + 1500, engine=engine)
    yield lambda engine: visits.where(store, [1, 2, 99], since=DAY_S, until=DAY_S + 3000, engine=engine)
    yield lambda engine: visits.sources(store, onsets, incubation=(1, 1), window=(0, 2), engine=engine)


def managed():
    return pl.DataFrame({"person": [2, 3], "managed_at": [DAY_S, DAY_S + 3000]})


@settings(max_examples=40, deadline=None)
@given(deliveries, windows, st.sampled_from([0, 5, 30]))
def test_fast_agrees(parts, asked, minutes):
    check_all([*parts, [(1, 1, 1, DAY_S, DAY_S + 60)]], asked, minutes, "fast")


@settings(max_examples=15, deadline=None)
@given(deliveries, windows, st.sampled_from([0, 5, 30]))
def test_duckdb_agrees(parts, asked, minutes):
    check_all([*parts, [(1, 1, 1, DAY_S, DAY_S + 60)]], asked, minutes, "duckdb")
