"""Days and moments as people write them: one way in each language, on pages, in files and in sentences."""

from datetime import date, datetime, tzinfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_day(day: date, language: str) -> str:
    """`17 Jun 2015` or `2015年6月17日`."""
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_moment(moment: datetime, language: str, zone: tzinfo | None = None) -> str:
    """To the minute, on the clocks of `zone` (without one: as the moment itself is told)."""
    local = moment.astimezone(zone) if zone else moment
    return f"{say_day(local, language)} {local:%H:%M}"


def say_number(number: float, decimals: int | None = None) -> str:
    """Thousands apart by commas, in every language alike; rounded where `decimals` says so."""
    return f"{number:,}" if decimals is None else f"{number:,.{decimals}f}"
