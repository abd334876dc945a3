"""May a quarantined person leave a phase, and what is still missing: named rules, all at once.

Each phase is judged by itself: leaving central quarantine for home needs the tests of the central phase. The
rules of an edition are named in its `release` list; PHASE_RULES says what each asks.
"""

from collections.abc import Callable
from datetime import date

import polars as pl

from sizao.protocols.choices import Mode, ReleaseRule, Test
from sizao.protocols.columns import check_columns
from sizao.protocols.due_tests import RESULT_COLUMNS, missing_tests, negatives_since
from sizao.protocols.quarantine import Quarantined
from sizao.protocols.shape import Protocol
from sizao.protocols.why_quarantine import mode_label
from sizao.vocabulary.text import N_, Message

KEY = ["contact_id", "contact_class", "phase"]
Judge = Callable[[Quarantined, pl.DataFrame, Protocol, date], pl.DataFrame]


def release(*, quarantined: Quarantined, results: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """Every phase with may_release, and `missing`, the names of rules not met on the day `at`.

    `results`: contact_id, date_collected, test (pcr, antigen, room_swab), result (negative, positive or
    anything else, which counts as not known); optional reagent, specimen_id. A positive result blocks every
    later release under the name `positive`: the person is a case. A phase is released early where the
    edition allows it with a negative test and the day has come.
    """
    check_columns(results, RESULT_COLUMNS, "results")
    rules = [(key, rule) for key, quarantine in protocol.quarantine.items() for rule in quarantine.release]
    faults = [positives(quarantined, results, at)]
    for rule in sorted({rule for _, rule in rules}):
        asked = [key for key, named in rules if named is rule]
        unmet = PHASE_RULES[rule](quarantined, results, protocol, at)
        faults.append(unmet.filter(pl.col("contact_class").is_in(asked)).with_columns(rule=pl.lit(str(rule))))
    missing = pl.concat(faults).unique().sort("rule").group_by(KEY).agg(missing="rule")
    judged = quarantined.phases.join(missing, on=KEY, how="left").with_columns(
        missing=pl.col("missing").fill_null([]), is_last=pl.col("phase") == pl.col("phase").max().over(KEY[:2])
    )
    return judged.with_columns(may_release=pl.col("missing").list.len() == 0, edition=pl.lit(protocol.id))


def positives(quarantined: Quarantined, results: pl.DataFrame, at: date) -> pl.DataFrame:
    """Phases of people with a positive own test since the phase before began."""
    known = results.filter(
        (pl.col("result") == "positive") & (pl.col("date_collected") <= at) & (pl.col("test") != str(Test.ROOM_SWAB))
    )
    joined = quarantined.phases.join(known.select("contact_id", "date_collected"), on="contact_id", how="inner")
    start = pl.col("date_start").min().over(KEY[:2])
    return joined.filter(pl.col("date_collected") >= start).select(KEY).with_columns(rule=pl.lit("positive"))


def period_unfinished(quarantined: Quarantined, results: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """Phases whose last day has not come, unless an early release is met."""
    open_phases = quarantined.phases.filter(pl.col("date_end") > at)
    early = {key: rule.early for key, rule in protocol.quarantine.items() if rule.early}
    if not early:
        return open_phases.select(KEY)
    due = quarantined.orders.filter(pl.col("date_early") <= at).with_columns(
        test=pl.col("contact_class").replace_strict({k: str(e.test) for k, e in early.items()}, default=None)
    )
    wanted = due.select("contact_id", "test", date_due="date_early")
    met = negatives_since(wanted, results, at).select("contact_id").unique()
    return open_phases.join(met, on="contact_id", how="anti").select(KEY)


def tests_unmet(quarantined: Quarantined, results: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """Phases with a scheduled test not made good, those not due yet included: the future is not negative."""
    return missing_tests(tests=quarantined.tests, results=until(results, at), at=date.max).select(KEY)


def last_test_unmet(quarantined: Quarantined, results: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """Phases whose last scheduled test is not negative."""
    last = quarantined.tests.group_by(KEY).agg(pl.all().sort_by("date_due").last())
    return missing_tests(tests=last, results=until(results, at), at=date.max).select(KEY)


def two_samples_unmet(quarantined: Quarantined, results: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """Phases that ask two samples on the last day and have fewer negative ones."""
    double = quarantined.tests.filter(pl.col("samples") > 1)
    return missing_tests(tests=double, results=until(results, at), at=date.max).select(KEY)


def room_unmet(quarantined: Quarantined, results: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """Phases in central quarantine whose room and belongings are not negative since the day before the end."""
    central = quarantined.phases.filter(pl.col("mode") == str(Mode.CENTRAL))
    wanted = central.select(
        *KEY, date_due=pl.col("date_end") - pl.duration(days=1), test=pl.lit(str(Test.ROOM_SWAB)), samples=pl.lit(1)
    )
    return missing_tests(tests=wanted, results=until(results, at), at=date.max).select(KEY)


def until(results: pl.DataFrame, at: date) -> pl.DataFrame:
    """Results of samples collected by the day `at`: what is derived for a day knows nothing later."""
    return results.filter(pl.col("date_collected") <= at)


PHASE_RULES: dict[ReleaseRule, Judge] = {
    ReleaseRule.PERIOD_OVER: period_unfinished,
    ReleaseRule.TESTS_NEGATIVE: tests_unmet,
    ReleaseRule.LAST_TEST_NEGATIVE: last_test_unmet,
    ReleaseRule.TWO_SAMPLES_NEGATIVE: two_samples_unmet,
    ReleaseRule.ROOM_SWAB_NEGATIVE: room_unmet,
}


def why_release(row: dict[str, object], protocol: Protocol) -> Message:
    """One sentence for a row of `release`."""
    mode, end = mode_label(str(row["mode"])), row["date_end"]
    missing = row["missing"]
    if not isinstance(missing, list) or not missing:
        return N_("May leave {mode}: every rule is met ({edition}).", mode=mode, edition=protocol.name)
    names = [rule_label(name) for name in missing]
    sentence = names[0]
    for name in names[1:]:
        sentence = N_("{first}; {second}", first=sentence, second=name)
    return N_(
        "May not leave {mode} (until {end}) yet; not met: {missing} ({edition}).",
        mode=mode,
        end=end,
        missing=sentence,
        edition=protocol.name,
    )


def rule_label(name: str) -> Message:
    if name == "positive":
        return N_("a positive result: the person is a case")
    return next(rule.label for rule in ReleaseRule if rule == name)
