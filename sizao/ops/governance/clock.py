"""The clock. Only views, commands and the drill read it; everything below is told the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)
