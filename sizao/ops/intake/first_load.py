"""The first large load of an empty register: nobody to compare with but the file itself.

Rows that share an identity number, a name and birth date in one county, or a name and telephone are one person;
found for all rows at once by grouping. What is merely alike is looked for afterwards.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from sizao.ops.intake.resolving import Resolved
from sizao.ops.registry.likeness import COUNTY

#: Columns that together mean one person, as `likeness.RULES` from 90 points on.
CERTAIN_TOGETHER = (("key_id_number",), ("key_name", "key_birth", "county"), ("key_name", "key_phone"))


class FirstLoad:
    """Which rows are an earlier row's person, and who those became so far."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.first_of = twins(frame)
        self.awaited = set(self.first_of.values())
        self.persons: dict[int, int] = {}

    def resolve(self, frame: pl.DataFrame) -> Resolved:
        result = Resolved()
        for row in frame["row"].to_list():
            first = self.first_of.get(row, row)
            result.person_of[row] = self.persons.get(first, -first)
        return result

    def remember(self, persons: Mapping[int, int]) -> None:
        self.persons.update((row, persons[row]) for row in self.awaited & persons.keys())

    def forget(self, rows: Iterable[int]) -> None:
        """These rows were not recorded after all."""
        for row in rows:
            self.persons.pop(row, None)


def twins(frame: pl.DataFrame) -> dict[int, int]:
    """For each row that is certainly an earlier row's person: the first row of that person."""
    frame = frame.select(
        "row", "sex", "year_birth", "key_id_number", "key_name", "key_birth", "key_phone",
        county=pl.col("area").str.slice(0, COUNTY),
    )  # fmt: skip
    first: dict[int, int] = {}
    for columns in CERTAIN_TOGETHER:
        known = frame.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in columns))
        group = known.filter(pl.struct(columns).is_duplicated())
        consistent = group.with_columns(pl.col("row").min().over(columns).alias("first")).filter(
            pl.col("first") != pl.col("row")
        )
        firsts = frame.select(first="row", sex_1="sex", year_1="year_birth", id_1="key_id_number")
        joined = consistent.join(firsts, on="first", maintain_order="left")
        for row, found, *facts in joined.select(
            "row", "first", "sex", "sex_1", "year_birth", "year_1", "key_id_number", "id_1"
        ).iter_rows():
            if not _contradict(*facts):
                first.setdefault(row, first.get(found, found))
    return {row: _origin(first, row) for row in first}


def _contradict(sex, other_sex, year, other_year, number, other_number) -> bool:
    sexes = {sex, other_sex} - {None, "unknown"}
    far = year is not None and other_year is not None and abs(year - other_year) > 1
    numbers = {number, other_number} - {None}
    return len(sexes) > 1 or far or len(numbers) > 1


def _origin(first: Mapping[int, int], row: int) -> int:
    while row in first:
        row = first[row]
    return row
