"""The tasks of subjects that have none yet, made as columns: what `derived.plan` does row by row, for a city at once.

Sentences differ between two tasks of the same rule in the moments and the number only, so each rule's sentence is
made once and cut where these stand.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import polars as pl

from sizao.ops.governance.bulk import Ready
from sizao.ops.governance.sentences import stored
from sizao.ops.incidents.derived import STILL_WORK, frame_of, title_of, why_due
from sizao.ops.incidents.duties import Fact, Subject, role_of, seat_of
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.owners import owner_of, owners
from sizao.protocols import Protocol, load
from sizao.protocols.duties import duties
from sizao.protocols.events import Event
from sizao.vocabulary.codes import TaskStatus
from sizao.vocabulary.text import Message

NUMBER, STARTED, DUE = "\ue000number", "\ue000started", "\ue000due"

DAY_AND_TIME = "%Y-%m-%d %H:%M"


class Planned(NamedTuple):
    """Columns of tasks to be stored, by field, and how many there are."""

    columns: dict[str, Any]
    n: int


def planned(
    *, incident: Incident, about: str, facts: Sequence[Fact], subjects: Sequence[Subject], at: datetime
) -> Planned:
    """The tasks that the edition makes of `facts`, open or done already; none for what fell away or is history."""
    protocol = load(incident.protocol)
    frame = frame_of(facts, about)
    derived = duties(facts=frame, protocol=protocol, at=at.astimezone(UTC), timezone=incident.time_zone)
    known = pl.DataFrame(
        [(str(s.pk), s.pk, json.dumps(s.number, ensure_ascii=False)[1:-1], s.area_id) for s in subjects],
        schema={"subject_id": pl.String, "pk": pl.Int64, "number": pl.String, "area_id": pl.String},
        orient="row",
    )
    rows = _with_states(derived.join(known, on="subject_id", how="inner"), frame, protocol, at)
    return Planned(_columns(_with_sentences(_owned(rows), protocol, incident.time_zone)), rows.height)


def _with_states(derived: pl.DataFrame, facts: pl.DataFrame, protocol: Protocol, at: datetime) -> pl.DataFrame:
    """One row per duty and event that is asked, with the moment of that event; without those that fell away."""
    first_of_several = [key for key, rule in protocol.deadline.items() if rule.any_of and len(rule.closed_by) > 1]
    rows = derived.filter(~pl.col("deadline").is_in(first_of_several)).explode("closing_events")
    firsts = _firsts(facts, at)
    voiding = pl.DataFrame(
        [(key, str(event)) for key, rule in protocol.deadline.items() for event in rule.void_by],
        schema={"deadline": pl.String, "event": pl.String},
        orient="row",
    )
    voided = firsts.join(voiding, on="event").group_by("subject_id", "deadline").agg(fell_away=pl.col("happened").min())
    joined = rows.select(
        "subject_id", "pk", "number", "area_id", "deadline", "level", "started_at", "due_at", event="closing_events"
    ).join(firsts, on=["subject_id", "event"], how="left")
    told = joined.join(voided, on=["subject_id", "deadline"], how="left")
    gone = pl.col("fell_away") < pl.col("happened")
    stands = pl.col("fell_away").is_null() | (pl.col("happened").is_not_null() & ~gone)
    return told.filter(stands & (pl.col("due_at") + STILL_WORK > at.astimezone(UTC)))


def _firsts(facts: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """When each event first happened to each subject; declared not applicable counts as happened."""
    waived = (pl.col("event") == str(Event.NOT_APPLICABLE)) & pl.col("detail").is_not_null()
    known = facts.filter(pl.col("at") <= at.astimezone(UTC))
    named = known.with_columns(event=pl.when(waived).then("detail").otherwise("event"))
    return named.group_by("subject_id", "event").agg(happened=pl.col("at").min())


def _owned(rows: pl.DataFrame) -> pl.DataFrame:
    """Each task's post: of the level that answers for it, else the nearest of the role."""
    found, wanted = owners(), rows.select("event", "level", "area_id").unique()
    posts = [
        owner_of(found, role_of(event), seat_of(level, area)) or owner_of(found, role_of(event), area)
        for event, level, area in wanted.iter_rows()
    ]
    known = wanted.with_columns(post=pl.Series(posts, dtype=pl.Int64))
    return rows.join(known, on=["event", "level", "area_id"], how="left", nulls_equal=True)


def _with_sentences(rows: pl.DataFrame, protocol: Protocol, zone: str) -> pl.DataFrame:
    """Title and reason as JSON text, put together from the pieces of each rule's sentence."""
    kinds = rows.select("deadline", "event").unique()
    pieces = [_pieces(protocol, deadline, event) for deadline, event in kinds.iter_rows()]
    schema = dict.fromkeys(("bare", "t0", "t1", "w0", "w1", "w2"), pl.String)
    cut = pl.concat([kinds, pl.DataFrame(pieces, schema=schema, orient="row")], how="horizontal")
    joined = rows.join(cut, on=["deadline", "event"], how="left")
    started, due = (
        pl.col(name).dt.convert_time_zone(zone).dt.strftime(DAY_AND_TIME) for name in ("started_at", "due_at")
    )
    numbered = pl.concat_str("t0", "number", "t1")
    return joined.with_columns(
        title=pl.when(pl.col("number") == "").then("bare").otherwise(numbered),
        why=pl.concat_str("w0", started, "w1", due, "w2"),
    )


def _pieces(protocol: Protocol, deadline: str, event: str) -> tuple[str, ...]:
    rule = protocol.deadline[deadline]
    why = why_due(rule, protocol, started=STARTED, due=DUE)
    return (
        json.dumps(stored(title_of(rule, event, "")), ensure_ascii=False),
        *_cut(title_of(rule, event, NUMBER), NUMBER),
        *_cut(why, STARTED, DUE),
    )


def _cut(message: Message, *marks: str) -> list[str]:
    """A message as JSON text, cut where each mark stands."""
    pieces, rest = [], json.dumps(stored(message), ensure_ascii=False)
    for mark in marks:
        piece, _mark, rest = rest.partition(mark)
        pieces.append(piece)
    return [*pieces, rest]


def _columns(rows: pl.DataFrame) -> dict[str, Any]:
    done = pl.col("happened").is_not_null()
    told = rows.with_columns(
        duty=pl.concat_str("deadline", pl.lit(":"), "event"),
        status=pl.when(done).then(pl.lit(str(TaskStatus.DONE))).otherwise(pl.lit(str(TaskStatus.OPEN))),
        outcome=pl.when(done).then("event").otherwise(pl.lit("")),
    )
    return {
        "duty": told["duty"].to_list(), "title": Ready(told["title"].to_list()), "why": Ready(told["why"].to_list()),
        "subject_id": told["pk"].to_list(), "area_id": told["area_id"].to_list(), "post_id": told["post"].to_list(),
        "starts_at": told["started_at"].to_list(), "due_at": told["due_at"].to_list(),
        "status": told["status"].to_list(), "outcome": told["outcome"].to_list(),
        "done_at": told["happened"].to_list(),
    }  # fmt: skip
