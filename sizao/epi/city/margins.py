"""What is publicly known of a city: people by area, their ages, their households."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

#: The lower ends of the census's age groups; the last is open (ages to 99 are spread over it).
AGE_GROUPS = tuple(range(0, 90, 5))
#: Ages up to this one are told apart.
OLDEST = 99


@dataclass(frozen=True)
class AreaMargins:
    """One county or district: shares are of its people (`ages`, by AGE_GROUPS) or of its family households."""

    code: str
    name: str
    population: int
    ages: tuple[float, ...]
    mean_household: float
    one_person: float
    #: Households with one, two, three or more people of 65 or older.
    with_elders: tuple[float, float, float]

    def __post_init__(self) -> None:
        if self.population < 1_000:
            raise ValueError(f"{self.code} {self.name}: population {self.population} is under 1,000")
        if len(self.ages) != len(AGE_GROUPS) or min(self.ages) < 0 or abs(sum(self.ages) - 1) > 0.02:
            raise ValueError(f"{self.code} {self.name}: ages must be {len(AGE_GROUPS)} shares that add to 1")
        if not 1 <= self.mean_household <= 6 or not 0 <= self.one_person < 1:
            raise ValueError(f"{self.code} {self.name}: impossible household size or share of one-person households")


# China's 2020 census, county tables added up: National Bureau of Statistics, Tabulation on the 2020 China
# Population Census by County, as collected by github.com/thebamboogrove/tudigong (MIT); weights: population for
# ages, population / mean household size for households.
_AGES_2020: tuple[float, ...] = (0.05524, 0.06401, 0.06047, 0.05155, 0.05315, 0.06514, 0.08805, 0.07023, 0.06593)
_AGES_2020 += (0.08102, 0.08594, 0.07192, 0.05205, 0.05249, 0.03517, 0.02216, 0.01446, 0.01094)


def china_2020(populations: Sequence[int]) -> tuple[AreaMargins, ...]:
    """Areas of these sizes, each with the whole country's ages and households of 2020."""
    return tuple(
        AreaMargins(str(number), f"area {number}", population, _AGES_2020, 2.6117, 0.25552, (0.16458, 0.10015, 0.00158))
        for number, population in enumerate(populations, start=1)
    )


def from_census(
    populations: pl.DataFrame, ages: pl.DataFrame, households: pl.DataFrame, codes: Sequence[str]
) -> tuple[AreaMargins, ...]:
    """Margins of the counties `codes` (or code beginnings) from the county tables of the 2020 census.

    Columns: `code, name, population`; `CODE, AGES_0, AGES_1-4, … AGES_85P`; `CODE, HHLD_S, HHLD_1P, HHLD_65_1,
    HHLD_65_2, HHLD_65_3P`.
    """
    groups = [f"AGES_{low}-{low + 4}" for low in AGE_GROUPS[1:-1]]
    joined = (
        populations.select(pl.col("code").cast(pl.String), "name", "population")
        .join(ages.with_columns(code=pl.col("CODE").cast(pl.String)), on="code")
        .join(households.with_columns(code=pl.col("CODE").cast(pl.String)).drop("CODE"), on="code")
        .filter(pl.any_horizontal(pl.col("code").str.starts_with(code) for code in codes))
        .sort("code")
    )
    if joined.is_empty():
        raise ValueError(f"no county's code begins with {', '.join(codes)}")
    return tuple(_one_county(row, groups) for row in joined.iter_rows(named=True))


def _one_county(row: dict[str, str], groups: list[str]) -> AreaMargins:
    try:
        shares = [float(row["AGES_0"]) + float(row["AGES_1-4"]), *(float(row[group]) for group in groups)]
        shares.append(float(row["AGES_85P"]))
        one, two, more = (float(row[f"HHLD_65_{n}"]) for n in ("1", "2", "3P"))
        size, single = float(row["HHLD_S"]), float(row["HHLD_1P"])
    except (TypeError, ValueError) as missing:
        raise ValueError(f"{row['code']} {row['name']}: a share of the census is missing") from missing
    total = sum(shares)
    ages = tuple(share / total for share in shares)
    return AreaMargins(row["code"], row["name"], int(float(row["population"])), ages, size, single, (one, two, more))
