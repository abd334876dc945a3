"""Area tables people make: of other countries, and villages."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.exchange.areas import read_area_table
from sizao.exchange.areas.shape import number_segment, own_segment
from sizao.exchange.unreadable import UnreadableFile
from tools.areas.villages import read as read_villages
from tools.areas.villages import village_table


def read(text: str, **options) -> tuple[pl.DataFrame, list]:
    return read_area_table(text.encode(), **options)


def paths(frame: pl.DataFrame) -> dict[str, str]:
    return dict(frame.select("code", "path").iter_rows())


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
