"""Keys of names and numbers: what must be equal is equal, what must differ differs."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizao.ops.governance.sealed import blind
from sizao.ops.registry import keys
from sizao.ops.registry.lookup import blinded, person_keys
from sizao.ops.registry.pinyin import reading, syllables


def name(full):
    first, second = keys.split_name("", "", full)
    return keys.name_key(first + second)


def sound(full):
    first, second = keys.split_name("", "", full)
    return keys.sound_key(first + second)


@pytest.mark.parametrize(
    ("one", "other", "same_name", "same_sound"),
    [
        ("张伟", "张 伟", True, True),
        ("张伟", "张伟（小名）", True, True),
        ("张伟", "章薇", False, True),  # another way to write the same sound
        ("张伟", "Zhang Wei", False, True),
        ("张伟", "WEI, Zhang", False, True),
        ("张伟", "臧卫", False, True),  # z for zh
        ("陈林", "程林", False, True),  # en, eng
        ("刘娜", "牛娜", False, True),  # l, n
        ("王小明", "Wang Xiaoming", False, True),
        ("曾国藩", "Zeng Guofan", False, True),  # 曾 is read ceng elsewhere
        ("欧阳娜娜", "Ouyang Nana", False, True),
        ("吕布", "Lyu Bu", False, True),
        ("José Müller", "Jose MULLER", True, True),
        ("Kim Min-su", "Min su KIM", True, True),
        ("Jon Smith", "John Smyth", False, True),
        ("张伟", "李伟", False, False),
        ("John Smith", "John Schmidt", False, False),
    ],
)
def test_names_as_a_truth_table(one, other, same_name, same_sound):
    assert (name(one) == name(other), sound(one) == sound(other)) == (same_name, same_sound)


@pytest.mark.parametrize(
    ("full", "family", "given_name"),
    [
        ("张伟", "张", "伟"),
        ("欧阳修", "欧阳", "修"),
        ("欧阳", "欧", "阳"),
        ("Kim Min-su", "kim", "minsu"),
        ("Ana", "ana", ""),
    ],
)
def test_family_and_given_name(full, family, given_name):
    assert tuple(map(keys.part_key, keys.split_name("", "", full))) == (family, given_name)


def test_pinyin():
    assert reading("尉迟恭", is_family=True) == ["yu", "chi", "gong"]
    assert syllables("xiaoming") == ("xiao", "ming")
    assert syllables("smith") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("+82 10-1234-5678", ("1012345678",)),
        ("010 1234 5678", ("1012345678",)),
        ("１３８００００１１１１", ("3800001111",)),
        ("13800001111；0571-88889999", ("3800001111", "7188889999")),
        ("138 0000 1111 / 138-0000-1111", ("3800001111",)),
        ("00000000", ()),
        ("110", ()),
        ("无", ()),
    ],
)
def test_telephones(text, found):
    assert keys.phone_keys(text) == found


@pytest.mark.parametrize(
    ("number", "key", "warned", "birth"),
    [
        ("11010519491231002X", "11010519491231002X", False, date(1949, 12, 31)),  # the example of GB 11643-1999
        (" 110105-19491231-002x ", "11010519491231002X", False, date(1949, 12, 31)),
        ("110105194912310021", "110105194912310021", True, None),
        ("G12345678", "G12345678", False, None),
        ("不详", "", False, None),
        ("000000000000000000", "", False, None),
    ],
)
def test_identity_numbers(number, key, warned, birth):
    assert keys.id_number_key(number) == key
    assert (keys.check_id_number(number) is not None) is warned
    assert keys.birth_in_id_number(key) == birth


def test_a_chinese_identity_number_tells_the_birth_date():
    stated = person_keys(full="李四", id_number="11010519491231002X")
    assert stated.key_birth == person_keys(full="李四", birth=date(1949, 12, 31)).key_birth


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_has_keys_that_fit_the_columns(family, given_name, phone, number):
    found = person_keys(family, given_name, "", None, phone, number)
    assert all(key is None or 0 <= key < 2**63 for key in found)
    assert found == person_keys(family, given_name, "", None, phone, number)


@given(st.text(max_size=20))
@settings(max_examples=50, deadline=None)
def test_many_blind_keys_are_the_same_as_single_ones(text):
    assert blinded("phone")(text) == blind("phone", text)
