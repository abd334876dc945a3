"""Where one protocol restricts people more than another: the check against add-on measures."""

from dataclasses import dataclass

from sizao.protocols.choices import RESTRICTING, AreaUnit
from sizao.protocols.figures import Quantity
from sizao.protocols.persons import Quarantine
from sizao.protocols.places import Zone
from sizao.protocols.shape import Protocol


@dataclass(frozen=True)
class Stricter:
    """One rule that is stricter: its key, the edition's figure and the local one."""

    key: str
    before: float
    after: float


def stricter_than(protocol: Protocol, base: Protocol) -> tuple[Stricter, ...]:
    """Rules of `protocol` that restrict more, or longer, than `base` does."""
    ours, theirs = burden(protocol), burden(base)
    return tuple(
        Stricter(key, theirs.get(key, 0.0), value) for key, value in ours.items() if value > theirs.get(key, 0.0)
    )


def burden(protocol: Protocol) -> dict[str, float]:
    """Every figure of which more means more restriction or more tests, by key."""
    figures: dict[str, float] = {}
    for key, rule in protocol.contact.items():
        if rule.determined:
            figures[f"contact.{key}.lookback"] = number(rule.lookback)
            figures[f"contact.{key}.exposures"] = len(rule.exposures)
    for key, follow_up in protocol.follow_up.items():
        figures[f"follow_up.{key}.days"] = follow_up.days.value
    for key, quarantine in protocol.quarantine.items():
        figures.update(quarantine_burden(f"quarantine.{key}", quarantine))
    for key, limit in protocol.restriction.items():
        figures[f"restriction.{key}.maximum"] = limit.maximum.value
    for key, hold in protocol.hold.items():
        figures[f"hold.{key}.maximum"] = hold.maximum.hours
    for key, zone in protocol.zone.items():
        figures.update(zone_burden(f"zone.{key}", zone))
    return figures


def quarantine_burden(key: str, rule: Quarantine) -> dict[str, float]:
    if not rule.determined:
        return {}
    return {
        f"{key}.restricted_days": sum(p.days.value for p in rule.phases if p.mode in RESTRICTING),
        f"{key}.central_days": sum(p.days.value for p in rule.phases if p.mode == "central"),
        f"{key}.days": sum(p.days.value for p in rule.phases),
        f"{key}.tests": sum(len(p.test_days.value) for p in rule.phases if p.test_days),
        f"{key}.no_top_up": 0.0 if rule.top_up else 1.0,
        f"{key}.reset": 1.0 if rule.reset else 0.0,
    }


def zone_burden(key: str, zone: Zone) -> dict[str, float]:
    if not zone.restricts:
        return {}
    units = list(AreaUnit)
    return {
        f"{key}.clear_days": number(zone.clear_days),
        f"{key}.maximum": number(zone.maximum),
        f"{key}.unit": float(units.index(zone.unit) + 1) if zone.unit else float(len(units)),
    }


def number(quantity: Quantity | None) -> float:
    return quantity.value if quantity else 0.0
