"""Tables for the disclosure tests: areas in cities in a province, by class, day by day."""

from datetime import date, timedelta

import numpy as np
import polars as pl

START = date(2024, 1, 1)


def one_way(*counts):
    """Areas a, b, c, … and their total `all`."""
    names = [chr(ord("a") + i) for i in range(len(counts))]
    return pl.DataFrame({"area": [*names, "all"], "count": [*counts, sum(counts)]})


ONE_WAY = {"dims": ["area"], "total_rows": {"area": "all"}}


def two_way(inside, cities=1):
    """Counties × classes with class total, city totals and the province; returns table and `total_rows`."""
    inside = np.asarray(inside)
    above = {f"c{i}": f"city{i % cities}" for i in range(len(inside))}
    above |= {f"city{i}": "province" for i in range(cities)}
    rows = {f"c{i}": line for i, line in enumerate(inside)}
    rows |= {f"city{i}": inside[i::cities].sum(axis=0) for i in range(cities)}
    rows["province"] = inside.sum(axis=0)
    cells = [
        (area, name, int(value))
        for area, line in rows.items()
        for name, value in [*((f"k{j}", v) for j, v in enumerate(line)), ("all", line.sum())]
    ]
    table = pl.DataFrame(cells, schema=["area", "class", "count"], orient="row")
    return table, {"dims": ["area", "class"], "total_rows": {"area": above, "class": "all"}}


def day_table(new, day):
    """New and cumulative counts of one day, by area with total, from `new[day, area]`."""
    cells = []
    for measure, counts in (("new", new[day]), ("cumulative", new[: day + 1].sum(axis=0))):
        cells += [(START + timedelta(days=day), measure, f"c{i}", int(n)) for i, n in enumerate(counts)]
        cells.append((START + timedelta(days=day), measure, "all", int(counts.sum())))
    return pl.DataFrame(cells, schema=["date", "measure", "area", "count"], orient="row")
