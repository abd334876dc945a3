"""What counts as a contact, case by case, worked out by hand."""

import polars as pl
import pytest

from sizao import visits
from tests.visits.conftest import cases, frame

MINUTE, HOUR, DAY = 60, 3600, 86_400
ALL_DAY = (1, 0, 10 * DAY)

#: what is tried, visits, cases, environmental minutes → rows (case, person, n, direct_s, indirect_s, first, last)
TABLE = [
    ("together for an hour", [(1, 9, 0, 0, HOUR), (2, 9, 0, 0, HOUR)], [ALL_DAY], 0, [(1, 2, 1, 3600, 0, 0, 3600)]),
    ("touching is not meeting", [(1, 9, 0, 0, HOUR), (2, 9, 0, HOUR, 2 * HOUR)], [ALL_DAY], 0, []),
    ("another place", [(1, 9, 0, 0, HOUR), (2, 8, 0, 0, HOUR)], [ALL_DAY], 0, []),
    ("another room", [(1, 9, 1, 0, HOUR), (2, 9, 2, 0, HOUR)], [ALL_DAY], 0, []),
    ("the person's room unknown", [(1, 9, 1, 0, 60), (2, 9, 0, 0, 60)], [ALL_DAY], 0, [(1, 2, 1, 60, 0, 0, 60)]),
    ("the case's room unknown", [(1, 9, 0, 0, 60), (2, 9, 7, 0, 60)], [ALL_DAY], 0, [(1, 2, 1, 60, 0, 0, 60)]),
    ("before it was infectious", [(1, 9, 0, 0, 60), (2, 9, 0, 0, 60)], [(1, 60, DAY)], 0, []),
    ("from when on", [(1, 9, 0, 0, 90), (2, 9, 0, 0, 90)], [(1, 60, DAY)], 0, [(1, 2, 1, 30, 0, 60, 90)]),
    ("the air after", [(1, 9, 0, 0, 60), (2, 9, 0, 100, 200)], [ALL_DAY], 1, [(1, 2, 1, 0, 20, 100, 120)]),
    ("both", [(1, 9, 0, 0, 60), (2, 9, 0, 30, 200)], [ALL_DAY], 1, [(1, 2, 1, 30, 60, 30, 120)]),
    (
        "the air until the case is back",
        [(1, 9, 0, 0, 60), (1, 9, 0, 90, 120), (2, 9, 0, 70, 300)],
        [ALL_DAY],
        1,
        [(1, 2, 2, 30, 20 + 60, 70, 180)],
    ),
    (
        "across midnight",
        [(1, 9, 0, DAY - HOUR, DAY + HOUR), (2, 9, 0, DAY - 60, DAY + 60)],
        [ALL_DAY],
        0,
        [(1, 2, 1, 120, 0, DAY - 60, DAY + 60)],
    ),
    (
        "a stay told in two files' days is one",
        [(1, 9, 0, DAY - HOUR, DAY + HOUR), (2, 9, 0, DAY - 60, DAY + 60), (2, 9, 0, DAY, DAY + 90)],
        [ALL_DAY],
        0,
        [(1, 2, 1, 150, 0, DAY - 60, DAY + 90)],
    ),
    ("the same row twice", [(1, 9, 0, 0, 60), *[(2, 9, 0, 0, 60)] * 2], [ALL_DAY], 0, [(1, 2, 1, 60, 0, 0, 60)]),
    ("not her own contact", [(1, 9, 0, 0, 60), (1, 9, 1, 0, 60)], [ALL_DAY], 0, []),
    (
        "a case may be a case's contact",
        [(1, 9, 0, 0, 60), (2, 9, 0, 0, 60)],
        [ALL_DAY, (2, 0, DAY)],
        0,
        [(1, 2, 1, 60, 0, 0, 60), (2, 1, 1, 60, 0, 0, 60)],
    ),
    (
        "two windows that overlap are one",
        [(1, 9, 0, 0, 60), (2, 9, 0, 0, 60)],
        [(1, 0, 40), (1, 20, 50)],
        0,
        [(1, 2, 1, 50, 0, 0, 50)],
    ),
    ("a case nobody ever saw", [(2, 9, 0, 0, 60)], [ALL_DAY], 30, []),
]


@pytest.mark.parametrize("engine", ["reference", "fast", "duckdb"])
@pytest.mark.parametrize(
    ("rows", "asked", "minutes", "expected"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_contacts(store_of, rows, asked, minutes, expected, engine):
    found = visits.contacts(store_of(rows), cases(*asked), env_minutes=minutes, engine=engine)
    assert found.rows() == expected


@pytest.mark.parametrize("engine", ["reference", "fast", "duckdb"])
def test_contacts_of_contacts_count_from_first_exposure_to_management(store_of, engine):
    store = store_of(
        [
            (1, 9, 0, 0, 100),  # the case
            (2, 9, 0, 50, 100),  # met at 50
            (2, 8, 0, 0, 40),  # before she was exposed: does not count
            (3, 8, 0, 0, 40),
            (2, 7, 1, 200, 300),
            (4, 7, 1, 250, 400),  # 50 s in the same room, until she was managed at 280: 30 s
            (5, 7, 2, 200, 300),  # another room
            (1, 7, 1, 200, 300),  # the case is not listed
        ]
    )
    managed = frame([(2, 0, 0, 0, 0)]).select("person", managed_at=pl.lit(280))
    found = visits.secondary(store, cases((1, 0, 150)), until=1000, managed=managed, env_minutes=0, engine=engine)
    assert found.rows() == [(4, 1, 30, 250, 280)]


@pytest.mark.parametrize("engine", ["reference", "fast", "duckdb"])
def test_who_was_there(store_of, engine):
    store = store_of([(1, 9, 1, 0, 100), (2, 9, 0, 50, 80), (2, 9, 0, 90, 200), (3, 9, 2, 0, 100), (4, 9, 1, 100, 110)])
    assert visits.place(store, 9, room=1, since=10, until=100, engine=engine).rows() == [
        (1, 1, 90, 10, 100),
        (2, 2, 40, 50, 100),
    ]


@pytest.mark.parametrize("engine", ["reference", "fast", "duckdb"])
def test_common_place_stands_out_against_a_busy_one(store_of, engine):
    """Forty persons pass the station daily; three cases also sat in a small restaurant that six people visited."""
    station = [(person, 1, 0, day * DAY + 3600, day * DAY + 3900) for person in range(1, 41) for day in range(10)]
    restaurant = [(person, 2, 0, 5 * DAY + 7200, 5 * DAY + 9000) for person in (1, 2, 3, 20, 21, 22)]
    onsets = cases(*[(person, 0, 8 * DAY) for person in (1, 2, 3)]).select("person", onset_s="infectious_to")
    found = visits.sources(store_of(station + restaurant), onsets, incubation=(3, 1.5), window=(1, 7), engine=engine)
    assert found["place"].to_list() == [2, 1]
    assert found["cases"].to_list() == [3, 3]
    assert found["expected"].round(2).to_list() == [0.45, 3.0]
    assert found["p_value"][0] < 0.02 < found["p_value"][1]
