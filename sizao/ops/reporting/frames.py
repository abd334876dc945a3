"""The three frames a report counts, as known at its cut-off."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from sizao.ops.cases.models import Case
from sizao.ops.governance import access, history
from sizao.ops.incidents.models import Incident
from sizao.ops.registry.models import Person
from sizao.ops.tracing.models import Contact, FollowUp

SEGMENT = access.SEGMENT
DECADES = ("0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")
UNKNOWN = ""  # a breakdown's value when nothing is known

CASE_COLUMNS = (
    "person_id", "number", "classification", "age", "date_report", "date_onset", "outcome", "date_outcome",
    "found_in", "area_id",
)  # fmt: skip
CONTACT_COLUMNS = (
    "number", "status", "contact_class", "date_listed", "identified_at", "located_at", "controlled_at", "area_id",
)  # fmt: skip
FOLLOW_UP_COLUMNS = ("contact_id", "date_due", "outcome")


@dataclass(frozen=True)
class Frames:
    """Cases, contacts and follow-ups of an incident at one moment, with every dimension as a column."""

    cases: pl.DataFrame
    contacts: pl.DataFrame
    follow_ups: pl.DataFrame

    def of(self, name: str) -> pl.DataFrame:
        return {"cases": self.cases, "contacts": self.contacts, "follow_ups": self.follow_ups}[name]


def frames(incident: Incident, *, at: datetime) -> Frames:
    """What was known of an incident at `at`."""
    width = area_width(incident)
    contacts = history.as_known(Contact, incident.contacts, columns=CONTACT_COLUMNS, at=at)
    contacts = contacts.with_columns(area=_area(width))
    return Frames(_cases(incident, at, width), contacts, _follow_ups(incident, at, contacts))


def area_width(incident: Incident) -> int:
    """How many characters of a path the report's areas have: one level below the incident's own area, or the
    incident's areas themselves when it has several."""
    lengths = [len(path) for path in incident.areas.values_list("path", flat=True)]
    return lengths[0] + SEGMENT if len(lengths) == 1 else max(lengths, default=2 + SEGMENT)


def _area(width: int) -> pl.Expr:
    return pl.col("area_id").fill_null(UNKNOWN).str.slice(0, width)


def _cases(incident: Incident, at: datetime, width: int) -> pl.DataFrame:
    cases = history.as_known(Case, incident.cases, columns=CASE_COLUMNS, at=at)
    people = history.as_known(Person, Person.objects.filter(cases__incident=incident), columns=["sex"], at=at)
    sexes = people.unique("id").rename({"id": "person_id"})
    return cases.join(sexes, on="person_id", how="left").with_columns(
        area=_area(width),
        age_group=_decade(),
        sex=pl.col("sex").fill_null("unknown"),
    )


def _decade() -> pl.Expr:
    """The ten-year age group; eighty and over are one."""
    decade = (pl.col("age") / 10).floor().clip(0, len(DECADES) - 1).cast(pl.Int64)
    return decade.replace_strict(dict(enumerate(DECADES)), default=UNKNOWN, return_dtype=pl.String).fill_null(UNKNOWN)


def _follow_ups(incident: Incident, at: datetime, contacts: pl.DataFrame) -> pl.DataFrame:
    """Follow-ups of contacts that still are contacts, with the contact's area and number."""
    follow_ups = history.as_known(FollowUp, incident.follow_ups, columns=FOLLOW_UP_COLUMNS, at=at)
    known = contacts.filter(pl.col("status") != "not_a_contact").select(
        pl.col("id").alias("contact_id"), "number", "area", "area_id"
    )
    return follow_ups.rename({"outcome": "follow_up_outcome"}).join(known, on="contact_id", how="inner")
