"""What is due by when, and what closed it: deadlines of an edition laid over dated facts, any number at once.

A duty is a deadline of the edition and a subject. It begins with the first starting event of the subject, is
closed by the events the deadline names (7-1-7 asks for all seven actions), and is void when the
case was discarded, the contact ruled out or the like. A limit in hours runs to the minute; a limit in days
ends with the local day, as 7-1-7 counts dates. Only facts up to `at` are used: what was derived for a moment
is never changed by what happens after it.
"""

from datetime import UTC, datetime

import polars as pl

from sizao.protocols.choices import Unit
from sizao.protocols.columns import check_columns, with_optional
from sizao.protocols.events import Event
from sizao.protocols.shape import Deadline, Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message

FACT_COLUMNS = {"subject_id": pl.String, "about": pl.String, "event": pl.String}
MOMENT = pl.Datetime("us", "UTC")
STATUSES = ("open", "overdue", "closed_in_time", "closed_late", "void")


def duties(*, facts: pl.DataFrame, protocol: Protocol, at: datetime, timezone: str = "UTC") -> pl.DataFrame:
    """Every duty as known at `at`: subject, deadline, level, started_at, due_at, closing_events, closed_at, closed_by,
    status (one of STATUSES), hours_late.

    `facts`: subject_id, about (case, contact, zone, …), event, at (aware UTC); optional detail, which a
    deadline may ask for (a zone's level, a contact's class, a clinic) and which for the event `not_applicable`
    names the event that is not needed. One row per subject and deadline; the earliest fact of a kind counts.
    """
    check_columns(facts, FACT_COLUMNS, "facts")
    at = at.astimezone(UTC)  # polars compares moments of one time zone only
    known = (
        with_optional(facts, {"detail": pl.String}).with_columns(pl.col("at").cast(MOMENT)).filter(pl.col("at") <= at)
    )
    firsts = known.group_by("subject_id", "about", "event", "detail").agg(pl.col("at").min())
    table = deadline_table(protocol)
    begun = started(firsts, table)
    closed = begun.join(closings(firsts, table), on=["subject_id", "deadline"], how="left")
    voided = closed.join(voidings(firsts, table), on=["subject_id", "deadline"], how="left")
    return (
        judged(with_due(voided, timezone), at)
        .with_columns(rule=pl.lit("deadline.") + pl.col("deadline"), edition=pl.lit(protocol.id))
        .sort("due_at", "subject_id", "deadline")
    )


def deadline_table(protocol: Protocol) -> pl.DataFrame:
    """One row per deadline of the edition."""
    return pl.DataFrame(
        [deadline_row(key, deadline) for key, deadline in protocol.deadline.items()],
        schema={
            "deadline": pl.String,
            "about": pl.String,
            "level": pl.String,
            "after": pl.String,
            "minutes": pl.Int64,
            "is_days": pl.Boolean,
            "closed_by": pl.List(pl.String),
            "void_by": pl.List(pl.String),
            "asked": pl.List(pl.String),
            "any_of": pl.Boolean,
        },
    )


def deadline_row(key: str, deadline: Deadline) -> dict[str, object]:
    return {
        "deadline": key,
        "about": str(deadline.about),
        "level": str(deadline.level),
        "after": str(deadline.after),
        "minutes": round(deadline.hours * 60),
        "is_days": deadline.limit.unit is Unit.DAY,
        "closed_by": [str(event) for event in deadline.closed_by],
        "void_by": [str(event) for event in deadline.void_by],
        "asked": list(deadline.detail),
        "any_of": deadline.any_of,
    }


