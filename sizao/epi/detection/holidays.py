"""Days on which people report less because of the calendar: Spring Festival and weekends.

The dates of Lunar New Year are those of the Chinese calendar (GB/T 33661-2017) in China standard time.
"""

from collections.abc import Iterable
from datetime import date, timedelta

#: First day of the first lunar month, by year: month and day.
LUNAR_NEW_YEAR: dict[int, tuple[int, int]] = {
    2000: (2, 5), 2001: (1, 24), 2002: (2, 12), 2003: (2, 1), 2004: (1, 22), 2005: (2, 9), 2006: (1, 29),
    2007: (2, 18), 2008: (2, 7), 2009: (1, 26), 2010: (2, 14), 2011: (2, 3), 2012: (1, 23), 2013: (2, 10),
    2014: (1, 31), 2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25),
    2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6),
    2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19),
    2035: (2, 8), 2036: (1, 28), 2037: (2, 15), 2038: (2, 4), 2039: (1, 24), 2040: (2, 12),
}  # fmt: skip
#: The holiday runs from New Year's Eve to the seventh day.
BEFORE, AFTER = 1, 6


def spring_festival(years: Iterable[int]) -> list[date]:
    """The days of the Spring Festival holiday of these years; years outside the table have none."""
    days = []
    for year in years:
        if year in LUNAR_NEW_YEAR:
            first = date(year, *LUNAR_NEW_YEAR[year])
            days += [first + timedelta(days=step) for step in range(-BEFORE, AFTER + 1)]
    return days
