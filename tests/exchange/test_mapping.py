"""Columns are recognised by name and by what they hold; a person corrects, and the correction is kept."""

import pytest

from sizao.exchange.formats import FORMATS, recognise
from sizao.exchange.mapping import LEFT_OUT, Mapping
from sizao.exchange.parsing import Parsed
from sizao.exchange.proposals import likeness, propose_mapping
from sizao.exchange.tables import read_table
from sizao.exchange.tidy import CASE_COLUMNS, CONTACT_COLUMNS, named
from sizao.exchange.words import meaning, words_of
from sizao.vocabulary import codes
from sizao.vocabulary.columns import EXPOSURE

CASES = FORMATS["sizao-cases"]


def targets(*headers: str) -> dict[str, str | None]:
    return {each.header: each.target for each in propose_mapping(headers, CASE_COLUMNS)}


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("date_onset", "date_onset"),
        ("Date of onset", "date_onset"),
        ("DATE OF ONSET *", "date_onset"),
        ("onset date", "date_onset"),
        ("dateOfOnset", "date_onset"),
        ("Date of onsett", "date_onset"),  # a slip of the finger
        ("发病日期", "date_onset"),
        ("Ｓｅｘ", "sex"),
        ("性别", "sex"),
        ("Gender", "sex"),
        ("身份证号", "id_number"),
        ("date_of_infection", None),  # not isolation
        ("week_report", None),
        ("age_class", None),
        ("vaccinated", None),
        ("", None),
        ("Sizao: problems", None),
        ("Sizao：问题", None),
    ],
)
def test_headers(header: str, target: str | None) -> None:
    assert targets(header)[header] == target


def test_the_better_name_wins_and_no_target_is_given_twice() -> None:
    assert targets("id", "case_id") == {"id": None, "case_id": "case_id"}


def test_repeated_headers_are_told_apart() -> None:
    mapping = propose_mapping(["note", "note"], CASE_COLUMNS)
    assert [(each.occurrence, each.target) for each in mapping] == [(1, "note"), (2, None)]


def test_a_name_the_cells_contradict_is_not_believed() -> None:
    table = read_table(b"case_id,onset\n1,fever\n2,cough\n")
    assert CASES.propose(table).targets() == {"case_id"}


def test_left_over_columns_are_known_by_their_words() -> None:
    table = read_table("case_id,SEXE,état\n1,M,x\n2,F,y\n".encode())
    assert {each.header: each.target for each in CASES.propose(table)} == {
        "case_id": "case_id",
        "SEXE": "sex",
        "état": None,
    }


def test_likeness_is_highest_for_our_own_name() -> None:
    column = named(CASE_COLUMNS, "date_onset")
    assert likeness("date_onset", column) == 1.0
    assert 0 < likeness("Date of onsett", column) < likeness("onset_date", column) < 1.0
    assert likeness("phone", column) == 0.0


LIST = "no,what,where\n1,Conf.,Home\n2,Susp.,the moon\n"


def parsed(mapping: Mapping) -> Parsed:
    return CASES.parse(read_table(LIST.encode()), mapping)


def test_a_person_says_what_columns_and_words_mean() -> None:
    mapping = CASES.propose(read_table(LIST.encode()))
    mapping = mapping.change("no", target="case_id").change("what", target="classification")
    assert parsed(mapping).refused.to_list() == [2, 3]
    mapping = mapping.change("what", values={"Conf.": "confirmed", "Susp.": LEFT_OUT})
    result = parsed(mapping)
    assert len(result.problems) == 0
    assert result.records["cases"]["classification"].to_list() == ["confirmed", None]


def test_a_word_mapped_to_no_code_is_refused() -> None:
    mapping = CASES.propose(read_table(LIST.encode())).change("no", target="case_id")
    mapping = mapping.change("what", target="classification", values={"Conf.": "certain", "Susp.": "suspected"})
    assert [p.row for p in parsed(mapping).problems] == [2]


