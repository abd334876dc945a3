"""Numbers that name people arrive whole or not at all."""

import pytest

from sizao.exchange.formats import FORMATS
from sizao.exchange.parsing import Parsed
from sizao.exchange.reading import has_check_digit
from sizao.exchange.tables import read_table
from tests.exchange.test_tables import workbook

CASES = FORMATS["sizao-cases"]


def parsed(text: str) -> Parsed:
    return CASES.parse(read_table(text.encode()))


def test_check_digit_of_the_standard() -> None:
    assert has_check_digit("11010519491231002X")  # the example of GB 11643
    assert has_check_digit("440524188001010014")
    assert not has_check_digit("110105194912310021")


@pytest.mark.parametrize("number", ["1.10101E+17", "1.10101198703071E+17", "110101198703071000"])
def test_identity_numbers_excel_has_rounded_are_refused(number: str) -> None:
    result = parsed(f"case_id,id_number\nC1,{number}\nC2,110101198703071234\n")
    assert result.records["cases"]["case_id"].to_list() == ["C2"]
    assert "lost its last digits" in str(next(iter(result.problems)).message)


def test_one_number_in_many_that_ends_in_zeros_was_not_rounded() -> None:
    rows = "".join(f"C{i},{110101198703071000 + i}\n" for i in range(20))
    assert parsed("case_id,id_number\n" + rows).n_records == 20


def test_a_sound_number_may_end_in_zeros() -> None:
    number = next(n for n in (f"1101011987030{i:02}000" for i in range(100)) if has_check_digit(n))
    assert parsed(f"case_id,id_number\nC1,{number}\n").records["cases"]["id_number"].to_list() == [number]


def test_an_identity_number_in_a_number_cell_is_refused() -> None:
    rows = [["case_id", "id_number"], ["C1", 110101198703071234], ["C2", "110101198703071234"]]
    result = CASES.parse(read_table(workbook(rows)))
    assert result.records["cases"].select("case_id", "id_number").rows() == [("C2", "110101198703071234")]
    assert result.refused.to_list() == [2]


def test_hexadecimal_numbers_are_no_powers_of_ten() -> None:
    assert parsed("case_id,age\n5e8902,3\n1e10,4\n").records["cases"]["case_id"].to_list() == ["5e8902", "1e10"]


def test_numbers_lose_a_decimal_only_where_all_are_numbers() -> None:
    assert parsed("case_id,age\n1.0,3\n2.0,4\n").records["cases"]["case_id"].to_list() == ["1", "2"]
    assert parsed("case_id,age\n1.0,3\n1.1,4\n").records["cases"]["case_id"].to_list() == ["1.0", "1.1"]


def test_telephone_numbers_lose_theirs_beside_others() -> None:
    phones = parsed("case_id,phone\nA,13800000001.0\nB,+86 138\nC,'13800000002\n").records["cases"]["phone"]
    assert phones.to_list() == ["13800000001", "+86 138", "13800000002"]


def test_leading_zeros_stay() -> None:
    assert parsed("case_id,phone\n007,0311-1\n").records["cases"]["case_id"].to_list() == ["007"]


def test_people_may_be_called_na_and_null() -> None:
    result = parsed("case_id,family_name,facility\nC1,Null,NULL\nC2,NA,NA\n").records["cases"]
    assert result["family_name"].to_list() == ["Null", "NA"]
    assert result["facility"].null_count() == 2
