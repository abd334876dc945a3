"""`sizao protocol`: what a person at a terminal sees; the schema that helps an author's editor."""

import json
import tomllib
from datetime import timedelta

import pytest

from sizao.protocols import available, load
from sizao.protocols.command import main
from sizao.protocols.describing import lines
from sizao.protocols.figures import Text
from sizao.protocols.follow_up import follow_up, follow_up_span
from sizao.protocols.library import EDITIONS, STANDARDS
from sizao.protocols.prophylaxis import prophylaxis_windows
from sizao.protocols.schema import PATH, json_schema, written
from sizao.protocols.walking import walk
from tests.protocols.frames import contacts, day, hour, rows_of


def run(capsys, *argv):
    code = main(list(argv))
    return code, capsys.readouterr()


def test_list_names_every_protocol(capsys):
    code, out = run(capsys, "list", "--language", "zh-hans")
    assert code == 0
    assert [line.split()[0] for line in out.out.splitlines()] == list(available())
    assert "新型冠状病毒肺炎防控方案（第九版）  2022年6月28日 至 2022年11月10日 施行。" in out.out


@pytest.mark.parametrize("identifier", available())
def test_show_is_complete_in_both_languages(capsys, identifier):
    code, english = run(capsys, "show", identifier)
    _, chinese = run(capsys, "--language", "zh-hans", "show", identifier)
    assert code == 0
    assert len(english.out.splitlines()) == len(chinese.out.splitlines())
    assert "Not yet checked by an expert." in english.out and "尚未经专家核对。" in chinese.out
    assert all(key in english.out for key in load(identifier).deadline)


def test_show_marks_what_has_no_source(capsys):
    _, out = run(capsys, "show", "marburg")
    follow_up = out.out.split("# Follow-up of contacts")[1]
    assert follow_up.strip().startswith("! Close contact [close]")
    assert "after last exposure: 21 days (no source found, grade m)" in follow_up


@pytest.mark.parametrize("identifier", available())
def test_every_sentence_of_a_file_is_in_both_languages(identifier):
    for key, thing in walk(load(identifier)):
        if isinstance(thing, Text):
            assert thing.msgid and thing.zh, key
        elif hasattr(thing, "en"):
            assert thing.en and thing.zh, key
    assert all(str(part).strip() for line in lines(load(identifier)) for part in line.parts)


def test_diff_warns_of_what_restricts_more(capsys):
    code, out = run(capsys, "diff", "cn-covid-9", "cn-covid-9-plus20")
    assert code == 0
    assert "Restricts more than before in 2 figures:\n  Quarantine › close contact › restricted days: 7 → 8" in out.out


def test_check_reads_the_shipped_files_and_an_authors(capsys, tmp_path):
    assert run(capsys, "check")[0] == 0
    path = tmp_path / "mers.toml"
    path.write_text((EDITIONS / "mers.toml").read_text("utf-8").replace("value = 14", 'value = "x"'), "utf-8")
    code, out = run(capsys, "check", str(path))
    assert code == 1
    assert "mers.toml: follow_up.close.days.value is 'x'; expected a number." in out.err


def test_an_unknown_protocol_is_answered_with_those_there_are(capsys):
    code, out = run(capsys, "show", "plague", "--language", "zh-hans")
    assert code == 1 and out.err.startswith("没有方案 plague。已有：cholera")


def test_the_schema_beside_the_package_is_current():
    assert PATH.read_text("utf-8") == written()


def fits(value, schema):
    """A small reading of the JSON Schema words we write."""
    if "anyOf" in schema and not any(fits(value, one) for one in schema["anyOf"]):
        return False
    if "enum" in schema:
        return value in schema["enum"]
    kind = schema.get("type")
    if kind == "object":
        return fits_table(value, schema)
    if kind == "array":
        return isinstance(value, list) and all(fits(item, schema["items"]) for item in value)
    if kind in ("number", "integer"):
        is_number = isinstance(value, int if kind == "integer" else int | float) and not isinstance(value, bool)
        return is_number and schema.get("minimum", value) <= value <= schema.get("maximum", value)
    return kind is None or isinstance(value, {"string": str, "boolean": bool}[kind])


def fits_table(value, schema):
    if not isinstance(value, dict):
        return False
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    names = schema.get("propertyNames", {}).get("enum")
    if names is not None and not set(value) <= set(names):
        return False
    for key, item in value.items():
        found = known.get(key, more)
        if found is False or (isinstance(found, dict) and not fits(item, found)):
            return False
    return "required" not in schema or "properties" not in schema or set(schema["required"]) <= set(value)


def as_json(table):
    return json.loads(json.dumps(table, default=str))


def test_whole_files_fit_the_schema_and_a_wrong_one_does_not():
    schema = json_schema()
    for identifier in ("mers", "measles", "cn-covid-8", "ebola"):
        table = tomllib.loads((EDITIONS / f"{identifier}.toml").read_text("utf-8"))
        assert {key for key in table if key not in schema["properties"]} == set()
        for key in ("follow_up", "infectious", "definition", "restriction", "prophylaxis", "cluster", "end"):
            assert key not in table or fits(as_json(table[key]), schema["properties"][key]), (identifier, key)
    wrong = {"close": {"days": {"value": 14, "unit": "metre", "grade": "a", "source": "x"}}}
    assert not fits(wrong, schema["properties"]["follow_up"])
    assert not fits({"closed": {}}, schema["properties"]["follow_up"])


def test_the_shared_standards_are_a_part_of_every_protocol():
    shared = tomllib.loads(STANDARDS.read_text("utf-8"))["deadline"]
    assert all(set(shared) <= set(load(identifier).deadline) for identifier in available())


def test_follow_up_of_an_ebola_contact_runs_21_days_from_the_day_after():
    span = follow_up_span(contact_class="close", date_exposure_last=day(0), protocol=load("ebola"))
    assert (span.first, span.last) == (day(1), day(21))
    assert "21 days after the last exposure on 1 Jul 2022" in str(span.why)
    assert follow_up_span(contact_class="general", date_exposure_last=day(0), protocol=load("ebola")) is None


@pytest.mark.parametrize(("at", "is_due", "left"), [(0, False, 14), (1, True, 13), (14, True, 0), (15, False, 0)])
def test_follow_up_of_many(at, is_due, left):
    frame = contacts(("a", "close", 0), ("b", "general", 0)).select("contact_id", "contact_class", "date_exposure_last")
    found = follow_up(contacts=frame, protocol=load("mers"), at=day(at))
    assert rows_of(found, "is_due", "days_left", "rule") == [(is_due, left, "follow_up.close"), (None, None, None)]


def test_measles_prophylaxis_closes_after_3_and_6_days():
    first = hour(0)
    found = prophylaxis_windows(first_exposed_at=first, last_exposed_at=hour(90), protocol=load("measles"), at=hour(80))
    assert [(w.key, w.until - first, w.is_open) for w in found] == [
        ("mmr", timedelta(hours=72), False),
        ("immunoglobulin", timedelta(days=6), True),
    ]
    assert "MMR vaccine: within 72 hours of first exposure" in str(found[0].why)
