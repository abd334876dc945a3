"""What the daily report counts: one row per number, with its definition, and the ways each is broken down.

A measure is a filter over one frame (cases, contacts or follow-ups as known at the cut-off); a dimension is a
column of that frame. Every number of a report is (measure, dimension, value), and its list is the same filter
again, so a total and the list behind it cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from sizao.vocabulary import codes
from sizao.vocabulary.codes import ContactStatus, FollowUpOutcome, Outcome
from sizao.vocabulary.text import N_, Message

Filter = Callable[[date], pl.Expr]


@dataclass(frozen=True)
class Measure:
    """One number: its stable key, the frame it counts, which rows, and its definition in words."""

    key: str
    frame: str
    label: Message
    definition: Message
    rows: Filter
    dimensions: tuple[str, ...]
    is_cumulative: bool = False
    is_public: bool = False
    dated_by: str = ""  # of a number up to a day: the column that says to which day each of its rows belongs


@dataclass(frozen=True)
class Dimension:
    """One breakdown: the column that holds it, its label, and the code list of its values, if any."""

    key: str
    label: Message
    code_list: type[codes.Code] | None = None


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension("classification", N_("Classification"), codes.Classification),
        Dimension("area", N_("Area")),
        Dimension("age_group", N_("Age group")),
        Dimension("sex", N_("Sex"), codes.Sex),
        Dimension("found_in", N_("Found in"), codes.FoundIn),
        Dimension("contact_class", N_("Contact class"), codes.ContactClass),
        Dimension("status", N_("Contact status"), codes.ContactStatus),
        Dimension("follow_up_outcome", N_("Follow-up outcome"), codes.FollowUpOutcome),
    )
}
OF_CASES = ("classification", "area", "age_group", "sex", "found_in")
OF_CONTACTS = ("area", "contact_class")

suspected = pl.col("classification") == codes.Classification.SUSPECTED
counted = pl.col("classification").is_in([str(code) for code in codes.COUNTED])
dead = counted & (pl.col("outcome") == Outcome.DIED)
recovered = counted & (pl.col("outcome") == Outcome.RECOVERED)
listed = pl.col("status") != ContactStatus.NOT_A_CONTACT
followed = listed & (pl.col("status") == ContactStatus.UNDER_FOLLOW_UP)
tried = pl.col("follow_up_outcome") != FollowUpOutcome.NOT_TRIED
seen = pl.col("follow_up_outcome").is_in([str(FollowUpOutcome.OK), str(FollowUpOutcome.ILL)])


def always(rows: pl.Expr) -> Filter:
    return lambda day: rows


def on(column: str, rows: pl.Expr) -> Filter:
    return lambda day: rows & (pl.col(column) == day)


def until(column: str, rows: pl.Expr) -> Filter:
    """Rows dated on or before the day; undated rows are known to be past, so they count."""
    return lambda day: rows & (pl.col(column).is_null() | (pl.col(column) <= day))


def undated(column: str, rows: pl.Expr) -> Filter:
    """Rows of which nobody knows the day; they are in the numbers in all, and in those of no day."""
    return lambda day: rows & pl.col(column).is_null()


MEASURES = {
    measure.key: measure
    for measure in (
        Measure(
            "cases_new", "cases", N_("New cases"),
            N_("Confirmed, probable and asymptomatic infections whose date of report is the day of this report."),
            on("date_report", counted), OF_CASES, is_public=True,
        ),
        Measure(
            "cases_cumulative", "cases", N_("Cases in all"),
            N_("Confirmed, probable and asymptomatic infections reported up to and including the day."),
            until("date_report", counted), OF_CASES, is_cumulative=True, is_public=True, dated_by="date_report",
        ),
        Measure(
            "cases_suspected", "cases", N_("Suspected cases under investigation"),
            N_("Persons classified as suspected at the cut-off; not counted as cases."),
            until("date_report", suspected), ("area", "age_group", "sex"),
        ),
        Measure(
            "deaths_new", "cases", N_("New deaths"), N_("Counted cases who died on the day of this report."),
            on("date_outcome", dead), ("area", "age_group", "sex"), is_public=True,
        ),
        Measure(
            "deaths_cumulative", "cases", N_("Deaths in all"),
            N_("Counted cases known to have died up to and including the day."),
            until("date_outcome", dead), ("area", "age_group", "sex"), is_cumulative=True, is_public=True,
            dated_by="date_outcome",
        ),
        Measure(
            "deaths_undated", "cases", N_("Deaths, date not known"),
            N_("Counted cases known to have died, but not on which day; contained in the deaths in all."),
            undated("date_outcome", dead), ("area",), is_cumulative=True,
        ),
        Measure(
            "recovered_new", "cases", N_("Newly recovered or discharged"),
            N_("Counted cases whose recovery or discharge is dated on the day of this report."),
            on("date_outcome", recovered), ("area",), is_public=True,
        ),
        Measure(
            "recovered_cumulative", "cases", N_("Recovered or discharged in all"),
            N_("Counted cases known to have recovered or been discharged up to and including the day."),
            until("date_outcome", recovered), ("area",), is_cumulative=True, is_public=True, dated_by="date_outcome",
        ),
        Measure(
            "recovered_undated", "cases", N_("Recovered or discharged, date not known"),
            N_("Counted cases known to have recovered or been discharged, but not on which day; contained in those "
               "in all."),
            undated("date_outcome", recovered), ("area",), is_cumulative=True,
        ),
        Measure(
            "contacts_listed", "contacts", N_("Contacts listed"),
            N_("Persons listed as contacts up to and including the day, without those found not to be contacts."),
            until("date_listed", listed), OF_CONTACTS, is_cumulative=True,
        ),
        Measure(
            "contacts_identified", "contacts", N_("Contacts identified"),
            N_("Listed contacts whose identity was confirmed by the cut-off."),
            until("date_listed", listed & pl.col("identified_at").is_not_null()), OF_CONTACTS,
        ),
        Measure(
            "contacts_located", "contacts", N_("Contacts located"),
            N_("Listed contacts whose present place was known by the cut-off."),
            until("date_listed", listed & pl.col("located_at").is_not_null()), OF_CONTACTS,
        ),
        Measure(
            "contacts_controlled", "contacts", N_("Contacts under control"),
            N_("Listed contacts under management (follow-up or quarantine begun) by the cut-off."),
            until("date_listed", listed & pl.col("controlled_at").is_not_null()), OF_CONTACTS,
        ),
        Measure(
            "contacts_followed", "contacts", N_("Contacts under follow-up"),
            N_("Listed contacts whose follow-up had not ended at the cut-off."),
            until("date_listed", followed), OF_CONTACTS,
        ),
        Measure(
            "contacts_became_cases", "contacts", N_("Contacts who became cases"),
            N_("Listed contacts who had become cases by the cut-off."),
            until("date_listed", pl.col("status") == ContactStatus.BECAME_CASE), ("area",), is_cumulative=True,
        ),
        Measure(
            "follow_ups_due", "follow_ups", N_("Follow-ups due"), N_("Follow-up visits or calls due on the day."),
            on("date_due", pl.lit(True)), ("area",),
        ),
        Measure(
            "follow_ups_seen", "follow_ups", N_("Follow-ups in which the contact was seen"),
            N_("Follow-ups due on the day in which the contact was seen, well or ill, by the cut-off."),
            on("date_due", seen), ("area", "follow_up_outcome"),
        ),
        Measure(
            "follow_ups_not_reached", "follow_ups", N_("Follow-ups tried without success"),
            N_("Follow-ups due on the day in which the contact was not reached or refused."),
            on("date_due", tried & ~seen), ("area", "follow_up_outcome"),
        ),
    )
}  # fmt: skip
#: Numbers up to a day whose earlier days may turn out different later: late data show as revisions of them.
REVISED = tuple(key for key, measure in MEASURES.items() if measure.dated_by)
PUBLIC = tuple(key for key, measure in MEASURES.items() if measure.is_public)
