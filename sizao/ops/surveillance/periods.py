"""Periods of a stream: which reports were expected, when each was due, which is the newest complete one."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING = time(20)


def first_of_period(day: date, freq: str) -> date:
    """The first day of the period that holds `day`; weeks begin on Monday."""
    if freq == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if freq == "month" else day


def next_period(first: date, freq: str) -> date:
    if freq == "month":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first + timedelta(days=7 if freq == "week" else 1)


def period_before(first: date, freq: str) -> date:
    return first_of_period(first - timedelta(days=1), freq)


def newest_period(day: date, freq: str) -> date:
    """The first day of the newest period that is over at the end of `day`."""
    first = first_of_period(day, freq)
    return first if next_period(first, freq) - timedelta(days=1) <= day else period_before(first, freq)


def expected_periods(since: date, until: date, freq: str, weekdays: str = "1234567") -> list[date]:
    """First days of the periods inside [since, until] for which a report is expected."""
    first = first_of_period(since, freq)
    first = first if first >= since else next_period(first, freq)
    found = []
    while next_period(first, freq) - timedelta(days=1) <= until:
        if freq != "day" or str(first.isoweekday()) in weekdays:
            found.append(first)
        first = next_period(first, freq)
    return found


def due_at(first: date, freq: str, due_hours: int, zone: str) -> datetime:
    """Until when a report of this period is in time."""
    over = datetime.combine(next_period(first, freq), time(), ZoneInfo(zone))
    return over + timedelta(hours=due_hours)


def evening_of(day: date, zone: str) -> datetime:
    """The moment whose knowledge a day's run has."""
    return datetime.combine(day, EVENING, ZoneInfo(zone))


def newest_evening(at: datetime, zone: str) -> date:
    """The last day whose evening has come."""
    local = at.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= EVENING else local.date() - timedelta(days=1)
