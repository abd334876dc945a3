"""The shipped area tables, hand-made ones, boundaries, and names in free text."""

import gzip
import hashlib
import json
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exchange.areas import AREA_SCHEMA, read_area_table, read_boundaries, resolve_names
from sizao.exchange.areas.shape import level_of, number_segment, own_segment, parent_path
from sizao.exchange.unreadable import UnreadableFile
from tools.areas.villages import read as read_villages
from tools.areas.villages import village_table

SHIPPED = Path(__file__).resolve().parents[2] / "sizao/config/data/areas"
TABLES = ("cn.parquet", "kr.parquet", "world.parquet")
BOUNDARIES = ("cn_provinces", "cn_cities", "cn_counties", "kr")


#: Cities with a development zone that was counted on its own in 2020 and is in no list since.
DISSOLVED_ZONES = ["3207", "3212", "3303", "3702", "3714", "4302", "4304", "4311", "5110", "5117", "5119"]


@pytest.fixture(scope="module")
def china() -> pl.DataFrame:
    return read_area_table(SHIPPED / "cn.parquet")[0]


@pytest.fixture(scope="module")
def korea() -> pl.DataFrame:
    return read_area_table(SHIPPED / "kr.parquet")[0]


@pytest.fixture(scope="module")
def names(china, korea):
    return resolve_names(pl.concat([china, korea]))


def read(text: str, **options) -> tuple[pl.DataFrame, list]:
    return read_area_table(text.encode(), **options)


def paths(frame: pl.DataFrame) -> dict[str, str]:
    return dict(frame.select("code", "path").iter_rows())


# The shipped tables


def test_shipped_files_are_the_ones_that_were_built():
    lines = (SHIPPED / "SHA256SUMS").read_text().splitlines()
    named = {name: digest for digest, name in (line.split("  ") for line in lines)}
    present = [*SHIPPED.glob("*.parquet"), *SHIPPED.glob("*.geojson.gz")]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in present} == named
    assert sum(path.stat().st_size for path in present) < 6_000_000


@pytest.mark.parametrize("name", TABLES)
def test_a_shipped_table_is_one_tree(name):
    frame, problems = read_area_table(SHIPPED / name)
    assert problems == []
    assert dict(frame.schema) == AREA_SCHEMA
    known = set(frame["path"])
    assert len(known) == len(set(frame["code"])) == frame.height
    for path, parent, level, successor in frame.select("path", "parent", "level", "successor").iter_rows():
        assert parent == parent_path(path)
        assert parent is None or parent in known
        assert level == level_of(path)
        assert successor is None or successor in known
    assert frame["path"].str.len_chars().max() <= 40


@pytest.mark.parametrize("name", TABLES)
def test_every_area_has_names_and_coordinates_on_earth(name):
    frame = read_area_table(SHIPPED / name)[0]
    for column in ("name_zh", "name_en", "kind"):
        assert frame.filter(pl.col(column).fill_null("").str.strip_chars() == "").is_empty()
    assert frame.filter(pl.col("lon").is_null() != pl.col("lat").is_null()).is_empty()
    assert frame["lon"].drop_nulls().is_between(-180, 180).all()
    assert frame["lat"].drop_nulls().is_between(-90, 90).all()


def test_china_has_its_divisions_of_2023(china):
    counts = dict(china.filter(pl.col("valid_to").is_null()).group_by("level").len().iter_rows())
    assert counts == {0: 1, 1: 34, 2: 342, 3: 2_978, 4: 41_352}


def test_a_path_holds_the_digits_of_the_code(china):
    wanted = {
        "23": "CN0023",
        "2301": "CN00230001",
        "230102": "CN002300010002",
        "230102001": "CN0023000100020001",
        "81": "CN0081",
    }
    assert {code: paths(china)[code] for code in wanted} == wanted


def test_china_counts_the_residents_of_the_census_of_2020(china):
    people = dict(china.select("code", "population").iter_rows())
    # National Bureau of Statistics, communiqué 3 of the seventh census; Harbin's communiqué.
    assert people["23"] == 31_850_088
    assert people["15"] == 24_049_155
    assert people["2301"] == 10_009_854
    assert people["CN"] == 1_409_778_724
    in_provinces = china.filter((pl.col("level") == 1) & pl.col("code").is_in(["71", "81", "82"]).not_())
    assert in_provinces["population"].sum() == people["CN"]


def test_counties_add_up_to_their_city_where_all_were_counted(china):
    today = china.filter(pl.col("valid_to").is_null())
    counties = today.filter((pl.col("level") == 3) & pl.col("path").str.starts_with("CN00"))
    sums = counties.group_by("parent").agg(
        pl.col("population").sum().alias("counted"), pl.col("population").null_count().alias("uncounted")
    )
    both = sums.join(today, left_on="parent", right_on="path").filter(pl.col("uncounted") == 0)
    assert both.height > 300
    assert both.filter(pl.col("counted") > pl.col("population")).is_empty()
    less = both.filter(pl.col("counted") < pl.col("population"))["code"].sort().to_list()
    assert less == DISSOLVED_ZONES


