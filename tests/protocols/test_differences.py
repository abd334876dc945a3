"""The diff between editions is complete, readable, and the only place where their answers differ."""

import re
from itertools import permutations

import pytest

from sizao.protocols import available, load
from sizao.protocols.differences import OF_THE_FILE, diff, leaves, summarised
from sizao.protocols.duties import duties
from sizao.protocols.naming import FIELDS, SECTIONS
from sizao.protocols.proportion import stricter_than
from sizao.protocols.quarantine import quarantine
from sizao.protocols.zone_clock import ZoneFacts, zone_clock
from tests.protocols.frames import contacts, day, facts, hour

CHINA = [identifier for identifier in available() if identifier.startswith("cn-")]
PAIRS = list(permutations(CHINA, 2))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_applying_the_diff_to_one_gives_the_other(one, other):
    before, after = load(one), load(other)
    patched = {key: value for key, value in leaves(before).items() if key.partition(".")[0] not in OF_THE_FILE}
    for change in diff(before, after, with_sources=True):
        patched.pop(change.key, None)
        if change.after is not None:
            patched[change.key] = change.after
    assert patched == {key: v for key, v in leaves(after).items() if key.partition(".")[0] not in OF_THE_FILE}


@pytest.mark.parametrize("identifier", available())
def test_a_protocol_does_not_differ_from_itself(identifier):
    assert diff(load(identifier), load(identifier), with_sources=True) == ()


def touched(one, other):
    """The rules, as quarantine.close, that the diff names."""
    return {".".join(change.key.split(".")[:2]) for change in diff(load(one), load(other))}


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_answers_differ_only_where_the_diff_says(one, other):
    named = touched(one, other)
    for subject in ("close", "contact_of_contact", "arrival", "left_high", "closed_loop", "general"):
        answers = [quarantined(identifier, subject) for identifier in (one, other)]
        assert answers[0] == answers[1] or f"quarantine.{subject}" in named, subject
    for level in set(load(one).zone) & set(load(other).zone):
        zones = [
            zone_clock(zones=[ZoneFacts("z", level, day(0))], protocol=load(i), at=day(1))[0] for i in (one, other)
        ]
        same = (zones[0].date_earliest, zones[0].date_expires) == (zones[1].date_earliest, zones[1].date_expires)
        assert same or f"zone.{level}" in named
    due = [set(due_of(identifier)) for identifier in (one, other)]
    assert all(f"deadline.{key}" in named for key, _ in due[0] ^ due[1])


def quarantined(identifier, subject):
    found = quarantine(contacts=contacts(("a", subject, 0, 2)), protocol=load(identifier), at=day(2))
    return found.phases.rows(), found.tests.rows()


def due_of(identifier):
    rows = [
        ("A", "case", "positive_found", 0),
        ("P", "contact", "contact_identified", 0, "close"),
        ("Z", "zone", "zone_set", 0, "lockdown"),
    ]
    found = duties(facts=facts(*rows), protocol=load(identifier), at=hour(1))
    return found.select("deadline", "due_at").rows()


def test_the_readable_diff_in_both_languages():
    found = summarised(load("cn-covid-9"), load("cn-covid-9-plus20"))
    english, chinese = ([message.say(language) for message in found] for language in ("en", "zh-hans"))
    days = (
        "Quarantine › close contact › phase › 1 › length: 7 days (source S4 S19, grade a) → 5 days (source S5, grade a)"
    )
    assert days in english
    assert "隔离观察 › 密切接触者 › 阶段 › 1 › 时长：7天（来源 S4 S19，等级 a） → 5天（来源 S5，等级 a）" in chinese
    assert "Zones › middle-risk zone: gone" in english
    assert any(line.startswith("工作标准：新增：“跨省流动人员落地检") for line in chinese)


SLUG = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+|[a-z]{3,}")


@pytest.mark.parametrize(("one", "other"), [*PAIRS, ("mers", "ebola"), ("cholera", "h5n1"), ("measles", "mpox")])
def test_no_path_of_a_diff_shows_a_key_for_a_name(one, other):
    """In Chinese, where a key is sure to be none of the words; the letters of a law's parameters are its names."""
    paths = [change.path.say("zh-hans") for change in diff(load(one), load(other))]
    lawful = {"meanlog", "sdlog", "shape", "scale", "mean", "sd", "dispersion"}
    found = {piece for path in paths for piece in path.split(" › ") if SLUG.fullmatch(piece)} - lawful
    assert found == set()


def test_every_field_a_diff_may_name_has_a_name():
    for identifier in available():
        for key in leaves(load(identifier)):
            section = key.partition(".")[0]
            if section in (*OF_THE_FILE, "source"):
                continue
            assert section in SECTIONS or section in FIELDS, section


def test_home_quarantine_instead_of_monitoring_is_flagged_as_stricter():
    found = {
        item.key: (item.before, item.after) for item in stricter_than(load("cn-covid-9-plus20"), load("cn-covid-9"))
    }
    assert found["quarantine.close.restricted_days"] == (7, 8)
    assert "zone.high.clear_days" not in found
    assert stricter_than(load("mers"), load("mers")) == ()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_line_of_a_diff_shows_how_it_is_programmed(language):
    for one, other in permutations(available(), 2):
        for message in summarised(load(one), load(other)):
            said = message.say(language)
            assert not re.search(r"<\w+\.|\bTrue\b|\bFalse\b|(?<!“)\bNone\b|\('", said), f"{one} → {other}: {said}"