def started(firsts: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """The starting fact of every duty."""
    joined = firsts.join(table, left_on=["about", "event"], right_on=["about", "after"], how="inner")
    fits = (pl.col("asked").list.len() == 0) | pl.col("detail").is_in(pl.col("asked")).fill_null(False)
    begun = (
        joined.filter(fits)
        .group_by("subject_id", "deadline")
        .agg(started_at=pl.col("at").min(), detail=pl.col("detail").get(pl.col("at").arg_min()))
    )
    return begun.join(
        table.select("deadline", "about", "level", "minutes", "is_days", closing_events="closed_by"),
        on="deadline",
        how="left",
    )


def closings(firsts: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """For each subject and deadline: the event that closed it, if any has, and how many of those asked happened."""
    asked = table.select("deadline", "about", "any_of", event="closed_by", n_asked=pl.col("closed_by").list.len())
    waived = firsts.filter(pl.col("event") == str(Event.NOT_APPLICABLE))
    done = pl.concat(
        [
            firsts.select("subject_id", "about", "at", "event"),
            waived.select("subject_id", "about", "at", event="detail"),
        ]
    )
    found = done.join(asked.explode("event"), on=["about", "event"], how="inner")
    each = found.group_by("subject_id", "deadline", "event", "n_asked", "any_of").agg(pl.col("at").min()).sort("at")
    first, last = pl.col("at", "event").first(), pl.col("at", "event").last()
    counted = each.group_by("subject_id", "deadline", "n_asked", "any_of", maintain_order=True).agg(
        first.name.prefix("first_"), last.name.prefix("last_"), n_done=pl.len()
    )
    complete = pl.col("n_done") >= pl.col("n_asked")
    return counted.select(
        "subject_id",
        "deadline",
        "n_done",
        closed_at=pl.when("any_of").then("first_at").when(complete).then("last_at"),
        closed_by=pl.when("any_of").then("first_event").when(complete).then("last_event"),
    )


def voidings(firsts: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """When a duty fell away."""
    asked = table.select("deadline", "about", event="void_by").explode("event").drop_nulls("event")
    whole = firsts.filter((pl.col("event") != str(Event.NOT_APPLICABLE)) | pl.col("detail").is_null())
    return (
        whole.join(asked, on=["about", "event"], how="inner")
        .group_by("subject_id", "deadline")
        .agg(void_at=pl.col("at").min())
    )


def with_due(rows: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """Due moment: so many minutes on, or the end of the local day so many days on."""
    local_day = pl.col("started_at").dt.convert_time_zone(timezone).dt.date()
    days = (pl.col("minutes") // 1440) + 1
    end_of_day = (
        (local_day + pl.duration(days=days))
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
    )
    exact = pl.col("started_at") + pl.duration(minutes=pl.col("minutes"))
    return rows.with_columns(due_at=pl.when("is_days").then(pl.coalesce(end_of_day, exact)).otherwise(exact))


def judged(rows: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Status and lateness; a duty closed before it fell away stays closed."""
    now = pl.lit(at).cast(MOMENT)
    closed, due = pl.col("closed_at"), pl.col("due_at")
    is_void = pl.col("void_at").is_not_null() & (closed.is_null() | (pl.col("void_at") < closed))
    status = (
        pl.when(is_void)
        .then(pl.lit("void"))
        .when(closed.is_not_null() & (closed <= due))
        .then(pl.lit("closed_in_time"))
        .when(closed.is_not_null())
        .then(pl.lit("closed_late"))
        .when(now > due)
        .then(pl.lit("overdue"))
        .otherwise(pl.lit("open"))
    )
    late = ((pl.coalesce(closed, now) - due).dt.total_minutes() / 60).clip(lower_bound=0)
    return (
        rows.with_columns(status=status)
        .with_columns(
            hours_late=pl.when(pl.col("status") == "void").then(0.0).otherwise(late),
            n_done=pl.col("n_done").fill_null(0),
        )
        .drop("minutes", "is_days")
    )


def why_duty(row: dict[str, object], protocol: Protocol) -> Message:
    """One sentence for a row of `duties`."""
    deadline = protocol.deadline[str(row["deadline"])]
    limit = deadline.limit
    return N_(
        "{name} ({level}): within {amount} of “{event}” at {started}, so by {due}; {outcome} ({edition}; {source}).",
        name=deadline.name,
        level=deadline.level.label,
        amount=limit.amount,
        event=deadline.after.label,
        started=moment(row["started_at"]),
        due=moment(row["due_at"]),
        outcome=outcome(row),
        edition=protocol.name,
        source=cited(limit),
    )


def outcome(row: dict[str, object]) -> Message:
    """What became of a duty, with the fact that decided it."""
    hours = float(str(row["hours_late"]))
    if row["status"] == "void":
        return N_("no longer due since {moment}", moment=moment(row["void_at"]))
    if row["status"] == "open":
        return N_("still open")
    if row["status"] == "overdue":
        return N_("open and {hours} hours late", hours=f"{hours:.1f}")
    event = next(event.label for event in Event if event == row["closed_by"])
    if row["status"] == "closed_in_time":
        return N_("closed in time by “{event}” at {moment}", event=event, moment=moment(row["closed_at"]))
    return N_(
        "closed {hours} hours late by “{event}” at {moment}",
        hours=f"{hours:.1f}",
        event=event,
        moment=moment(row["closed_at"]),
    )


def moment(value: object) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC") if isinstance(value, datetime) else "–"
