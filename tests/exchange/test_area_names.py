"""Which area a name in free text means."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

# Names in free text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("黑龙江省哈尔滨市南岗区", "230103"),
        ("哈尔滨南岗区", "230103"),
        ("哈尔滨南岗", "230103"),
        ("哈尔滨市南岗区红旗大街123号", "230103"),
        ("石家庄市藁城区增村镇小果庄村", "130109110"),
        ("从武汉返回石家庄市藁城区", "130109"),
        ("上海市南京路100号", "31"),
        ("上海市中山东一路", "31"),
        ("长春市朝阳区", "220104"),
        ("北京朝阳区", "110105"),
        ("成都市郊区", "5101"),
        ("南阳镇平县", "411324"),
        ("济南市中区", "370103"),
        ("吉林", "22"),
        ("吉林市", "2202"),
        ("吉林省吉林", "2202"),
        ("海南", "46"),
        ("延边州延吉市", "222401"),
        ("襄樊", "4206"),
        ("杭州市下城区", "330105"),
        ("中国香港", "81"),
        ("ＨＡＲＢＩＮ", "2301"),
        ("Nangang District, Harbin, Heilongjiang", "230103"),
        ("nangang, ha'erbin", "230103"),
        ("Xi’an", "6101"),
        ("Urumqi", "6501"),
        ("Lhasa, Tibet", "5401"),
        ("230103", "230103"),
        ("230000", "23"),
        ("230100000000", "2301"),
        ("230103.0", "230103"),
        ("CN0023", "23"),
        ("kr-41", "KR-41"),
        ("KR-52", "KR-45"),
        ("Gyeonggi", "KR-41"),
        ("Seoul", "KR-11"),
        ("Daejeon", "KR-30"),
        ("Chungcheongnam", "KR-44"),
        ("Chungcheongnam-do", "KR-44"),
        ("South Chungcheong Province, Republic of Korea", "KR-44"),
        ("Pyeongtaek St. Mary, Hospital, Pyeongtaek, Gyeonggi", "KR-41"),
        ("Samsung Medical Center, Emergency room,Seoul", "KR-11"),
        ("Seoul Clinic, Asan, Chungcheongnam", "KR-44"),
        ("경기도 평택시", "KR-41"),
        ("韩国京畿道", "KR-41"),
    ],
)
def test_a_text_means_one_area(names, text, code):
    assert names.find(text).path == names.codes[code]
    assert names.find(text).candidates == ()


@pytest.mark.parametrize(
    "text", ["", None, "  ", "Hallym University Medical Center", "不知道", "999999", "12345678901"]
)
def test_a_text_that_names_no_area_gives_none(names, text):
    assert names.find(text) == names.find(None)
    assert names.find(text).path is None


def test_what_is_not_certain_is_not_guessed(names, china):
    match = names.find("朝阳区")
    assert match.path is None
    assert set(match.candidates) == {names.codes["110105"], names.codes["220104"]}
    towns = names.find("城关镇")
    assert towns.path is None
    assert len(towns.candidates) == china.filter(pl.col("name_zh") == "城关镇").height


def test_an_uncertain_text_still_gives_the_area_it_names_above(names):
    match = names.find("江苏鼓楼区")
    assert match.path == names.codes["32"]
    assert set(match.candidates) == {names.codes["320106"], names.codes["320302"]}


def test_an_answer_may_be_limited_to_an_area(names):
    assert names.find("朝阳区", within=names.codes["22"]).path == names.codes["220104"]
    assert names.find("哈尔滨市", within=names.codes["22"]).path is None
    assert names.find("230103", within=names.codes["22"]).path is None


def test_a_heading_of_the_statistics_is_never_meant(names):
    assert names.find("北京市市辖区东城区").path == names.codes["110101"]
    assert names.find("市辖区").path is None


def test_full_addresses_of_all_townships_are_found(names, china):
    name = dict(china.select("path", "name_zh").iter_rows())
    towns = china.filter(pl.col("level") == 4).sample(4000, seed=1)["path"]
    texts = [f"{name[p[:6]]}{name[p[:10]].replace('市辖区', '')}{name[p[:14]]}{name[p]}2组" for p in towns]
    found = names.find_all(texts)
    right = sum(match.path == path for match, path in zip(found, towns, strict=True))
    assert right / len(towns) > 0.995


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_an_answer_that_is_an_area(names, text):
    match = names.find(text)
    assert match.path is None or match.path in names.paths
    assert set(match.candidates) <= names.paths
    assert len(match.candidates) != 1
