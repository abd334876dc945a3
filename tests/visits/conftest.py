"""Stores of visits made from plain rows."""

import polars as pl
import pytest

from sizao import visits


@pytest.fixture
def store_of(tmp_path):
    """Build a store; each argument is one file's rows (person, place, room, start, end), added one after another."""
    made = 0

    def build(*deliveries):
        nonlocal made
        made += 1
        folder = tmp_path / f"store{made}"
        for number, rows in enumerate(deliveries):
            file = tmp_path / f"{made}-{number}.parquet"
            frame(rows).write_parquet(file)
            visits.add(folder, [file])
        return folder

    return build


def frame(rows):
    return pl.DataFrame(rows, schema=["person", "place", "room", "start", "end"], orient="row")


def cases(*rows):
    return pl.DataFrame(rows, schema=["person", "infectious_from", "infectious_to"], orient="row")
