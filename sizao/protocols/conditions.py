"""The named rules of `discharge`: each says from which day on it is met, or what is missing. Pure, per case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sizao.protocols.choices import Anchor, ReleaseRule
from sizao.protocols.persons import Condition


@dataclass(frozen=True)
class TestResult:
    """One result of a case, its moment aware: `ct` where a threshold cycle was reported."""

    __test__ = False  # pytest: a record, not a test case
    collected_at: datetime
    test: str
    is_negative: bool
    ct: float | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What is known of one case: days by anchor, results, and what a clinician has stated, with the day."""

    case_id: str
    days: dict[str, date]
    results: tuple[TestResult, ...] = ()
    symptom_free_since: date | None = None
    improved_on: date | None = None
    healed_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    """The day a condition is met from, if the facts decide it; `missing` tells a lacking fact from time."""

    met_from: date | None
    is_fact_missing: bool = False


def days_since(facts: CaseFacts, condition: Condition) -> Verdict:
    """So many days after an anchor's day."""
    day = facts.days.get(str(condition.after))
    if day is None or condition.days is None:
        return Verdict(None, True)
    return Verdict(day + timedelta(days=int(condition.days.value)))


def symptom_free_days(facts: CaseFacts, condition: Condition) -> Verdict:
    """So many days since the first day without symptoms."""
    if facts.symptom_free_since is None or condition.days is None:
        return Verdict(None, True)
    return Verdict(facts.symptom_free_since + timedelta(days=int(condition.days.value)))


def symptoms_improved(facts: CaseFacts, condition: Condition) -> Verdict:
    return Verdict(facts.improved_on, facts.improved_on is None)


def lesions_healed(facts: CaseFacts, condition: Condition) -> Verdict:
    return Verdict(facts.healed_on, facts.healed_on is None)


def negative_tests(facts: CaseFacts, condition: Condition) -> Verdict:
    """So many negative results in a row, each far enough after the one before; a positive starts the count again.

    With a Ct limit a result at or above it counts as negative, whatever the laboratory's own word.
    """
    wanted = int(condition.count.value) if condition.count else 1
    apart = timedelta(hours=condition.apart.hours if condition.apart else 0)
    row: list[datetime] = []
    for result in sorted(of_kind(facts.results, condition), key=lambda r: r.collected_at):
        if not counts_negative(result, condition):
            row = []
        elif not row or result.collected_at - row[-1] >= apart:
            row.append(result.collected_at)
    return Verdict(row[wanted - 1].date()) if len(row) >= wanted else Verdict(None, True)


def of_kind(results: tuple[TestResult, ...], condition: Condition) -> list[TestResult]:
    return [r for r in results if condition.test is None or r.test == condition.test]


def counts_negative(result: TestResult, condition: Condition) -> bool:
    if condition.ct_min is not None and result.ct is not None:
        return result.ct >= condition.ct_min.value
    return result.is_negative


CONDITIONS: dict[ReleaseRule, Callable[[CaseFacts, Condition], Verdict]] = {
    ReleaseRule.DAYS_SINCE: days_since,
    ReleaseRule.SYMPTOM_FREE_DAYS: symptom_free_days,
    ReleaseRule.SYMPTOMS_IMPROVED: symptoms_improved,
    ReleaseRule.LESIONS_HEALED: lesions_healed,
    ReleaseRule.NEGATIVE_TESTS: negative_tests,
}

#: Anchors a case's `days` may name.
CASE_ANCHORS = (Anchor.ONSET, Anchor.RASH, Anchor.COUGH, Anchor.SAMPLE_TAKEN, Anchor.TREATMENT, Anchor.ADMISSION)