def test_korea_counts_the_residents_of_the_census_of_2015(korea):
    people = dict(korea.select("code", "population").iter_rows())
    assert people["KR"] == 51_069_375  # Statistics Korea, 2015 Population and Housing Census
    assert korea.filter(pl.col("level") == 1).height == 17


def test_a_former_county_names_its_successor(china):
    row = china.row(by_predicate=pl.col("code") == "330103", named=True)
    assert row["name_zh"] == "下城区"
    assert row["successor"] == paths(china)["330105"]
    assert row["valid_to"].isoformat() == "2020-11-01"


def test_english_names_of_places_with_their_own_languages(china):
    english = dict(china.select("code", "name_en").iter_rows())
    wanted = {
        "15": "Inner Mongolia",
        "61": "Shaanxi",
        "2301": "Harbin",
        "6101": "Xi'an",
        "6501": "Ürümqi",
        "2224": "Yanbian Korean Autonomous Prefecture",
        "230103": "Nangang District",
        "130633": "Yixian County",
        "331127": "Jingning She Autonomous County",
        "500101": "Wanzhou District",
        "130571": "Hebei Xingtai Economic Development Zone",
    }
    assert {code: english[code] for code in wanted} == wanted


def test_the_world_leaves_hong_kong_macao_and_taiwan_to_china():
    codes = set(read_area_table(SHIPPED / "world.parquet")[0]["code"])
    assert {"CN", "KR", "SA", "DE"} <= codes
    assert not {"HK", "MO", "TW", "EU", "UN", "ZZ"} & codes


def test_reading_china_is_quick_enough_to_do_at_start():
    started = time.perf_counter()
    pl.read_parquet(SHIPPED / "cn.parquet")
    assert time.perf_counter() - started < 5  # 0.02 s on an idle machine; this only catches a blunder


# Boundaries


@pytest.mark.parametrize("name", BOUNDARIES)
def test_a_shipped_boundary_belongs_to_an_area_and_holds_its_centre(name):
    table = read_area_table(SHIPPED / f"{name[:2]}.parquet")[0]
    drawn = read_boundaries(SHIPPED / f"{name}.geojson.gz").join(table, on=["path", "code"], how="left")
    assert drawn["level"].null_count() == 0
    assert drawn["path"].is_unique().all()
    inside = drawn.filter(pl.col("lon").is_between("west", "east") & pl.col("lat").is_between("south", "north"))
    assert inside.height == drawn.height


def test_nearly_all_counties_have_a_boundary(china):
    drawn = set(read_boundaries(SHIPPED / "cn_counties.geojson.gz")["path"])
    counties = china.filter((pl.col("kind") == "county") & (pl.col("level") == 3) & pl.col("valid_to").is_null())
    missing = [name for path, name in counties.select("path", "name_zh").iter_rows() if path not in drawn]
    # Forest districts of Daxing'anling, two cities founded after the map was drawn, a sea area.
    assert sorted(missing) == sorted(["松岭区", "新林区", "呼中区", "新星市", "白杨市", "中沙群岛的岛礁及其海域"])


def test_boundaries_come_as_geometry_and_box():
    polygon = {"type": "Polygon", "coordinates": [[[8, 50], [9, 50], [9, 51.5], [8, 50]]]}
    document = {"type": "FeatureCollection", "features": [{"properties": {"code": "DE-HE"}, "geometry": polygon}]}
    frame = read_boundaries(gzip.compress(json.dumps(document).encode()))
    assert frame.row(0, named=True) == {
        "path": None,
        "code": "DE-HE",
        "geojson": json.dumps(polygon, separators=(",", ":")),
        "west": 8.0,
        "south": 50.0,
        "east": 9.0,
        "north": 51.5,
    }