def test_a_saved_mapping_serves_the_next_file_in_another_order() -> None:
    mapping = CASES.propose(read_table(LIST.encode())).change("no", target="case_id")
    mapping = mapping.change("what", target="classification", values={"Conf.": "confirmed"})
    table = read_table(b"where,extra,what,no\nHome,x,Conf.,7\n")
    fitted = CASES.propose(table).fit(Mapping.from_json(mapping.to_json()))
    cases = CASES.parse(table, fitted).records["cases"]
    assert cases.select("case_id", "classification").rows() == [("7", "confirmed")]


def test_two_columns_for_one_target_are_joined_and_differences_told() -> None:
    table = read_table(b"case_id,a,b\n1,x,\n2,,y\n3,x,y\n")
    mapping = CASES.propose(table).change("a", target="note").change("b", target="note")
    result = CASES.parse(table, mapping)
    assert result.records["cases"]["note"].to_list() == ["x", "y", "x"]
    assert [(p.row, p.severity) for p in result.problems] == [(4, "warning")]


@pytest.mark.parametrize(
    ("column", "word", "code"),
    [
        ("sex", "女", codes.Sex.FEMALE),
        ("sex", " M ", codes.Sex.MALE),
        ("classification", "确诊病例", codes.Classification.CONFIRMED),
        ("classification", "Asymptomatic infection", codes.Classification.ASYMPTOMATIC),
        ("outcome", "Death", codes.Outcome.DIED),
        ("contact_status", "DIED", codes.ContactStatus.DIED),
        ("setting", "Visit hospital", codes.Setting.HOSPITAL_VISIT),
        ("contact_class", "密接", codes.ContactClass.CLOSE),
        ("classification", "positive", None),  # confirmed or asymptomatic: a person decides
        ("setting", "Family member", None),
    ],
)
def test_words(column: str, word: str, code: codes.Code | None) -> None:
    assert meaning(named((*CASE_COLUMNS, *CONTACT_COLUMNS, *EXPOSURE), column), word) is code


@pytest.mark.parametrize(
    "code_list", [each for each in vars(codes).values() if isinstance(each, type) and issubclass(each, codes.Code)]
)
def test_every_code_is_known_by_its_own_value(code_list: type[codes.Code]) -> None:
    assert all(words_of(code_list)[code.value.replace("_", " ")] is code for code in code_list)


@pytest.mark.parametrize(
    ("headers", "row", "kind"),
    [
        ("case_id,classification,date_report", "1,confirmed,2021-01-02", "sizao-cases"),
        ("case_id,full_name,classification,date_report", "1,张三,confirmed,2021-01-02", "sizao-cases"),
        ("case_id,full_name,sex,classification,date_report,area", "1,张三,男,确诊,2021-01-02,南岗区", "sizao-cases"),
        ("contact_id,full_name,case_id,date_report", "K1,张三,A1,2021-01-02", "sizao-contacts"),
        ("case_id,full_name,phone,contact_class,date_exposure_last", "A1,张三,1,close,2021-01-02", "sizao-contacts"),
        ("source_case,name,classification,date_report", "A1,张三,密切接触者,2021-01-02", "sizao-contacts"),
    ],
)
def test_cases_are_not_taken_for_contacts_nor_contacts_for_cases(headers: str, row: str, kind: str) -> None:
    """A contact list knows "classification" and "case_id" too; without an onset a case list is one all the same."""
    assert recognise(read_table(f"{headers}\n{row}\n".encode()))[0][0] == kind


def test_lists_of_other_things_are_not_recognised() -> None:
    assert recognise(read_table(b"product,price\nsoap,3\n")) == []


def test_a_list_of_contacts_is_no_list_of_cases() -> None:
    table = read_table("密接编号,姓名,密接类型,末次接触日期,关联病例\nK1,张三,密接,2021-01-03,C1\n".encode())
    assert recognise(table)[0][0] == "sizao-contacts"
