"""Quarantine arithmetic: phases with days and mode, test days, top-up, reset, for any number of people at once.

The day-count convention, stated once. The day counted from (last exposure, leaving the zone, arrival, end of
shift) is day 0; day n is n days later; a phase of days a to b ends with day b, and days left on a day t are
the end minus t. So a contact last exposed on D and found on D+3 under 7 + 3 has 4 days of central quarantine
left (to D+7), then 3 at home (to D+10); found on D+8, the 2 days left at home; found on D+10 or later, none.
A phase whose end is not after the day found is already served.

Test days count within a phase. With `day_one = "arrival"` the day the phase begins for the person is day 1;
with `"rule"` the first day of the phase is. Tests that would fall after the phase are done on its last day,
so a person found late is tested less often and never after the end.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from sizao.protocols.checks import spans
from sizao.protocols.choices import RESTRICTING, DayOne
from sizao.protocols.columns import check_columns, with_optional
from sizao.protocols.persons import Quarantine
from sizao.protocols.shape import Protocol

CONTACT_COLUMNS = {"contact_id": pl.String, "contact_class": pl.String, "date_exposure_last": pl.Date}
CONTACT_OPTIONAL = {"date_found": pl.Date, "date_reset": pl.Date, "dates_reset": pl.List(pl.Date)}


@dataclass(frozen=True)
class Quarantined:
    """`orders`: one row per contact and class. `phases` and `tests`: the rows that follow from the rule."""

    orders: pl.DataFrame
    phases: pl.DataFrame
    tests: pl.DataFrame


def quarantine(*, contacts: pl.DataFrame, protocol: Protocol, at: date) -> Quarantined:
    """What the edition asks of each contact, as known on the day `at`.

    `contacts`: contact_id, contact_class (a contact class or another subject of quarantine, as left_high),
    date_exposure_last (the day counted from); optional date_found (the day management began; `at` where
    empty) and date_reset (the day a positive appeared near the person's room), or dates_reset where there were
    several, each of which counts if the period was still running then. `orders.status` is one of not_required,
    undated (no day to count from: nothing binds), passed (the whole period was over when found), planned, running,
    ended.
    """
    check_columns(contacts, CONTACT_COLUMNS, "contacts")
    rows = with_optional(contacts, CONTACT_OPTIONAL).select(*CONTACT_COLUMNS, *CONTACT_OPTIONAL)
    rules = {key: rule for key, rule in protocol.quarantine.items() if rule.determined}
    orders = ordered(rows.join(rule_table(rules), on="contact_class", how="left"), at)
    orders = orders.with_columns(edition=pl.lit(protocol.id))
    served = orders.filter(pl.col("status").is_in(["planned", "running", "ended"]))
    phases = phased(served, phase_table(rules))
    tests = tested(phases, test_table(rules))
    return Quarantined(with_mode_now(orders.select(ORDER_COLUMNS), phases, at), phases.select(PHASE_COLUMNS), tests)


#: States in which nothing binds the person.
UNBOUND = ("not_required", "undated", "passed")
ORDER_COLUMNS = (
    "contact_id", "contact_class", "status", "date_counted_from", "date_found", "is_reset", "date_start", "date_end",
    "date_early", "days_left", "rule", "edition",
)  # fmt: skip
PHASE_COLUMNS = ("contact_id", "contact_class", "phase", "mode", "date_start", "date_end", "days", "restricts")


def rule_table(rules: dict[str, Quarantine]) -> pl.DataFrame:
    """One row per subject: length of the whole period and how it is counted."""
    return pl.DataFrame(
        [
            {
                "contact_class": key,
                "total": spans(rule.phases)[-1][1],
                "begins": spans(rule.phases)[0][0],
                "top_up": rule.top_up,
                "may_reset": rule.reset is not None,
                "early": int(rule.early.days.value) if rule.early else None,
            }
            for key, rule in rules.items()
        ],
        schema={
            "contact_class": pl.String,
            "total": pl.Int32,
            "begins": pl.Int32,
            "top_up": pl.Boolean,
            "may_reset": pl.Boolean,
            "early": pl.Int32,
        },
    )


def ordered(rows: pl.DataFrame, at: date) -> pl.DataFrame:
    """Day 0, start, end and status of each order."""
    exposed, today = pl.col("date_exposure_last"), pl.lit(at)
    rows = with_last_reset(rows)
    found = pl.max_horizontal(pl.col("date_found").fill_null(today), exposed)
    natural_end = exposed + days("total")
    resets = (
        pl.col("may_reset")
        & (pl.col("date_reset") > exposed)
        & (pl.col("_running") | (pl.col("date_reset") <= natural_end))
    )
    zero = pl.when(resets).then("date_reset").when(pl.col("top_up")).then(exposed).otherwise(found)
    first = rows.with_columns(date_found=found, date_counted_from=zero, is_reset=resets.fill_null(False))
    counted = pl.col("date_counted_from")
    begins = pl.when(pl.col("begins") > 1).then(counted + days("begins")).otherwise(counted)
    dated = first.with_columns(
        date_end=counted + days("total"),
        date_start=pl.max_horizontal("date_found", begins),
        date_early=counted + days("early"),
        rule=pl.when(pl.col("total").is_not_null()).then(pl.lit("quarantine.") + pl.col("contact_class")),
    )
    end = pl.col("date_end")
    status = (
        pl.when(pl.col("total").is_null())
        .then(pl.lit("not_required"))
        .when(end.is_null())
        .then(pl.lit("undated"))
        .when(end <= pl.col("date_found"))
        .then(pl.lit("passed"))
        .when(pl.col("date_start") > today)
        .then(pl.lit("planned"))
        .when(today > end)
        .then(pl.lit("ended"))
        .otherwise(pl.lit("running"))
    )
    named = dated.with_columns(status=status)
    without = pl.col("status").is_in(UNBOUND)
    left = (end - pl.max_horizontal(today, "date_found")).dt.total_days().clip(lower_bound=0)
    return named.with_columns(
        days_left=pl.when(without).then(0).otherwise(left).cast(pl.Int32),
        date_start=pl.when(without).then(None).otherwise("date_start"),
    )


def with_last_reset(rows: pl.DataFrame) -> pl.DataFrame:
    """`date_reset` as the last of `dates_reset` that fell into the period as the ones before had made it."""
    several = pl.col("dates_reset").list.len().fill_null(0) > 0
    wanted = rows.filter(several & pl.col("date_exposure_last").is_not_null() & pl.col("total").is_not_null())
    if wanted.is_empty():
        return rows.with_columns(_running=pl.lit(False))
    last = [last_reset(*told) for told in wanted.select("date_exposure_last", "total", "dates_reset").iter_rows()]
    key = ["contact_id", "contact_class"]
    known = wanted.select(*key, _last=pl.Series(last, dtype=pl.Date), _running=pl.lit(True)).unique(key)
    joined = rows.join(known, on=key, how="left").with_columns(pl.col("_running").fill_null(False))
    return joined.with_columns(date_reset=pl.when("_running").then("_last").otherwise("date_reset")).drop("_last")


def last_reset(exposed: date, total: int, resets: list[date | None]) -> date | None:
    """Day 0 after every reset, each counted only while the period was running."""
    zero = None
    for day in sorted(day for day in resets if day is not None):
        if exposed < day <= (zero or exposed) + timedelta(days=total):
            zero = day
    return zero


def days(column: str) -> pl.Expr:
    return pl.duration(days=pl.col(column))


def phase_table(rules: dict[str, Quarantine]) -> pl.DataFrame:
    """One row per subject and phase, with its first and last day."""
    return pl.DataFrame(
        [
            {
                "contact_class": key,
                "phase": number,
                "mode": str(phase.mode),
                "first": first,
                "last": last,
                "restricts": phase.mode in RESTRICTING,
                "by_rule": rule.day_one is not None and rule.day_one.value is DayOne.RULE,
            }
            for key, rule in rules.items()
            for number, (phase, (first, last)) in enumerate(zip(rule.phases, spans(rule.phases), strict=True), 1)
        ],
        schema={
            "contact_class": pl.String,
            "phase": pl.Int8,
            "mode": pl.String,
            "first": pl.Int32,
            "last": pl.Int32,
            "restricts": pl.Boolean,
            "by_rule": pl.Boolean,
        },
    )


def phased(served: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """The phases not yet served when the person was found."""
    joined = served.select("contact_id", "contact_class", "date_counted_from", "date_found").join(
        table, on="contact_class", how="inner"
    )
    zero, found = pl.col("date_counted_from"), pl.col("date_found")
    begins = pl.when(pl.col("first") > 1).then(zero + days("first")).otherwise(zero)
    dated = joined.with_columns(
        date_start=pl.max_horizontal(begins, found), date_end=zero + days("last"), _rule_start=zero + days("first")
    )
    before = pl.max_horizontal(found, pl.col("_rule_start") - pl.duration(days=1))
    return dated.filter(pl.col("date_end") > found).with_columns(
        days=(pl.col("date_end") - before).dt.total_days().cast(pl.Int32)
    )


def test_table(rules: dict[str, Quarantine]) -> pl.DataFrame:
    """One row per test day; `previous` lets late tests fall together on the last day, `samples` are of the last."""
    return pl.DataFrame(
        [
            {
                "contact_class": key,
                "phase": number,
                "test": str(phase.test),
                "day": day,
                "previous": previous,
                "final": day == phase.test_days.value[-1],
                "samples": int(phase.samples.value) if phase.samples else 1,
            }
            for key, rule in rules.items()
            for number, phase in enumerate(rule.phases, 1)
            if phase.test_days
            for previous, day in pairwise((None, *phase.test_days.value))
        ],
        schema={
            "contact_class": pl.String,
            "phase": pl.Int8,
            "test": pl.String,
            "day": pl.Int32,
            "previous": pl.Int32,
            "final": pl.Boolean,
            "samples": pl.Int8,
        },
    )


def tested(phases: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Test dates inside each phase."""
    one = pl.when("by_rule").then("_rule_start").otherwise("date_start")
    joined = phases.select("contact_id", "contact_class", "phase", "date_start", "date_end", _one=one).join(
        table, on=["contact_class", "phase"], how="inner"
    )
    due = pl.col("_one") + pl.duration(days=pl.col("day") - 1)
    earlier = pl.col("_one") + pl.duration(days=pl.col("previous") - 1)
    last = pl.col("final") | (due >= pl.col("date_end"))
    return (
        joined.with_columns(
            date_due=pl.min_horizontal(due, "date_end"),
            samples=pl.when(last).then("samples").otherwise(1).cast(pl.Int8),
        )
        .filter((earlier < pl.col("date_end")).fill_null(True) & (pl.col("date_due") >= pl.col("date_start")))
        .select("contact_id", "contact_class", "phase", "test", "day", "date_due", "samples")
    )


def with_mode_now(orders: pl.DataFrame, phases: pl.DataFrame, at: date) -> pl.DataFrame:
    """The mode of the phase each running order is in on the day `at`."""
    now = phases.filter((pl.col("date_start") <= at) & (pl.col("date_end") >= at)).select(
        "contact_id", "contact_class", phase_now="phase", mode_now="mode"
    )
    return orders.join(now, on=["contact_id", "contact_class"], how="left")