def feature(coordinates: object, **properties: object) -> bytes:
    geometry = {"type": "Polygon", "coordinates": coordinates}
    features = [{"properties": properties, "geometry": geometry}]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"code,parent", "not GeoJSON"),
        (b"[" * 100_000, "not GeoJSON"),
        (b'{"features": []}', "not GeoJSON"),
        (b'{"features": ["x"]}', "Feature 1 does not say"),
        (feature([[[8, 50], [9, 50], [8, 50]]]), "Feature 1 does not say"),
        (feature([[[500000, 5400000], [1, 2]]], code="A"), "not degrees"),
        (feature([], code="A"), "not degrees"),
        (feature("x", code="A"), "not degrees"),
        (b'{"features": [{"properties": {"code": "A"}, "geometry": null}]}', "neither a polygon"),
        (gzip.compress(b'{"features": []}', mtime=0)[:-9], "ends too early"),
        (b"\x1f\x8bnonsense", "damaged"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_a_sentence(data, said):
    with pytest.raises(UnreadableFile, match=said):
        read_boundaries(data)


# Hand-made tables

GERMANY = """code,parent,name_en,name_zh,aliases,lon,lat,population
DE,,Germany,德国,,,,
DE-HE,DE,Hesse,黑森州,Hessen;Hesse (Land),9.0,50.6,6288080
06412,DE-HE,Frankfurt,法兰克福,Frankfurt am Main,8.68,50.11,"763,380"
06411,DE-HE,Darmstadt,,,8.65,49.87,159207
DE-BY,DE,Bavaria,巴伐利亚州,Bayern,,,
"""


def test_a_table_of_another_country():
    frame, problems = read(GERMANY)
    assert problems == []
    assert paths(frame) == {
        "DE": "DE",
        "DE-BY": "DE00BY",
        "DE-HE": "DE00HE",
        "06411": "DE00HE0001",  # its code does not extend DE-HE: numbered in the order of codes
        "06412": "DE00HE0002",
    }
    hesse = frame.row(by_predicate=pl.col("code") == "DE-HE", named=True)
    assert hesse["aliases"] == ["Hessen", "Hesse (Land)"]
    assert (hesse["parent"], hesse["level"], hesse["kind"]) == ("DE", 1, "province")
    frankfurt = frame.row(by_predicate=pl.col("code") == "06412", named=True)
    assert (frankfurt["population"], frankfurt["lon"]) == (763_380, 8.68)
    darmstadt = frame.row(by_predicate=pl.col("code") == "06411", named=True)
    assert darmstadt["name_zh"] == "Darmstadt"  # no page shows a blank


def test_the_order_of_rows_does_not_matter():
    head, *rows = GERMANY.splitlines()
    turned = "\n".join([head, *reversed(rows)])
    assert read(turned)[0].equals(read(GERMANY)[0])


def test_a_table_that_grows_keeps_the_paths_it_had():
    before, _ = read(GERMANY)
    more, problems = read(GERMANY + "06410,DE-HE,Bergstraße,,,,,\n", known=before)
    assert problems == []
    assert paths(more)["06410"] == "DE00HE0003"
    assert {code: path for code, path in paths(more).items() if code != "06410"} == paths(before)


def test_rows_may_hang_under_a_country_that_is_loaded():
    frame, problems = read("code,parent,name\n01,,North\n0101,01,A\n", country="XX")
    assert problems == []
    assert paths(frame) == {"01": "XX0001", "0101": "XX00010001"}


def test_villages_may_hang_under_a_shipped_township(china):
    frame, problems = read("code,parent,name_zh\n230102001001,230102001,经纬社区\n", known=china)
    assert problems == []
    assert frame["path"].to_list() == ["CN00230001000200010001"]
    assert frame["kind"].to_list() == ["community"]


def test_chinese_headings_and_encoding():
    text = "代码,上级代码,名称,人口,停用日期\nXA,,甲国,1000,2020年1月31日\n"
    frame, problems = read_area_table(text.encode("gb18030"))
    assert problems == []
    row = frame.row(0, named=True)
    assert (row["name_zh"], row["name_en"], row["population"]) == ("甲国", "甲国", 1000)
    assert row["valid_to"].isoformat() == "2020-01-31"


def told(text: str, **options) -> list[tuple[int | None, str | None, str]]:
    return [(p.row, p.column, str(p.message)) for p in read("code,parent,name\nXA,,Land\n" + text, **options)[1]]


@pytest.mark.parametrize(
    ("rows", "row", "column", "said"),
    [
        ("1,XB,One\n", 3, "parent", "“XB”, is neither in this table nor loaded"),
        ("1,,One\n", 3, "parent", "names no area above it"),
        ("1,XA,One\n1,XA,Two\n", 4, "code", "already stands in row 3"),
        (",XA,One\n", 3, "code", "has no code"),
        ("1,XA,\n", 3, "name_en", "has no name"),
        ("1,1,One\n", 3, "parent", "lies inside itself"),
        ("".join(f"{i},{i - 1 or 'XA'},N\n" for i in range(1, 11)), 12, "parent", "deeper than 9 levels"),
    ],
)
def test_a_fault_names_its_row_and_column(rows, row, column, said):
    [(found_row, found_column, sentence)] = told(rows)
    assert (found_row, found_column) == (row, column)
    assert said in sentence


def test_a_circle_is_told_once_a_row_and_what_hangs_below_is_left_out():
    faults = told("1,3,One\n2,1,Two\n3,2,Three\n4,3,Four\n")
    assert [row for row, _, _ in faults] == [3, 4, 5, 6]
    assert all("lies inside itself" in sentence for _, _, sentence in faults[:3])
    assert "Left out, because the area above it (row 5)" in faults[3][2]


def test_all_faults_are_told_at_once_and_the_rest_is_read():
    frame, problems = read("code,parent,name,lon,lat\nXA,,Land,,\n1,XA,One,200,50\n2,XA,Two,ten,50\n3,9,Three,,\n")
    assert [(p.row, p.column, p.severity.value) for p in problems] == [
        (3, "lon", "warning"),
        (4, "lon", "warning"),
        (5, "parent", "error"),
    ]
    assert frame["code"].to_list() == ["XA", "1", "2"]
    assert frame["lon"].null_count() == frame["lat"].null_count() == 3


def test_an_area_that_moved_needs_a_new_code():
    before, _ = read("code,parent,name\nXA,,Land\n1,XA,One\n2,XA,Two\n11,1,Eleven\n")
    frame, [problem] = read("code,parent,name\nXA,,Land\n1,XA,One\n2,XA,Two\n11,2,Eleven\n", known=before)
    assert "already loaded under another area" in str(problem.message)
    assert "11" not in frame["code"]


def test_a_successor_is_a_code_of_the_table():
    text = "code,parent,name,valid_to,successor\nXA,,Land,,\n1,XA,Old,2020-12-31,2\n2,XA,New,,\n3,XA,Odd,soon,99\n"
    frame, problems = read(text)
    assert dict(frame.select("code", "successor").iter_rows())["1"] == paths(frame)["2"]
    assert [(p.row, p.column) for p in problems] == [(5, "valid_to"), (5, "successor")]


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"PAR1xxxx", "Parquet"), (b"a,b\n1,2\n", "An area table needs"), (b"%PDF-1.4", "PDF")],
)
def test_what_is_no_area_table_is_refused_with_a_sentence(data, said):
    with pytest.raises(UnreadableFile, match=said):
        read_area_table(data)


