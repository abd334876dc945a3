"""Tests due for groups tested in normal times, and which quarantine tests were made good."""

from datetime import date

import polars as pl

from sizao.protocols.columns import check_columns, with_optional
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import cited
from sizao.vocabulary.text import N_, Message


def due_tests(*, subjects: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """When each subject's next test is due by its group's frequency, and by how many days it is late.

    `subjects`: subject_id, group (a key of the protocol's `frequency`); optional date_last_test and
    date_started (the day the frequency began to apply). Never tested: due on date_started, or `at`. A group
    tested n times a week is due every 7 // n days. Groups the edition does not know are returned undated.
    """
    check_columns(subjects, {"subject_id": pl.String, "group": pl.String}, "subjects")
    rows = with_optional(subjects, {"date_last_test": pl.Date, "date_started": pl.Date})
    table = pl.DataFrame(
        [(key, interval(key, protocol), str(rule.test)) for key, rule in protocol.frequency.items()],
        schema={"group": pl.String, "every_days": pl.Int32, "test": pl.String},
        orient="row",
    )
    joined = rows.join(table, on="group", how="left")
    after_last = pl.col("date_last_test") + pl.duration(days=pl.col("every_days"))
    first = pl.coalesce("date_started", pl.lit(at))
    due = pl.when(pl.col("every_days").is_not_null()).then(pl.coalesce(after_last, first))
    dated = joined.with_columns(date_due=due)
    return dated.with_columns(
        days_late=(pl.lit(at) - pl.col("date_due")).dt.total_days().clip(lower_bound=0).cast(pl.Int32),
        is_due=(pl.col("date_due") <= at).fill_null(False),
        rule=pl.when(pl.col("every_days").is_not_null()).then(pl.lit("frequency.") + pl.col("group")),
        edition=pl.lit(protocol.id),
    )


def interval(group: str, protocol: Protocol) -> int | None:
    """Days from one test of a group to the next; None where the rule is words only."""
    rule = protocol.frequency[group]
    if rule.every:
        return int(rule.every.value)
    return max(1, 7 // int(rule.per_week.value)) if rule.per_week else None


def why_test(row: dict[str, object], protocol: Protocol) -> Message:
    """One sentence for a row of `due_tests`."""
    rule = protocol.frequency.get(str(row["group"]))
    figure = (rule.every or rule.per_week) if rule else None
    if rule is None or figure is None:
        return N_("{edition} sets no test days for this group.", edition=protocol.name)
    return N_(
        "Due on {due}: {group}, {rate}; last test {last} ({edition}; {source}).",
        due=row["date_due"],
        group=rule.name,
        rate=N_("every {amount}", amount=figure.amount) if rule.every else figure.amount,
        last=row["date_last_test"] or N_("none yet"),
        edition=protocol.name,
        source=cited(figure),
    )


def missing_tests(*, tests: pl.DataFrame, results: pl.DataFrame, at: date) -> pl.DataFrame:
    """The scheduled tests due by `at` that no negative result makes good.

    A test is made good by a negative sample of the same kind collected on its day or later, so one later
    sample makes good for earlier missed ones: a missed day cannot be lived again and must not hold a person.
    Returns the rows of `tests` with n_negative below `samples`.
    """
    check_columns(tests, {"contact_id": pl.String, "test": pl.String, "date_due": pl.Date}, "tests")
    due = tests.filter(pl.col("date_due") <= at)
    counted = negatives_since(due.select("contact_id", "test", "date_due").unique(), results, at)
    joined = due.join(counted, on=["contact_id", "test", "date_due"], how="left")
    return joined.with_columns(n_negative=pl.col("n_negative").fill_null(0)).filter(
        pl.col("n_negative") < pl.col("samples")
    )


RESULT_COLUMNS = {"contact_id": pl.String, "date_collected": pl.Date, "test": pl.String, "result": pl.String}


def negatives_since(wanted: pl.DataFrame, results: pl.DataFrame, at: date) -> pl.DataFrame:
    """For each contact, test and day: negative samples collected that day or later and by `at`.

    Samples whose reagent is named count once per day and reagent, so two samples mean two reagents.
    """
    check_columns(results, RESULT_COLUMNS, "results")
    rows = with_optional(results, {"reagent": pl.String, "specimen_id": pl.String})
    negative = rows.filter((pl.col("result") == "negative") & (pl.col("date_collected") <= at))
    distinct = negative.with_row_index("_row").with_columns(
        _sample=pl.coalesce("reagent", "specimen_id", pl.col("_row").cast(pl.String))
    )
    joined = wanted.join(distinct, on=["contact_id", "test"], how="inner")
    return (
        joined.filter(pl.col("date_collected") >= pl.col("date_due"))
        .group_by("contact_id", "test", "date_due")
        .agg(n_negative=pl.col("_sample").n_unique())
    )
