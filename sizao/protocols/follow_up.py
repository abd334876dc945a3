"""Follow-up of contacts: from which day to which, what is left, what is due on a day."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from sizao.protocols.columns import check_columns
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited, subject_label
from sizao.vocabulary.text import N_, Message


@dataclass(frozen=True)
class FollowUpSpan:
    """The days of one contact's follow-up, both ends included, and why."""

    first: date
    last: date
    why: Message


def follow_up_span(*, contact_class: str, date_exposure_last: date, protocol: Protocol) -> FollowUpSpan | None:
    """Day 1 is the day after the last exposure; None where the edition follows no such contact."""
    rule = protocol.follow_up.get(contact_class)
    if rule is None:
        return None
    why = N_(
        "{days} days after the last exposure on {day}, as a {subject} ({edition}; {source}).",
        days=rule.days.number,
        day=date_exposure_last,
        subject=subject_label(contact_class),
        edition=protocol.name,
        source=cited(rule.days),
    )
    last = date_exposure_last + timedelta(days=int(rule.days.value))
    return FollowUpSpan(date_exposure_last + timedelta(days=1), last, why)


def follow_up(*, contacts: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """`contacts` (contact_id, contact_class, date_exposure_last) with date_first, date_last, days_left, is_due
    on the day `at`, checks_per_day, rule and edition; empty dates where the edition has no follow-up."""
    wanted = {"contact_id": pl.String, "contact_class": pl.String, "date_exposure_last": pl.Date}
    check_columns(contacts, wanted, "contacts")
    table = pl.DataFrame(
        [
            (key, int(rule.days.value), rule.checks_per_day.value if rule.checks_per_day else None)
            for key, rule in protocol.follow_up.items()
        ],
        schema={"contact_class": pl.String, "_days": pl.Int32, "checks_per_day": pl.Float64},
        orient="row",
    )
    exposed = pl.col("date_exposure_last")
    dated = contacts.join(table, on="contact_class", how="left").with_columns(
        date_first=pl.when(pl.col("_days").is_not_null()).then(exposed + pl.duration(days=1)),
        date_last=exposed + pl.duration(days=pl.col("_days")),
    )
    return dated.with_columns(
        days_left=(pl.col("date_last") - pl.lit(at)).dt.total_days().clip(lower_bound=0).cast(pl.Int32),
        is_due=(pl.col("date_first") <= at) & (pl.col("date_last") >= at),
        rule=pl.when(pl.col("_days").is_not_null()).then(pl.lit("follow_up.") + pl.col("contact_class")),
        edition=pl.lit(protocol.id),
    ).drop("_days")
