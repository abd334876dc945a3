"""What the incident's protocol edition makes of exposures: a contact class with its reason, and how long to watch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from sizao.ops.incidents.models import Incident
from sizao.protocols import load
from sizao.protocols.classify import STRENGTH, classify_contacts, why_class
from sizao.vocabulary.codes import ContactClass
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class Met:
    """One exposure: who exposed whom (persons), from when to when, how."""

    source_person: int
    exposed_person: int
    date_first: date | None
    date_last: date | None
    setting: str
    closeness: str
    minutes: int | None


@dataclass(frozen=True)
class Source:
    """What is known of a case that exposes people: its number and the days that bound its infectious window."""

    number: str
    asymptomatic: bool
    date_onset: date | None
    date_sampled: date | None
    date_diagnosis: date | None
    date_report: date | None
    date_isolation: date | None


@dataclass(frozen=True)
class Judged:
    """A class, why, and the last exposure that counts."""

    contact_class: ContactClass
    reason: Message
    date_last: date | None


UNKNOWN = Judged(
    ContactClass.UNCLASSIFIED,
    N_("No exposure to a known case is recorded. Followed up like a close contact until somebody decides."),
    None,
)


@dataclass(frozen=True)
class Watch:
    """The days of follow-up, both included; no days when there are none (left)."""

    first: date | None
    last: date | None

    def days(self) -> list[date]:
        if self.first is None or self.last is None:
            return []
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def judge(
    incident: Incident, *, met: Iterable[Met], sources: Mapping[int, Source], names: Mapping[int, str]
) -> dict[int, Judged]:
    """The class of each exposed person by the edition in force, the most binding exposure counting.

    `sources` are the cases by person; `names` the numbers by which reasons call people. A person whose exposures
    the edition does not make a contact stays to be decided by hand, with the edition's reason.
    """
    met = list(met)
    if not met:
        return {}
    protocol = load(incident.protocol)
    found = classify_contacts(exposures=_exposures(met), cases=frame_of(sources), protocol=protocol)
    last = {
        row["contact_id"]: row["date_exposure_last"] for row in found.contacts.filter("strongest").iter_rows(named=True)
    }
    judged: dict[int, Judged] = {}
    for row in found.exposures.sort("date_exposure_last", nulls_last=False).iter_rows(named=True):
        person, contact_class = int(row["exposed_id"]), row["contact_class"] or ContactClass.UNCLASSIFIED
        if person in judged and stronger(judged[person].contact_class, contact_class) != contact_class:
            continue
        called = {**row, "source_id": names.get(int(row["source_id"]), "?")}
        counts = last.get(row["exposed_id"], row["date_exposure_last"])
        why = why_class(called, protocol)
        judged[person] = Judged(ContactClass(contact_class), why if row["contact_class"] else undecided(why), counts)
    return judged


def undecided(why: Message) -> Message:
    """The edition's "not a contact" is no decision: somebody listed this person, and a person takes them off."""
    return N_("By the edition this exposure makes no contact; somebody must decide. {why}", why=why)


def _exposures(met: list[Met]) -> pl.DataFrame:
    rows = [
        (
            str(each.source_person), str(each.exposed_person), each.date_first or each.date_last,
            each.date_last or each.date_first, each.setting, each.closeness, each.minutes,
        )
        for each in met
    ]  # fmt: skip
    schema = {
        "source_id": pl.String, "exposed_id": pl.String, "date_exposure_first": pl.Date,
        "date_exposure_last": pl.Date, "setting": pl.String, "closeness": pl.String, "minutes": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def frame_of(sources: Mapping[int, Source]) -> pl.DataFrame:
    """Cases, by person, as the protocol's functions take them."""
    schema = {
        "case_id": pl.String, "asymptomatic": pl.Boolean, "date_onset": pl.Date, "date_collected": pl.Date,
        "date_diagnosis": pl.Date, "date_report": pl.Date, "date_isolation": pl.Date,
    }  # fmt: skip
    rows = [
        (
            str(person), case.asymptomatic, case.date_onset, case.date_sampled, case.date_diagnosis,
            case.date_report, case.date_isolation,
        )
        for person, case in sources.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def stronger(one: str, other: str) -> str:
    """The class that binds more."""
    return min(one, other, key=[str(each) for each in STRENGTH].index)


def watch(incident: Incident, *, contact_class: str, date_listed: date, date_last_exposure: date | None) -> Watch:
    """From the day of listing to so many days after the last exposure: found late, only the days left. Whoever is
    listed before the follow-up begins, which is the day after the last exposure, is followed up from then on.

    A contact not yet classified is watched like a close one. Without a date of exposure the days run from listing.
    """
    unclassified = contact_class == ContactClass.UNCLASSIFIED
    n_days = load(incident.protocol).follow_up_days(ContactClass.CLOSE if unclassified else contact_class)
    if n_days is None:
        return Watch(None, None)
    first, last = date_listed, (date_last_exposure or date_listed) + timedelta(days=n_days)
    if date_last_exposure:
        first = max(first, date_last_exposure + timedelta(days=1))
    return Watch(first if first <= last else None, last)
