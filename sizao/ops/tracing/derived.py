"""The dates that follow for one contact or case from the edition in force, each with its reason in one sentence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sizao.ops.cases.models import Case
from sizao.ops.incidents.models import Incident
from sizao.ops.tracing.judging import DATES, source_of
from sizao.ops.tracing.models import Contact
from sizao.ops.tracing.rules import frame_of
from sizao.protocols import Protocol, load
from sizao.protocols.anchors import STAND_IN_LABELS, why_anchor, with_anchor
from sizao.protocols.follow_up import follow_up_span
from sizao.protocols.missed import why_missed
from sizao.protocols.quarantine import Quarantined, quarantine
from sizao.protocols.why_quarantine import mode_label, why_order
from sizao.protocols.windows import window_of
from sizao.vocabulary.codes import Classification, ContactClass, ContactStatus
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class DerivedDate:
    """One thing that follows, from a day to a day (either may be open), and why."""

    label: Message
    first: date | None
    last: date | None
    why: Message | None = None


@dataclass(frozen=True)
class Derived:
    """What the edition makes of one person: spans of days, test days, and what must be known about it."""

    protocol: Protocol
    dates: tuple[DerivedDate, ...]
    tests: tuple[date, ...] = ()
    remarks: tuple[Message, ...] = ()


def of_contact(contact: Contact, *, incident: Incident, at: date) -> Derived:
    """Follow-up, quarantine phases and test days, from the last exposure and the day the contact was listed."""
    protocol = load(incident.protocol)
    if contact.date_last_exposure is None:
        return Derived(protocol, (), remarks=(N_("Without the day of the last exposure no date can be derived."),))
    is_open = contact.contact_class == ContactClass.UNCLASSIFIED
    contact_class = str(ContactClass.CLOSE if is_open else contact.contact_class)
    dates = [*_follow_up(contact, contact_class, protocol)]
    served = _quarantined(contact, contact_class, protocol, at)
    dates += _phases(served, protocol)
    remarks = [N_("Not classified yet: reckoned like a close contact.")] if is_open else []
    if contact.status != ContactStatus.UNDER_FOLLOW_UP:
        remarks.append(N_("No longer under follow-up: these days are what the rule would ask."))
    if dates and contact_class in protocol.follow_up:
        remarks.append(why_missed(protocol, contact_class))
    return Derived(protocol, tuple(dates), tuple(served.tests["date_due"].unique().sort()), tuple(remarks))


def _follow_up(contact: Contact, contact_class: str, protocol: Protocol) -> list[DerivedDate]:
    span = follow_up_span(
        contact_class=contact_class, date_exposure_last=contact.date_last_exposure, protocol=protocol
    )  # fmt: skip
    if span is None:
        return [DerivedDate(N_("Follow-up: this edition asks none of this class"), None, None)]
    return [DerivedDate(N_("Follow-up"), max(span.first, contact.date_listed), span.last, span.why)]


def _quarantined(contact: Contact, contact_class: str, protocol: Protocol, at: date) -> Quarantined:
    row = {
        "contact_id": [str(contact.pk)],
        "contact_class": [contact_class],
        "date_exposure_last": [contact.date_last_exposure],
        "date_found": [contact.date_listed],
    }
    return quarantine(contacts=pl.DataFrame(row), protocol=protocol, at=at)


def _phases(served: Quarantined, protocol: Protocol) -> list[DerivedDate]:
    """The phases still to be served; where there are none, why not. The reason stands with the first."""
    why = why_order(served.orders.row(0, named=True), protocol)
    phases = served.phases.sort("phase").iter_rows(named=True)
    found = [(mode_label(row["mode"]), row["date_start"], row["date_end"]) for row in phases]
    if not found:
        return [DerivedDate(N_("Quarantine: none"), None, None, why)]
    return [DerivedDate(*each, why if number == 0 else None) for number, each in enumerate(found)]


def of_case(case: Case, *, incident: Incident) -> Derived:
    """The days on which whoever met the case is a contact, class by class."""
    protocol = load(incident.protocol)
    if case.classification == Classification.DISCARDED:
        return Derived(protocol, (), remarks=(N_("Discarded: nothing follows."),))
    source = source_of(case.number, case.classification, **{name: getattr(case, name) for name in DATES})
    row = with_anchor(frame_of({0: source}))
    known = row.row(0, named=True)
    dates = []
    for key, rule in protocol.contact.items():
        if rule.determined:
            first, last = row.select(first=window_of(rule, protocol)[0], last=window_of(rule, protocol)[1]).row(0)
            label = N_("Who met the case is a contact: {contact_class}", contact_class=ContactClass(key).label)
            if first or last:
                dates.append(DerivedDate(label, first, last, _why_window(key, known, protocol)))
    stands_in = known["anchor"] and why_anchor(case.number, known["anchor"], known["date_anchor"])
    return Derived(protocol, tuple(dates), remarks=(stands_in,) if stands_in else ())


def _why_window(key: str, known: dict[str, Any], protocol: Protocol) -> Message:
    rule = protocol.contact[key]
    by_onset = known["date_onset"] is not None
    back = rule.lookback if by_onset else rule.lookback_asymptomatic or rule.lookback
    if back is None:
        return N_("Until isolation, or to the end of the infectious window ({edition}).", edition=protocol.name)
    anchor = rule.anchor.label if by_onset else rule.anchor_asymptomatic.label
    return N_(
        "From {amount} before {anchor} on {day} until isolation, or to the end of the infectious window ({edition}).",
        amount=back.amount,
        anchor=STAND_IN_LABELS[known["anchor"]] if known["anchor"] else anchor,
        day=known["date_onset"] or known["date_collected"],
        edition=protocol.name,
    )
