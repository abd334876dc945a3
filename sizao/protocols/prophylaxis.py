"""Until when each prophylaxis can be given after an exposure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sizao.protocols.choices import Anchor
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class ProphylaxisWindow:
    """One prophylaxis: last moment it helps, best before, and whether it is still possible."""

    key: str
    name: Message
    until: datetime
    best_before: datetime | None
    is_open: bool
    why: Message


def prophylaxis_windows(
    *, first_exposed_at: datetime, last_exposed_at: datetime, protocol: Protocol, at: datetime
) -> tuple[ProphylaxisWindow, ...]:
    """The windows of one exposed person at the moment `at`, soonest to close first."""
    windows = []
    for key, rule in protocol.prophylaxis.items():
        start = first_exposed_at if rule.after is Anchor.FIRST_EXPOSURE else last_exposed_at
        until = start + timedelta(hours=rule.window.hours)
        why = N_(
            "{name}: within {amount} of {anchor}, so until {until} ({edition}; {source}).",
            name=rule.name,
            amount=rule.window.amount,
            anchor=rule.after.label,
            until=f"{until:%Y-%m-%d %H:%M}",
            edition=protocol.name,
            source=cited(rule.window),
        )
        best = start + timedelta(hours=rule.ideal.hours) if rule.ideal else None
        windows.append(ProphylaxisWindow(key, rule.name, until, best, at <= until, why))
    return tuple(sorted(windows, key=lambda window: window.until))
