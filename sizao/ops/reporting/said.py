"""What a report says under one of its numbers, so that the list behind it can be held against it."""

from datetime import date, datetime

from sizao.ops.reporting.measures import MEASURES, REVISED
from sizao.ops.reporting.models import Report
from sizao.ops.reporting.numbers import A_DAY, DAY


def frozen_number(report: Report, measure: str, dimension: str = "", value: str = "", *, before: bool) -> int | None:
    """The number as it is frozen in the report (`before`: as of the day before); None where the report has none."""
    number = report.numbers.get(measure)
    if number is None:
        return None
    if not dimension:
        return number["day_before"] if before else number["total"]
    if dimension == DAY:
        return _of_a_day(report, measure, value, "was" if before else "is")
    if before or dimension not in MEASURES[measure].dimensions:
        return None
    return number["by"].get(dimension, {}).get(value, 0)


def _of_a_day(report: Report, measure: str, value: str, which: str) -> int | None:
    rows = (row for row in report.revisions if row.get("measure", REVISED[0]) == measure)
    return next((row[which] for row in rows if (row["date"] or "") == value), None)


def day_before(report: Report) -> tuple[date, datetime]:
    """The day before a report's, and the cut-off of it that the report compares with."""
    return report.date - A_DAY, report.compared_at or report.cutoff_at - A_DAY
