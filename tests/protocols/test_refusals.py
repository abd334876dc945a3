"""Nonsense is refused with file, key, value and what was expected; never with a traceback."""

import copy
import random
import tomllib
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.protocols import ProtocolRefused, available, library, load, load_file
from sizao.protocols.library import EDITIONS
from tests.protocols.nonsense import BAD, BAD_LOCAL, CENTRAL_7, LOCAL, MAXIMUM_7, PHASE

MERS = (EDITIONS / "mers.toml").read_text("utf-8")


def read(folder, text, name="mine"):
    path = folder / f"{name}.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_file(path)


def refusals(folder, text, name="mine"):
    with pytest.raises(ProtocolRefused) as caught:
        read(folder, text, name)
    return caught.value.refusals


def changed(old, new):
    """The MERS file under another name, with one thing changed."""
    text = MERS.replace('id = "mers"', 'id = "mine"', 1)
    assert old in text
    return text.replace(old, new, 1)


def test_a_copy_under_its_own_name_is_read(tmp_path):
    assert read(tmp_path, changed("mers", "mers")).follow_up_days("close") == 14


@pytest.mark.parametrize(("old", "new", "key", "expected"), BAD, ids=lambda value: str(value)[:40])
def test_nonsense_is_refused_by_key(tmp_path, old, new, key, expected):
    found = [r for r in refusals(tmp_path, changed(old, new)) if r.key == key]
    assert found, [str(r) for r in refusals(tmp_path, changed(old, new))]
    assert expected in str(found[0].expected)
    assert str(found[0]).startswith("mine.toml: ")


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    BAD_LOCAL,
)
def test_local_rules(tmp_path, text, key, expected):
    found = [r for r in refusals(tmp_path, LOCAL + text) if r.key == key]
    assert found and expected in str(found[0].expected)


def test_a_stricter_local_rule_is_read_with_a_written_reason(tmp_path):
    protocol = read(tmp_path, LOCAL + 'reason = "Two chains unlinked."\n' + CENTRAL_7 + MAXIMUM_7)
    assert protocol.quarantine["close"].phases[0].days.value == 7
    assert protocol.deadline["on_site"] == load("cn-covid-9-plus20").deadline["on_site"]
    assert protocol.supersedes == "" and protocol.in_force is None  # a file's own words are not inherited


def test_a_milder_local_rule_needs_no_reason(tmp_path):
    text = LOCAL + "[quarantine.close]\nphases = [{ " + PHASE.format("home", 3) + " }]\n"
    assert read(tmp_path, text).quarantine["close"].phases[0].mode == "home"


def test_all_refusals_of_a_file_are_told_at_once(tmp_path):
    text = changed('disease = "mers"', "disease = 7").replace('family = "gamma"', 'family = "beta"')
    assert {"disease", "distribution.incubation_korea.family"} <= {r.key for r in refusals(tmp_path, text)}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[[[", b"a = " + b"[" * 5000, "名 = 1".encode("gb18030")])
def test_what_is_no_protocol_at_all(tmp_path, content):
    assert refusals(tmp_path, content)


def test_a_missing_file_is_refused_not_raised(tmp_path):
    with pytest.raises(ProtocolRefused, match="a file that can be read"):
        load_file(tmp_path / "none.toml")


def test_refusals_are_said_in_chinese(tmp_path):
    found = refusals(tmp_path, changed('disease = "mers"', "disease = 7"))
    assert found[0].message.say("zh-hans") == "mine.toml：disease 为 7，应为带引号的文本。"


VALUES = [None, True, -1, 0, 1e400, float("nan"), "", "x", [], {}, [[]], {"en": 1}, {"value": []}, "day", "m", 10**30]


def places(table, path=()):
    """Every place of a parsed file."""
    items = table.items() if isinstance(table, dict) else enumerate(table)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(available()), st.integers(0, 10**9), st.integers(1, 4))
def test_a_mutated_file_is_read_or_refused_and_never_breaks(identifier, seed, n):
    """Keys dropped, doubled, renamed, values of any kind put anywhere."""
    table = copy.deepcopy(tomllib.loads((EDITIONS / f"{identifier}.toml").read_text("utf-8")))
    rng = random.Random(seed)
    for _ in range(n):
        *path, last = rng.choice(list(places(table)))
        place = table
        for step in path:
            place = place[step]
        act = rng.randrange(3)
        if act == 0:
            place[last] = rng.choice(VALUES)
        elif act == 1:
            del place[last]
        elif isinstance(place, dict):
            place[f"{last}x"] = place.pop(last)
        else:
            place.append(place[last])
    with patch.object(
        library,
        "parsed",
        lambda path, notes: table if path.stem == identifier else tomllib.loads(path.read_text("utf-8")),
    ):
        try:
            protocol = load_file(EDITIONS / f"{identifier}.toml")
        except ProtocolRefused as problem:
            assert problem.refusals and all(str(r) and r.message.say("zh-hans") for r in problem.refusals)
        else:
            assert protocol.id == identifier


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(available()), st.integers(0, 10**9), st.binary(max_size=3))
def test_a_damaged_file_is_read_or_refused_and_never_breaks(tmp_path_factory, identifier, seed, noise):
    content = bytearray((EDITIONS / f"{identifier}.toml").read_bytes())
    rng = random.Random(seed)
    for _ in range(3):
        at = rng.randrange(len(content))
        content[at : at + rng.randrange(4)] = noise
    path = tmp_path_factory.getbasetemp() / f"{identifier}.toml"
    path.write_bytes(bytes(content))
    try:
        assert load_file(path).id == identifier
    except ProtocolRefused as problem:
        assert problem.refusals
