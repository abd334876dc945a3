"""Positions of the tree: nothing on top of anything, whatever the dates, and fast at full size."""

from datetime import date, timedelta
from time import process_time

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.epi.chains import layered_layout, transmission_forest
from tests.epi.shared_data import mers, simulated_ebola

START = date(2024, 3, 1)


def random_forest(parents, days):
    """Case i infected by case parents[i] (i itself or a later number: nobody)."""
    names = [f"c{i:04d}" for i in range(len(parents))]
    pairs = [(names[p], names[i]) for i, p in enumerate(parents) if p < i]
    cases = pl.DataFrame(
        {
            "case_id": names,
            "date_onset": [None if day is None else START + timedelta(days=int(day)) for day in days],
        },
        schema={"case_id": pl.String, "date_onset": pl.Date},
    )
    links = pl.DataFrame(pairs, schema={"source_id": pl.String, "exposed_id": pl.String}, orient="row")
    return transmission_forest(cases, links)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 25), st.sampled_from(["date", "generation"]))
def test_no_two_cases_share_a_place(data, size, across):
    parents = [data.draw(st.integers(0, size)) for _ in range(size)]
    days = [data.draw(st.none() | st.integers(0, 6)) for _ in range(size)]
    forest = random_forest(parents, days)
    layout = layered_layout(forest, across=across)
    assert layout.height == size
    assert layout.select("x", "y").is_duplicated().sum() == 0
    of = {row["case_id"]: row for row in layout.iter_rows(named=True)}
    if across == "generation":
        assert dict(forest.cases.select("case_id", "generation").iter_rows()) == {c: r["x"] for c, r in of.items()}
    # a row belongs to one cluster, single cases apart
    sizes = dict(forest.cases.select("case_id", "cluster_size").iter_rows())
    owners = {}
    for case, row in of.items():
        owner = "single" if sizes[case] == 1 else row["cluster_id"]
        assert owners.setdefault(row["y"], owner) == owner


def test_a_small_tree_by_hand():
    # c0 infects c1 (day 3) and c2 (day 3); c1 infects c3 (day 7); c4 is alone
    layout = layered_layout(random_forest([9, 0, 0, 1, 9], [0, 3, 3, 7, 1]))
    places = {row[0]: row[1:] for row in layout.sort("case_id").select("case_id", "x", "y").iter_rows()}
    assert places == {"c0000": (0, 0), "c0001": (3, 0), "c0003": (7, 0), "c0002": (3, 1), "c0004": (1, 2)}


def test_lines_do_not_cross_when_infectors_fell_ill_first():
    """A line runs down the infector's column and then along the row of the case."""
    rng = np.random.default_rng(3)
    parents = [9999, *(int(rng.integers(0, i)) for i in range(1, 120))]
    days = [0]
    for i in range(1, 120):
        days.append(days[parents[i]] + int(rng.integers(1, 9)))
    layout = layered_layout(random_forest(parents, days))
    at = {row[0]: row[1:] for row in layout.select("case_id", "x", "y").iter_rows()}
    lines = [(at[b], at[a]) for a, b in layout.select("case_id", "infector_id").iter_rows() if b]
    columns = [(x0, min(y0, y1), max(y0, y1)) for (x0, y0), (_, y1) in lines]
    stretches = [(y1, x0, x1) for (x0, _), (x1, y1) in lines]
    crossings = sum(x0 < x < x1 and top < y < low for x, top, low in columns for y, x0, x1 in stretches)
    assert crossings == 0


def test_a_case_without_a_date_stands_under_its_infector():
    layout = layered_layout(random_forest([9, 0], [0, None]))
    row = layout.filter(pl.col("case_id") == "c0001").row(0, named=True)
    assert (row["x"], row["y"], row["placed_by"]) == (0, 1, "infector")


def test_a_chain_of_two_thousand_does_not_exhaust_the_stack():
    layout = layered_layout(random_forest([9999, *range(1999)], range(2000)))
    assert layout["y"].max() == 0
    assert layout["x"].sort().to_list() == list(range(2000))


def test_mers_fits_in_far_fewer_rows_than_cases():
    layout = layered_layout(transmission_forest(*mers()))
    assert layout.select("x", "y").is_duplicated().sum() == 0
    assert layout["y"].max() < 110


def test_a_large_outbreak_is_laid_out_at_once():
    """The page lays out 2,000 cases; three times that must not take longer than a reader would notice."""
    forest = transmission_forest(*simulated_ebola())
    before = process_time()
    layout = layered_layout(forest)
    spent = process_time() - before
    assert layout.select("x", "y").is_duplicated().sum() == 0
    assert spent < 5  # a bound against quadratic growth, not a measurement: about 0.05 s here


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="'time'"):
        layered_layout(random_forest([9], [0]), across="time")
