"""The street scale used beside the plans before June 2022: high, middle or low from counts of 14 days."""

from dataclasses import dataclass
from datetime import date, timedelta

from sizao.protocols.choices import ZoneLevel
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class StreetLevel:
    """The level of a street on a day, and the day it would become low with no new case."""

    level: ZoneLevel
    date_low: date | None
    rule: str
    edition: str
    why: Message


def street_level(
    *, n_cases: int, date_last_new: date | None, date_last_cluster: date | None, protocol: Protocol, at: date
) -> StreetLevel | None:
    """Level of a street with `n_cases` cumulative local cases; None where the edition has no street scale.

    High: more than 50 cases and a cluster within 14 days. Middle: new cases within 14 days otherwise. Low: none.
    """
    middle, high = protocol.zone.get(ZoneLevel.STREET_MIDDLE), protocol.zone.get(ZoneLevel.STREET_HIGH)
    if middle is None or high is None or middle.window is None or high.cases is None:
        return None
    span = timedelta(days=int(middle.window.value))
    is_recent = date_last_new is not None and at < date_last_new + span
    clustered = date_last_cluster is not None and at < date_last_cluster + span
    level = ZoneLevel.STREET_LOW
    if is_recent:
        level = ZoneLevel.STREET_HIGH if n_cases > high.cases.value and clustered else ZoneLevel.STREET_MIDDLE
    why = N_(
        "{level}: {n} cases in all, last new {new}, last cluster {cluster}, window {days} days ({edition}; {source}).",
        level=level.label,
        n=n_cases,
        new=date_last_new or N_("none"),
        cluster=date_last_cluster or N_("none"),
        days=middle.window.number,
        edition=protocol.name,
        source=cited(middle.window),
    )
    low = date_last_new + span if is_recent and date_last_new else None
    return StreetLevel(level, low, f"zone.{level}", protocol.id, why)
