"""Files as they arrive: encodings, separators, header rows, workbooks. Nothing is interpreted, nothing is lost."""

import datetime as dt
import gzip
import io
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from sizao.exchange.tables import Table, read_table
from sizao.exchange.unreadable import UnreadableFile

CHINESE = "编号,姓名,发病日期\n1,张三,2021-01-03\n2,欧阳娜娜,2021-01-04\n"


def cells(table: Table) -> list[tuple[Any, ...]]:
    return table.body.rows()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_chinese_in_every_encoding(encoding: str) -> None:
    table = read_table(CHINESE.encode(encoding))
    assert table.headers == ("编号", "姓名", "发病日期")
    assert cells(table) == [(2, "1", "张三", "2021-01-03"), (3, "2", "欧阳娜娜", "2021-01-04")]


def test_western_windows_text_is_not_taken_for_chinese() -> None:
    table = read_table("Name;Ort\nJörg Müller;Köln\nÄnne Groß;Düsseldorf\n".encode("cp1252"))
    assert table.source.encoding == "cp1252"
    assert cells(table)[0] == (2, "Jörg Müller", "Köln")


def test_rare_chinese_characters_beside_common_ones() -> None:
    text = "姓名,住址\n王喆𠮷,石家庄市长安区中山路\n"
    assert cells(read_table(text.encode("gb18030"))) == [(2, "王喆𠮷", "石家庄市长安区中山路")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator: str) -> None:
    table = read_table(f"id{separator}name\n1{separator}A B\n2{separator}C\n".encode())
    assert table.source.separator == separator
    assert table.headers == ("id", "name")


def test_a_separator_named_in_the_first_line() -> None:
    table = read_table(b"sep=;\nid;name\n1;A\n")
    assert (table.headers, cells(table)) == (("id", "name"), [(3, "1", "A")])


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    table = read_table(b'id,note\n1,"two\nlines"\n\n2,x\n')
    assert cells(table) == [(2, "1", "two\nlines"), (4, "2", "x")]
    assert table.n_blank == 1


def test_titles_above_the_header_are_no_header() -> None:
    table = read_table("某市病例一览表,,\n截至1月3日,,\n编号,姓名,性别\n1,张三,男\n".encode())
    assert table.headers == ("编号", "姓名", "性别")
    assert cells(table) == [(4, "1", "张三", "男")]


def test_a_row_with_too_many_cells_is_a_problem_and_the_others_are_not() -> None:
    table = read_table(b"id,name\n1,A\n2,B,C\n3,D\n")
    assert table.headers[:2] == ("id", "name")
    assert [(p.row, p.found) for p in table.problems] == [(3, "C")]


def test_a_column_without_name_is_no_mistake() -> None:
    table = read_table(b"id,name\n1,A,x\n2,B,y\n3,C,z\n")
    assert len(table.problems) == 0


def test_trailing_empty_cells_are_tolerated() -> None:
    table = read_table(b"id,name\n1,A,,,\n2,B\n")
    assert (table.headers, len(table.problems)) == (("id", "name"), 0)


def test_stray_quotation_marks() -> None:
    table = read_table(b'id,note\n1,5" scar\n2,"a" and "b"\n3,x\n')
    assert [row[1] for row in cells(table)] == ["1", "2", "3"]
    assert cells(table)[0][2] == '5" scar'


def test_a_quotation_mark_that_never_closes_is_told_with_its_row() -> None:
    rows = "".join(f"{i},x\n" for i in range(100))
    with pytest.raises(UnreadableFile, match="row 102"):
        read_table(("id,note\n" + rows + '100,"open\n' + "101,a,b\n" + rows).encode())


def test_one_quotation_mark_in_a_regular_file_is_a_character() -> None:
    table = read_table(b'id,note\n1,"open\n2,x\n')
    assert cells(table) == [(2, "1", '"open'), (3, "2", "x")]