def test_another_parquet_file_is_refused(tmp_path):
    pl.DataFrame({"path": ["XA"]}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(UnreadableFile, match="not an area table"):
        read_area_table(tmp_path / "other.parquet")


@st.composite
def trees(draw) -> list[tuple[str, str]]:
    """Random (code, parent) rows below XA, some codes extending their parent's and some not."""
    rows = [("XA", "")]
    for number in range(draw(st.integers(1, 25))):
        parent = draw(st.sampled_from([code for code, _ in rows]))
        ending = draw(st.sampled_from(["1", "01", "2", "Z", f"-{number}"]))
        rows.append((draw(st.sampled_from([parent + ending, f"n{number}"])), parent))
    return rows


@settings(max_examples=60, deadline=None)
@given(trees(), st.randoms(use_true_random=False))
def test_paths_are_unique_inside_their_parents_and_independent_of_order(rows, random):
    def loaded(some):
        text = "code,parent,name\n" + "".join(f"{code},{parent},N\n" for code, parent in some)
        return read(text)

    unique = list({code: (code, parent) for code, parent in reversed(rows)}.values())
    frame, problems = loaded(unique)
    found = paths(frame)
    assert len(set(found.values())) == len(found)
    for code, parent in unique:
        if code in found and parent:
            assert found[code][:-4] == found[parent]
    assert len(found) + sum(p.severity.value == "error" for p in problems) == len(unique)
    random.shuffle(unique)
    assert paths(loaded(unique)[0]) == found


@pytest.mark.parametrize(
    ("code", "parent", "segment"),
    [
        ("230102", "2301", "0002"),
        ("23", "CN", "0023"),
        ("KR-11", "KR", "0011"),
        ("DE-BY", "DE", "00BY"),
        ("06412", "DE-HE", None),
        ("2301020011", "23010", None),
        ("23", "23", None),
    ],
)
def test_own_segment(code, parent, segment):
    assert own_segment(code, parent) == segment


def test_numbers_are_in_base_36():
    assert [number_segment(n) for n in (1, 35, 36, 36**4 - 1)] == ["0001", "000Z", "0010", "ZZZZ"]


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


# Villages, which are not shipped


def test_villages_of_a_county_load_under_its_townships(tmp_path, china):
    source = tmp_path / "villages.csv"
    source.write_text("code,name\n110101001001,多福巷社区居委会\n110101001002,下角村民委员会\n120101001001,某村委会\n")
    out = tmp_path / "out.csv"
    village_table(read_villages(source), "110101").write_csv(out)
    frame, problems = read_area_table(out, known=china)
    assert problems == []
    assert frame.select("path", "name_en", "aliases", "kind").rows() == [
        ("CN00110001000100010001", "Duofuxiang Community", ["多福巷社区"], "community"),
        ("CN00110001000100010002", "Xiajiao Village", ["下角村"], "community"),
    ]
