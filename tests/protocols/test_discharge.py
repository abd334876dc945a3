"""May a case leave isolation: every way of every plan, with the fact that is still missing."""

from datetime import timedelta

import pytest

from sizao.protocols import available, load
from sizao.protocols.conditions import CaseFacts, TestResult
from sizao.protocols.discharge import discharge
from tests.protocols.frames import D, T, day


def pcr(hours, is_negative=True, ct=None, test="pcr"):
    return TestResult(T + timedelta(hours=hours), test, is_negative, ct)


def judge(identifier, kind, at, **facts):
    days = facts.pop("days", {})
    case = CaseFacts("A", {key: day(n) for key, n in days.items()}, **facts)
    return discharge(cases=[case], kind=kind, protocol=load(identifier), at=day(at))[0]


NINE = ("cn-covid-9", "confirmed")


@pytest.mark.parametrize(
    ("results", "may_leave"),
    [
        ((pcr(0, ct=36), pcr(24, ct=35)), True),
        ((pcr(0, ct=36), pcr(23, ct=36)), False),  # less than 24 hours apart
        ((pcr(0, ct=36), pcr(24, ct=34.9)), False),
        ((pcr(0, ct=36), pcr(24, ct=30), pcr(48, ct=36)), False),  # not in a row
        ((pcr(0, False, ct=38), pcr(30, False, ct=37)), True),  # at or above the limit counts, whatever the word
        ((pcr(0), pcr(24)), True),
        ((pcr(0), pcr(24, test="antigen")), False),
        ((), False),
    ],
)
def test_two_tests_a_day_apart_with_a_ct_of_35(results, may_leave):
    assert judge(*NINE, 5, results=results, improved_on=D).may_leave is may_leave


def test_symptoms_must_have_improved():
    verdict = judge(*NINE, 5, results=(pcr(0), pcr(24)))
    assert not verdict.may_leave
    assert [str(part) for part in verdict.missing] == ["symptoms have clearly improved"]


@pytest.mark.parametrize(
    ("identifier", "kind", "facts", "first_day"),
    [
        ("covid-who-2022", "symptomatic", {"days": {"onset": 0}}, 10),
        ("covid-who-2022", "asymptomatic", {"days": {"sample_taken": 0}}, 5),
        ("covid-who-2022", "symptomatic", {"days": {"onset": 0}, "results": (pcr(72, test="antigen"),)}, 3),
        ("covid-who-2022", "symptomatic_before_2023", {"days": {"onset": 0}, "symptom_free_since": day(9)}, 12),
        ("cn-covid-8", "asymptomatic", {"days": {"sample_taken": 0}, "results": (pcr(0), pcr(24))}, 14),
        ("cn-covid-9-plus10", "mild_at_home", {"days": {"admission": 0}, "results": (pcr(120), pcr(144))}, 6),
        ("measles", "any", {"days": {"rash": 0}}, 4),
        ("pertussis", "any", {"days": {"treatment": 2}}, 7),
        ("pertussis", "any", {"days": {"cough": 0}}, 21),
        ("meningococcal", "any", {"days": {"treatment": 0}}, 1),
        ("mpox", "any", {"healed_on": day(12)}, 12),
        ("ebola", "any", {"results": (pcr(0, test="blood_pcr"), pcr(48, test="blood_pcr"))}, 2),
        ("mers", "any", {"results": (pcr(0), pcr(24))}, 1),
        ("cholera", "any", {"improved_on": day(3)}, 3),
    ],
)
def test_the_first_day_of_release(identifier, kind, facts, first_day):
    def asked(at):
        return judge(identifier, kind, at, **dict(facts))

    assert not asked(first_day - 1).may_leave
    verdict = asked(first_day)
    assert verdict.may_leave and verdict.date_earliest == day(first_day)
    assert verdict.rule == f"discharge.{kind}" and verdict.edition == identifier


def test_a_lacking_date_is_named_not_guessed():
    verdict = judge("measles", "any", 30)
    assert "the day of onset of rash is not known" in str(verdict.why)
    assert "出疹的日期不明" in verdict.why.say("zh-hans")


def test_time_that_is_still_missing_is_dated():
    verdict = judge("measles", "any", 2, days={"rash": 0})
    assert verdict.date_earliest == day(4) and "5 Jul 2022" in str(verdict.why)


def test_where_the_authority_decides_nothing_is_computed():
    assert "leaves the release of this case to the authority" in str(judge("h5n1", "any", 30).why)


@pytest.mark.parametrize("identifier", available())
def test_without_facts_nobody_is_released(identifier):
    for kind in load(identifier).discharge:
        assert not judge(identifier, kind, 400).may_leave