def test_rows_swallowed_between_two_open_quotation_marks_are_a_problem() -> None:
    rows = "".join(f"{i},x\n" for i in range(30))
    table = read_table(('id,note\n1,"a\n' + rows + '2,b"\n3,c\n').encode())
    assert [p.message.msgid[:30] for p in table.problems] == ["{column}: this cell runs over "]


def test_damaged_characters_refuse_their_row_only() -> None:
    rows = "".join(f"{i},张三丰\n" for i in range(30))
    data = ("id,name\n" + rows).encode().replace("29,张".encode(), b"29,\xff")
    table = read_table(data)
    assert table.source.encoding == "utf-8"
    assert [p.row for p in table.problems] == [31]


def test_old_mac_line_ends() -> None:
    assert cells(read_table(b"id,name\r1,A\r2,B\r")) == [(2, "1", "A"), (3, "2", "B")]


def test_gzip_with_several_members() -> None:
    data = gzip.compress(b"id,name\n1,A\n") + gzip.compress(b"2,B\n")
    assert cells(read_table(data)) == [(2, "1", "A"), (3, "2", "B")]


def test_guards_are_taken_off_once() -> None:
    table = read_table(b"id,phone,note\n1,'+49 30,'=1+1\n2,''=x,'tis\n")
    assert cells(table) == [(2, "1", "+49 30", "=1+1"), (3, "2", "'=x", "'tis")]


def workbook(rows: list[list[Any]], **formats: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("list")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(i, j, value, day)
                elif isinstance(value, tuple):
                    sheet.write_formula(i, j, value[0], None, value[1])
                elif value is not None:
                    sheet.write(i, j, value)
    return target.getvalue()


def test_excel_values_as_text_without_loss() -> None:
    rows = [
        ["id", "n", "day", "moment", "formula", "text"],
        [110101198703071234, 3.0, dt.date(2021, 1, 3), dt.datetime(2021, 1, 3, 4, 5), ("=1+1", 2), "=cmd()"],
        [13800000001, 0.1, None, None, ("=1/0", "#DIV/0!"), True],
        ["110101198703071234", -0.5, None, None, ('="a"&"b"', "ab"), "007"],
    ]
    table = read_table(workbook(rows))
    assert cells(table) == [
        (2, "1.10101198703071E+17", "3", "2021-01-03", "2021-01-03 04:05:00", "2", "=cmd()"),
        (3, "13800000001", "0.1", None, None, "#ERROR!", "true"),
        (4, "110101198703071234", "-0.5", None, None, "ab", "007"),
    ]


def test_a_sheet_is_chosen() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet("empty")
        book.add_worksheet("cases").write_row(0, 0, ["id"])
        book.add_worksheet("contacts").write_row(0, 0, ["contact_id"])
    table = read_table(target.getvalue())
    assert (table.source.sheet, table.source.sheets) == ("cases", ("cases", "contacts"))
    assert read_table(target.getvalue(), sheet="contacts").headers == ("contact_id",)
    with pytest.raises(UnreadableFile, match="no sheet “x”"):
        read_table(target.getvalue(), sheet="x")


def test_hidden_sheets_come_last() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        codes, cases = book.add_worksheet("codes"), book.add_worksheet("cases")
        codes.write_row(0, 0, ["code"])
        cases.write_row(0, 0, ["case_id"])
        cases.activate()
        codes.hide()
    assert read_table(target.getvalue()).source.sheets == ("cases", "codes")


def test_a_table_can_be_read_under_another_row_and_with_made_columns() -> None:
    table = read_table(b"e,f\nid,name\n1,A\n2,B\n").under(2)
    made = table.plus("twice", table.column(0) + table.column(0))
    assert made.headers == ("id", "name", "twice")
    assert made.column(2).to_list() == ["11", "22"]
    assert made.only([2, 0]).headers == ("twice", "id")
    assert isinstance(made.grid, pl.DataFrame)
